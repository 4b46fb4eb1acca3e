"""Batching of reading and writing at an index that is the same for all examples."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.batching import in_front
from fgrad.numpy.places.assignment import SETITEM
from fgrad.numpy.places.indexing import GETITEM, SCATTER_ADD


def behind(index: Any) -> tuple[Any, int]:
    """Return an index for arrays with an axis of examples in front, and where the result has that axis.

    That is in front too, unless index arrays stand apart: NumPy then puts their axes first.
    """
    parts = index if type(index) is tuple else (index,)
    places = [
        i for i, part in enumerate(parts) if isinstance(part, int | np.integer | np.ndarray | list | bool)
    ]
    arrays = [parts[i] for i in places if np.ndim(parts[i]) or isinstance(parts[i], bool)]
    apart = bool(arrays) and places[-1] - places[0] + 1 > len(places)
    axes = 0
    if apart:
        shapes = [(1,) if np.asarray(part).dtype == bool else np.shape(part) for part in arrays]
        axes = max(map(len, shapes))
    return (slice(None), *parts), axes


def _getitem(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    index, axis = behind(params["index"])
    found = _bound(primitive, values, spec_of(values[0]).shape[1:], params["index"], index)
    return np.moveaxis(found, axis, 0) if axis else found


def _bound(primitive: Primitive, arrays: Any, shape: tuple[int, ...], index: Any, shifted: Any) -> Any:
    """Bind with a shifted index; where that is wrong, raise NumPy's error for an example's own."""
    try:
        return primitive.bind(arrays, {"index": shifted})
    except IndexError as error:
        wrong = error
    np.broadcast_to(np.int8(0), shape)[index]
    raise wrong


def _scatter_add(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    spec = params["spec"]
    placed = [behind(index) for index in params["indices"]]
    parts = [
        np.moveaxis(in_front(value, own, size), 0, axis)
        for value, own, (_, axis) in zip(values, mine, placed, strict=True)
    ]
    indices = tuple(index for index, _ in placed)
    return primitive.bind(parts, {"indices": indices, "spec": Spec((size, *spec.shape), spec.dtype)})


def _setitem(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, v), (own_a, own_v) = values, mine
    a = in_front(a, own_a, size)
    index, axis = behind(params["index"])
    if own_v:
        region = np.broadcast_to(np.int8(0), spec_of(a).shape[1:])[params["index"]].shape
        shape = spec_of(v).shape[1:]
        shape = shape[len(shape) - len(region) :] if len(shape) > len(region) else shape  # ones in front
        v = np.reshape(v, (size, *(1,) * (len(region) - len(shape)), *shape))
        v = np.moveaxis(np.broadcast_to(v, (size, *region)), 0, axis)
    return _bound(primitive, (a, v), spec_of(a).shape[1:], params["index"], index)


GETITEM.batch = _getitem
SCATTER_ADD.batch = _scatter_add
SETITEM.batch = _setitem
