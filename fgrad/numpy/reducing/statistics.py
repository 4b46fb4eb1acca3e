"""Averages, covariances and correlations."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from fgrad.core.box import anywhere, everywhere, still
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.reducing.masks import as_dtype, count_along
from fgrad.numpy.wrap import as_traced, implements


@implements(np.average)
def average(
    a: Any,
    axis: Any = None,
    weights: Any = None,
    returned: bool = False,
    *,
    keepdims: bool = False,
) -> Any:
    a = as_traced(a)
    shape = spec_of(a).shape
    axes = None if axis is None else normalize_axis_tuple(axis, len(shape), "axis")
    if weights is None:
        result = np.mean(a, axis=axes, keepdims=keepdims)
        total = spec_of(result).dtype.type(count_along(a, axes))
    else:
        weights = _weights_along(as_traced(weights), shape, axes)
        dtype = np.result_type(spec_of(a).dtype, spec_of(weights).dtype)
        if spec_of(a).dtype.kind in "iub":
            dtype = np.result_type(dtype, np.float64)
        total = np.sum(as_dtype(weights, dtype), axis=axes, keepdims=keepdims)
        if anywhere(total == 0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        result = np.sum(as_dtype(a, dtype) * weights, axis=axes, keepdims=keepdims) / total
    if not returned:
        return result
    return result, np.broadcast_to(total, spec_of(result).shape)


def _weights_along(weights: Any, shape: tuple[int, ...], axes: tuple[int, ...] | None) -> Any:
    """Return weights that broadcast against an array of a shape; they may be those along ``axes`` alone."""
    own = spec_of(weights).shape
    if own == shape:
        return weights
    if axes is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if own != tuple(shape[i] for i in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    placed = tuple(n if i in axes else 1 for i, n in enumerate(shape))
    full = np.reshape(np.transpose(weights, np.argsort(axes)), placed)
    return np.broadcast_to(full, shape)


@implements(np.cov)
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    ddof = int(not bias) if ddof is None else ddof
    variables = _variables(as_traced(m), None if y is None else as_traced(y), rowvar, dtype)
    if variables is None:
        return np.empty((0, 0))
    count = spec_of(variables).shape[1]
    frequencies = None if fweights is None else _frequencies(as_traced(fweights), count)
    importances = None if aweights is None else _importances(as_traced(aweights), count)
    given = [w for w in (frequencies, importances) if w is not None]
    if not given:
        weights: Any = None
        mean, total = np.mean(variables, axis=1), count
    else:
        weights = given[0] if len(given) == 1 else given[0] * given[1]
        total = np.sum(weights)
        mean = np.average(variables, axis=1, weights=weights)
    degrees: Any = total
    if ddof and importances is None:
        degrees = total - ddof
    elif ddof:
        degrees = total - ddof * np.sum(weights * importances) / total
    lacking = still(degrees) <= 0
    if anywhere(lacking):
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        degrees = np.where(lacking, 0.0, degrees)
    centred = variables - mean[:, None]
    other = np.conjugate(centred if weights is None else centred * weights)
    products = np.matmul(centred, np.transpose(other))
    scale = as_dtype(np.true_divide(1, degrees), spec_of(products).dtype)
    return np.squeeze(products * scale)


def _variables(m: Any, y: Any, rowvar: bool, dtype: Any) -> Any:
    """Return all variables as rows, in the precision of the result; None if there are none."""
    arrays = [m] if y is None else [m, y]
    for name, array in zip("my", arrays, strict=False):
        if spec_of(array).ndim > 2:
            raise ValueError(f"{name} has more than 2 dimensions")
    if dtype is None:
        dtype = np.result_type(*(spec_of(array).dtype for array in arrays), np.float64)
    first = np.atleast_2d(as_dtype(m, dtype))
    if not rowvar and spec_of(m).ndim != 1:
        first = np.transpose(first)
    if not spec_of(first).shape[0]:
        return None
    if y is None:
        return first
    second = np.atleast_2d(as_dtype(y, dtype))
    if not rowvar and spec_of(second).shape[0] != 1:
        second = np.transpose(second)
    return np.concatenate([first, second], axis=0)


def _frequencies(fweights: Any, count: int) -> Any:
    """Return how often each observation counts."""
    if not everywhere(fweights == np.rint(fweights)):
        raise TypeError("fweights must be integer")
    return _importances(fweights, count, "fweights")


def _importances(weights: Any, count: int, name: str = "aweights") -> Any:
    """Return how much each observation counts."""
    shape = spec_of(weights).shape
    if len(shape) > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if shape != (count,):
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if anywhere(weights < 0):
        raise ValueError(f"{name} cannot be negative")
    return as_dtype(weights, np.float64)


def _overshoot(c: Any) -> Any:
    """Return what brings a correlation that rounding put beyond one back to it."""
    excess = np.clip(np.real(c), -1, 1) - np.real(c)
    if np.iscomplexobj(c):
        return excess + 1j * (np.clip(np.imag(c), -1, 1) - np.imag(c))
    return excess


#: Added rather than clipped with: perfect correlation is a maximum, not a kink.
OVERSHOOT = register(_overshoot, "the overshoot of a correlation", "c")


@implements(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    c = cov(x, y, rowvar, dtype=dtype)
    if not spec_of(c).ndim:
        return c / c
    deviations = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviations[:, None] / deviations[None, :]
    return c + OVERSHOOT(c)
