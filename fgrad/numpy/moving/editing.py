"""Inserting, deleting and trimming elements, and arrays repeated to a size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from fgrad.core.box import decided_by
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.numpy.places.assignment import check_cast
from fgrad.numpy.places.examples import agreed
from fgrad.numpy.places.indexing import gather, positions_of, take
from fgrad.numpy.wrap import as_traced, holds_box, implements


def converted(values: Any, like: Any) -> Any:
    """Return values to be put into an array, with its dtype; raise where they would lose a part."""
    values, dtype = as_traced(values), spec_of(like).dtype
    check_cast(values, like)
    if spec_of(values).dtype == dtype:
        return values
    return values.astype(dtype) if hasattr(values, "astype") else np.asarray(values, dtype)


def _line(n: int, axis: int, ndim: int) -> Any:
    """Return the positions along an axis, on that axis of an array, so that NumPy's messages name it."""
    return np.arange(n).reshape((1,) * axis + (n,) + (1,) * (ndim - axis - 1))


def _inserted(obj: Any, new: int, n: int, axis: int, ndim: int) -> Any:
    """Return in which order ``new`` elements in front of ``n`` others come when inserted at ``obj``."""
    first = np.arange(new).reshape((new,) + (1,) * (ndim - 1))
    first = first if np.ndim(obj) == 0 else np.moveaxis(first, 0, axis)
    return np.insert(_line(n, axis, ndim) + new, obj, first, axis).ravel()


def _kept(obj: Any, n: int, axis: int, ndim: int) -> Any:
    """Return which of ``n`` elements are left when those at ``obj`` are deleted."""
    return np.delete(_line(n, axis, ndim), obj, axis).ravel()


INSERTED = Primitive("insert", _inserted, ("obj",))
KEPT = Primitive("delete", _kept, ("obj",))


@implements(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    arr, obj = as_traced(arr), positions_of(obj)
    values = converted(values, arr)
    (shape, _), (new_shape, _) = spec_of(arr), spec_of(values)
    both = np.concatenate([np.reshape(arr, -1), np.reshape(values, -1)])
    old = np.arange(spec_of(arr).size).reshape(shape)
    new = np.arange(old.size, spec_of(both).size).reshape(new_shape)
    if not holds_box((obj,)):
        return gather(both, lambda positions: positions[np.insert(old, obj, new, axis)])
    obj, old = as_traced(obj), old.ravel() if axis is None else old
    axis = normalize_axis_index(0 if axis is None else axis, old.ndim)
    if spec_of(obj).dtype == bool:
        found = np.insert(np.zeros(0), np.zeros(*spec_of(obj)), 1.0)  # raises for what is no mask
        # Before 2.2 NumPy took truth values for 0 and 1, and warned of it.
        obj = obj.astype(np.intp) if found.size else np.flatnonzero(obj)
    # All that is new comes first, as NumPy broadcasts it; then each element of the axis goes to its place.
    front = np.insert(old, np.zeros(*spec_of(obj)), new, axis)
    n = old.shape[axis]
    order = INSERTED(obj, new=front.shape[axis] - n, n=n, axis=axis, ndim=old.ndim)
    return take(gather(both, lambda positions: positions[front]), order, axis)


@implements(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    arr, obj = as_traced(arr), positions_of(obj)
    if not holds_box((obj,)):
        return gather(arr, np.delete, obj, axis)
    obj = as_traced(obj)
    if spec_of(obj).size != 1 or spec_of(obj).dtype == bool:
        decided_by(obj)  # how many are left, since the same one may be named twice
    arr, axis = (np.reshape(arr, -1), 0) if axis is None else (arr, axis)
    axis, shape = normalize_axis_index(axis, np.ndim(arr)), np.shape(arr)
    return take(arr, KEPT(obj, n=shape[axis], axis=axis, ndim=len(shape)), axis)


@implements(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    a = as_traced(a)
    if spec_of(a).size:
        return gather(a, np.resize, new_shape)
    return np.resize(np.zeros(spec_of(a).shape, spec_of(a).dtype), new_shape)


def _bounds(nonzero: Any, axis: int) -> Any:
    """Return where, along an axis, what is not zero begins and where it ends; zeros if all is zero."""
    shape = spec_of(nonzero).shape
    if 0 in shape:
        return np.zeros(2, int)
    occupied = np.any(nonzero, axis=tuple(i for i in range(len(shape)) if i != axis))
    start, stop = np.argmax(occupied), shape[axis] - np.argmax(occupied[::-1])
    return np.stack([start, stop]) * np.any(occupied)


@implements(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """Return what lies between the first and the last element, along each axis, that is not zero."""
    nonzero = as_traced(filt) != 0
    trim = trim.lower()
    if trim not in ("f", "b", "fb", "bf"):
        raise ValueError(f"numpy.trim_zeros: unexpected character(s) in `trim`: {trim!r}")
    axes = range(np.ndim(nonzero)) if axis is None else normalize_axis_tuple(axis, np.ndim(nonzero))
    index = [slice(None)] * np.ndim(nonzero)
    for i in axes:
        bounds = agreed(
            _bounds(nonzero, i),
            "numpy.trim_zeros: what is left depends on the zeros at the ends, which must be as many for all",
            "Select what counts by a mask: np.where(mask, x, 0).",
        )
        start, stop = map(int, bounds)
        index[i] = slice(
            start if "f" in trim or not stop else None, stop if "b" in trim or not stop else None
        )
    if not index:
        return filt
    return filt[index[0] if len(index) == 1 else tuple(index)]  # of a list it is a list, as in NumPy
