"""Making arrays, also out of boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.spec import spec_of
from fgrad.numpy.wrap import as_traced, implements


def _array(a: Any, dtype: Any, ndmin: int = 0) -> Any:
    result = as_traced(a)
    if dtype is not None:
        result = result.astype(dtype)
    ndim = len(spec_of(result).shape)
    return np.reshape(result, (1,) * (ndmin - ndim) + spec_of(result).shape) if ndim < ndmin else result


@implements(np.array)
def array(
    object: Any, dtype: Any = None, *, copy: Any = True, order: str = "K", subok: bool = False, ndmin: int = 0
) -> Any:
    return _array(object, dtype, ndmin)


@implements(np.asarray)
def asarray(a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None) -> Any:
    return _array(a, dtype)


@implements(np.asanyarray)
def asanyarray(a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None) -> Any:
    return _array(a, dtype)


@implements(np.ascontiguousarray)
def ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    return _array(a, dtype, 1)


def _plain_like(function: Any, a: Any, dtype: Any, order: Any, subok: bool, shape: Any) -> Any:
    """Return what a function of NumPy's makes of the shape and dtype of ``a`` alone."""
    spec = spec_of(as_traced(a))
    model = np.broadcast_to(np.zeros((), spec.dtype), spec.shape)
    return function(model, dtype, "C" if order == "K" else order, subok, shape)


@implements(np.zeros_like)
def zeros_like(a: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None) -> Any:
    return _plain_like(np.zeros_like, a, dtype, order, subok, shape)


@implements(np.ones_like)
def ones_like(a: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None) -> Any:
    return _plain_like(np.ones_like, a, dtype, order, subok, shape)


@implements(np.empty_like)
def empty_like(
    prototype: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None
) -> Any:
    return _plain_like(np.empty_like, prototype, dtype, order, subok, shape)


@implements(np.full_like)
def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None
) -> Any:
    spec = spec_of(as_traced(a))
    return full(spec.shape if shape is None else shape, fill_value, spec.dtype if dtype is None else dtype)


@implements(np.full)
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    value = as_traced(fill_value)
    if dtype is not None:
        value = value.astype(dtype) if hasattr(value, "astype") else np.asarray(value, dtype)
    return np.broadcast_to(value, shape)


@implements(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    start, stop = as_traced(start), as_traced(stop)
    ends = [bottom(start), bottom(stop)]  # a Python number among them does not decide the dtype
    kinds = [end if isinstance(end, int | float | complex) else spec_of(end).dtype for end in ends]
    fractions = np.linspace(0.0, 1.0, num, endpoint).astype(np.result_type(*kinds, 1.0))
    ndim = max(spec_of(start).ndim, spec_of(stop).ndim)
    fractions = fractions.reshape((num,) + (1,) * ndim)
    points = np.moveaxis(start * (1 - fractions) + stop * fractions, 0, axis)
    if dtype is not None:
        points = points.astype(dtype)
    if not retstep:
        return points
    gaps = num - 1 if endpoint else num
    return points, (stop - start) / gaps if gaps else np.nan


@implements(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    arrays = [np.reshape(as_traced(x), -1) for x in xi]
    n = len(arrays)
    shaped = [np.reshape(x, (1,) * i + (-1,) + (1,) * (n - 1 - i)) for i, x in enumerate(arrays)]
    if indexing == "xy" and n > 1:
        shaped = [np.swapaxes(x, 0, 1) for x in shaped]
    return tuple(shaped) if sparse else np.broadcast_arrays(*shaped)


@implements(np.result_type)
def result_type(*arrays_and_dtypes: Any) -> Any:
    return np.result_type(*(spec_of(a).dtype if hasattr(a, "payload") else a for a in arrays_and_dtypes))
