"""Medians, quantiles and percentiles: elements at ranks, and the straight line between two of them.

The ranks, and the weights of the line, are NumPy's own, found by asking for the quantiles of the numbers
``0, 1, 2, ...``: so every method of every version of NumPy is there.  They are piecewise constant in the
array and, for the methods that interpolate, piecewise linear in ``q``.

The choices where there is no derivative: equal elements share equally, as in sorting, and by their weights
where they have some, so that a weight of two counts as two elements; at a value of ``q`` that falls on an
element, the derivative with respect to ``q`` is that towards larger ``q`` (towards smaller at the end of the
data); the methods that jump have derivative zero in ``q``.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(np.median)(np.array([1.0, 3.0, 3.0, 7.0, 3.0, 3.0]))
array([0.  , 0.25, 0.25, 0.  , 0.25, 0.25])
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from fgrad.core.box import anywhere, bottom, is_batched, moves, stilled
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.ordering.searching import search_rows
from fgrad.numpy.reducing.masks import as_dtype, reduced_shape
from fgrad.numpy.wrap import as_traced, implements

#: The methods that interpolate, with the constants alpha and beta of Hyndman and Fan, "Sample quantiles in
#: statistical packages", The American Statistician 50 (1996), table 1: the rank is
#: ``q * (n + 1 - alpha - beta) + alpha - 1``.
_CONTINUOUS = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "linear": (1.0, 1.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}


def _places(rows: Any, q: Any, weights: Any, *, method: Any, skip_nan: bool, moving: bool) -> tuple[Any, ...]:
    """Return where in each row the quantiles are.

    Parameters
    ----------
    rows : (m, n) array
    q : (k,) array or (m, k) array
        The quantiles, of all rows or of each.
    weights : (m, n) array or None
        Of the elements.
    method : str
        As in ``np.quantile``.
    skip_nan : bool
        Whether a NaN counts as not being there.
    moving : bool
        Whether there will be a derivative with respect to ``q``; then a quantile that falls on an element
        still is between two.

    Returns
    -------
    below, above : (m, k) arrays of int
        The positions of the elements between which the quantiles are.
    fraction, slope : (m, k) arrays
        How far from the one to the other, and the derivative of that with respect to ``q``.
    q : array
        As given, and plain.
    """
    m, n = rows.shape
    counts = np.sum(~np.isnan(rows), axis=1) if skip_nan else np.full(m, n)
    ranks = np.zeros((m, q.shape[-1]))
    order = None if weights is None else np.argsort(rows, axis=1)
    for count in np.unique(counts[counts > 0]):
        chosen = counts == count
        own_q = q if q.ndim == 1 else q[chosen]
        if order is None:
            ranks[chosen] = np.quantile(np.arange(float(count)), own_q, method=method)
        else:
            own_weights = np.take_along_axis(weights[chosen], order[chosen, :count], axis=1)
            ranks[chosen] = _weighted_ranks(own_weights, own_q, method)
    last = np.maximum(counts - 1, 0)[:, None]
    below = np.floor(ranks).astype(int)
    above = np.ceil(ranks).astype(int)
    if moving:
        below = np.minimum(below, np.maximum(last - 1, 0))
        above = np.minimum(below + 1, last)
    fraction = ranks - below
    slope = _slope(q, counts[:, None], last, method) if moving else np.zeros_like(ranks)
    if order is None:
        order = np.argpartition(rows, np.unique(np.concatenate([below, above], axis=None)), axis=1)
    return np.take_along_axis(order, below, 1), np.take_along_axis(order, above, 1), fraction, slope, q


def _weighted_ranks(weights: Any, q: Any, method: Any) -> Any:
    """Return the ranks of quantiles in rows of elements with weights, these in order of the elements."""
    if q.ndim == 1:
        numbers = np.broadcast_to(np.arange(float(weights.shape[1])), weights.shape)
        return np.transpose(np.quantile(numbers, q, axis=1, method=method, weights=weights))
    # NumPy has no quantiles of each row's own.  Of methods it has one for weights, the inverse of their sums.
    if np.any(weights < 0):
        raise ValueError("Weights must be non-negative.")
    reached = np.cumsum(weights, axis=1, dtype=np.float64)
    reached /= reached[:, -1:]
    if np.any(np.isnan(reached[:, -1])):
        raise ValueError("Weights included NaN, inf or were all zero.")
    if q.dtype.kind == "f":  # as NumPy does, so that 0.4 is reached in single precision
        reached = reached.astype(q.dtype)
    if np.quantile([0.0, 1.0], 0.0, method=method, weights=[0.0, 1.0]):  # NumPy 2.0 stops at a weight of zero
        reached[reached == 0] = -1
    return np.minimum(search_rows(reached, q, "left"), reached.shape[1] - 1)


def _slope(q: Any, counts: Any, last: Any, method: str) -> Any:
    """Return the derivative of the rank with respect to ``q``, zero where the rank does not move."""
    if method not in _CONTINUOUS:
        return np.zeros(np.broadcast_shapes(q.shape, counts.shape))
    alpha, beta = _CONTINUOUS[method]
    slope = counts + 1 - alpha - beta
    rank = q * slope + alpha - 1
    return np.where((rank >= 0) & (rank <= last) & (last > 0), slope, 0.0)


def _elements(rows: Any, places: Any, weights: Any) -> Any:
    """Return the elements of each row at its places.  Those that are equal to one share its derivative."""
    return np.take_along_axis(rows, places, axis=-1)


PLACES: Primitive = register(_places, "the places of quantiles", "rows", "q", "weights")
ELEMENTS: Primitive = register(_elements, "the elements at quantiles", "rows", "places", "weights")


def _quantiles(
    original: Callable[..., Any],
    a: Any,
    q: Any,
    axis: Any,
    keepdims: bool,
    method: str,
    weights: Any,
    dtype: Any,
    skip_nan: bool,
    between: Callable[[Any, Any, Any], Any],
) -> Any:
    """Return quantiles, of a dtype: ``between`` the elements below and above, at a fraction of the way."""
    spec = spec_of(a)
    axes = tuple(range(spec.ndim)) if axis is None else normalize_axis_tuple(axis, spec.ndim)
    kept = tuple(i for i in range(spec.ndim) if i not in axes)
    m = math.prod(spec.shape[i] for i in kept)

    def in_rows(x: Any) -> Any:
        return np.reshape(np.transpose(x, kept + axes), (m, math.prod(spec.shape[i] for i in axes)))

    rows = in_rows(a)
    flat_q: Any = np.reshape(q, -1)
    if weights is not None:
        weights = in_rows(_aligned(original, as_traced(weights), spec.shape, axes, axis))
    moving = moves(flat_q)
    below, above, fraction, slope, plain_q = PLACES(
        rows, flat_q, weights, method=method, skip_nan=skip_nan, moving=moving
    )
    fraction = fraction.astype(np.result_type(dtype, np.float16).char.lower())
    if moving:
        fraction = fraction + slope.astype(fraction.dtype) * (flat_q - plain_q)
    shares = np.ones((1, 1)) if weights is None else weights
    low, high = ELEMENTS(rows, below, shares), ELEMENTS(rows, above, shares)
    found = as_dtype(between(low, high, fraction), dtype)
    absent = np.isnan(rows)
    if skip_nan:
        nothing = np.all(absent, axis=1, keepdims=True)
        if anywhere(nothing):
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=4)
            found = np.where(nothing, np.nan, found)
    elif anywhere(absent):
        spoiled = np.any(absent, axis=1, keepdims=True)
        found = found * np.where(spoiled, np.nan, 1.0).astype(dtype.char.lower())
    shape = reduced_shape(a, axes, keepdims)
    return np.reshape(np.transpose(found), spec_of(q).shape + shape)


def _aligned(
    original: Callable[..., Any], weights: Any, shape: tuple[int, ...], axes: tuple[int, ...], axis: Any
) -> Any:
    """Return the weights of all elements; they may be those along one axis."""
    own = spec_of(weights).shape
    if own == shape:
        return weights
    along = tuple(shape[i] for i in axes)
    if axis is None or own != along:
        raise ValueError(
            f"{original.__name__}: weights of shape {own} fit neither the array of shape {shape} nor its axes"
        )
    order = np.argsort(axes)
    placed = tuple(n if i in axes else 1 for i, n in enumerate(shape))
    return np.broadcast_to(np.reshape(np.transpose(weights, order), placed), shape)


def _on_the_line(low: Any, high: Any, fraction: Any) -> Any:
    """Return the value between two, from the nearer one, so that either end is exact."""
    if not moves(fraction) and not anywhere(fraction):
        return low
    step = high - low
    return np.where(fraction < 0.5, low + step * fraction, high - step * (1 - fraction))


def _in_the_middle(low: Any, high: Any, fraction: Any) -> Any:
    """Return the mean of two."""
    return (low + high) / 2


def _quantile(
    original: Callable[..., Any],
    a: Any,
    q: Any,
    axis: Any,
    method: str,
    keepdims: bool,
    weights: Any,
    *,
    skip_nan: bool,
    percent: bool,
) -> Any:
    a, q = as_traced(a), as_traced(q)
    spec = spec_of(a)
    if not spec.size:
        return _quantiles_of_nothing(original, a, q, axis=axis, method=method, keepdims=keepdims)
    if weights is not None and method != "inverted_cdf":
        raise ValueError(f"{original.__name__}: only method='inverted_cdf' supports weights; got {method!r}")
    values = np.reshape(bottom(q), -1) if is_batched(q) and spec_of(q).ndim < 2 else bottom(q)
    dtype = original(np.zeros(1, spec.dtype), values, method=method).dtype  # raises for a wrong q
    if type(bottom(q)) in (int, float) and spec.dtype.kind == "f":
        q = as_dtype(q, spec.dtype)
    q = q / 100 if percent else q * 1
    return _quantiles(original, a, q, axis, keepdims, method, weights, dtype, skip_nan, _on_the_line)


def _of_nothing(original: Callable[..., Any], a: Any, *args: Any, **kwargs: Any) -> Any:
    """Return what NumPy gives, or raise what it raises, where there is no element to differentiate."""
    spec = spec_of(a)
    return original(np.zeros(spec.shape, spec.dtype), *args, **kwargs)


def _quantiles_of_nothing(original: Callable[..., Any], a: Any, q: Any, **kwargs: Any) -> Any:
    """Return what NumPy gives, for the quantiles of all examples as one row of quantiles."""
    if not is_batched(q):
        return _of_nothing(original, a, bottom(q), **kwargs)
    values = bottom(q)
    found = _of_nothing(original, a, np.reshape(values, -1), **kwargs)
    return stilled(np.reshape(found, values.shape + found.shape[1:]), q)


def _order_statistic(original: Callable[..., Any], *, skip_nan: bool, percent: bool) -> Callable[..., Any]:
    """Implement a function with the signature of ``np.quantile``."""

    def implementation(
        a: Any,
        q: Any,
        axis: Any = None,
        out: Any = None,
        overwrite_input: bool = False,
        method: str = "linear",
        keepdims: bool = False,
        *,
        weights: Any = None,
    ) -> Any:
        return _quantile(original, a, q, axis, method, keepdims, weights, skip_nan=skip_nan, percent=percent)

    return implements(original)(implementation)


def _median(original: Callable[..., Any], *, skip_nan: bool) -> Callable[..., Any]:
    """Implement a function with the signature of ``np.median``."""

    def implementation(
        a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: bool = False
    ) -> Any:
        a = as_traced(a)
        if not spec_of(a).size:
            return _of_nothing(original, a, axis=axis, keepdims=keepdims)
        dtype = spec_of(a).dtype
        half = np.asarray(0.5)
        return _quantiles(
            original, a, half, axis, keepdims, "midpoint", None, dtype, skip_nan, _in_the_middle
        )

    return implements(original)(implementation)


quantile = _order_statistic(np.quantile, skip_nan=False, percent=False)
percentile = _order_statistic(np.percentile, skip_nan=False, percent=True)
nanquantile = _order_statistic(np.nanquantile, skip_nan=True, percent=False)
nanpercentile = _order_statistic(np.nanpercentile, skip_nan=True, percent=True)
median = _median(np.median, skip_nan=False)
nanmedian = _median(np.nanmedian, skip_nan=True)
