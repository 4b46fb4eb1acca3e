"""Batching of inserting and deleting at positions that differ between examples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.modes.batching import common_count
from fgrad.numpy.moving.editing import INSERTED, KEPT
from fgrad.rules.batching.constants import of_plain_arrays


def _rows(size: int, positions: Any) -> Any:
    """Return the positions of each example in a row."""
    return positions.reshape(size, math.prod(positions.shape[1:]))


def _refuse(primitive: Primitive, wrong: Any, obj: Any, params: Any) -> None:
    """Raise what NumPy raises for the first example that is wrong, if there is one."""
    for i in np.flatnonzero(wrong)[:1]:
        primitive.raw(obj[i], **params)


def _inserted(size: int, obj: Any, new: int, n: int, **axes: int) -> Any:
    """Return in which order new and old elements come: where the new ones come to stand, as NumPy counts."""
    params, total = {"new": new, "n": n, **axes}, n + new
    rows = _rows(size, obj).astype(np.intp)
    rows = np.where(rows < 0, rows + n, rows)
    if rows.shape[1] == 1:  # all that is new comes to one place
        _refuse(INSERTED, (rows < 0) | (rows > n), obj, params)
        rows = np.broadcast_to(rows, (size, new))
    places = rows + np.argsort(np.argsort(rows, axis=1, kind="stable"), axis=1)
    places = np.where(places < 0, places + total, places)
    _refuse(INSERTED, np.any((places < 0) | (places >= total), axis=1), obj, params)
    is_old = np.ones((size, total), bool)
    np.put_along_axis(is_old, places, False, axis=1)
    _refuse(INSERTED, np.count_nonzero(is_old, axis=1) != n, obj, params)
    order = np.empty((size, total), np.intp)
    np.put_along_axis(order, places, np.arange(new)[None], axis=1)
    order[is_old] = np.tile(np.arange(new, total), size)
    return order


def _kept(size: int, obj: Any, n: int, **axes: int) -> Any:
    """Return which elements are left."""
    _refuse(KEPT, np.ones(min(size, 1)), obj, {"n": n, **axes})  # raises for shapes and dtypes that cannot be
    rows = _rows(size, obj)
    if obj.dtype == bool:
        is_kept = ~rows
    else:
        _refuse(KEPT, np.any((rows < -n) | (rows >= n), axis=1), obj, {"n": n, **axes})
        is_kept = np.ones((size, n), bool)
        np.put_along_axis(is_kept, rows, False, axis=1)
    is_one = rows.shape[1] == 1 and obj.dtype != bool
    count = n - 1 if is_one else common_count("delete", np.count_nonzero(is_kept, axis=1), n)
    return np.nonzero(is_kept)[1].reshape(size, count)


INSERTED.batch = of_plain_arrays(_inserted)
KEPT.batch = of_plain_arrays(_kept)
