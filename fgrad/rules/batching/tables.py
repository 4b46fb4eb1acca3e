"""Batching of what is looked up in tables: one search for all examples, whether they share a table or not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.modes.batching import in_front
from fgrad.numpy.ordering.histograms import DIGITIZE, SEARCHSORTED
from fgrad.numpy.ordering.interpolation import INTERVALS, intervals
from fgrad.numpy.ordering.quantiles import ELEMENTS, PLACES
from fgrad.numpy.ordering.searching import search_rows
from fgrad.rules.batching.constants import of_plain_arrays
from fgrad.rules.batching.joint import stacked


def _looked_up(table: int, in_own_tables: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of an operation whose table is the argument of that number.

    Where all examples share the table the operation is done as it is, on the points of all.
    """
    own = of_plain_arrays(in_own_tables)

    def rule(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        if mine[table]:
            return own(primitive, values, mine, size, params)
        return primitive.bind(values, params)

    return rule


def _searchsorted(size: int, a: Any, v: Any, side: Any, sorter: Any) -> Any:
    np.searchsorted(np.zeros_like(a, shape=a.shape[1:]), v[:0], side, sorter)  # raises what NumPy raises
    is_left = not np.searchsorted(np.zeros(1), 0.0, side)  # NumPy 2.0 knows short names of sides too
    if sorter is not None:
        order = np.asarray(sorter)
        if np.any((order < 0) | (order >= a.shape[1])):
            raise ValueError("Sorter index out of range.")
        a = a[:, order]
    return search_rows(a, v, "left" if is_left else "right")


def _digitize(size: int, x: Any, bins: Any, right: bool) -> Any:
    np.digitize(x[:0], np.zeros_like(bins, shape=bins.shape[1:]))  # raises what NumPy raises
    falls = _are_falling(bins.astype(float))  # so does NumPy compare them
    tables = np.where(falls[:, None], bins[:, ::-1], bins)
    found = search_rows(tables, x, "left" if right else "right")
    turned = falls.reshape(size, *(1,) * (x.ndim - 1))
    return np.where(turned, bins.shape[1] - found, found)


def _are_falling(bins: Any) -> Any:
    """Return which rows of bins fall; raise if one neither rises nor falls.

    The first two that differ decide.  Where NaN is one of them NumPy takes the bins for falling.
    """
    before, after = bins[:, :-1], bins[:, 1:]
    rises, drops, differs = before < after, before > after, before != after
    first = np.argmax(differs, axis=1)[:, None] if differs.shape[1] else np.zeros((len(bins), 0), int)
    falls = np.any(differs & ~rises, axis=1) & ~np.any(np.take_along_axis(rises, first, 1), axis=1)
    if np.any(np.where(falls[:, None], rises, drops)):
        raise ValueError("bins must be monotonically increasing or decreasing")
    return falls


def _intervals(size: int, x: Any, xp: Any) -> tuple[Any, ...]:
    found = intervals(x.reshape(size, math.prod(x.shape[1:])), xp, search_rows)
    return tuple(part.reshape(x.shape) for part in found)


SEARCHSORTED.batch = _looked_up(0, _searchsorted)
DIGITIZE.batch = _looked_up(1, _digitize)
INTERVALS.batch = _looked_up(1, _intervals)


def _quantile_places(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Find quantiles in the rows of all examples at once, or many quantiles in rows that they share."""
    (rows, q, weights), (own_rows, own_q, own_weights) = values, mine
    m, n = spec_of(rows).shape[own_rows:]
    *each, k = spec_of(q).shape[own_q:]
    plain_q = in_front(still(q), own_q, size)
    if own_q and not (own_rows or own_weights or each):
        found = primitive.bind((rows, np.reshape(q, size * k), weights), params)[:-1]
        return (*(np.swapaxes(np.reshape(part, (m, size, k)), 0, 1) for part in found), plain_q)

    def in_rows(value: Any, own: bool, length: int) -> Any:
        return np.reshape(in_front(value, own, size), (size * m, length))

    if each:
        q = in_rows(q, own_q, k)
    elif own_q:
        q = np.repeat(q, m, axis=0)
    weights = None if weights is None else in_rows(weights, own_weights, n)
    found = primitive.bind((in_rows(rows, own_rows, n), q, weights), params)[:-1]
    return (*(np.reshape(part, (size, m, k)) for part in found), plain_q)


PLACES.batch = _quantile_places
ELEMENTS.batch = stacked
