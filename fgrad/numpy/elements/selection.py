"""Choosing between arrays by a condition, a selector or limits."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import anywhere, bottom, decided_by
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.modes.slate import plain
from fgrad.numpy.places.indexing import as_positions, grid_of, positions_of, read
from fgrad.numpy.wrap import as_traced, holds_box, implements, refuse_argument

WHERE: Primitive = register(np.where, "where", "condition", "x", "y")
NONZERO: Primitive = register(np.nonzero, "nonzero", "a")
FLATNONZERO: Primitive = register(np.flatnonzero, "flatnonzero", "a")
ARGWHERE: Primitive = register(np.argwhere, "argwhere", "a")

_NUMBERS = (int, float, complex)


@implements(np.where)
def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("numpy.where takes the condition alone, or with both x and y; got one of them")
    return WHERE(as_traced(condition), as_traced(x), as_traced(y))


@implements(np.nonzero)
def nonzero(a: Any) -> Any:
    return NONZERO(_counted(a))


@implements(np.flatnonzero)
def flatnonzero(a: Any) -> Any:
    return FLATNONZERO(_counted(a))


@implements(np.argwhere)
def argwhere(a: Any) -> Any:
    return ARGWHERE(_counted(a))


def _counted(a: Any) -> Any:
    """Return an array whose values decide how many elements there are."""
    a = as_traced(a)
    decided_by(a)
    return a


_ABSENT: Any = object()


@implements(np.clip)
def clip(
    a: Any,
    a_min: Any = _ABSENT,
    a_max: Any = _ABSENT,
    out: Any = None,
    *,
    min: Any = _ABSENT,
    max: Any = _ABSENT,
    where: Any = True,
) -> Any:
    """Return the values brought between two limits, both of which may be traced.

    An element beyond a limit has the derivative of the limit.  One that is equal to a limit has half of
    each, as in ``np.maximum``.
    """
    if where is not True:
        refuse_argument(np.clip, "where")  # without out=, which leaves the other elements undefined
    if (a_min is _ABSENT) is not (a_max is _ABSENT):
        raise TypeError("numpy.clip takes a_min and a_max together; to give one limit, use min= or max=")
    if a_min is not _ABSENT and not (min is _ABSENT and max is _ABSENT):
        raise ValueError(
            "numpy.clip: a_min and min, a_max and max are two names of one limit; give one of them"
        )
    low = min if a_min is _ABSENT else a_min
    high = max if a_max is _ABSENT else a_max
    result = as_traced(a)
    if low is not None and low is not _ABSENT:
        result = np.maximum(result, as_traced(low))
    return result if high is None or high is _ABSENT else np.minimum(result, as_traced(high))


def _alike(values: list[Any]) -> tuple[list[Any], np.dtype[Any]]:
    """Return array-likes, with Python numbers in the common dtype, on which these have no influence."""
    plains = [bottom(value) for value in values]
    dtype = np.result_type(*(value if type(value) in _NUMBERS else spec_of(value).dtype for value in plains))
    return [dtype.type(value) if type(value) in _NUMBERS else value for value in values], dtype


def _converted(a: Any, dtype: np.dtype[Any]) -> Any:
    return a if spec_of(a).dtype == dtype else a.astype(dtype)


@implements(np.choose)
def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """Return, at each place, the element of the choice that a selector of integers names there."""
    selector = as_positions(positions_of(a)).astype(np.intp, casting="safe")
    parts, dtype = _alike([as_traced(choice) for choice in choices])
    shape = np.broadcast_shapes(spec_of(selector).shape, *(spec_of(part).shape for part in parts))
    named = _in_range(selector, len(parts), mode)
    layers = np.stack([_converted(np.broadcast_to(part, shape), dtype) for part in parts])
    return read(layers, (named, *grid_of(shape)))


#: The mode that refuses numbers of choices that there are not, and NumPy's own number for it.
_RAISE = ("raise", 2)


def _in_range(selector: Any, n: int, mode: Any) -> Any:
    """Return a selector of ``n`` choices without numbers beyond them: NumPy's mode says what these mean."""
    choices: Any = range(n)
    if not holds_box((selector,)):
        return np.choose(selector, choices, mode=mode)
    np.choose(np.zeros(0, np.intp), choices, mode=mode)  # raises for modes and choices that are none
    if mode in _RAISE:
        if anywhere((selector < 0) | (selector >= n)):
            np.choose([n], choices)  # raises
        return selector
    wraps = np.choose([-1], [0, 1], mode=mode)[0] == 1
    return selector % n if wraps else np.clip(selector, 0, n - 1)


@implements(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Return, at each place, the element of the first choice whose condition holds there."""
    if len(condlist) != len(choicelist):
        raise ValueError("numpy.select: list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("numpy.select with an empty condition list is not possible")
    conditions = [plain(as_traced(condition)) for condition in condlist]
    for i, condition in enumerate(conditions):
        if spec_of(condition).dtype != bool:
            raise TypeError(f"numpy.select: invalid entry {i} in condlist: should be boolean ndarray")
    (result, *choices), dtype = _alike([as_traced(value) for value in (default, *choicelist)])
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        result = np.where(condition, choice, result)
    return _converted(result, dtype)
