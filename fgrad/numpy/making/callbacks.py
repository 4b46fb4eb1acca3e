"""Functions that call a function of the user's: it receives traced values.

It may also bring some of its own, by closure, and nothing among the arguments shows that.  So the
functions of :mod:`fgrad.numpy` go this way whenever the code that runs is being differentiated.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> rows = np.array([[1.0, 2.0], [3.0, 4.0]])
>>> grad(lambda w: np.sum(np.apply_along_axis(lambda row: w * row[0], 1, rows)))(1.0)
4.0
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.core.trace import is_tracing
from fgrad.numpy.places.assignment import changed, check_cast
from fgrad.numpy.places.indexing import truth_of
from fgrad.numpy.wrap import as_traced, implements, publish


def implements_with_closures(
    original: Callable[..., Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the decorated function NumPy's ``original`` for boxes, and for all arguments while tracing."""

    def decorate(implementation: Callable[..., Any]) -> Callable[..., Any]:
        for_boxes = implements(original)(implementation)

        @wraps(original)
        def front(*args: Any, **kwargs: Any) -> Any:
            return (IMPLEMENTATIONS[original] if is_tracing() else for_boxes)(*args, **kwargs)

        return publish(original, front)

    return decorate


@implements_with_closures(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Return the functions' values, each where its condition holds; constants may be traced."""
    x = as_traced(x)
    x = x if hasattr(x, "dtype") else np.asarray(x)
    single = np.ndim(condlist) == 0 or (np.ndim(condlist[0]) == 0 and spec_of(x).ndim != 0)
    conditions = [truth_of(c).astype(bool) for c in ([condlist] if single else condlist)]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(conditions, axis=0))
    if len(funclist) != len(conditions):
        n = len(conditions)
        raise ValueError(f"numpy.piecewise: with {n} condition(s), {n} or {n + 1} functions are expected")
    y: Any = np.zeros(spec_of(x).shape, spec_of(x).dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        values = function
        if callable(function):
            chosen = x[condition]
            if not spec_of(chosen).size:
                continue
            values = function(chosen, *args, **kw)
        values = as_traced(values)
        check_cast(values, y)
        y = changed(y, values, condition)
    return y


@implements_with_closures(np.apply_along_axis)
def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a function's results for each vector along an axis, in the axis' place.

    The results have their common dtype; NumPy takes that of the first.
    """
    arr = as_traced(arr)
    ndim = len(spec_of(arr).shape)
    axis = normalize_axis_index(axis, ndim)
    moved = np.moveaxis(arr, axis, -1)
    outer = spec_of(moved).shape[:-1]
    if 0 in outer:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    results = [as_traced(func1d(moved[(*i, ...)], *args, **kwargs)) for i in np.ndindex(*outer)]
    stacked = np.reshape(np.stack(results), (*outer, *spec_of(results[0]).shape))
    rest = range(ndim - 1, len(spec_of(stacked).shape))
    return np.transpose(stacked, (*range(axis), *rest, *range(axis, ndim - 1)))


@implements_with_closures(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """Apply a function of an array and an axis for one axis after the other, keeping their number."""
    a = as_traced(a)
    ndim = len(spec_of(a).shape)
    for axis in (axes,) if np.ndim(axes) == 0 else axes:
        axis = ndim + axis if axis < 0 else axis
        result = func(a, axis)
        if len(spec_of(result).shape) != len(spec_of(a).shape):
            result = np.expand_dims(result, axis)
        if len(spec_of(result).shape) != len(spec_of(a).shape):
            raise ValueError("function is not returning an array of the correct shape")
        a = result
    return a
