"""Transposes of the operations that move, copy, pick or join elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, cast, unbroadcast
from fgrad.kinds import constant, linear
from fgrad.modes.pending import Scatter
from fgrad.numpy.moving.dtypes import ASTYPE, TRUNCATE
from fgrad.numpy.moving.joining import CONCATENATE, STACK
from fgrad.numpy.moving.shapes import RESHAPE
from fgrad.numpy.places.indexing import GETITEM, SCATTER_ADD


def _transpose_back(g: Any, a: Spec, axes: Any) -> Any:
    if axes is None:
        return np.transpose(g)
    return np.transpose(g, np.argsort([axis % a.ndim for axis in axes]))


def _negated(shift: Any) -> Any:
    return tuple(-s for s in shift) if isinstance(shift, tuple | list) else -shift


def _pieces(g: Any, arrays: tuple[Spec, ...], axis: int) -> list[Any]:
    """Return the parts of a cotangent that belong to the arrays that were joined."""
    before = (slice(None),) * (axis % arrays[0].ndim)
    start = 0
    pieces = []
    for spec in arrays:
        stop = start + spec.shape[len(before)]
        pieces.append(g[(*before, slice(start, stop))])
        start = stop
    return pieces


def _layers(g: Any, arrays: tuple[Spec, ...], axis: int) -> list[Any]:
    before = (slice(None),) * (axis % (arrays[0].ndim + 1))
    return [g[(*before, i)] for i in range(len(arrays))]


linear(RESHAPE, lambda g, a, shape, order: np.reshape(g, a.shape, order))
linear(np.transpose, _transpose_back)
linear(np.broadcast_to, lambda g, array, shape: unbroadcast(g, shape, array.shape))
linear(np.flip, lambda g, m, axis: np.flip(g, axis))
linear(np.roll, lambda g, a, shift, axis: np.roll(g, _negated(shift), axis))
linear(ASTYPE, lambda g, a, dtype: cast(g, a.dtype))
linear(GETITEM, lambda g, a, index: Scatter(g, index, a, SCATTER_ADD))
linear(SCATTER_ADD, lambda g, gs, indices, spec: [g[index] for index in indices])
linear(CONCATENATE, _pieces)
linear(STACK, _layers)

constant(np.nonzero, TRUNCATE)
