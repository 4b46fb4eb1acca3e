"""Batching of operations on one array: their axes are counted from one axis further on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of
from fgrad.numpy.algebra.fourier import FFT, IFFT, IRFFT, RFFT
from fgrad.numpy.linalg.determinants import DET, SLOGDET
from fgrad.numpy.linalg.factors import CHOLESKY, HERMITIAN, QR
from fgrad.numpy.linalg.norms import MATRIX_RANK, POWER_NORM, TWO_NORM
from fgrad.numpy.linalg.solving import INV, PINV
from fgrad.numpy.linalg.spectra import EIG, EIGH, EIGVALS, EIGVALSH, SVD, SVDVALS
from fgrad.numpy.moving.diagonals import DIAGONAL
from fgrad.numpy.moving.dtypes import ASTYPE, TRUNCATE
from fgrad.numpy.moving.shapes import BROADCAST_TO, FLIP, RESHAPE, ROLL, TRANSPOSE
from fgrad.numpy.ordering.sorting import ARGPARTITION, PARTITION, SORT
from fgrad.numpy.reducing.covariance import FACTOR
from fgrad.numpy.reducing.cumulative import CUMPROD, CUMSUM
from fgrad.numpy.reducing.reductions import ARGSORT, COUNT_NONZERO, MEAN
from fgrad.numpy.reducing.spread import STD, VAR
from fgrad.rules.linalg.determinants import BIRD_STEP


def unchanged(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Do the operation as it is: on each element, or on each matrix of a stack."""
    return primitive.bind(values, params)


def _ndim(value: Any) -> int:
    """Return the number of axes that an example has."""
    return spec_of(value).ndim - 1


def reduced(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Reduce along the examples' own axes; None stands for all of them."""
    (value,) = values
    ndim = _ndim(value)
    axis = params["axis"]
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim)
    return primitive.bind(values, {**params, "axis": tuple(i + 1 for i in axes)})


def along(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Work along one axis."""
    axis = normalize_axis_index(params["axis"], _ndim(values[0]))
    return primitive.bind(values, {**params, "axis": axis + 1})


def along_or_flat(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Work along one axis, or on all the elements of an example in a row."""
    if params["axis"] is not None:
        return along(primitive, values, mine, size, params)
    row = np.reshape(values[0], (size, -1)) if spec_of(values[0]).size else values[0]
    found = primitive.bind((row,), {**params, "axis": 1})
    if not params.get("keepdims"):
        return found
    return np.reshape(found, (size, *(1,) * _ndim(values[0])))


for _primitive in (ASTYPE, TRUNCATE, HERMITIAN, CHOLESKY, QR, INV, PINV, DET, SLOGDET, MATRIX_RANK):
    _primitive.batch = unchanged
for _primitive in (BIRD_STEP, FACTOR, EIG, EIGVALS, EIGH, EIGVALSH, SVD, SVDVALS):
    _primitive.batch = unchanged

_reductions = (np.sum, np.max, np.min, np.prod, np.all, np.any)
for _primitive in (
    *(PRIMITIVES[f] for f in _reductions),
    MEAN,
    STD,
    VAR,
    COUNT_NONZERO,
    TWO_NORM,
    POWER_NORM,
):
    _primitive.batch = reduced

for _primitive in (CUMSUM, CUMPROD, SORT, PARTITION, FFT, IFFT, RFFT, IRFFT):
    _primitive.batch = along

for _primitive in (
    *(PRIMITIVES[f] for f in (np.argmax, np.argmin, np.nanargmax, np.nanargmin)),
    ARGSORT,
    ARGPARTITION,
):
    _primitive.batch = along_or_flat


def _transpose(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    ndim = _ndim(values[0])
    axes = params["axes"]
    order = range(ndim)[::-1] if axes is None else normalize_axis_tuple(axes, ndim)
    return primitive.bind(values, {"axes": (0, *(i + 1 for i in order))})


def _reshape(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    shape, own = params["shape"], spec_of(values[0]).shape[1:]
    shape = (int(shape),) if np.ndim(shape) == 0 else tuple(map(int, shape))
    # found without the examples, of which there may be none
    shape = np.reshape(np.broadcast_to(np.int8(0), own), shape).shape
    if params["order"] == "C":
        return primitive.bind(values, {"shape": (size, *shape), "order": "C"})
    backwards = np.transpose(values[0], (0, *range(len(own), 0, -1)))
    filled = primitive.bind((backwards,), {"shape": (size, *shape[::-1]), "order": "C"})
    return np.transpose(filled, (0, *range(len(shape), 0, -1)))


def _broadcast_to(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (value,) = values
    shape = params["shape"]
    missing = len(shape) - _ndim(value)
    if missing > 0:
        value = np.reshape(value, (size, *(1,) * missing, *spec_of(value).shape[1:]))
    return primitive.bind((value,), {"shape": (size, *shape)})


def _flip(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return reduced(primitive, values, mine, size, params)


def _roll(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (value,) = values
    shift, axis = params["shift"], params["axis"]
    shape = spec_of(value).shape
    if axis is None:
        row = np.reshape(value, (size, math.prod(shape[1:])))
        return np.reshape(primitive.bind((row,), {"shift": shift, "axis": 1}), shape)
    axes = normalize_axis_tuple(axis, _ndim(value), allow_duplicate=True)
    return primitive.bind(values, {"shift": shift, "axis": tuple(i + 1 for i in axes)})


def _diagonal(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    ndim = _ndim(values[0])
    axes = {name: normalize_axis_index(params[name], ndim) + 1 for name in ("axis1", "axis2")}
    return primitive.bind(values, {**params, **axes})


TRANSPOSE.batch = _transpose
RESHAPE.batch = _reshape
BROADCAST_TO.batch = _broadcast_to
FLIP.batch = _flip
ROLL.batch = _roll
DIAGONAL.batch = _diagonal
