"""Reading elements: slices, masks, index arrays, and functions that are made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box, install
from fgrad.core.errors import DetachedError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.pending import add_at
from fgrad.numpy.wrap import as_traced, implements


def _getitem(a: Any, index: Any) -> Any:
    """Return ``a[index]``."""
    return a[index]


def _scatter_add(*gs: Any, indices: tuple[Any, ...], spec: Spec) -> Any:
    """Return zeros with each array added at its index."""
    out = np.zeros(spec.shape, spec.dtype)
    for g, index in zip(gs, indices, strict=True):
        add_at(out, index, g)
    return out


GETITEM: Primitive = register(_getitem, "getitem", "a")
SCATTER_ADD: Primitive = register(_scatter_add, "scatter_add", "*gs")


def getitem(a: Any, index: Any) -> Any:
    """Return ``a[index]`` for a box."""
    kind = type(index)
    if kind is not int and kind is not slice:
        refuse_traced_index(index)
        if kind is list:
            index = np.asarray(index)
        elif kind is tuple:
            index = tuple(np.asarray(part) if type(part) is list else part for part in index)
    return GETITEM(a, index=index)


def refuse_traced_index(index: Any) -> None:
    """Raise if an index is a box, or has one in it: reading at an index has no derivative in it."""
    parts = index if type(index) in (tuple, list) else (index,)
    for part in parts:
        if type(part) is Box:
            raise DetachedError(
                "An index of a traced value depends on what is being differentiated, and there is no "
                "derivative with respect to a position. Use np.argmax or a comparison, whose results are "
                "plain, or np.interp-like arithmetic on the values."
            )
        if type(part) in (tuple, list):
            refuse_traced_index(part)
        elif type(part) is slice:
            refuse_traced_index((part.start, part.stop, part.step))


@implements(np.take)
def take(a: Any, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    a = as_traced(a)
    refuse_traced_index(indices)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    axis = normalize_axis_index(axis, spec_of(a).ndim)
    n = spec_of(a).shape[axis]
    indices = np.asarray(indices)
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    return GETITEM(a, index=(slice(None),) * axis + (indices,))


@implements(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    a = np.moveaxis(as_traced(a), (axis1, axis2), (-2, -1))
    rows, columns = spec_of(a).shape[-2:]
    first, second = max(-offset, 0), max(offset, 0)
    count = max(min(rows - first, columns - second), 0)
    steps = np.arange(count)
    return GETITEM(a, index=(..., steps + first, steps + second))


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    v = as_traced(v)
    shape = spec_of(v).shape
    if len(shape) == 2:
        return np.diagonal(v, k)
    if len(shape) != 1:
        raise ValueError(f"numpy.diag takes an array of one or two axes; got shape {shape}")
    n = shape[0] + abs(k)
    steps = np.arange(shape[0])
    index = (steps + max(-k, 0), steps + max(k, 0))
    return SCATTER_ADD(v, indices=(index,), spec=Spec((n, n), spec_of(v).dtype))


@implements(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


def _triangle(function: Any, m: Any, k: int) -> Any:
    m = as_traced(m)
    mask = function(np.ones(spec_of(m).shape[-2:], bool), k)
    return np.where(mask, m, 0)


@implements(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    return _triangle(np.tril, m, k)


@implements(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    return _triangle(np.triu, m, k)


def _iterate(self: Box) -> Any:
    shape = spec_of(self).shape
    if not shape:
        raise TypeError("iteration over a traced scalar; it has no elements, like a scalar of NumPy's")
    return (GETITEM(self, index=i) for i in range(shape[0]))


def _contains(self: Box, value: Any) -> bool:
    return bool(np.any(self == value))


install(__getitem__=getitem, __iter__=_iterate, __contains__=_contains)
