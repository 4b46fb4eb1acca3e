"""Derivatives of sorting and of distinct elements: gathers, in which equal elements share equally."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import bottom
from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import constant, frozen
from fgrad.numpy.ordering.runs import arrays_of, elements_of, lines_of, runs_of
from fgrad.numpy.ordering.sets import COMMON_POSITIONS, ISIN, UNIQUE, UNIQUE_POSITIONS
from fgrad.numpy.ordering.sorting import ARGPARTITION, LEXSORT, PARTITION, SORT
from fgrad.numpy.places.indexing import SCATTER_ADD


class Order(NamedTuple):
    """How the elements of an array come to be where a sort or a partition puts them.

    Attributes
    ----------
    ranked : array of int
        Which element has which rank, along the axis.
    ranks : array of int or None
        Which rank is at which place of the result; None where it is sorted.
    runs, counts : arrays, or None
        For each rank in the whole array the run of equal elements that it belongs to, and the lengths of
        the runs; None where all elements differ.
    """

    ranked: Any
    ranks: Any
    runs: Any
    counts: Any


def _order(ans: Any, a: Any, axis: int, ranks: Any = None) -> Order:
    a = np.asarray(bottom(a))
    ranked = np.argsort(a, axis=axis, stable=True)
    ordered = np.moveaxis(np.take_along_axis(a, ranked, axis), axis, -1)
    starts = np.ones(ordered.shape, bool)
    starts[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    if starts.all():
        return Order(ranked, ranks, None, None)
    runs = (np.cumsum(starts) - 1).reshape(ordered.shape)
    counts = np.bincount(runs.ravel()).astype(a.dtype.char.lower())
    return Order(ranked, ranks, np.moveaxis(runs, -1, axis), counts)


def _order_of_partition(ans: Any, a: Any, axis: int, **params: Any) -> Order:
    """Return the order of the result as NumPy left it, whichever way it took."""
    return _order(ans, a, axis, _inverse(np.argsort(bottom(ans), axis=axis, stable=True), axis))


def _inverse(permutation: Any, axis: int) -> Any:
    return np.argsort(permutation, axis=axis)


def _averaged(values: Any, order: Order) -> Any:
    """Return values by rank, averaged over each run of equal elements: a symmetric linear map."""
    if order.runs is None:
        return values
    spec = Spec(order.counts.shape, spec_of(values).dtype)
    return (SCATTER_ADD(values, indices=(order.runs,), spec=spec) / order.counts)[order.runs]


def _apply(t: Any, order: Order, axis: int, **params: Any) -> Any:
    by_rank = _averaged(np.take_along_axis(t, order.ranked, axis), order)
    return by_rank if order.ranks is None else np.take_along_axis(by_rank, order.ranks, axis)


def _transpose(g: Any, order: Order, a: Spec, axis: int, **params: Any) -> Any:
    by_rank = g if order.ranks is None else np.take_along_axis(g, _inverse(order.ranks, axis), axis)
    return np.take_along_axis(_averaged(by_rank, order), _inverse(order.ranked, axis), axis)


def _behind(params: Any, ndim: int) -> Any:
    """Return the parameters for arrays along a first axis."""
    return {**params, "axis": normalize_axis_index(params["axis"], ndim) + 1}


frozen(
    SORT,
    choose=lambda ans, a, axis, **_: _order(ans, a, axis),
    apply=_apply,
    transpose=_transpose,
    behind=_behind,
)
frozen(PARTITION, choose=_order_of_partition, apply=_apply, transpose=_transpose, behind=_behind)


# distinct elements


class Groups(NamedTuple):
    """Which distinct element each element, or each slice along an axis, is equal to, and how many are.

    Attributes
    ----------
    members : tuple of arrays of int
        The index that takes the lines of the distinct elements to those of all elements (see
        :mod:`fgrad.numpy.ordering.runs`).
    counts : array
        How many elements are equal to each distinct one, of the axes of its lines.
    shape : tuple of int
        That of the lines of the distinct elements.
    """

    members: tuple[Any, ...]
    counts: Any
    shape: tuple[int, ...]


def _groups(ans: Any, ar: Any, axis: int | None, options: dict[str, Any], examples: int = 0) -> Groups:
    ans, ar = np.asarray(bottom(ans)), np.asarray(bottom(ar))
    runs = runs_of(elements_of(lines_of(ar, axis, examples)), options["equal_nan"] and axis is None)
    members, counts = runs.members(), runs.counts("unique")
    found = lines_of(ans, axis, examples)
    if axis is None:  # the runs are sorted, and the result may not be
        order = np.argsort(found, axis=1, stable=True)
        members = np.take_along_axis(order, members, 1)
        counts = np.take_along_axis(counts, _inverse(order, 1), 1)
    counts = counts.astype(ar.dtype.char.lower()).reshape(*counts.shape, *(1,) * (found.ndim - 2))
    return Groups((np.arange(len(members))[:, None], members), counts, found.shape)


def _apply_unique(
    t: Any, groups: Groups, axis: int | None, options: dict[str, Any], examples: int = 0
) -> Any:
    spec = Spec(groups.shape, spec_of(t).dtype)
    sums = SCATTER_ADD(lines_of(t, axis, examples), indices=(groups.members,), spec=spec)
    return arrays_of(sums / groups.counts, axis, spec_of(t).shape[:examples])


def _transpose_unique(
    g: Any, groups: Groups, ar: Spec, axis: int | None, options: dict[str, Any], examples: int = 0
) -> Any:
    shares = (lines_of(g, axis, examples) / groups.counts)[groups.members]
    if axis is None:
        return np.reshape(shares, ar.shape)
    return arrays_of(shares, axis, ar.shape[:examples])


def _behind_unique(params: Any, ndim: int) -> Any:
    """Return the parameters for arrays along one more first axis."""
    return {**params, "examples": params.get("examples", 0) + 1}


frozen(
    UNIQUE,
    choose=_groups,
    apply=_apply_unique,
    transpose=_transpose_unique,
    behind=_behind_unique,
)

constant(ARGPARTITION, LEXSORT, UNIQUE_POSITIONS, COMMON_POSITIONS, ISIN)
