"""Partials of functions of two arguments: logarithms of sums, radius and angle."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.registry import slope
from fgrad.kinds import elementwise
from fgrad.rules.slopes.declaring import quiet, two_sum
from fgrad.rules.slopes.zeros import quotient

LN2 = float(np.log(2.0))


@slope("x", "y")
def share(x: Any, y: Any) -> Any:
    """Return ``exp(x) / (exp(x) + exp(y))``."""
    return _share(x, y, np.exp, 1.0)


elementwise(share, x=lambda ans, x, y: ans * share(y, x), y=lambda ans, x, y: -(ans * share(y, x)))


@slope("x", "y")
def share2(x: Any, y: Any) -> Any:
    """Return ``2**x / (2**x + 2**y)``."""
    return _share(x, y, np.exp2, LN2)


elementwise(
    share2,
    x=lambda ans, x, y: LN2 * (ans * share2(y, x)),
    y=lambda ans, x, y: -LN2 * (ans * share2(y, x)),
)


def _share(x: Any, y: Any, exp: Any, rate: float) -> Any:
    """Return the share of ``x``; what ``y - x`` loses to rounding is put back to first order."""
    with quiet():
        gap, rest = two_sum(y, -x)
        if not np.isfinite(gap).all():
            gap = np.where(np.equal(x, y), np.zeros_like(gap), gap)
            rest = np.where(np.isfinite(rest), rest, np.zeros_like(rest))
        small = exp(-np.abs(gap))
        result = np.where(gap > 0, small, np.ones_like(small)) / (1 + small)
        if np.any(rest):
            result = result * (1 - rate * rest * (1 - result))
        return result[()]


@slope("a", "b")
def over_radius(a: Any, b: Any) -> Any:
    """Return ``a / sqrt(a**2 + b**2)``: 0 at the origin, the sign of ``a`` if that alone is infinite."""
    radius = np.hypot(a, b)
    if np.isfinite(radius).all():
        return quotient(a, radius)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(a) & np.isfinite(b), np.sign(a), quotient(a, radius))[()]


elementwise(
    over_radius,
    a=lambda a, b: _over_radius_a(a, b),
    b=lambda ans, a, b: -quotient(ans * over_radius(b, a), np.hypot(a, b)),
)


def _over_radius_a(a: Any, b: Any) -> Any:
    """Return ``b**2 / r**3``; ``(b / r)**2`` by itself could underflow."""
    other = over_radius(b, a)
    return other * quotient(other, np.hypot(a, b))


@slope("a", "b")
def over_square(a: Any, b: Any) -> Any:
    """Return ``a / (a**2 + b**2)``, and 0 at the origin and at infinity."""
    return _over_powers(a, b, 1, lambda a, b, r: quotient(a, r))


@slope("a", "b")
def over_square_a(a: Any, b: Any) -> Any:
    """Return ``(b**2 - a**2) / (a**2 + b**2)**2``, and 0 at the origin and at infinity."""
    return _over_powers(a, b, 2, lambda a, b, r: quotient(b - a, r) * quotient(b + a, r))


@slope("a", "b")
def over_square_b(a: Any, b: Any) -> Any:
    """Return ``-2 * a * b / (a**2 + b**2)**2``, and 0 at the origin and at infinity."""
    return _over_powers(a, b, 2, lambda a, b, r: -2 * (quotient(a, r) * quotient(b, r)))


def _over_powers(a: Any, b: Any, times: int, ratio: Any) -> Any:
    """Return ``ratio(a, b, r)``, a function of angles alone, over ``r**times``.

    Where ``r`` overflows but ``a`` and ``b`` do not, all are taken at a quarter of their size.
    """
    with quiet():
        radius = np.hypot(a, b)
        finite = np.isfinite(radius)
        scale: Any = 1.0
        if not finite.all():
            infinite = np.isinf(a) | np.isinf(b)
            scale = np.where(finite, 1.0, 0.25).astype(radius.dtype)
            a, b = np.where(infinite, 0, a * scale), np.where(infinite, 0, b * scale)
            radius = np.hypot(a, b)
        out = ratio(a, b, radius)
        for _ in range(times):
            out = quotient(out, radius) * scale
        return out


def _third(a: Any, b: Any) -> Any:
    """Return ``2 * a * (a**2 - 3 * b**2) / r**6``."""
    radius = np.hypot(a, b)
    p, q = quotient(a, radius), quotient(b, radius)
    return 2 * quotient(quotient(quotient(p * (p * p - 3 * (q * q)), radius), radius), radius)


elementwise(over_square, a=lambda a, b: over_square_a(a, b), b=lambda a, b: over_square_b(a, b))
elementwise(over_square_a, a=lambda a, b: _third(a, b), b=lambda a, b: -_third(b, a))
elementwise(over_square_b, a=lambda a, b: -_third(b, a), b=lambda a, b: -_third(a, b))
