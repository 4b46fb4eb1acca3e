"""Quantiles, in which equal elements share, and what is piecewise constant in statistics."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import constant, custom
from fgrad.kinds.frozen import Mapped
from fgrad.numpy.ordering.histograms import BINS, COUNTS
from fgrad.numpy.ordering.interpolation import INTERVALS
from fgrad.numpy.ordering.quantiles import ELEMENTS, PLACES
from fgrad.numpy.ordering.runs import runs_of
from fgrad.numpy.ordering.searching import search_rows
from fgrad.numpy.places.indexing import SCATTER_ADD
from fgrad.numpy.reducing.statistics import OVERSHOOT

constant(PLACES, INTERVALS, BINS, OVERSHOOT)
constant(np.searchsorted, np.digitize, COUNTS)


# the elements at quantiles


class Ties(NamedTuple):
    """The elements of rows that are equal to one of those that were found, each in the group of its equals.

    Attributes
    ----------
    members : tuple of arrays of int
        Their rows and their positions there.
    groups : tuple of arrays of int
        Their rows again, and the numbers of their groups.
    shares : array
        What each has of its group's derivative.
    found : tuple of arrays of int
        The rows, and the numbers of the groups, of those that were found.
    """

    members: tuple[Any, ...]
    groups: tuple[Any, ...]
    shares: Any
    found: tuple[Any, ...]


def _ties(ans: Any, rows: Any, weights: Any) -> Ties:
    weights = _as_rows(np.broadcast_to(weights, rows.shape))
    ans, rows = _as_rows(ans), _as_rows(rows)
    runs = runs_of(ans, equal_nan=True)
    nearest = np.minimum(search_rows(runs.values, rows, "left"), ans.shape[1] - 1)
    candidates = np.take_along_axis(runs.values, nearest, axis=1)
    members = np.nonzero((candidates == rows) | (np.isnan(candidates) & np.isnan(rows)))
    firsts = runs.firsts()
    groups = members[0], np.take_along_axis(firsts, nearest, axis=1)[members]
    numbers = np.ravel_multi_index(groups, ans.shape)
    counted = weights[members]
    counted = np.where(np.bincount(numbers, counted)[numbers] > 0, counted, 1)  # all are zero: all the same
    shares = counted / np.bincount(numbers, counted)[numbers]
    found = np.arange(len(ans))[:, None], runs.unsorted(firsts)
    return Ties(members, groups, shares.astype(rows.dtype.char.lower()), found)


def _as_rows(a: Any) -> Any:
    shape = spec_of(a).shape
    return np.reshape(a, (math.prod(shape[:-1]), shape[-1]))


def _averaged(t: Any, ans: Any, rows: Any, weights: Any) -> Any:
    """Return for each element that was found the average of the tangents of its equals."""
    ties = _ties(ans, rows, weights)
    spec = Spec(_as_rows(ans).shape, spec_of(t).dtype)
    averages = SCATTER_ADD(_as_rows(t)[ties.members] * ties.shares, indices=(ties.groups,), spec=spec)
    return np.reshape(averages[ties.found], ans.shape)


def _shared(g: Any, ans: Any, rows: Any, weights: Any) -> Any:
    """Return for each element its share of the cotangents: the transpose of :func:`_averaged`."""
    ties = _ties(ans, rows, weights)
    spec = Spec(_as_rows(ans).shape, spec_of(g).dtype)
    sums = SCATTER_ADD(_as_rows(g), indices=(ties.found,), spec=spec)
    spec = Spec(_as_rows(rows).shape, spec.dtype)
    parts = SCATTER_ADD(sums[ties.groups] * ties.shares, indices=(ties.members,), spec=spec)
    return np.reshape(parts, rows.shape)


def _behind(params: Any, ndim: int) -> Any:
    """Return the parameters for arrays along one more first axis: there are none."""
    return params


_FORTH = Primitive("the derivative of the elements at quantiles", _averaged, ("t", "ans", "rows", "weights"))
_BACK = Primitive("the pullback of the elements at quantiles", _shared, ("g", "ans", "rows", "weights"))
_FORTH.rule = Mapped(_FORTH, _BACK, _behind)
_BACK.rule = Mapped(_BACK, _FORTH, _behind)


def _pull(ans: Any, rows: Any, places: Any, weights: Any) -> Callable[[Any], Any]:
    chosen_by = still(ans), still(rows), still(weights)
    return lambda g: _BACK(g, *chosen_by)


custom(
    ELEMENTS,
    jvps={
        0: lambda t, ans, rows, places, weights: _FORTH(t, still(ans), still(rows), still(weights)),
        1: None,
        2: None,
    },
    vjps={0: _pull},
)
