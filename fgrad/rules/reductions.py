"""Derivatives of sums, means, products, extrema and spread along axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from fgrad.core.box import everywhere
from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import constant, frozen, linear, reduction
from fgrad.kinds.reduction import expand
from fgrad.numpy.elements.parts import EXPONENT
from fgrad.numpy.reducing.masks import count_along
from fgrad.numpy.reducing.spread import STD, VAR
from fgrad.rules.slopes import quotient


def _spread(g: Any, a: Spec, axis: Any, keepdims: bool) -> Any:
    """Return the cotangent of a sum, copied along the axes that were summed."""
    return np.broadcast_to(expand(g, a, axis, keepdims), a.shape)


def _spread_evenly(g: Any, a: Spec, axis: Any, keepdims: bool) -> Any:
    return _spread(g / (count_along(a, axis) or 1), a, axis, keepdims)


linear(np.sum, _spread)
linear(np.mean, _spread_evenly)


# extrema: ties share equally


def _shares(ans: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """Return the weight of each element in an extremum: one over the number of those that attain it.

    Where the extremum is NaN nothing attains it, and the weights are NaN.
    """
    attained = (a == expand(ans, a, axis, keepdims)).astype(spec_of(a).dtype.char.lower())
    with np.errstate(invalid="ignore"):
        return attained / np.sum(attained, axis=axis, keepdims=True)


def _behind(params: Any, ndim: int) -> Any:
    """Return the parameters for arrays along a first axis."""
    axis = params["axis"]
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim)
    return {**params, "axis": tuple(i + 1 for i in axes)}


for _extremum in (np.max, np.min):
    frozen(
        _extremum,
        choose=_shares,
        apply=lambda t, shares, axis, keepdims: np.sum(t * shares, axis=axis, keepdims=keepdims),
        transpose=lambda g, shares, a, axis, keepdims: expand(g, a, axis, keepdims) * shares,
        behind=_behind,
    )


# products


def _others(a: Any, ans: Any, axis: Any) -> Any:
    """Return, for each element, the product of the others: by division, unless a product is 0 or infinite.

    Then there are zeros among the elements, or the product has left the range of its dtype, which those of
    the others need not do.
    """
    if everywhere(ans != 0) and everywhere(np.isfinite(ans)):
        return ans / a
    return _others_by_products(a, axis)


def _others_by_products(a: Any, axis: Any) -> Any:
    """Return the product of the others with multiplications only: of what is before, and of what is after.

    The reduced axes are brought to the front as one.
    """
    shape = spec_of(a).shape
    axes = tuple(range(len(shape))) if axis is None else normalize_axis_tuple(axis, len(shape))
    order = axes + tuple(i for i in range(len(shape)) if i not in axes)
    moved = np.transpose(a, order)
    moved_shape = spec_of(moved).shape
    flat = np.reshape(moved, (math.prod(moved_shape[: len(axes)]), *moved_shape[len(axes) :]))
    with np.errstate(
        invalid="ignore"
    ):  # 0 times infinity, where the product has left the range on both sides
        others = _product_before(flat) * np.flip(_product_before(np.flip(flat, 0)), 0)
    return np.transpose(np.reshape(others, moved_shape), np.argsort(order))


def _product_before(a: Any) -> Any:
    """Return, for each element along the first axis, the product of those before it."""
    return np.concatenate([np.ones_like(a[:1]), np.cumprod(a[:-1], axis=0)])


reduction(np.prod, lambda a, ans, axis: _others(a, ans, axis))


# spread


def _deviation(a: Any, axis: Any) -> Any:
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return np.conjugate(centred) if spec_of(a).dtype.kind == "c" else centred


def _degrees(a: Any, axis: Any, ddof: float) -> float:
    """Return the degrees of freedom, NaN if there are none left."""
    degrees = count_along(a, axis) - ddof
    return degrees if degrees > 0 else math.nan


reduction(VAR, lambda a, axis, ddof: _deviation(a, axis) * (2 / _degrees(a, axis, ddof)))
reduction(STD, lambda a, ans, axis, ddof: quotient(_deviation(a, axis), ans * _degrees(a, axis, ddof)))

constant(np.all, np.any, np.count_nonzero, np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort)
constant(EXPONENT)
