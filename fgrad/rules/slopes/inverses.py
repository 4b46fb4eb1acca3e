"""Slopes of inverse trigonometric and hyperbolic functions, and of ``tanh``.

The derivative of each is a product of the slope and of ``x``.  At infinity the slope is 0 and wins.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.registry import slope
from fgrad.kinds import elementwise
from fgrad.kinds.guarded import guarded, is_moderate
from fgrad.rules.slopes.declaring import is_complex, quiet


@slope("x")
def arcsin_slope(x: Any) -> Any:
    """Return ``1 / sqrt(1 - x**2)``."""
    with quiet():
        return np.reciprocal(np.sqrt((1 - x) * (1 + x)))


elementwise(arcsin_slope, x=lambda g, ans, x: guarded(g, x * ans * ans * ans))


@slope("x")
def arctan_slope(x: Any) -> Any:
    """Return ``1 / (1 + x**2)``, down to the smallest numbers."""
    if is_moderate(x):
        return 1 / (1 + x * x)
    with quiet():
        squared = np.multiply(x, x)
        small = 1 / (1 + squared)
        return small if is_complex(x) else np.where(np.isinf(squared), (1 / x) / x, small)[()]


elementwise(arctan_slope, x=lambda ans, x: -2 * (guarded(ans, x) * ans))


@slope("x")
def arcsinh_slope(x: Any) -> Any:
    """Return ``1 / sqrt(1 + x**2)``."""
    if is_moderate(x) or is_complex(x):
        return 1 / np.sqrt(1 + x * x)
    return 1 / np.hypot(1, x)


elementwise(arcsinh_slope, x=lambda ans, x: -(guarded(ans, x) * ans * ans))


@slope("x")
def arccosh_slope(x: Any) -> Any:
    """Return ``1 / sqrt(x**2 - 1)``, on the branch of ``arccosh``."""
    with quiet():
        return np.reciprocal(np.sqrt(x - 1) * np.sqrt(x + 1))


elementwise(arccosh_slope, x=lambda g, ans, x: -guarded(g, guarded(ans, x) * ans * ans))


@slope("x")
def arctanh_slope(x: Any) -> Any:
    """Return ``1 / (1 - x**2)``."""
    with quiet():
        return np.reciprocal((1 - x) * (1 + x))


elementwise(arctanh_slope, x=lambda g, ans, x: guarded(g, 2 * x * ans * ans))


@slope("x")
def tanh_slope(x: Any) -> Any:
    """Return ``1 / cosh(x)**2``, without overflow."""
    if is_complex(x):
        return 1 / np.cosh(x) ** 2
    small = np.exp(-np.abs(x))
    small *= small
    whole = 1 + small
    whole *= whole
    small *= 4
    small /= whole
    return small


elementwise(tanh_slope, x=lambda ans, x: -2 * (np.tanh(x) * ans))
