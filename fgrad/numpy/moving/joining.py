"""Joining arrays and splitting them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.places.indexing import refuse_traced_index
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements


def _concatenate(*arrays: Any, axis: int) -> Any:
    """Join arrays along an axis."""
    return np.concatenate(arrays, axis=axis)


def _stack(*arrays: Any, axis: int) -> Any:
    """Join arrays along a new axis."""
    return np.stack(arrays, axis=axis)


CONCATENATE: Primitive = register(_concatenate, "concatenate", "*arrays")
STACK: Primitive = register(_stack, "stack", "*arrays")


def _arrays(arrays: Any) -> Any:
    """Return the elements of a sequence of array-likes, or of a traced array."""
    return [as_traced(a) for a in arrays]


def _converted(joined: Any, dtype: Any, casting: Any) -> Any:
    """Return a result with the dtype that was asked for; raise where that loses more than is allowed."""
    if dtype is None:
        return joined
    if not np.can_cast(spec_of(joined).dtype, dtype, casting):
        raise TypeError(f"cannot join arrays of {spec_of(joined).dtype} as {dtype} according to {casting!r}")
    return as_dtype(joined, np.dtype(dtype))


@implements(np.concatenate)
def concatenate(
    arrays: Any, axis: int | None = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Any:
    parts = _arrays(arrays)
    if axis is None:
        parts, axis = [np.reshape(a, -1) for a in parts], 0
    return _converted(CONCATENATE(*parts, axis=axis), dtype, casting)


@implements(np.stack)
def stack(
    arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Any:
    return _converted(STACK(*_arrays(arrays), axis=axis), dtype, casting)


@implements(np.vstack)
def vstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    return concatenate([np.atleast_2d(a) for a in _arrays(tup)], 0, dtype=dtype, casting=casting)


@implements(np.hstack)
def hstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    parts = [np.atleast_1d(a) for a in _arrays(tup)]
    return concatenate(parts, 0 if spec_of(parts[0]).ndim == 1 else 1, dtype=dtype, casting=casting)


@implements(np.dstack)
def dstack(tup: Any) -> Any:
    return concatenate([np.atleast_3d(a) for a in _arrays(tup)], 2)


@implements(np.column_stack)
def column_stack(tup: Any) -> Any:
    return concatenate([np.reshape(a, (-1, 1)) if spec_of(a).ndim < 2 else a for a in _arrays(tup)], 1)


@implements(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    return concatenate((arr, values), axis)


@implements(np.block)
def block(arrays: Any) -> Any:
    def depth(item: Any) -> int:
        if type(item) is not list:
            return 0
        depths = set(map(depth, item))
        if len(depths) != 1:
            raise ValueError("numpy.block: the lists must not be empty, and all be nested to the same depth")
        return 1 + depths.pop()

    levels = depth(arrays)

    def at_least(a: Any, ndim: int) -> Any:
        shape = spec_of(a).shape
        return np.reshape(a, (1,) * (ndim - len(shape)) + shape) if len(shape) < ndim else a

    def width(item: Any) -> int:
        return max(map(width, item)) if type(item) is list else spec_of(item).ndim

    ndim = max(levels, width(arrays))

    def join(item: Any, level: int) -> Any:
        if type(item) is not list:
            return at_least(as_traced(item), ndim)
        return concatenate([join(part, level + 1) for part in item], level - levels)

    return join(arrays, 0)


@implements(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    ary = as_traced(ary)
    refuse_traced_index(indices_or_sections)
    n = spec_of(ary).shape[axis]
    if np.ndim(indices_or_sections) == 0 and n % indices_or_sections:
        raise ValueError(
            f"numpy.split: {n} elements along axis {axis} do not divide into {indices_or_sections} equal "
            "parts; use np.array_split"
        )
    return array_split(ary, indices_or_sections, axis)


@implements(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    ary = as_traced(ary)
    refuse_traced_index(indices_or_sections)
    shape = spec_of(ary).shape
    axis = normalize_axis_index(axis, len(shape))
    before = (slice(None),) * axis
    positions = np.array_split(np.arange(shape[axis]), indices_or_sections)
    starts = [(int(piece[0]) if len(piece) else 0) for piece in positions]
    return [ary[(*before, slice(i, i + len(piece)))] for i, piece in zip(starts, positions, strict=True)]


def _check_axes(ary: Any, name: str, least: int) -> None:
    if spec_of(ary).ndim < least:
        raise ValueError(f"numpy.{name} splits arrays of {least} or more axes; got {spec_of(ary).ndim}")


@implements(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    ary = as_traced(ary)
    _check_axes(ary, "hsplit", 1)
    return split(ary, indices_or_sections, 0 if spec_of(ary).ndim == 1 else 1)


@implements(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    ary = as_traced(ary)
    _check_axes(ary, "vsplit", 2)
    return split(ary, indices_or_sections, 0)


@implements(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    ary = as_traced(ary)
    _check_axes(ary, "dsplit", 3)
    return split(ary, indices_or_sections, 2)


if hasattr(np, "unstack"):  # since NumPy 2.1

    @implements(np.unstack)
    def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
        x = as_traced(x)
        axis = normalize_axis_index(axis, spec_of(x).ndim)
        return tuple(x[(slice(None),) * axis + (i,)] for i in range(spec_of(x).shape[axis]))
