"""Histograms, counts, and the search in sorted arrays.

Which bin an element falls into is piecewise constant, so counts have derivative zero.  A sum of weights is
linear in the weights.  Edges that NumPy chooses run from the smallest element to the largest (or over a
traced ``range``), so edges have a derivative, and densities have one through the widths of the bins.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import Box, decided_by, moves
from fgrad.core.registry import register
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.slate import plain
from fgrad.numpy.places.indexing import ADD_AT, PLACE, SCATTER_ADD, read
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements

SEARCHSORTED = register(np.searchsorted, "searchsorted", "a", "v")
DIGITIZE = register(np.digitize, "digitize", "x", "bins")


def _counts(x: Any, minlength: int) -> Any:
    """Return how often each number occurs."""
    return np.bincount(x, minlength=minlength)


COUNTS = register(_counts, "bincount", "x")


@implements(np.searchsorted)
def searchsorted(a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Any:
    a, sorter = as_traced(a), plain(sorter)
    if type(sorter) is Box:  # an order that may differ between examples
        a, sorter = read(a, sorter), None
    return SEARCHSORTED(a, as_traced(v), side=side, sorter=sorter)


@implements(np.digitize)
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    return DIGITIZE(as_traced(x), as_traced(bins), right=right)


@implements(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    x = as_traced(x)
    decided_by(x)  # how many there are
    counts = COUNTS(x, minlength=minlength)
    if weights is None or not spec_of(x).size:  # NumPy gives integers for no elements, whatever the weights
        return counts
    weights = as_traced(weights)
    if spec_of(weights).shape != spec_of(x).shape:
        raise ValueError("The weights and list don't have the same length.")
    return _sums(_real(weights), plain(x), len(counts))


def _real(weights: Any) -> Any:
    """Return weights in double precision."""
    if spec_of(weights).dtype.kind == "c":
        raise TypeError(f"weights must be real; got {spec_of(weights).dtype}")
    return as_dtype(weights, np.float64)


def _sums(weights: Any, places: Any, count: int) -> Any:
    """Return the sums of the weights at each of ``count`` places."""
    spec = Spec((count,), spec_of(weights).dtype)
    if type(places) is Box:  # which differ between examples
        return ADD_AT(weights, places, template=(PLACE,), spec=spec)
    return SCATTER_ADD(weights, indices=(np.asarray(places),), spec=spec)


def _bins(a: Any, bins: Any, low: Any, high: Any, *, several: bool) -> tuple[Any, ...]:
    """Return NumPy's edges, and in which bin each element is.

    Parameters
    ----------
    a : array of one axis
    bins : int, str or array
        As in ``np.histogram``.
    low, high : number or None
        The range; None for that of the elements.
    several : bool
        Whether to do as ``np.histogramdd`` does, whose edges may have another precision.

    Returns
    -------
    edges : array
    places : array of int
        -1 for what is before the first edge, the number of bins for what is after the last.
    low, high : numbers
        The range, as plain values.
    """
    limits: Any = None if low is None else (low, high)
    if low is None and a.size:
        low, high = np.min(a), np.max(a)
    if several:
        edges = np.histogramdd(a[:, None], [bins], [limits])[1][0]
    else:
        edges = np.histogram_bin_edges(a, bins, limits)
    places = np.searchsorted(edges, a, side="right") - 1
    places[a == edges[-1]] -= 1
    return edges, places, low, high


BINS = register(_bins, "the bins of a histogram", "a", "bins", "low", "high")


def _binned(a: Any, bins: Any, limits: Any, *, several: bool = False) -> tuple[Any, Any]:
    """Return the edges, traced where they depend on what is traced, and the bin of each element."""
    bins = bins if isinstance(bins, str) else as_traced(bins)
    low, high = (None, None) if limits is None else map(as_traced, limits)
    edges, places, first, last = BINS(a, bins, low, high, several=several)
    if not isinstance(bins, str) and spec_of(bins).ndim:
        return bins, places
    if limits is None and type(a) is Box and spec_of(a).size:
        low, high = np.min(a), np.max(a)  # type: ignore[call-overload]
    if not moves(low) and not moves(high):
        return edges, places
    # The edges are NumPy's to the last digit, and move with the ends of the range.
    fractions = np.linspace(0, 1, len(edges))
    moved = (low - first) * (1 - fractions) + (high - last) * fractions
    return edges + as_dtype(moved, edges.dtype), places


@implements(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    a, weights = _flat(a, weights)
    _check_weights(bins, weights)
    return _binned(a, bins, range)[0]


def _flat(a: Any, weights: Any) -> tuple[Any, Any]:
    """Return the elements and their weights, along one axis."""
    a = as_traced(a)
    if weights is not None:
        weights = as_traced(weights)
        if spec_of(weights).shape != spec_of(a).shape:
            raise ValueError("weights should have the same shape as a.")
        weights = np.ravel(weights)
    return np.ravel(a), weights


def _check_weights(bins: Any, weights: Any) -> None:
    if isinstance(bins, str) and weights is not None:
        raise TypeError("Automated estimation of the number of bins is not supported for weighted data")


@implements(np.histogram)
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Any, Any]:
    a, weights = _flat(a, weights)
    _check_weights(bins, weights)
    edges, places = _binned(a, bins, range)
    count = spec_of(edges).shape[0] - 1
    within = (places >= 0) & (places < count)
    # What is beyond the edges goes to a place of its own, which is then left out.
    places = np.where(within, places, count)
    if weights is None:
        heights = np.bincount(places, minlength=count + 1)[:count]
    else:
        heights = _sums(weights, places, count + 1)[:count]
    if density:
        return heights / as_dtype(np.diff(edges), np.float64) / np.sum(heights), edges
    return heights, edges


@implements(np.histogramdd)
def histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Any, list[Any]]:
    if type(sample) in (list, tuple) or spec_of(sample).ndim != 2:
        sample = np.transpose(np.atleast_2d(as_traced(sample)))
    dimensions = spec_of(sample).shape[1]
    bins = bins if _are_several(bins) else [bins] * dimensions
    if len(bins) != dimensions:
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    limits = [None] * dimensions if range is None else range
    if len(limits) != dimensions:
        raise ValueError("range argument must have one entry per dimension")
    axes = [_binned(sample[:, i], bins[i], limits[i], several=True) for i in np.arange(dimensions)]
    edges = [found for found, _ in axes]
    places = np.stack([found for _, found in axes])
    shape = tuple(spec_of(found).shape[0] - 1 for found in edges)
    within = np.all((places >= 0) & (places < np.array(shape)[:, None]), axis=0)
    count = math.prod(shape)
    strides = np.array([math.prod(shape[i + 1 :]) for i in np.arange(len(shape))], int)
    flat = np.where(within, np.sum(places * strides[:, None], axis=0), count)
    if weights is None:
        weights = np.ones(spec_of(sample).shape[0])
    heights = np.reshape(_sums(_real(as_traced(weights)), flat, count + 1)[:count], shape)
    if density:
        total = np.sum(heights)
        for i, found in enumerate(edges):
            heights = heights / np.reshape(
                np.diff(found), tuple(-1 if j == i else 1 for j in np.arange(dimensions))
            )
        heights = heights / total
    return heights, edges


def _are_several(bins: Any) -> bool:
    return type(bins) in (list, tuple) or np.ndim(bins) > 0


@implements(np.histogram2d)
def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Any, Any, Any]:
    x, y = as_traced(x), as_traced(y)
    if spec_of(x).shape != spec_of(y).shape:
        raise ValueError("x and y must have the same length.")
    if _are_several(bins) and len(bins) != 2:
        bins = [as_traced(bins)] * 2
    heights, edges = histogramdd([x, y], bins, range, density, weights)
    return heights, edges[0], edges[1]
