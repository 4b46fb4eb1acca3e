"""Exact values rounded correctly, and the distance from them in units in the last place."""

import numpy as np

from tests.rules.accuracy_oracle import mp


def exactly(formula, *columns):
    """Return the correctly rounded values of a formula at the points with these coordinates.

    Python's float of mpmath's number is rounded correctly, and infinite where that overflows.
    """
    return np.array([float(formula(*map(mpf_of, point))) for point in zip(*columns, strict=True)])


def mpf_of(x):
    """Return a floating-point number as one of mpmath's, exactly."""
    return mp.mpf(float(x))


def ulps(computed, exact):
    """Return how many floating-point numbers lie between two arrays; infinity where one is NaN.

    The bits of floats count them in order, from zero through subnormals and normals to infinity; so the
    units of a subnormal result are the smallest numbers, and the largest is one unit from infinity.
    """
    computed, exact = np.broadcast_arrays(computed, exact)
    p, q = (_place(np.ascontiguousarray(array)) for array in (computed, exact))
    apart = np.where((p < 0) == (q < 0), np.abs(p - q), np.abs(p).astype(float) + np.abs(q))
    return np.where(np.isnan(computed) | np.isnan(exact), np.inf, apart)


def _place(array):
    """Return the position of each number in the order of its type, 0 for both zeros."""
    whole = {8: np.int64, 4: np.int32}[array.dtype.itemsize]
    bits = array.view(whole).astype(np.int64)
    return np.where(bits < 0, int(np.iinfo(whole).min) - bits, bits)
