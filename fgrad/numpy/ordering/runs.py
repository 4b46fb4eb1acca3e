"""Equal elements in the rows of a matrix: what sorting each row finds, for all rows at once.

A run is the elements of a row that are equal to each other, which sorting brings together.

>>> import numpy as np
>>> runs = runs_of(np.array([[3, 1, 3], [2, 5, 2]]))
>>> runs.counts("an example")
array([[1, 2],
       [2, 1]])
>>> runs.members()
array([[1, 0, 1],
       [0, 1, 0]])
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.spec import spec_of
from fgrad.modes.batching import common_count


class Runs(NamedTuple):
    """The elements of each row in order.

    Attributes
    ----------
    order : array of int
        Which element of a row comes at each place of it, the first of equal ones first.
    values : array
        The elements in this order.
    starts : array of bool
        Whether a run begins at a place.
    """

    order: Any
    values: Any
    starts: Any

    def chosen(self, parts: Any, name: str) -> Any:
        """Return what belongs to the first element of each run, of an array in the order of the runs."""
        size, length = self.starts.shape
        count = common_count(name, np.count_nonzero(self.starts, axis=1), length)
        return parts[self.starts].reshape(size, count)

    def counts(self, name: str) -> Any:
        """Return the length of each run."""
        size, length = self.starts.shape
        places = np.broadcast_to(np.arange(length), self.starts.shape)
        return np.diff(self.chosen(places, name), axis=1, append=np.full((size, 1), length))

    def members(self) -> Any:
        """Return to which run each element belongs, by its number in the row."""
        return self.unsorted(np.cumsum(self.starts, axis=1) - 1)

    def firsts(self) -> Any:
        """Return, at each place, at which place its run begins."""
        places = np.where(self.starts, np.arange(self.starts.shape[1]), 0)
        return np.maximum.accumulate(places, axis=1)

    def unsorted(self, parts: Any) -> Any:
        """Return an array in the order of the runs in that of the elements."""
        found = np.empty_like(parts)
        np.put_along_axis(found, self.order, parts, axis=1)
        return found


def runs_of(rows: Any, equal_nan: bool = False) -> Runs:
    """Return the runs of each row.

    Parameters
    ----------
    rows : array of two axes
    equal_nan : bool
        Whether all NaN are one element.
    """
    order = np.argsort(rows, axis=1, kind="stable")
    values = np.take_along_axis(rows, order, axis=1)
    starts = np.ones(rows.shape, bool)
    starts[:, 1:] = values[:, 1:] != values[:, :-1]
    if equal_nan and values.dtype.kind in "fcmM":
        nan = np.isnan(values)
        starts[:, 1:] &= ~(nan[:, 1:] & nan[:, :-1])
    return Runs(order, values, starts)


def lines_of(a: Any, axis: int | None, hidden: int) -> Any:
    """Return what ``np.unique`` compares in each of many arrays, along the second axis of the result.

    Parameters
    ----------
    a : array or box
        The arrays lie along its first ``hidden`` axes.
    axis : int or None
        The slices along this axis of an array are compared; None for the elements.
    hidden : int

    Returns
    -------
    array or box, shape (number of arrays, number of slices, *shape of a slice)
    """
    shape = spec_of(a).shape
    size, own = math.prod(shape[:hidden]), shape[hidden:]
    if axis is None:
        return np.reshape(a, (size, math.prod(own)))
    return np.moveaxis(np.reshape(a, (size, *own)), normalize_axis_index(axis, len(own)) + 1, 1)


def arrays_of(lines: Any, axis: int | None, grid: tuple[int, ...]) -> Any:
    """Return arrays along as many first axes as ``grid`` has, from their lines."""
    if axis is not None:
        axis = normalize_axis_index(axis, spec_of(lines).ndim - 1)
        lines = np.moveaxis(lines, 1, axis + 1)
    return np.reshape(lines, (*grid, *spec_of(lines).shape[1:]))


def elements_of(lines: Any) -> Any:
    """Return lines with each slice as one element, of as many fields as it has elements.

    Fields are compared one after the other.
    """
    if lines.ndim == 2:
        return lines
    size, count, *rest = lines.shape
    width = math.prod(rest)
    fields = np.dtype([(f"f{i}", lines.dtype) for i in range(width)])
    if not width:
        return np.empty((size, count), fields)
    return np.ascontiguousarray(lines).reshape(size, count, width).view(fields)[..., 0]
