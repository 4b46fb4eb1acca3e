"""The numbers that the report vouches for: each a difference, and the bound that it must not pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

#: fgrad, and formulas evaluated in double precision, differ by rounding alone.
ROUNDING = 1e-12

#: Central differences lose a third of the digits.
DIFFERENCES = 1e-6


@dataclass(frozen=True)
class Check:
    """A comparison, and whether it holds."""

    what: str
    difference: float
    bound: float

    @property
    def passed(self) -> bool:
        """Whether the difference is within the bound; NaN is not."""
        return self.difference <= self.bound


def relative_difference(a: Any, b: Any) -> float:
    """Return the largest difference between two arrays, relative to the largest entry of the second.

    >>> relative_difference(np.array([1.0, 4.5]), np.array([1.0, 5.0]))
    0.1
    """
    difference, size = np.max(np.abs(a - b)), np.max(np.abs(b))
    return float(difference if size == 0 else difference / size)


def finite_differences(function: Callable[[Any], Any], x: Any) -> Any:
    """Return the gradient of a scalar function of a vector by central differences.

    The step is the cube root of the rounding unit, where the errors of rounding and of truncation meet.

    >>> finite_differences(lambda x: x[0] * x[1], np.array([2.0, 3.0])).round(6)
    array([3., 2.])
    """
    slopes = np.empty_like(x)
    for i, value in enumerate(x):
        width = np.cbrt(np.finfo(float).eps) * max(1.0, abs(value))
        above, below = x.copy(), x.copy()
        above[i], below[i] = value + width, value - width
        slopes[i] = (function(above) - function(below)) / (above[i] - below[i])
    return slopes
