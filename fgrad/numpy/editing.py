"""Inserting, deleting and trimming elements, and arrays repeated to a size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from fgrad.core.spec import spec_of
from fgrad.numpy.assignment import check_cast
from fgrad.numpy.examples import agreed, each_example
from fgrad.numpy.indexing import gather, positions_of, read
from fgrad.numpy.wrap import as_traced, holds_box, implements


def converted(values: Any, like: Any) -> Any:
    """Return values to be put into an array, with its dtype; raise where they would lose a part."""
    values, dtype = as_traced(values), spec_of(like).dtype
    check_cast(values, like)
    if spec_of(values).dtype == dtype:
        return values
    return values.astype(dtype) if hasattr(values, "astype") else np.asarray(values, dtype)


@implements(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    arr, obj = as_traced(arr), positions_of(obj)
    values = converted(values, arr)
    (shape, _), (new_shape, _) = spec_of(arr), spec_of(values)
    both = np.concatenate([np.reshape(arr, -1), np.reshape(values, -1)])
    old = np.arange(spec_of(arr).size).reshape(shape)
    new = np.arange(old.size, spec_of(both).size).reshape(new_shape)
    if holds_box((obj,)):  # positions that differ between examples
        places = each_example("insert", lambda where: np.insert(old, where, new, axis), as_traced(obj))
        return read(both, places)
    return gather(both, lambda positions: positions[np.insert(old, obj, new, axis)])


@implements(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    arr, obj = as_traced(arr), positions_of(obj)
    if not holds_box((obj,)):
        return gather(arr, np.delete, obj, axis)
    old = np.arange(spec_of(arr).size).reshape(spec_of(arr).shape)
    places = each_example("delete", lambda where: np.delete(old, where, axis), as_traced(obj))
    return read(np.reshape(arr, -1), places)


@implements(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    a = as_traced(a)
    if spec_of(a).size:
        return gather(a, np.resize, new_shape)
    return np.resize(np.zeros(spec_of(a).shape, spec_of(a).dtype), new_shape)


def _bounds(nonzero: Any) -> Any:
    """Return where, along each axis, what is not zero begins and where it ends; zeros if all is zero."""
    places = np.argwhere(nonzero)
    if not len(places):
        return np.zeros((2, np.ndim(nonzero)), int)
    return np.stack([places.min(axis=0), places.max(axis=0) + 1])


@implements(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """Return what lies between the first and the last element, along each axis, that is not zero."""
    nonzero = as_traced(filt) != 0
    trim = trim.lower()
    if trim not in ("f", "b", "fb", "bf"):
        raise ValueError(f"numpy.trim_zeros: unexpected character(s) in `trim`: {trim!r}")
    axes = range(np.ndim(nonzero)) if axis is None else normalize_axis_tuple(axis, np.ndim(nonzero))
    index = [slice(None)] * np.ndim(nonzero)
    bounds = agreed(
        each_example("trim_zeros", _bounds, nonzero),
        "numpy.trim_zeros: what is left depends on the zeros at the ends, which must be as many for all",
        "Select what counts by a mask: np.where(mask, x, 0).",
    )
    for i in axes:
        start, stop = map(int, bounds[:, i])
        index[i] = slice(
            start if "f" in trim or not stop else None, stop if "b" in trim or not stop else None
        )
    if not index:
        return filt
    return filt[index[0] if len(index) == 1 else tuple(index)]  # of a list it is a list, as in NumPy
