"""NumPy's functions that write into their first argument, and the methods that do."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box, anywhere, install
from fgrad.core.errors import DetachedError
from fgrad.core.spec import spec_of
from fgrad.modes.slate import distinct
from fgrad.numpy.places.assignment import assign
from fgrad.numpy.places.indexing import as_positions, positions_of, read, truth_of
from fgrad.numpy.wrap import as_traced, holds_box, implements


def _check_destination(array: Any, name: str) -> None:
    """Raise unless the array that is written into is one of the function's own."""
    if type(array) is not Box:
        raise DetachedError(
            f"numpy.{name} would write a value that is being differentiated into a plain array, and lose "
            "its derivative. Make the array inside the function, with np.zeros of fgrad.numpy or "
            "np.zeros_like of a traced array."
        )


def _put(array: Any, positions: Any, values: Any) -> None:
    """Write values, repeated as needed, to positions in C order."""
    positions = np.reshape(as_positions(positions), -1)
    values = np.reshape(as_traced(values), -1)
    count = spec_of(values).size
    if not positions.size or not count:
        return
    flat = np.copy(np.reshape(array, -1))
    flat[positions] = values[np.arange(positions.size) % count]
    assign(array, ..., np.reshape(flat, spec_of(array).shape))


@implements(np.copyto)
def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    _check_destination(dst, "copyto")
    src = as_traced(src)
    assign(dst, ..., src if where is True else np.where(where, src, dst))


@implements(np.put)
def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    _check_destination(a, "put")
    size = spec_of(a).size
    positions = as_positions(positions_of(ind))
    if mode == "wrap":
        positions = positions % size
    elif mode == "clip":
        positions = np.clip(positions, 0, size - 1)
    _put(a, positions, v)


@implements(np.place)
def place(arr: Any, mask: Any, vals: Any) -> None:
    _check_destination(arr, "place")
    mask = truth_of(mask)
    values = np.reshape(as_traced(vals), -1)
    if anywhere(mask) and not spec_of(values).size:
        raise ValueError("numpy.place: cannot insert from an empty array")
    if not holds_box((mask,)):
        _put(arr, np.flatnonzero(mask), values)
    elif spec_of(values).size:
        which = np.maximum(np.cumsum(mask) - 1, 0) % spec_of(values).size
        assign(arr, ..., np.where(mask, np.reshape(read(values, which), spec_of(mask).shape), arr))


@implements(np.putmask)
def putmask(a: Any, /, mask: Any, values: Any) -> None:
    _check_destination(a, "putmask")
    mask = truth_of(mask)
    values = np.reshape(as_traced(values), -1)
    count = spec_of(values).size
    if count and holds_box((mask,)):  # which differs between examples
        shape = spec_of(mask).shape
        assign(a, ..., np.where(mask, values[np.arange(math.prod(shape)).reshape(shape) % count], a))
    elif count:
        positions = np.flatnonzero(mask)
        _put(a, positions, values[positions % count])


@implements(np.put_along_axis)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    _check_destination(arr, "put_along_axis")
    if axis is None:
        _put(arr, indices, values)
        return
    shape = spec_of(arr).shape
    axis = normalize_axis_index(axis, len(shape))
    indices = as_positions(positions_of(indices))
    grid = np.ogrid[tuple(slice(n) for n in indices.shape)]
    index = tuple(indices if i == axis else np.asarray(part) for i, part in enumerate(grid))
    assign(arr, index, values)


@implements(np.fill_diagonal)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    _check_destination(a, "fill_diagonal")
    places = np.zeros(spec_of(a).shape, bool)
    np.fill_diagonal(places, True, wrap)
    _put(a, np.flatnonzero(places), val)


def _fill(self: Box, value: Any) -> None:
    assign(self, ..., value)


def _sort(self: Box, axis: int = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> None:
    assign(self, ..., np.sort(self, axis=axis, kind=kind, order=order, stable=stable))  # type: ignore[call-overload]


def _partition(self: Box, kth: Any, axis: int = -1, kind: str = "introselect", order: Any = None) -> None:
    assign(self, ..., np.partition(self, kth, axis=axis))  # type: ignore[call-overload]


class Flat:
    """A traced array's elements in C order: ``a.flat``."""

    def __init__(self, array: Box) -> None:
        self.base = array
        self._rest: Iterator[Any] | None = None

    def __len__(self) -> int:
        return spec_of(self.base).size

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._rest is None:
            self._rest = iter(np.reshape(self.base, -1))  # type: ignore[call-overload]
        return next(self._rest)

    def copy(self) -> Any:
        """Return the elements as an array of one axis."""
        return self[:]

    def __getitem__(self, index: Any) -> Any:
        return distinct(np.reshape(self.base, -1)[index])  # type: ignore[call-overload]

    def __setitem__(self, index: Any, value: Any) -> None:
        positions = np.arange(len(self))[index]
        _put(self.base, positions, value)


def _set_flat(self: Box, value: Any) -> None:
    _put(self, np.arange(spec_of(self).size), value)


install(fill=_fill, put=lambda self, ind, v, mode="raise": put(self, ind, v, mode))
install(sort=_sort, partition=_partition, flat=property(Flat, _set_flat))
