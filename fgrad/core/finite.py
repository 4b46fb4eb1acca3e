"""Whether numbers are finite: a question that is asked after every few operations, and must cost little."""

from __future__ import annotations

import cmath
import sys
from typing import Any

import numpy as np

#: The size up to which an array is small.
FEW = 2048

#: The size up to which looking at one byte of each element is cheaper than computing with all of them.
_HUNDREDS = 500

_HIGHEST_BYTES = slice(7 if sys.byteorder == "little" else 0, None, 8)

_ndarray, _float64, _DOUBLE = np.ndarray, np.float64, np.dtype(np.float64)


def is_surely_finite(x: Any) -> bool:
    """Return whether all of ``x`` is finite; a no may be wrong for huge numbers and for large arrays.

    A number of double precision is infinite, NaN or larger than ``2**1009`` if its highest byte is 0x7f or
    0xff.  No arithmetic is as cheap to test, or as quiet: of that, only ``np.vdot`` raises no
    floating-point warnings.  A sum of squares is finite only if all its terms are.

    >>> is_surely_finite(np.array([1.0, -2.0])), is_surely_finite(np.array([1.0, np.nan]))
    (True, False)
    """
    kind = type(x)
    if kind is _ndarray:
        if x.size <= _HUNDREDS and x.dtype is _DOUBLE:
            highest = x.tobytes()[_HIGHEST_BYTES]
            return 0x7F not in highest and 0xFF not in highest
        return x.size <= FEW and cmath.isfinite(np.vdot(x, x))
    return (kind is float or kind is _float64) and -1e150 < x < 1e150
