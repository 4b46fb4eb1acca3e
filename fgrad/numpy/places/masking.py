"""Writing under a mask that differs between examples: one value, in places of which there may be any number.

What is written does not depend on how many places there are, so it is chosen by ``np.where``.

>>> import numpy as np
>>> from fgrad import vmap
>>> def clipped(x):
...     x = x * 1.0
...     x[x > 1] = 1.0
...     return x
>>> vmap(clipped)(np.array([[0.0, 2.0], [3.0, 4.0]]))
array([[0., 1.],
       [1., 1.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import InputError
from fgrad.core.spec import spec_of
from fgrad.numpy.places.indexing import read
from fgrad.numpy.reducing.masks import as_dtype


def check_mask(box: Box, value: Any, index: Any) -> None:
    """Raise where NumPy does for writing at one mask of all axes: there a value may have one axis at most."""
    part = index[0] if type(index) is tuple and len(index) == 1 else index
    if type(part) not in (np.ndarray, Box):
        return
    (mask, dtype), shape = spec_of(part), spec_of(value).shape
    if dtype.kind == "b" and len(mask) == spec_of(box).ndim > 0 and len(shape) > 1:
        raise InputError(
            "what is written at a mask of all axes must be a number or have one axis, as in NumPy; got "
            f"shape {shape}. Write x[mask, ...] to let it broadcast."
        )


def under_mask(box: Box, value: Any, index: Any) -> tuple[tuple[Any, ...], Any] | None:
    """Return the region of an array that holds what is written under a mask, and its new values.

    Parameters
    ----------
    box : box
    value : array, number or box
    index : index
        As in ``box[index] = value``.

    Returns
    -------
    tuple or None
        The index of the region and its values; None if the index has no mask, or other arrays too, or if
        ``value`` is not the same wherever the mask is true.
    """
    parts = index if type(index) is tuple else (index,)
    masks = [part for part in parts if type(part) is Box and spec_of(part).dtype == bool]
    if len(masks) != 1 or not all(part is masks[0] or _is_basic(part) for part in parts):
        return None
    mask: Any = masks[0]
    shape, depth = spec_of(mask).shape, spec_of(mask).ndim
    parts = _expanded(parts, spec_of(box).ndim - depth, mask)
    at = next(i for i, part in enumerate(parts) if part is mask)
    region = (*parts[:at], *(slice(None),) * depth, *parts[at + 1 :])
    old = read(box, region)
    before = sum(not _is_number(part) for part in parts[:at])
    behind = spec_of(old).ndim - before - depth
    chosen = [i for i, part in enumerate(parts) if part is mask or _is_number(part)]
    is_apart = chosen[-1] - chosen[0] + 1 > len(chosen)
    value = _constant_along(value, 0 if is_apart else before, before + behind)
    if value is None or spec_of(old).shape[before : before + depth] != shape:
        return None
    value = _with_axes(value, depth, behind)
    if np.broadcast_shapes(spec_of(value).shape, spec_of(old).shape) != spec_of(old).shape:
        return None
    new = np.where(np.reshape(mask, shape + (1,) * behind), value, old)
    return region, as_dtype(new, spec_of(old).dtype)


def _is_number(part: Any) -> bool:
    return part is not None and part is not Ellipsis and type(part) is not slice


def _is_basic(part: Any) -> bool:
    """Return whether a part of an index is a number, a slice, or a new axis."""
    return not _is_number(part) or (spec_of(part).ndim == 0 and spec_of(part).dtype != bool)


def _expanded(parts: tuple[Any, ...], ndim: int, mask: Any) -> tuple[Any, ...]:
    """Return an index with slices for its Ellipsis; beside the mask's the array has ``ndim`` axes."""
    if not any(part is Ellipsis for part in parts):
        parts = (*parts, Ellipsis)
    taken = sum(part is not None and part is not Ellipsis and part is not mask for part in parts)
    where = next(i for i, part in enumerate(parts) if part is Ellipsis)
    return (*parts[:where], *(slice(None),) * (ndim - taken), *parts[where + 1 :])


def _constant_along(value: Any, axis: int, rest: int) -> Any:
    """Return a value to write without one of its axes, along which it is the same; None if it is not.

    Parameters
    ----------
    value : array, number or box
    axis : int
        Counted in what is written, which has ``rest`` axes beside this one.
    rest : int
    """
    shape = spec_of(value).shape
    extra, missing = max(len(shape) - rest - 1, 0), max(rest + 1 - len(shape), 0)
    if any(n != 1 for n in shape[:extra]) or (axis >= missing and shape[extra - missing + axis] != 1):
        return None
    if axis < missing and not extra:
        return value
    shape = shape[extra:]
    return np.reshape(value, shape[: axis - missing] + shape[axis - missing + 1 :])


def _with_axes(value: Any, depth: int, behind: int) -> Any:
    """Return a value with the axes of a mask, of length one, before its last ``behind`` ones."""
    shape = spec_of(value).shape
    if len(shape) <= behind:
        return value
    cut = len(shape) - behind
    return np.reshape(value, shape[:cut] + (1,) * depth + shape[cut:])
