"""Batching of predicates that look at whole arrays, of Python's rounding, and of texts.

Whether arrays are close or equal is whether all their elements are.  A text is written, and memory is looked
at, for each example: there is no other way, and nothing to gain by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.errors import BatchingError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of
from fgrad.kinds import constant
from fgrad.modes.batching import aligned, all_in_front
from fgrad.numpy.elements.rounding import ROUNDED
from fgrad.rules.batching.constants import of_plain_arrays


def _everywhere(answers: Any) -> Any:
    """Return whether an answer is yes for all elements of an example."""
    return np.all(answers, axis=tuple(range(1, spec_of(answers).ndim)))


def _allclose(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return _everywhere(np.isclose(*aligned(list(map(still, values)), mine), **params))


def _own_shapes(values: Any, mine: Any) -> list[tuple[int, ...]]:
    return [spec_of(value).shape[own:] for value, own in zip(values, mine, strict=True)]


def _array_equal(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    first, second = _own_shapes(values, mine)
    if first != second:
        return np.zeros(size, bool)
    a1, a2 = aligned(list(map(still, values)), mine)
    answers = a1 == a2
    if params.get("equal_nan"):
        answers = answers | (np.isnan(a1) & np.isnan(a2))
    return _everywhere(answers)


def _array_equiv(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    try:
        np.broadcast_shapes(*_own_shapes(values, mine))
    except ValueError:
        return np.zeros(size, bool)
    a1, a2 = aligned(list(map(still, values)), mine)
    return _everywhere(a1 == a2)


PRIMITIVES[np.allclose].batch = _allclose
PRIMITIVES[np.array_equal].batch = _array_equal
PRIMITIVES[np.array_equiv].batch = _array_equiv


# Python's rounding

#: Python's functions of one number, and NumPy's of many.
_ROUNDING = {round: np.rint, math.floor: np.floor, math.ceil: np.ceil, math.trunc: np.trunc}


def _rounded(size: int, x: Any, digits: tuple[Any, ...], function: Callable[..., Any]) -> Any:
    """Return what Python makes of each number: integers, or with digits numbers of their dtype."""
    if x.dtype.kind not in ("fiu" if digits else "fiub"):
        for value in x[:1]:
            function(value if digits else value.item(), *digits)  # raises
    if digits and digits[0] is not None:
        return np.round(x, *digits)
    whole = _ROUNDING[function](x) if x.dtype.kind == "f" else x
    for i in np.flatnonzero(~_fits(whole))[:1]:
        found = function(x[i].item())  # raises for NaN and infinity
        raise BatchingError(
            f"{function.__module__}.{function.__name__}: {found} is beyond the integers of 64 bits in which "
            f"those of many examples are held; use numpy.{_ROUNDING[function].__name__}, whose results are "
            "floats"
        )
    return whole.astype(np.int64)


def _fits(whole: Any) -> Any:
    """Return which numbers without a fraction are integers of 64 bits."""
    if whole.dtype.kind != "f":
        return whole <= np.iinfo(np.int64).max
    whole = whole.astype(np.result_type(whole, np.float64))
    return (whole >= -(2.0**63)) & (whole < 2.0**63)


for _function, _primitive in ROUNDED.items():
    _primitive.batch = of_plain_arrays(partial(_rounded, function=_function))


# what is asked for each example


def _each(*values: Any, single: Primitive, grid: tuple[int, ...], options: Any, dtype: Any) -> Any:
    """Return what an operation says of each example; these lie along the first axes, ``grid``."""
    answers = [single.raw(*(value[i] for value in values), **options) for i in np.ndindex(grid)]
    return np.array(answers, dtype).reshape(grid)


def _deeper(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Take examples of examples as examples along one axis more: none is copied, so memory is their own."""
    return primitive.bind(all_in_front(values, mine, size), {**params, "grid": (size, *params["grid"])})


EACH = Primitive("what is asked for each example", _each, ("*values",))
EACH.batch = _deeper
constant(EACH)


def for_each(dtype: Any) -> Any:
    """Return the rule of an operation whose answers, of a dtype, are asked for example by example."""

    def rule(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        arrays = all_in_front(map(still, values), mine, size)
        return EACH.bind(arrays, {"single": primitive, "grid": (size,), "options": params, "dtype": dtype})

    return rule


_ASKED = {
    bool: (np.isfortran, np.may_share_memory, np.shares_memory),
    str: (
        np.array_repr,
        np.array_str,
        np.array2string,
        np.format_float_positional,
        np.format_float_scientific,
    ),
    object: (np.min_scalar_type,),
}
for _dtype, _functions in _ASKED.items():
    for _function in _functions:
        PRIMITIVES[_function].batch = for_each(_dtype)
