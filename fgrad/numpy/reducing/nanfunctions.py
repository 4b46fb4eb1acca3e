"""Reductions that leave NaN out.

An element that is NaN has derivative zero, and so have all elements of a slice that holds nothing else,
whose result is NaN, with NumPy's warning, for means, spread and extrema.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from fgrad.core.box import anywhere
from fgrad.numpy.reducing.cumulative import cumprod, cumsum
from fgrad.numpy.reducing.masks import (
    converted,
    converted_whole,
    correction_of,
    mask_of,
    masked_mean,
    masked_var,
    root_or_zero,
)
from fgrad.numpy.reducing.reductions import MAX, MIN, PROD, SUM, Fold
from fgrad.numpy.wrap import as_traced, implements


def _filled(a: Any, value: float) -> Any:
    """Return an array with ``value`` instead of NaN."""
    a = as_traced(a)
    return np.where(np.isnan(a), value, a)


@implements(np.nansum)
def nansum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    return SUM.under(np.nansum).with_dtype(_filled(a, 0), axis, dtype, None, keepdims, initial, where)


@implements(np.nanprod)
def nanprod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    return PROD.under(np.nanprod).with_dtype(_filled(a, 1), axis, dtype, None, keepdims, initial, where)


@implements(np.nanmax)
def nanmax(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    return _extremum(np.nanmax, MAX, a, axis, keepdims, initial, where)


@implements(np.nanmin)
def nanmin(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    return _extremum(np.nanmin, MIN, a, axis, keepdims, initial, where)


def _extremum(original: Any, fold: Fold, a: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    a = as_traced(a)
    fold = fold.under(original)
    result = fold.without_dtype(_filled(a, fold.neutral), axis, None, keepdims, initial, where)
    if initial is not None:
        return result
    nothing = np.all(np.isnan(a), axis=axis, keepdims=keepdims)
    if not anywhere(nothing):
        return result
    warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=2)
    return np.where(nothing, np.nan, result)


def _numbers(original: Any, a: Any, where: Any) -> Any:
    """Return the mask of what is a number and is not masked already."""
    mask = mask_of(original, where, a)
    numbers = ~np.isnan(a)
    return numbers if mask is None else numbers & mask


@implements(np.nanmean)
def nanmean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    *,
    where: Any = True,
) -> Any:
    a = converted(a, dtype)
    return masked_mean(a, _numbers(np.nanmean, a, where), axis, keepdims)


@implements(np.nanvar)
def nanvar(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    a, ddof = converted_whole(np.nanvar, a, dtype), correction_of(ddof, correction)
    return masked_var(a, _numbers(np.nanvar, a, where), axis, keepdims, ddof, mean)


@implements(np.nanstd)
def nanstd(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    a, ddof = converted_whole(np.nanstd, a, dtype), correction_of(ddof, correction)
    return root_or_zero(masked_var(a, _numbers(np.nanstd, a, where), axis, keepdims, ddof, mean))


@implements(np.nancumsum)
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    return cumsum(_filled(a, 0), axis, dtype)


@implements(np.nancumprod)
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    return cumprod(_filled(a, 1), axis, dtype)
