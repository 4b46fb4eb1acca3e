"""Derivatives of sums, means, products, extrema and spread along axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import constant, frozen, linear, reduction
from fgrad.kinds.reduction import expand
from fgrad.numpy.parts import EXPONENT
from fgrad.numpy.reductions import count_along
from fgrad.rules.slopes import quotient


def _spread(g: Any, a: Spec, axis: Any, keepdims: bool) -> Any:
    """Return the cotangent of a sum, copied along the axes that were summed."""
    return np.broadcast_to(expand(g, a, axis, keepdims), a.shape)


def _spread_evenly(g: Any, a: Spec, axis: Any, keepdims: bool) -> Any:
    count = math.prod(a.shape) if axis is None else count_along_spec(a, axis)
    return _spread(g / count, a, axis, keepdims)


def count_along_spec(a: Spec, axis: Any) -> int:
    """Return how many elements a reduction along ``axis`` takes together."""
    return math.prod(a.shape[i] for i in (axis if isinstance(axis, tuple) else (axis,)))


linear(np.sum, _spread)
linear(np.mean, _spread_evenly)
linear(np.cumsum, lambda g, a, axis: np.flip(np.cumsum(np.flip(g, axis), axis), axis))


# extrema: ties share equally


def _shares(ans: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """Return the weight of each element in an extremum: one over the number of those that attain it."""
    attained = (a == expand(ans, a, axis, keepdims)).astype(spec_of(a).dtype.char.lower())
    return attained / np.sum(attained, axis=axis, keepdims=True)


for _extremum in (np.max, np.min):
    frozen(
        _extremum,
        choose=_shares,
        apply=lambda t, shares, axis, keepdims: np.sum(t * shares, axis=axis, keepdims=keepdims),
        transpose=lambda g, shares, a, axis, keepdims: expand(g, a, axis, keepdims) * shares,
    )


# products


def _others(a: Any, ans: Any, axis: Any) -> Any:
    """Return, for each element, the product of the others: by division, unless there are zeros."""
    if np.all(a != 0):
        return ans / a
    return _others_by_products(a, axis)


def _others_by_products(a: Any, axis: Any) -> Any:
    """Return the product of the others with multiplications only.

    The reduced axes are brought to the front as one, which is then split into halves: what an element of
    the left half lacks is the product of the right half, and the other way round.
    """
    shape = spec_of(a).shape
    axes = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(i % len(shape) for i in axes)
    order = axes + tuple(i for i in range(len(shape)) if i not in axes)
    moved = np.transpose(a, order)
    moved_shape = spec_of(moved).shape
    flat = np.reshape(moved, (math.prod(moved_shape[: len(axes)]), *moved_shape[len(axes) :]))
    others = np.reshape(_halves(flat)[1], moved_shape)
    return np.transpose(others, np.argsort(order))


def _halves(a: Any) -> tuple[Any, Any]:
    """Return the product along the first axis, and for each element the product of the others."""
    n = spec_of(a).shape[0]
    if n == 1:
        return a[0], np.ones_like(a)
    left, left_others = _halves(a[: n // 2])
    right, right_others = _halves(a[n // 2 :])
    return left * right, np.concatenate([left_others * right, right_others * left])


reduction(np.prod, lambda a, ans, axis: _others(a, ans, axis))


# spread


def _deviation(a: Any, axis: Any) -> Any:
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return np.conjugate(centred) if spec_of(a).dtype.kind == "c" else centred


reduction(np.var, lambda a, axis, ddof: _deviation(a, axis) * (2 / (count_along(a, axis) - ddof)))
reduction(
    np.std,
    lambda a, ans, axis, ddof: quotient(_deviation(a, axis), ans * (count_along(a, axis) - ddof)),
)

constant(np.all, np.any, np.argmax, np.argmin, np.argsort, np.count_nonzero, EXPONENT)
