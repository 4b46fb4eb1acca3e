"""Products and powers of vectors that are arranged in a pattern: cross, Kronecker, Vandermonde."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.spec import spec_of
from fgrad.numpy.wrap import as_traced, implements


@implements(np.kron)
def kron(a: Any, b: Any) -> Any:
    a, b = as_traced(a), as_traced(b)
    left, right = spec_of(a).shape, spec_of(b).shape
    if not left or not right:
        return a * b
    ndim = max(len(left), len(right))
    left = (1,) * (ndim - len(left)) + left
    right = (1,) * (ndim - len(right)) + right
    pairs = np.reshape(a, [k for n in left for k in (n, 1)]) * np.reshape(
        b, [k for n in right for k in (1, n)]
    )
    return np.reshape(pairs, [m * n for m, n in zip(left, right, strict=True)])


@implements(np.cross)
def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = as_traced(a), as_traced(b)
    if not spec_of(a).ndim or not spec_of(b).ndim:
        raise ValueError("numpy.cross: at least one array has zero dimension")
    x = np.moveaxis(a, normalize_axis_index(axisa, spec_of(a).ndim, "axisa"), 0)
    y = np.moveaxis(b, normalize_axis_index(axisb, spec_of(b).ndim, "axisb"), 0)
    lengths = spec_of(x).shape[0], spec_of(y).shape[0]
    if not set(lengths) <= {2, 3}:
        raise ValueError(f"numpy.cross takes vectors of 2 or 3 elements; got {lengths[0]} and {lengths[1]}")
    if 2 in lengths:
        if np.lib.NumpyVersion(np.__version__) >= "2.5.0":
            raise ValueError(
                "numpy.cross: both arrays must be of 3-dimensional vectors, but they are "
                f"{lengths[0]} and {lengths[1]} dimensional. Append a zero to those of two."
            )
        warnings.warn(
            "Arrays of 2-dimensional vectors are deprecated. Use arrays of 3-dimensional vectors instead. "
            "(deprecated in NumPy 2.0)",
            DeprecationWarning,
            stacklevel=3,
        )
    last = x[0] * y[1] - x[1] * y[0]
    if lengths == (2, 2):
        return last
    if lengths[0] == 2:
        parts = [x[1] * y[2], -(x[0] * y[2]), last]
    elif lengths[1] == 2:
        parts = [-(x[2] * y[1]), x[2] * y[0], last]
    else:
        parts = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], last]
    ndim = spec_of(last).ndim + 1
    return np.stack(parts, axis=normalize_axis_index(axisc, ndim, "axisc"))


@implements(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    x = as_traced(x)
    shape, dtype = spec_of(x)
    if len(shape) != 1:
        raise ValueError(f"numpy.vander takes an array of one axis; got shape {shape}")
    count = shape[0] if N is None else N
    if count < 0:
        raise ValueError(f"numpy.vander: the number of columns must not be negative; got {count}")
    powers = np.arange(count) if increasing else np.arange(count)[::-1]
    return np.reshape(x, (-1, 1)).astype(np.promote_types(dtype, int)) ** powers
