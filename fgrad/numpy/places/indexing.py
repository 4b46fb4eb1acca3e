"""Reading elements: slices, masks, index arrays, and the functions that read at positions.

A position has no derivative: an index that is being differentiated is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box, anywhere, bottom, decided_by, install, is_array, moves
from fgrad.core.errors import DetachedError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register, register_view
from fgrad.core.spec import Spec, spec_of
from fgrad.core.views import link
from fgrad.modes.pending import add_at, is_basic
from fgrad.modes.slate import plain, plain_all
from fgrad.numpy.places.examples import agreed_count
from fgrad.numpy.wrap import as_traced, holds_box, implements


def _getitem(a: Any, index: Any) -> Any:
    """Return ``a[index]``."""
    return a[index]


def _scatter_add(*gs: Any, indices: tuple[Any, ...], spec: Spec) -> Any:
    """Return zeros with each array added at its index."""
    out = np.zeros(spec.shape, spec.dtype)
    for g, index in zip(gs, indices, strict=True):
        add_at(out, index, g)
    return out


class Place:
    """Stands in an index where an array of positions belongs."""

    def __repr__(self) -> str:
        return "<a place>"


PLACE = Place()


def filled(template: tuple[Any, ...], indices: Any) -> tuple[Any, ...]:
    """Return an index with arrays of positions in their places."""
    given = iter(indices)
    return tuple(next(given) if part is PLACE else part for part in template)


def _take_at(a: Any, *indices: Any, template: tuple[Any, ...]) -> Any:
    """Return ``a[index]``, with some of the index as arguments: positions that differ between examples."""
    return a[filled(template, indices)]


def _add_at(g: Any, *indices: Any, template: tuple[Any, ...], spec: Spec) -> Any:
    """Return zeros with an array added at such an index."""
    return _scatter_add(g, indices=(filled(template, indices),), spec=spec)


GETITEM = register_view(_getitem, "getitem", "a")
SCATTER_ADD: Primitive = register(_scatter_add, "scatter_add", "*gs")
TAKE_AT: Primitive = register(_take_at, "x[index]", "a", "*indices")
ADD_AT: Primitive = register(_add_at, "the pullback of x[index]", "g", "*indices")


def getitem(a: Any, index: Any) -> Any:
    """Return ``a[index]`` for a box."""
    kind = type(index)
    return GETITEM(a, index=index) if kind is int or kind is slice else read(a, index_of(index))


def read(a: Any, index: Any) -> Any:
    """Return ``a[index]`` for an index that may differ between examples."""
    template, indices = template_of(index)
    if not indices:
        return GETITEM(a, index=index)
    for part in indices:
        if spec_of(part).dtype == bool:
            decided_by(part)  # how many elements there are
    found = TAKE_AT(a, *indices, template=template)
    if type(a) is Box and is_array(found) and is_view_at(template, indices):
        link(a, found, ViewAt(template, indices), {})
    return found


def is_view_at(template: tuple[Any, ...], indices: list[Any]) -> bool:
    """Return whether what is read at an index is a view: of numbers and slices, each for one example."""
    if any(spec_of(index).shape or spec_of(index).dtype == bool for index in indices):
        return False
    return is_basic(tuple(0 if part is PLACE else part for part in template))


class ViewAt:
    """What reading at positions that differ between examples makes a view by."""

    put: Callable[..., Any]  # set by the file that knows how to write elements

    def __init__(self, template: tuple[Any, ...], indices: list[Any]) -> None:
        self.template = template
        self.indices = indices

    def bind(self, args: Any, params: Any) -> Any:
        """Return the view of another array."""
        return TAKE_AT.bind((*args, *self.indices), {"template": self.template})


def template_of(index: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """Return an index with places for its boxes, and these."""
    parts = index if type(index) is tuple else (index,)
    indices = [part for part in parts if type(part) is Box]
    return tuple(PLACE if type(part) is Box else part for part in parts), indices


def index_of(index: Any) -> Any:
    """Return an index with lists as arrays and new arrays as plain ones; raise if it is traced."""
    kind = type(index)
    if kind is list or kind is tuple:
        parts = tuple(plain(part) for part in index)
        refuse_traced_index(parts)
        if kind is list:
            return as_traced(index)
        return tuple(as_traced(part) if type(part) is list else part for part in parts)
    index = plain(index)
    refuse_traced_index(index)
    return index


def refuse_traced_index(index: Any) -> None:
    """Raise if an index is being differentiated, or in part: reading at an index has no derivative in it.

    A box may stand for positions that differ between examples.
    """
    parts = index if type(index) in (tuple, list) else (index,)
    for part in parts:
        if type(part) is Box and moves(part):
            raise DetachedError(
                "An index of a traced value depends on what is being differentiated, and there is no "
                "derivative with respect to a position. Use np.argmax or a comparison, whose results are "
                "plain, or np.interp-like arithmetic on the values."
            )
        if type(part) in (tuple, list):
            refuse_traced_index(part)
        elif type(part) is slice:
            refuse_traced_index((part.start, part.stop, part.step))


def positions_of(obj: Any) -> Any:
    """Return what names positions (an index, a slice, counts) as it is; raise if it is traced."""
    obj = plain_all(obj)
    refuse_traced_index(obj)
    return obj


def as_positions(indices: Any) -> Any:
    """Return positions as an array; a box, of those that differ between examples, as it is."""
    return as_traced(indices) if holds_box((indices,)) else np.asarray(indices)


def truth_of(condition: Any) -> Any:
    """Return a condition as plain truth values; a traced one counts where it is not zero."""
    condition = plain(as_traced(condition))
    is_traced = type(condition) is Box
    return condition != 0 if is_traced else np.asarray(condition)


def gather(a: Any, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return ``function(a, *args, **kwargs)`` for a function that only moves, copies and drops elements.

    What it does to an array of positions says which element goes where.
    """
    spec = spec_of(a)
    positions = np.arange(spec.size).reshape(spec.shape)
    return GETITEM(np.reshape(a, -1), index=function(positions, *args, **kwargs))


@implements(np.take)
def take(a: Any, indices: Any, axis: int | None = None, out: Any = None, mode: str = "raise") -> Any:
    a, axis = _line(as_traced(a), axis)
    indices = positions_of(indices)
    chosen = as_positions(indices)
    if holds_box((chosen,)):
        if mode != "raise":
            n = spec_of(a).shape[axis]
            chosen = chosen % n if mode == "wrap" else np.clip(chosen, 0, n - 1)
        moved = read(np.moveaxis(a, axis, 0), (chosen,))
        places = range(spec_of(chosen).ndim)
        return np.moveaxis(moved, list(places), [axis + i for i in places])
    if not chosen.size:
        chosen = chosen.astype(int)  # an empty list has no integers
    elif mode != "raise" or chosen.dtype.kind not in "iu":  # NumPy takes truth values for 0 and 1 here
        chosen = np.take(np.arange(spec_of(a).shape[axis]), indices, mode=mode)  # type: ignore[call-overload]
    return GETITEM(a, index=(slice(None),) * axis + (chosen,))


def _line(a: Any, axis: int | None) -> tuple[Any, int]:
    """Return an array and the axis to read along: that of the array as a vector for None or a scalar."""
    ndim = spec_of(a).ndim
    checked = 0 if axis is None else normalize_axis_index(axis, max(ndim, 1))
    return (np.reshape(a, -1), 0) if axis is None or ndim == 0 else (a, checked)


@implements(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    arr = as_traced(arr)
    indices = as_positions(positions_of(indices))
    if axis is None:
        arr, axis = np.reshape(arr, -1), 0
    shape = spec_of(arr).shape
    axis = normalize_axis_index(axis, len(shape))
    if indices.dtype.kind not in "iu":
        raise IndexError(f"numpy.take_along_axis: indices must be integers; got {indices.dtype}")
    if indices.ndim != len(shape):
        raise ValueError(
            f"numpy.take_along_axis: indices must have the {len(shape)} axes of the array; got {indices.ndim}"
        )
    return read(arr, along_axis(shape, indices, axis))


def along_axis(shape: tuple[int, ...], indices: Any, axis: int) -> tuple[Any, ...]:
    """Return the index of an array of the given shape that reads at ``indices`` along one axis."""
    grid = grid_of(shape)
    return (*grid[:axis], indices, *grid[axis + 1 :])


def grid_of(shape: tuple[int, ...]) -> tuple[Any, ...]:
    """Return the positions along each axis, as arrays that broadcast against each other.

    >>> grid_of((2, 3))
    (array([[0],
           [1]]), array([[0, 1, 2]]))
    """
    return np.ix_(*map(np.arange, shape))


@implements(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Any:
    a, axis = _line(as_traced(a), axis)
    truth = truth_of(condition)
    shape, n = spec_of(truth).shape, spec_of(a).shape[axis]
    if len(shape) != 1:
        np.compress(np.zeros(shape, bool), np.arange(n))  # which NumPy refuses
    if shape[0] > n and anywhere(truth[n:]):
        np.compress(_first_true(truth[n:], n), np.arange(n))  # likewise
    truth = truth[:n]
    if not holds_box((truth,)):
        return take(a, np.flatnonzero(truth), axis)
    count = agreed_count("compress", np.count_nonzero(truth), min(shape[0], n))
    return take(a, np.argsort(truth == 0, kind="stable")[:count], axis)


def _first_true(truth: Any, before: int) -> Any:
    """Return a plain condition that is true once, where that of the first example with any is true first."""
    rows = bottom(truth).reshape(-1, *spec_of(truth).shape)
    return np.arange(before + rows.shape[1]) == before + np.argmax(rows[np.any(rows, axis=1)][0])


@implements(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    return take(as_traced(arr), np.flatnonzero(truth_of(condition)))


@implements(np.ix_)
def ix_(*args: Any) -> tuple[Any, ...]:
    """Return each array along an axis of its own.  A traced one broadcasts; as an index it is refused."""
    arrays = [as_traced(arg) for arg in args]
    shaped = []
    for position, array in enumerate(arrays):
        if type(array) is not Box:
            (array,) = np.ix_(array)
        shape = spec_of(array).shape
        if len(shape) != 1:
            raise ValueError(f"numpy.ix_ takes arrays of one axis; got shape {shape}")
        shaped.append(np.reshape(array, (1,) * position + shape + (1,) * (len(arrays) - 1 - position)))
    return tuple(shaped)


def _iterate(self: Box) -> Any:
    shape = spec_of(self).shape
    if not shape:
        raise TypeError("iteration over a traced scalar; it has no elements, like a scalar of NumPy's")
    return (GETITEM(self, index=i) for i in range(shape[0]))


def _contains(self: Box, value: Any) -> bool:
    return bool(np.any(self == value))


install(__getitem__=getitem, __iter__=_iterate, __contains__=_contains)
