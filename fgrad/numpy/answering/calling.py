"""What a ufunc does on boxes beyond its plain call: ``out=``, ``where=``, ``dtype=``, and its methods.

``np.add.reduce`` is ``np.sum``, and so on where NumPy has a function of its own; any other ufunc of two
arguments is folded along the axis.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.logaddexp.reduce(x))(np.array([0.0, 0.0]))
array([0.5, 0.5])
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box, install
from fgrad.core.errors import MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.modes.slate import holds_traced, plain_all
from fgrad.numpy.answering.out import check_destination
from fgrad.numpy.places.assignment import SET_AT, assign, check_cast
from fgrad.numpy.places.indexing import PLACE, index_of, read
from fgrad.numpy.refusals import reason
from fgrad.numpy.wrap import FAMILIAR, as_traced, full_name, holds_box, takes_over

_REDUCTIONS: dict[Any, Any] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
_ACCUMULATIONS: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}
_REDUCING = frozenset({"reduce", "accumulate", "reduceat"})


def array_ufunc(self: Box, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Answer NumPy when a ufunc of its own receives a box: ``Box.__array_ufunc__``."""
    if not FAMILIAR.issuperset(map(type, inputs)):
        if any(takes_over(type(x)) for x in inputs):
            return NotImplemented
        if method != "at":
            inputs = tuple(map(as_traced, inputs))
    if method == "at":
        return at(ufunc, *inputs)
    if not kwargs and method == "__call__" and ufunc in IMPLEMENTATIONS:
        return IMPLEMENTATIONS[ufunc](*inputs)
    outs = kwargs.pop("out", ())
    if outs and method in _REDUCING:
        _check_caller(sys._getframe(1))
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = _wider(inputs[0], outs[0])
    where = kwargs.pop("where", True) if method == "__call__" else True
    if not holds_traced(inputs):
        result = getattr(ufunc, method)(*plain_all(inputs), **kwargs)
    elif ufunc not in IMPLEMENTATIONS:
        raise MissingRuleError(no_rule(name_of(ufunc)))
    else:
        result = _METHODS[method](ufunc, *inputs, **kwargs)
    if not outs:
        if where is not True:
            raise MissingRuleError(
                f"{name_of(ufunc)}: where= without out= leaves the other elements undefined. "
                "Select with np.where, or give out= an array that was made inside the function."
            )
        return result
    if method in _REDUCING and (shape := spec_of(result).shape) != (own := spec_of(outs[0]).shape):
        raise ValueError(f"{name_of(ufunc)}.{method}: the result of shape {shape} for out= of shape {own}")
    several = isinstance(result, tuple)
    stored = tuple(
        store(ufunc, part, out, where)
        for part, out in zip(result if several else (result,), outs, strict=True)
    )
    return stored if several else stored[0]


def name_of(ufunc: np.ufunc) -> str:
    """Return a ufunc's name as users write it: with NumPy's module, or with SciPy's.

    A ufunc knows its name and no module.  Some of SciPy's are behind a function, ``_lambertw`` behind
    ``lambertw``.

    >>> name_of(np.exp)
    'numpy.exp'
    >>> name_of(np.frompyfunc(abs, 1, 1))
    'abs (vectorized)'
    """
    name = ufunc.__name__
    if ufunc in IMPLEMENTATIONS or getattr(np, name, None) is ufunc:
        return full_name(ufunc)
    public = getattr(sys.modules.get("scipy.special"), name.lstrip("_"), None)
    behind = getattr(public, "__globals__", {}).get(name)
    return f"scipy.special.{name.lstrip('_')}" if public is not None and ufunc in (public, behind) else name


def _check_caller(frame: FrameType) -> None:
    """Raise if it is a method of NumPy's arrays that wants to divide a sum.

    It would divide the box but leave the sum in it, since the box is no array of NumPy's own:

    >>> from fgrad import grad
    >>> import fgrad.numpy as fnp
    >>> grad(lambda x: np.ones(3).mean(out=fnp.zeros(())) * x)(2.0)
    Traceback (most recent call last):
        ...
    fgrad.core.errors.MissingRuleError: The methods mean, var and std of NumPy's own arrays cannot ...
    """
    own = frame.f_globals.get("__name__") == "numpy._core._methods"
    if own and frame.f_code.co_name in ("_mean", "_var"):  # std calls the latter
        raise MissingRuleError(
            "The methods mean, var and std of NumPy's own arrays cannot write into an array that was made "
            "inside the function. Call numpy.mean, numpy.var or numpy.std with out= instead."
        )


def _wider(array: Any, out: Any) -> Any:
    """Return the dtype to reduce in, that of ``out`` if it has more room; None for that of the array."""
    own = spec_of(array).dtype
    wide = np.result_type(own, spec_of(out).dtype)
    return None if wide == own else wide


def no_rule(name: str) -> str:
    """Return the message for a NumPy function that fgrad cannot differentiate."""
    known = reason(name)
    if known is not None:
        return f"{name} has no derivative rule in fgrad. {known}"
    return (
        f"{name} has no derivative rule in fgrad. Write it with functions that have one, or register it: "
        "wrap the call in a function decorated with fgrad.primitive and give its rule to fgrad.defvjp."
    )


def store(ufunc: np.ufunc, result: Any, out: Any, where: Any) -> Any:
    """Write a result into ``out``, where a mask says so, and return it."""
    if out is None:
        return result
    check_destination(name_of(ufunc), out)
    shape, target = np.broadcast_shapes(spec_of(result).shape, np.shape(where)), spec_of(out).shape
    if np.broadcast_shapes(shape, target) != target:
        raise ValueError(f"{name_of(ufunc)}: the result of shape {shape} does not fit out= of shape {target}")
    check_cast(result, out)
    assign(out, ..., result if where is True else np.where(where, result, as_traced(out)))
    return out


def call(ufunc: np.ufunc, *inputs: Any, dtype: Any = None, **kwargs: Any) -> Any:
    """Call a ufunc's implementation."""
    if ufunc.signature is not None:  # a product, which knows its own keywords
        return IMPLEMENTATIONS[ufunc](*inputs, **kwargs) if dtype is None else refuse(ufunc, "dtype")
    for name in kwargs:
        if name not in ("casting", "order", "subok"):
            refuse(ufunc, name)
    if dtype is not None:
        inputs = tuple(as_dtype(x, dtype) for x in inputs)
    return IMPLEMENTATIONS[ufunc](*inputs)


def as_dtype(x: Any, dtype: Any) -> Any:
    """Return an input with another dtype."""
    return np.astype(x, dtype) if hasattr(x, "dtype") else np.asarray(x, dtype)


def refuse(ufunc: np.ufunc, name: str) -> Any:
    """Raise for a keyword that has no meaning for a traced array."""
    raise MissingRuleError(f"{full_name(ufunc)}: {name}= is not supported for a traced array; leave it out.")


def reduce(
    ufunc: np.ufunc,
    array: Any,
    axis: Any = 0,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    """Reduce along an axis, axes, or all of them for None."""
    array = array if dtype is None else np.astype(array, dtype)
    given = {"where": where} if where is not True else {}
    if initial is not None:
        given["initial"] = initial
    if ufunc in _REDUCTIONS:
        return _REDUCTIONS[ufunc](array, axis=axis, keepdims=keepdims, **given)
    shape = spec_of(array).shape
    axes = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(normalize_axis_index(i, len(shape)) for i in axes)
    if where is not True:
        identity = ufunc.identity if initial is None else initial
        if identity is None:
            raise ValueError(
                f"{full_name(ufunc)}.reduce: where= needs an initial value, since it has no identity"
            )
        array = np.where(where, array, identity)
    kept = [i for i in range(len(shape)) if i not in axes]
    rows = np.reshape(np.transpose(array, [*axes, *kept]), (-1, *[shape[i] for i in kept]))
    parts = list(rows) if initial is None else [initial, *rows]
    if not parts:
        return getattr(ufunc, "reduce")(np.zeros(shape), axis=axis, keepdims=keepdims)  # noqa: B009 - its error
    total = parts[0]
    for part in parts[1:]:
        total = IMPLEMENTATIONS[ufunc](total, part)
    if keepdims:
        return np.reshape(total, tuple(1 if i in axes else n for i, n in enumerate(shape)))
    return total


def accumulate(ufunc: np.ufunc, array: Any, axis: int = 0, dtype: Any = None) -> Any:
    """Return every step of a reduction."""
    array = array if dtype is None else np.astype(array, dtype)
    if ufunc in _ACCUMULATIONS:
        return _ACCUMULATIONS[ufunc](array, axis=axis)
    rows = list(np.moveaxis(array, axis, 0))
    steps = rows[:1]
    for row in rows[1:]:
        steps.append(IMPLEMENTATIONS[ufunc](steps[-1], row))
    return np.stack(steps, axis=axis)


def outer(ufunc: np.ufunc, a: Any, b: Any, **kwargs: Any) -> Any:
    """Return a ufunc of every pair."""
    shape = spec_of(a).shape
    return call(ufunc, np.reshape(a, shape + (1,) * len(spec_of(b).shape)), b, **kwargs)


def reduceat(ufunc: np.ufunc, array: Any, indices: Any, axis: int = 0, dtype: Any = None) -> Any:
    """Reduce the stretches that start at the indices."""
    rows = np.moveaxis(array, axis, 0)
    starts = [int(i) for i in np.asarray(indices)]
    stops = [*starts[1:], spec_of(rows).shape[0]]
    stretches = [
        reduce(ufunc, rows[i:j], 0, dtype) if i < j else rows[i] for i, j in zip(starts, stops, strict=True)
    ]
    return np.stack(stretches, axis=axis)


def at(ufunc: np.ufunc, array: Any, indices: Any, *others: Any) -> None:
    """Do ``array[indices] = ufunc(array[indices], *others)``, once for each time that an element is named."""
    if type(array) is not Box:
        if holds_traced((indices, others)):
            store(ufunc, None, array, True)
        else:
            ufunc.at(array, plain_all(indices), *plain_all(others))
        return
    indices = index_of(indices)
    shape = spec_of(array).shape
    named = read(np.arange(int(np.prod(shape))).reshape(shape), indices)
    values = [np.reshape(np.broadcast_to(as_traced(other), spec_of(named).shape), -1) for other in others]
    positions = np.reshape(named, -1)
    flat = np.reshape(as_traced(array), -1)
    if holds_box((positions,)):  # which differ between examples: one after the other
        for i in range(spec_of(positions).size):
            updated = IMPLEMENTATIONS[ufunc](read(flat, positions[i]), *(value[i] for value in values))
            flat = SET_AT(flat, updated, positions[i], template=(PLACE,))
        assign(array, ..., np.reshape(flat, shape))
        return
    while positions.size:  # each element once in a round
        _, first = np.unique(positions, return_index=True)
        chosen = positions[first]
        updated = IMPLEMENTATIONS[ufunc](flat[chosen], *(value[first] for value in values))
        changed = np.copy(flat)
        changed[chosen] = updated
        flat = changed
        rest = np.setdiff1d(np.arange(positions.size), first)
        positions, values = positions[rest], [value[rest] for value in values]
    assign(array, ..., np.reshape(flat, shape))


_METHODS: dict[str, Callable[..., Any]] = {
    "__call__": call,
    "reduce": reduce,
    "accumulate": accumulate,
    "outer": outer,
    "reduceat": reduceat,
}

install(__array_ufunc__=array_ufunc)
