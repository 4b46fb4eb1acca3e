"""Batching of counts: how often numbers occur, which elements are not zero, and the bins of histograms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, still
from fgrad.core.primitive import Primitive
from fgrad.kinds.together import together
from fgrad.modes.batching import common_count, in_front
from fgrad.numpy.elements.selection import ARGWHERE, FLATNONZERO, NONZERO
from fgrad.numpy.ordering.histograms import BINS, COUNTS
from fgrad.numpy.ordering.searching import search_rows
from fgrad.rules.batching.constants import of_plain_arrays


def _counts(size: int, x: Any, minlength: Any) -> Any:
    """Count in all examples at once, each with numbers of its own."""
    shortest = len(np.bincount(np.zeros(0, int), minlength=minlength))
    if x.ndim != 2 or not np.can_cast(x.dtype, np.intp) or np.any(x < 0):
        for row in x:
            np.bincount(row)  # raises, for this one or for another
    x = x.astype(np.intp)
    length = x.shape[1]
    longest = np.max(x, axis=1, initial=-1) + 1
    count = max(shortest, common_count("bincount", np.maximum(longest, shortest), length))
    places = x + np.arange(size)[:, None] * count
    return np.bincount(places.ravel(), minlength=size * count).reshape(size, count)


COUNTS.batch = of_plain_arrays(_counts)


# what is not zero


def _nonzero(size: int, a: Any, name: str = "nonzero") -> Any:
    """Return the positions along each axis of what is not zero."""
    if a.ndim == 1:
        np.nonzero(np.zeros(()))  # which NumPy refuses
        a = a[:, None]
    own = tuple(range(1, a.ndim))
    count = common_count(name, np.count_nonzero(a, axis=own), math.prod(a.shape[1:]))
    return tuple(part.reshape(size, count) for part in np.nonzero(a)[1:])


def _flatnonzero(size: int, a: Any) -> Any:
    return _nonzero(size, a.reshape(size, math.prod(a.shape[1:])), "flatnonzero")[0]


def _argwhere(size: int, a: Any) -> Any:
    if a.ndim == 1:
        return np.stack(_nonzero(size, a[:, None], "argwhere"), axis=-1)[..., :0]
    return np.stack(_nonzero(size, a, "argwhere"), axis=-1)


NONZERO.batch = of_plain_arrays(_nonzero)
FLATNONZERO.batch = of_plain_arrays(_flatnonzero)
ARGWHERE.batch = of_plain_arrays(_argwhere)


# bins


def _bins(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Find the edges of each example, and between which of them its elements are.

    What is the same for all is handed over as it is: to NumPy, a number of Python's is not an array.
    """
    a, *options = map(still, values)
    differs = [own or type(option) is Box for option, own in zip(options, mine[1:], strict=True)]
    same = tuple(None if differ else option for option, differ in zip(options, differs, strict=True))
    differing = [
        in_front(option, own, size) if differ else None
        for option, own, differ in zip(options, mine[1:], differs, strict=True)
    ]
    arrays = (in_front(a, mine[0], size), *differing)
    return together(primitive, _bins_of_each, arrays, (True, *differs), size, {**params, "same": same})


def _bins_of_each(size: int, a: Any, *differing: Any, same: tuple[Any, ...], several: bool) -> Any:
    """Return the edges, the places, and the ends of the range of each example."""
    if not size:
        return _bins_of_none(a, *differing, same=same, several=several)

    def of_one(i: int) -> Any:
        options = [one if each is None else each[i] for each, one in zip(differing, same, strict=True)]
        return BINS.raw(a[i], *options, several=several)

    bins, low, high = (one if each is None else each for each, one in zip(differing, same, strict=True))
    if isinstance(bins, str):  # NumPy estimates how many are wanted, for each example
        found = [of_one(i) for i in range(size)]
        common_count(BINS.name, [len(edges) for edges, *_ in found])
        return tuple(map(np.stack, zip(*found, strict=True)))
    if low is None and a.shape[1]:
        low, high = np.min(a, axis=1), np.max(a, axis=1)
    axes = np.ndim(bins) - (differing[0] is not None)
    if axes == 0:
        like = of_one(0)[0]  # raises for what is no number of bins
        count = len(like) - 1 if differing[0] is None else common_count(BINS.name, bins)
        is_shared = not np.ndim(low) and not np.ndim(high)
        edges = like if is_shared else _even_edges(of_one, low, high, count, like.dtype)
        edges = np.broadcast_to(edges, (size, count + 1))
    elif axes == 1:
        edges = np.broadcast_to(bins, (size, np.shape(bins)[-1]))
        _refuse_as_numpy(of_one, np.any(edges[:, :-1] > edges[:, 1:], axis=1))
    else:
        return of_one(0)  # raises
    places = search_rows(edges, a, "right") - 1
    places[a == edges[:, -1][:, None]] -= 1
    return edges, places, np.broadcast_to(low, (size,)), np.broadcast_to(high, (size,))


def _even_edges(of_one: Callable[[int], Any], low: Any, high: Any, count: int, dtype: np.dtype[Any]) -> Any:
    """Return equally spaced edges of so many bins, as NumPy finds them for each example, to the last digit.

    It widens an empty range, and spaces by another formula where a step is zero: such examples are its own.
    """
    _refuse_as_numpy(of_one, ~((low <= high) & np.isfinite(low) & np.isfinite(high)))
    is_empty = low == high
    edges = np.empty((len(is_empty), count + 1), dtype)
    first, last = (end[~is_empty] if np.ndim(end) else end for end in (low, high))
    edges[~is_empty] = np.linspace(first, last, count + 1, axis=-1)
    for i in np.flatnonzero(is_empty):
        edges[i] = of_one(int(i))[0]
    _refuse_as_numpy(of_one, np.any(edges[:, :-1] >= edges[:, 1:], axis=1))
    return edges


def _refuse_as_numpy(of_one: Callable[[int], Any], is_suspect: Any) -> None:
    """Have NumPy look at the examples that it may refuse, and raise its own error."""
    for i in np.flatnonzero(is_suspect):
        of_one(int(i))


def _bins_of_none(a: Any, *differing: Any, same: tuple[Any, ...], several: bool) -> Any:
    """Return the empty results for no examples, of the shapes of those for zeros."""
    if isinstance(same[0], str) or (differing[0] is not None and differing[0].ndim == 1):
        common_count(BINS.name, ())  # raises: how many bins there are depends on the examples
    zeros = [None if each is None else np.zeros((1, *each.shape[1:]), each.dtype) for each in (a, *differing)]
    return tuple(part[:0] for part in _bins_of_each(1, *zeros, same=same, several=several))


BINS.batch = _bins
