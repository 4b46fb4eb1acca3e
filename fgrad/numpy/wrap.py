"""How a NumPy function comes to take boxes.

``implements(np.sum)`` makes a function the implementation of ``np.sum`` for arguments that hold a box,
and returns the public function of :mod:`fgrad.numpy`: NumPy's own when there is no box, at the cost of
looking.  The implementation brings the arguments into one form and calls primitives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from types import MethodType
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError
from fgrad.core.registry import CONSTANTS, IMPLEMENTATIONS
from fgrad.numpy.answering.out import KEYWORD_ONLY, Out

_VARKEYWORDS = 0x08  # inspect.CO_VARKEYWORDS; to import inspect takes a tenth of the time of importing NumPy


def holds_box(values: Iterable[Any]) -> bool:
    """Say whether there is a box among the values, or in a list or tuple among them."""
    for value in values:
        kind = type(value)
        if kind is Box or ((kind is list or kind is tuple) and holds_box(value)):
            return True
    return False


def implements(
    original: Callable[..., Any], *, constant: bool = False, out: int | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the decorated function NumPy's ``original`` for boxes; return the public function.

    A parameter ``out`` of the decorated function says that NumPy's has one, and where.  It is None in every
    call: an array to write into is taken out before, by :class:`fgrad.numpy.answering.out.Out`.

    Parameters
    ----------
    original : callable
        The function of NumPy's.
    constant : bool
        Whether what it returns has derivative zero, though no primitive of that kind does it.
    out : int, optional
        Which argument ``out`` is, where the decorated function takes any arguments.
    """

    def decorate(implementation: Callable[..., Any]) -> Callable[..., Any]:
        code: Any = implementation.__code__  # type: ignore[attr-defined]
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        accepted = frozenset(names)
        open_ended = bool(code.co_flags & _VARKEYWORDS)
        place = position_of("out", names, implementation) if out is None else out
        limit, writing = KEYWORD_ONLY, implementation
        if place is not None:
            dtype_place = position_of("dtype", names, implementation)
            writer = Out(original, full_name(original), implementation, place, dtype_place)
            limit, writing = place, writer.call

        def traced(*args: Any, **kwargs: Any) -> Any:
            if kwargs:
                if not open_ended:
                    for name in kwargs:
                        if name not in accepted:
                            refuse_argument(original, name)
                if "out" in kwargs:
                    return writing(*args, **kwargs)
            if len(args) > limit:
                return writing(*args, **kwargs)
            return implementation(*args, **kwargs)

        boxed = through_ufunc(original, implementation) if isinstance(original, np.ufunc) else traced

        @wraps(original)
        def front(*args: Any, **kwargs: Any) -> Any:
            for arg in args:
                if type(arg) is Box:
                    return boxed(*args, **kwargs)
            if holds_box(args) or (kwargs and holds_box(kwargs.values())):
                return boxed(*args, **kwargs)
            return original(*args, **kwargs)

        IMPLEMENTATIONS[original] = traced
        if constant:
            CONSTANTS.add(original)
        return publish(original, front)

    return decorate


def through_ufunc(ufunc: np.ufunc, implementation: Callable[..., Any]) -> Callable[..., Any]:
    """Return what to call for boxes: for more than the plain call it is NumPy, which sorts the keywords."""
    nin = ufunc.nin

    def boxed(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) > nin:
            return ufunc(*map(as_traced, args), **kwargs)
        return implementation(*args)

    return boxed


def position_of(name: str, names: tuple[str, ...], function: Any) -> int | None:
    """Return which of a function's arguments has a name, or None if none has."""
    if name not in names:
        return None
    place = names.index(name)
    return place - isinstance(function, MethodType) if place < function.__code__.co_argcount else KEYWORD_ONLY


def publish(original: Callable[..., Any], front: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function the public one of NumPy's name in :mod:`fgrad.numpy`."""
    for module, name in _names().get(id(original), ()):
        PUBLIC[module][name] = front
        front.__module__ = f"fgrad.{module}"
    return front


_NAMESPACES = {"numpy": np, "numpy.linalg": np.linalg}


@cache
def _names() -> dict[int, list[tuple[str, str]]]:
    """Return under which names, in which namespaces, each object of NumPy's is public, by its ``id``."""
    names: dict[int, list[tuple[str, str]]] = {}
    for module, namespace in _NAMESPACES.items():
        for name, value in vars(namespace).items():
            if not name.startswith("_"):
                names.setdefault(id(value), []).append((module, name))
    return names


#: The public functions, by namespace and name: an alias in NumPy is one here.
PUBLIC: dict[str, dict[str, Callable[..., Any]]] = {"numpy": {}, "numpy.linalg": {}}


def refuse_argument(original: Callable[..., Any], name: str) -> None:
    """Raise for an argument that has no meaning, or none yet, for a traced array."""
    cure = {
        "where": "select with np.where before the call",
        "initial": "combine the value with the result of the call",
    }.get(name, "leave it out, or apply it in an operation of its own")
    raise MissingRuleError(f"{full_name(original)}: {name}= is not supported for a traced array: {cure}.")


def full_name(function: Callable[..., Any]) -> str:
    """Return a NumPy function's name as users write it.

    >>> full_name(np.linalg.inv)
    'numpy.linalg.inv'
    """
    module = getattr(function, "__module__", None) or "numpy"
    return f"{module if module.startswith('numpy.') else 'numpy'}.{function.__name__}"


#: The types that take part in most operations, and never take one over.
FAMILIAR = frozenset({Box, np.ndarray, float, int, complex, np.float64, np.float32, np.complex128, np.int64})


def takes_over(kind: type) -> bool:
    """Return whether an array type of another library's takes part, which is then asked to do the operation.

    See NEP 13, "Behavior in combination with Python's binary operations".
    """
    ours = (Box, np.ndarray, np.generic, int, float, complex, list, tuple)
    return kind not in FAMILIAR and not issubclass(kind, ours) and hasattr(kind, "__array_ufunc__")


def as_traced(value: Any) -> Any:
    """Return an array-like as a box or a plain array: a list that holds boxes becomes one box."""
    if type(value) is list or type(value) is tuple:
        if holds_box(value):
            return IMPLEMENTATIONS[np.stack]([as_traced(item) for item in value])
        return np.asarray(value)
    return value
