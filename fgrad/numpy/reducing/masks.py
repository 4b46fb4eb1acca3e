"""What reductions have in common: masks, counts, means and spread of what a mask leaves.

A mask comes from ``where=``, or from the NaN that the functions of :mod:`fgrad.numpy.reducing.nanfunctions`
leave out.  It is applied by ``np.where``, so what is left out has derivative zero, also where it is NaN or
infinite.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from fgrad.core.box import Box, anywhere
from fgrad.core.errors import InputError
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.slate import plain
from fgrad.numpy.wrap import as_traced, full_name


def converted(a: Any, dtype: Any) -> Any:
    """Return an array-like as one value, with another dtype if one is given."""
    a = as_traced(a)
    return a if dtype is None else as_dtype(a, dtype)


def converted_whole(original: Any, a: Any, dtype: Any) -> Any:
    """Return an array-like with another dtype if one is given; raise if that leaves out imaginary parts.

    NumPy's variance would leave them out of the mean, and not of the distances from it.
    """
    a = as_traced(a)
    if dtype is not None and np.dtype(dtype).kind != "c" and spec_of(a).dtype.kind == "c":
        raise InputError(
            f"{full_name(original)}: dtype={np.dtype(dtype)} would drop the imaginary parts of "
            f"{spec_of(a).dtype} from the mean and not from the rest; give a complex dtype, or take "
            "np.real(a) before"
        )
    return converted(a, dtype)


def as_dtype(value: Any, dtype: Any) -> Any:
    """Return a value, traced or not, with a dtype.

    >>> as_dtype(1, np.float32)
    np.float32(1.0)
    """
    if type(value) is Box and spec_of(value).dtype == dtype:
        return value
    if type(value) is Box:
        return np.astype(value, dtype)  # type: ignore[call-overload]
    return np.asarray(value, dtype)[()]


def count_along(a: Any, axis: Any) -> int:
    """Return how many elements a reduction of ``a`` along ``axis`` takes together.

    >>> count_along(np.ones((2, 3, 4)), (0, -1))
    8
    """
    shape = a.shape if type(a) is Spec else spec_of(a).shape
    if axis is None:
        return math.prod(shape)
    return math.prod(shape[i] for i in (axis if isinstance(axis, tuple) else (axis,)))


def reduced_shape(a: Any, axis: Any, keepdims: bool) -> tuple[int, ...]:
    """Return the shape of a reduction; raise what NumPy raises for an axis that does not exist.

    >>> reduced_shape(np.ones((2, 3)), 0, True)
    (1, 3)
    """
    shape: tuple[int, ...] = np.sum(
        np.broadcast_to(False, spec_of(a).shape), axis=axis, keepdims=keepdims
    ).shape
    return shape


def mask_of(original: Any, where: Any, a: Any) -> Any:
    """Return a mask of the shape of ``a``, or None if it leaves everything."""
    if where is True or where is np.True_:
        return None
    mask = plain(as_traced(where))
    dtype = spec_of(mask).dtype
    if dtype.kind != "b":
        raise InputError(f"{full_name(original)}: where= must be of truth values; got {dtype}")
    own, shape = spec_of(mask).shape, spec_of(a).shape
    if np.broadcast_shapes(own, shape) != shape:
        raise ValueError(
            f"{full_name(original)}: where= of shape {own} does not fit the array of shape {shape}"
        )
    return np.broadcast_to(mask, shape)


def counts_of(mask: Any, axis: Any, keepdims: bool, dtype: Any) -> Any:
    """Return how many elements a mask leaves, as real numbers of the precision of ``dtype``."""
    real = np.result_type(dtype, np.float16).char.lower()
    return np.sum(mask, axis=axis, keepdims=keepdims).astype(real)


def masked_mean(a: Any, mask: Any, axis: Any, keepdims: bool) -> Any:
    """Return the mean of what a mask leaves, NaN with NumPy's warning where that is nothing."""
    counts = counts_of(mask, axis, keepdims, spec_of(a).dtype)
    if anywhere(counts == 0):
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=3)
    total = np.sum(np.where(mask, a, 0), axis=axis, keepdims=keepdims)
    return total / nan_unless_positive(counts)


def masked_var(a: Any, mask: Any, axis: Any, keepdims: bool, ddof: float, mean: Any) -> Any:
    """Return the variance of what a mask leaves, NaN with NumPy's warning where that is too little.

    The mean is the given one, or that of what the mask leaves.
    """
    kept = np.where(mask, a, 0)  # not to meet a NaN in what is left out
    if mean is None:
        counts = counts_of(mask, axis, True, spec_of(a).dtype)
        mean = np.sum(kept, axis=axis, keepdims=True) / nan_unless_positive(counts)
    centred = np.where(mask, kept - as_traced(mean), 0)
    if spec_of(centred).dtype.kind == "c":
        squares = np.square(np.real(centred)) + np.square(np.imag(centred))
    else:
        squares = np.square(centred)
    degrees = counts_of(mask, axis, keepdims, spec_of(a).dtype) - ddof
    if anywhere(degrees <= 0):
        warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=3)
    return np.sum(squares, axis=axis, keepdims=keepdims) / nan_unless_positive(degrees)


def nan_unless_positive(counts: Any) -> Any:
    """Return counts to divide by: NaN instead of what is not positive."""
    return np.where(counts > 0, counts, counts.dtype.type(np.nan))[()]


def root_or_zero(variance: Any) -> Any:
    """Return the square root of a variance, with derivative zero where it is zero.

    The standard deviation has a kink there, a minimum, like that of the absolute value at zero.
    """
    moving = variance != 0
    return np.where(moving, np.sqrt(np.where(moving, variance, 1)), 0)


def correction_of(ddof: float, correction: float | None) -> float:
    """Return the correction of the count, which has two names."""
    if correction is None:
        return ddof
    if ddof != 0:
        raise ValueError("ddof and correction are two names of one argument; give one of them")
    return correction
