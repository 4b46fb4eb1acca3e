"""Sums, means, products, extrema and spread along axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.wrap import as_traced, implements

SUM = register(np.sum, "sum", "a")
MEAN = register(np.mean, "mean", "a")
PROD = register(np.prod, "prod", "a")
MAX = register(np.max, "max", "a")
MIN = register(np.min, "min", "a")
VAR = register(np.var, "var", "a")
STD = register(np.std, "std", "a")
CUMSUM = register(np.cumsum, "cumsum", "a")
ALL = register(np.all, "all", "a")
ANY = register(np.any, "any", "a")
ARGMAX = register(np.argmax, "argmax", "a")
ARGMIN = register(np.argmin, "argmin", "a")
ARGSORT = register(np.argsort, "argsort", "a")
COUNT_NONZERO = register(np.count_nonzero, "count_nonzero", "a")


def _converted(a: Any, dtype: Any) -> Any:
    a = as_traced(a)
    return a if dtype is None else a.astype(dtype)


@implements(np.sum)
def sum(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    return SUM(_converted(a, dtype), axis=axis, keepdims=keepdims)


@implements(np.mean)
def mean(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    return MEAN(_converted(a, dtype), axis=axis, keepdims=keepdims)


@implements(np.prod)
def prod(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    return PROD(_converted(a, dtype), axis=axis, keepdims=keepdims)


@implements(np.max)
def max(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return MAX(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.min)
def min(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return MIN(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.ptp)
def ptp(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    a = as_traced(a)
    return MAX(a, axis=axis, keepdims=keepdims) - MIN(a, axis=axis, keepdims=keepdims)


@implements(np.var)
def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float | None = None,
    keepdims: bool = False,
    correction: float | None = None,
) -> Any:
    return VAR(_converted(a, dtype), axis=axis, ddof=_correction(ddof, correction), keepdims=keepdims)


@implements(np.std)
def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float | None = None,
    keepdims: bool = False,
    correction: float | None = None,
) -> Any:
    return STD(_converted(a, dtype), axis=axis, ddof=_correction(ddof, correction), keepdims=keepdims)


def _correction(ddof: float | None, correction: float | None) -> float:
    if ddof is not None and correction is not None:
        raise ValueError("ddof and correction are two names of one argument; give one of them")
    return next((value for value in (ddof, correction) if value is not None), 0)


@implements(np.cumsum)
def cumsum(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    a = _converted(a, dtype)
    return CUMSUM(np.reshape(a, -1), axis=0) if axis is None else CUMSUM(a, axis=axis)


@implements(np.all)
def all(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return ALL(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.any)
def any(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return ANY(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.argmax)
def argmax(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return ARGMAX(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.argmin)
def argmin(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return ARGMIN(as_traced(a), axis=axis, keepdims=keepdims)


@implements(np.argsort)
def argsort(a: Any, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Any:
    return ARGSORT(as_traced(a), axis=axis, kind=kind, stable=stable)


@implements(np.count_nonzero)
def count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return COUNT_NONZERO(as_traced(a), axis=axis, keepdims=keepdims)


def count_along(a: Any, axis: Any) -> int:
    """Return how many elements a reduction of ``a`` along ``axis`` takes together.

    >>> count_along(np.ones((2, 3, 4)), (0, -1))
    8
    """
    shape = spec_of(a).shape
    if axis is None:
        return math.prod(shape)
    return math.prod(shape[i] for i in (axis if isinstance(axis, tuple) else (axis,)))
