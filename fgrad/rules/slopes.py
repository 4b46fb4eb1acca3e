"""Partial derivatives that need care, as primitives with derivatives of their own.

``1 - tanh(x)**2`` loses every digit for large ``x``; ``1 / (1 - x * x)`` loses them near one; and even
where a formula is good, the derivative that the chain rule makes of it may not be: that of
``1 / sqrt((1 - x) * (1 + x))`` subtracts ``1 - x`` from ``1 + x``.  So each such partial is computed by a
function that is accurate on the whole domain, and its own derivative is given as a product without
cancellation.  The rules are in this file beside the functions, since they belong together.

References
----------
N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002, section 1.14
(rearrangements that avoid cancellation) and section 4.3 (the exact error of a sum, ``two_sum``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of
from fgrad.kinds import elementwise


def _slope(*argnames: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a plain function an elementwise primitive and return its front."""

    def decorate(raw: Callable[..., Any]) -> Callable[..., Any]:
        primitive = Primitive(raw.__name__, raw, argnames)
        front = (unary_front if len(argnames) == 1 else binary_front)(primitive)
        front.__name__, front.__doc__ = raw.__name__, raw.__doc__
        PRIMITIVES[front] = primitive
        return front

    return decorate


def _quiet() -> Any:
    """Return a context in which the limits at infinity and at poles raise no warnings."""
    return np.errstate(over="ignore", divide="ignore", invalid="ignore")


def _is_complex(x: Any) -> bool:
    return spec_of(x).dtype.kind == "c"


# products and quotients in which zero wins


@_slope("g", "d")
def quotient(g: Any, d: Any) -> Any:
    """Return ``g / d``, and 0 wherever ``g`` is 0, also over 0, infinity and NaN.

    A cotangent of exactly zero comes from a branch that was not taken, and stays zero.
    """
    if type(d) is float or isinstance(d, np.floating):
        if d < 0 or d > 0:
            return g / d
    elif type(d) is np.ndarray and d.dtype.kind == "f" and d.size:
        low = d.min()
        if low > 0 or (low < 0 and d.all()):
            return g / d
    elif np.all(d) and not np.any(np.isnan(d)):
        return np.divide(g, d)
    out = np.zeros(np.broadcast_shapes(np.shape(g), np.shape(d)), np.result_type(g, d))
    return np.divide(g, d, out=out, where=np.not_equal(g, 0))[()]


elementwise(quotient, g=lambda g, d: quotient(g, d), d=lambda g, ans, d: -quotient(g * ans, d))


@_slope("u", "v")
def guarded(u: Any, v: Any) -> Any:
    """Return ``u * v``, and 0 wherever ``u`` is 0, also where ``v`` is infinite or NaN."""
    if np.isfinite(v).all():
        return np.multiply(u, v)
    out = np.zeros(np.broadcast_shapes(np.shape(u), np.shape(v)), np.result_type(u, v))
    return np.multiply(u, v, out=out, where=np.not_equal(u, 0))[()]


elementwise(guarded, u=lambda g, v: guarded(g, v), v=lambda g, u: g * u)


# powers


def pull_power_base(g: Any, x: Any, y: Any) -> Any:
    """Return ``g * y * x**(y - 1)``."""
    if type(y) is int or type(y) is float:
        if y == 2:
            return g * (2 * x)
        if y == 1:
            return g
        if y > 1:
            return g * (y * x ** (y - 1))
    return guarded(g, power_slope(x, y))


def pull_power_exponent(g: Any, ans: Any, x: Any) -> Any:
    """Return ``g * x**y * log(x)``; 0 at ``x = 0``, where a power with ``y > 0`` stays 0."""
    return g * (ans * log_or_zero(x))


def log_or_zero(x: Any) -> Any:
    """Return ``log(x)``, and 0 where ``x`` is 0."""
    return np.log(np.where(x == 0, 1, x))


@_slope("x", "y")
def power_slope(x: Any, y: Any) -> Any:
    """Return ``y * x**(y - 1)``, 0 where ``y`` is 0.

    ``y - 1`` is not always a floating-point number; what was rounded off, times ``log(x)``, is put back.
    """
    x, y = np.asarray(x), np.asarray(y)
    if not np.all(y):
        x = np.where(y == 0, np.ones_like(x), x)
    with _quiet():
        lowered, rest = two_sum(y, -1)
        power = np.power(x, lowered)
        if np.any(rest) and np.all(np.isfinite(rest)):
            power = power * (1 + rest * np.log(np.where(x == 0, 1, x)))
        return (y * power)[()]


def _pull_power_slope(g: Any, ans: Any, x: Any, y: Any) -> Any:
    """Return ``g * y * (y - 1) * x**(y - 2)``."""
    lowered, rest = two_sum(y, -1)
    if np.any(rest != 0):
        return guarded(g, quotient(ans * lowered, x))
    return guarded(g, y * power_slope(x, lowered))


elementwise(
    power_slope,
    x=_pull_power_slope,
    y=lambda g, x, y: guarded(g, np.power(x, y - 1) * (1 + y * log_or_zero(x))),
)


def two_sum(x: Any, y: Any) -> tuple[Any, Any]:
    """Return ``x + y`` rounded, and exactly what the rounding took (Knuth; Higham 2002, section 4.3)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


# inverse trigonometric and hyperbolic functions


@_slope("x")
def arcsin_slope(x: Any) -> Any:
    """Return ``1 / sqrt(1 - x**2)``."""
    with _quiet():
        return 1 / np.sqrt((1 - x) * (1 + x))


elementwise(arcsin_slope, x=lambda ans, x: x * ans * ans * ans)


@_slope("x")
def arctan_slope(x: Any) -> Any:
    """Return ``1 / (1 + x**2)``, down to the smallest numbers."""
    with _quiet():
        squared = np.multiply(x, x)
        slope = 1 / (1 + squared)
        if _is_complex(x) or np.isfinite(squared).all():
            return slope
        return np.where(np.isinf(squared), (1 / x) / x, slope)[()]


elementwise(arctan_slope, x=lambda ans, x: -2 * (x * ans) * ans)


@_slope("x")
def arcsinh_slope(x: Any) -> Any:
    """Return ``1 / sqrt(1 + x**2)``."""
    return 1 / (np.sqrt(1 + x * x) if _is_complex(x) else np.hypot(1, x))


elementwise(arcsinh_slope, x=lambda ans, x: -(x * ans) * ans * ans)


@_slope("x")
def arccosh_slope(x: Any) -> Any:
    """Return ``1 / sqrt(x**2 - 1)``, on the branch of ``arccosh``."""
    with _quiet():
        return 1 / (np.sqrt(x - 1) * np.sqrt(x + 1))


elementwise(arccosh_slope, x=lambda ans, x: -(x * ans) * ans * ans)


@_slope("x")
def arctanh_slope(x: Any) -> Any:
    """Return ``1 / (1 - x**2)``."""
    with _quiet():
        return 1 / ((1 - x) * (1 + x))


elementwise(arctanh_slope, x=lambda ans, x: 2 * x * ans * ans)


@_slope("x")
def tanh_slope(x: Any) -> Any:
    """Return ``1 / cosh(x)**2``, without overflow."""
    if _is_complex(x):
        return 1 / np.cosh(x) ** 2
    small = np.exp(-2 * np.abs(x))
    return 4 * small / (1 + small) ** 2


elementwise(tanh_slope, x=lambda ans, x: -2 * np.tanh(x) * ans)


# functions of two arguments


@_slope("x", "y")
def share(x: Any, y: Any) -> Any:
    """Return ``exp(x) / (exp(x) + exp(y))``."""
    return _share(x, y, np.exp, 1.0)


elementwise(share, x=lambda ans, x, y: ans * share(y, x), y=lambda ans, x, y: -(ans * share(y, x)))


@_slope("x", "y")
def share2(x: Any, y: Any) -> Any:
    """Return ``2**x / (2**x + 2**y)``."""
    return _share(x, y, np.exp2, float(np.log(2.0)))


elementwise(
    share2,
    x=lambda ans, x, y: float(np.log(2.0)) * (ans * share2(y, x)),
    y=lambda ans, x, y: -float(np.log(2.0)) * (ans * share2(y, x)),
)


def _share(x: Any, y: Any, exp: Any, rate: float) -> Any:
    """Return the share of ``x``; what ``y - x`` loses to rounding is put back to first order."""
    with _quiet():
        gap, rest = two_sum(y, -x)
        if not np.isfinite(gap).all():
            gap = np.where(np.equal(x, y), np.zeros_like(gap), gap)
            rest = np.where(np.isfinite(rest), rest, np.zeros_like(rest))
        small = exp(-np.abs(gap))
        result = np.where(gap > 0, small, np.ones_like(small)) / (1 + small)
        if np.any(rest):
            result = result * (1 - rate * rest * (1 - result))
        return result[()]


@_slope("a", "b")
def over_radius(a: Any, b: Any) -> Any:
    """Return ``a / sqrt(a**2 + b**2)``, and 0 at the origin."""
    return quotient(a, np.hypot(a, b))


elementwise(
    over_radius,
    a=lambda a, b: quotient(over_radius(b, a) ** 2, np.hypot(a, b)),
    b=lambda ans, a, b: -quotient(ans * over_radius(b, a), np.hypot(a, b)),
)


@_slope("a", "b")
def over_square(a: Any, b: Any) -> Any:
    """Return ``a / (a**2 + b**2)``, and 0 at the origin."""
    radius = np.hypot(a, b)
    return quotient(quotient(a, radius), radius)


def _over_square_a(a: Any, b: Any) -> Any:
    radius = np.hypot(a, b)
    return quotient(quotient(quotient(b - a, radius) * quotient(b + a, radius), radius), radius)


def _over_square_b(a: Any, b: Any) -> Any:
    radius = np.hypot(a, b)
    return -2 * quotient(quotient(over_radius(a, b) * over_radius(b, a), radius), radius)


elementwise(over_square, a=_over_square_a, b=_over_square_b)


# kinks


def phase(x: Any, ans: Any) -> Any:
    """Return the derivative of the absolute value: the sign, or ``conj(x) / abs(x)``; 0 at 0."""
    return quotient(np.conjugate(x), ans) if _is_complex(x) else np.sign(x)


def pull_winner(g: Any, x: Any, y: Any, wins: Any) -> Any:
    """Return ``g`` where ``x`` wins over ``y``, half of it at a tie."""
    return np.where(x == y, g * 0.5, np.where(wins, g, 0))


def pull_winner_ignoring_nan(g: Any, x: Any, y: Any, wins: Any) -> Any:
    """Return ``g`` where ``x`` wins over ``y`` or ``y`` is NaN, half of it at a tie."""
    return pull_winner(g, x, y, np.logical_or(wins, np.isnan(y)))
