"""``out=``: the array that a function of NumPy's writes its result into, for every function that has it.

The result is computed without it and then written, as by ``out[...] = result``.  So ``out`` may be whatever
can be written into, views included, and may be one of the arguments too.  A plain array cannot hold a
value that is being differentiated, and is not touched.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def f(x):
...     sums = np.zeros((2, 3))
...     np.cumsum(x, out=sums[1])
...     return sums[1, -1] ** 2
>>> grad(f)(np.array([1.0, 2.0, 3.0]))
array([12., 12., 12.])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from sys import maxsize
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.errors import MissingRuleError
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.slate import holds_traced

#: The position of an argument that is given by keyword only.
KEYWORD_ONLY = maxsize

#: The functions whose ``where=`` says which elements of ``out`` are written.  In a reduction it is a mask.
_SELECTIVE = frozenset({np.clip})


class Out:
    """What is done in a call with ``out=``.

    Parameters
    ----------
    original : callable
        The function of NumPy's.
    name : str
        What messages call it.
    implementation : callable
        Computes the result on boxes.
    position : int
        Which argument ``out`` is.
    dtype_position : int or None
        Which argument ``dtype`` is; None for a function without.
    """

    def __init__(
        self,
        original: Callable[..., Any],
        name: str,
        implementation: Callable[..., Any],
        position: int,
        dtype_position: int | None,
    ) -> None:
        self.original = original
        self.name = name
        self.implementation = implementation
        self.position = position
        self.dtype_position = dtype_position

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Write the function's result into ``out`` and return that; return the result if it is None."""
        out = args[self.position] if len(args) > self.position else kwargs["out"]
        args, kwargs = _with(args, kwargs, self.position, "out", None)
        if out is None:
            return self.implementation(*args, **kwargs)
        if type(out) is tuple and len(out) == 1:  # as a ufunc takes it
            (out,) = out
        result, selection = self._result(args, kwargs, out)
        if not holds_traced(result):  # then NumPy itself can write it
            if type(out) is not Box:
                return self._by_numpy(args, kwargs, out)
            result = self._by_numpy(args, kwargs, np.copy(bottom(out)))
        else:
            check_destination(self.name, out)
            self._check_fit(args, kwargs, out, spec_of(result))
        out[...] = result if selection is True else np.where(selection, result, out)
        return out

    def _result(self, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> tuple[Any, Any]:
        """Return the result and which of its elements to write; no result if nothing is traced."""
        kwargs = dict(kwargs)
        selection = kwargs.pop("where", True) if self.original in _SELECTIVE else True
        values = (args, tuple(kwargs.values()))
        if not holds_traced(values):
            return None, selection
        if self.dtype_position is not None and type(out) is Box:
            given = args[self.dtype_position] if len(args) > self.dtype_position else kwargs.get("dtype")
            own = np.result_type(*_dtypes(values))
            wide = np.result_type(own, spec_of(out).dtype)
            if given is None and wide != own:  # NumPy too computes with what ``out`` has room for
                args, kwargs = _with(args, kwargs, self.dtype_position, "dtype", wide)
        return self.implementation(*args, **kwargs), selection

    def _check_fit(self, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any, spec: Spec) -> None:
        """Raise what NumPy raises if the result, of the given spec, does not go into ``out``.

        Some functions broadcast it, and some cast it; that is NumPy's to say.  What loses a part, as floats
        do in an array of ints, is refused when it is written.
        """
        own = spec_of(out)
        if spec != own and np.can_cast(spec.dtype, own.dtype, "same_kind"):
            self._by_numpy(args, kwargs, np.zeros(*own), _model)

    def _by_numpy(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any, unboxed: Callable[[Any], Any] = bottom
    ) -> Any:
        """Call NumPy's function on plain values, those of the boxes or what ``unboxed`` makes of them."""
        args, kwargs = _with(args, kwargs, self.position, "out", out)
        given = {name: _replaced(value, unboxed) for name, value in kwargs.items()}
        return self.original(*_replaced(args, unboxed), **given)


def check_destination(name: str, out: Any) -> None:
    """Raise unless a traced result can be written into ``out``."""
    if isinstance(out, np.ndarray):
        raise MissingRuleError(
            f"{name}: the result depends on a traced value and cannot be written into "
            "an array that NumPy holds. Write `a = a + b` for `a += b`, leave out= away, or make the array "
            "inside the function with np.zeros of fgrad.numpy or np.zeros_like of a traced array."
        )
    if type(out) is not Box:
        raise TypeError(f"{name}: out= must be an array; got {type(out).__name__}")


def _with(
    args: tuple[Any, ...], kwargs: dict[str, Any], position: int, name: str, value: Any
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments with another value for one of them, which may be positional."""
    if len(args) > position:
        return (*args[:position], value, *args[position + 1 :]), kwargs
    return args, {**kwargs, name: value}


def _replaced(value: Any, unboxed: Callable[[Any], Any]) -> Any:
    """Return a value, or a list or tuple of values, with something else in place of each box."""
    if type(value) is list or type(value) is tuple:
        return type(value)(_replaced(part, unboxed) for part in value)
    return unboxed(value) if type(value) is Box else value


def _model(box: Box) -> Any:
    """Return a plain array like the one that a box stands for; of a slate the same, which may be indices."""
    return np.ones(*spec_of(box)) if holds_traced(box) else bottom(box)


def _dtypes(value: Any) -> Iterator[np.dtype[Any]]:
    """Yield the dtypes of the boxes in a value, or in a list or tuple of values."""
    if type(value) is list or type(value) is tuple:
        for part in value:
            yield from _dtypes(part)
    elif type(value) is Box:
        yield spec_of(value).dtype
