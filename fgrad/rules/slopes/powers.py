"""The partials of a power ``x**y``, to second order.

Each is ``c * x**(y - n)``: with ``c = y`` and ``n = 1``, ``c = log(x)`` and ``n = 0``, and so on.  Neither
``y - 1`` nor ``x**y`` is safe to compute with: the first is not always a floating-point number, and what
rounding takes from it counts times ``log(x)``; the second can overflow or vanish where the derivative
does not.  So ``c * x**y / x**n`` is computed where all goes well, which costs one power and no
logarithm, and :func:`_repaired` where it does not.

At zero: the derivative of ``x**0`` is 0, and that of ``0**y`` by ``y >= 0`` too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import everywhere
from fgrad.core.late import LateModule
from fgrad.core.registry import slope
from fgrad.kinds import elementwise
from fgrad.kinds.guarded import SCALARS, guarded, times, zero_product
from fgrad.rules.slopes.declaring import all_within, is_complex, normal_range, quiet, two_sum
from fgrad.rules.slopes.zeros import quotient

decimal: Any = LateModule("decimal")

#: Exponents for which ``y - 1`` is exact, in float32 too, and ``y`` and ``y * (y - 1)`` are too small to
#: magnify what underflow takes: the plain formula will do.
_PLAIN = frozenset({1.5, 2.5, 3, 3.5, 4, 5, 6, 7, 8})

_TINY, _HUGE = normal_range(np.dtype(float))


def pull_power_base(g: Any, x: Any, y: Any) -> Any:
    """Return ``g * y * x**(y - 1)``, in few fast operations for a constant exponent."""
    if type(y) in SCALARS and type(y) is not complex:
        if y == 2:
            return times(g, 2 * x)
        if y == 1:
            return g
        if y == 0:
            return g * 0
        if y == 0.5:
            return quotient(g * 0.5, np.sqrt(x))
        if y == -1:
            return -quotient(quotient(g, x), x)
        if y in _PLAIN:
            return times(g, y * x ** (y - 1))
    return guarded(g, power_slope(x, y))


def pull_power_exponent(g: Any, x: Any, y: Any) -> Any:
    """Return ``g * x**y * log(x)``."""
    return guarded(g, power_log(x, y))


@slope("x", "y")
def power_slope(x: Any, y: Any) -> Any:
    """Return ``y * x**(y - 1)``."""
    return _scaled_power(y, x, y, 1)


@slope("x", "y")
def power_curve(x: Any, y: Any) -> Any:
    """Return ``y * (y - 1) * x**(y - 2)``."""
    return _scaled_power(y * (y - 1), x, y, 2)


@slope("x", "y")
def power_log(x: Any, y: Any) -> Any:
    """Return ``log(x) * x**y``."""
    return _scaled_power(_log(x), x, y, 0)


@slope("x", "y")
def power_log_log(x: Any, y: Any) -> Any:
    """Return ``log(x)**2 * x**y``."""
    return _scaled_power(_log(x) ** 2, x, y, 0)


@slope("x", "y")
def power_mixed(x: Any, y: Any) -> Any:
    """Return ``(1 + y * log(x)) * x**(y - 1)``, the derivative of the slope by the exponent."""
    return _scaled_power(_one_plus_product(y, x), x, y, 1)


elementwise(
    power_slope,
    x=lambda g, x, y: guarded(g, power_curve(x, y)),
    y=lambda g, x, y: guarded(g, power_mixed(x, y)),
)
elementwise(
    power_log,
    x=lambda g, x, y: guarded(g, power_mixed(x, y)),
    y=lambda g, x, y: guarded(g, power_log_log(x, y)),
)
elementwise(
    power_curve,
    x=lambda x, y: _curve_slope(x, y),
    y=lambda x, y: _curve_by_exponent(x, y),
)
elementwise(
    power_mixed,
    x=lambda x, y: _curve_by_exponent(x, y),
    y=lambda x, y: (2 + y * _log(x)) * power_log(x, y - 1),
)
elementwise(
    power_log_log,
    x=lambda x, y: (2 + y * _log(x)) * power_log(x, y - 1),
    y=lambda ans, x: ans * _log(x),
)


def _curve_slope(x: Any, y: Any) -> Any:
    """Return ``y * (y - 1) * (y - 2) * x**(y - 3)``, without a division where an ``x`` is 0."""
    if everywhere(x != 0):
        return quotient(power_curve(x, y) * (y - 2), x)
    return zero_product(y, power_curve(x, y - 1))


def _curve_by_exponent(x: Any, y: Any) -> Any:
    """Return ``(2 * y - 1 + y * (y - 1) * log(x)) * x**(y - 2)``."""
    return (2 * y - 1 + y * (y - 1) * _log(x)) * np.power(x, y - 2)


def _one_plus_product(y: Any, x: Any) -> Any:
    """Return ``1 + y * log(x)``; where that cancels, with more digits of the logarithm."""
    with quiet():
        out = np.where(np.equal(y, 0), 1, 1 + y * _log(x))
    if out.dtype.kind == "c":
        return out[()]
    close = np.abs(out) < 0.125
    if close.any():
        x, y = np.broadcast_arrays(x, y)
        out[close] = [_precisely(*each) for each in zip(y[close], x[close], strict=True)]
    return out[()]


def _precisely(y: Any, x: Any) -> float:
    """Return ``1 + y * log(x)`` of two numbers."""
    digits = decimal.Context(prec=60)
    logarithm = digits.ln(decimal.Decimal(float(x)))
    return float(digits.fma(decimal.Decimal(float(y)), logarithm, 1))


def _log(x: Any) -> Any:
    """Return ``log(x)``; minus infinity at 0, without a warning; a Python float for one of ``x``."""
    if type(x) in (float, int) and x > 0:
        return math.log(x)
    with np.errstate(divide="ignore"):
        return np.log(x)


def _scaled_power(c: Any, x: Any, y: Any, n: int) -> Any:
    """Return ``c * x**y / x**n``, and 0 where the power or ``c`` is 0."""
    if isinstance(x, float) and isinstance(y, float | int) and x > 0:
        power = _float_power(x, y)
        over = power
        for _ in range(n):
            over /= x
        if _TINY <= power <= _HUGE and _TINY <= over <= _HUGE:
            return c * over
    with quiet():
        power = np.power(x, y)
        over = power
        for _ in range(n):
            over = over / x
        out = c * over
        if is_complex(out):
            return out if np.all(x) else np.where(np.equal(x, 0), _at_zero(c, x, y, n), out)[()]
        tiny, huge = normal_range(out.dtype)
        if all_within(power, tiny, huge) and all_within(over if n else out, tiny if n else -huge, huge):
            return out
        fine = (np.abs(power) >= tiny) & (np.abs(over) >= tiny) & (np.abs(out) <= huge)
        c, x, y = np.asarray(c), np.asarray(x, out.dtype), np.asarray(y, out.dtype)
        return np.where(fine, out, _repaired(c, x, y, n))[()]


def _float_power(x: float, y: float) -> float:
    """Return ``x**y`` of two floats, infinity where it overflows."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return math.inf


def _repaired(c: Any, x: Any, y: Any, n: int) -> Any:
    """Return ``c * x**(y - n)`` as ``c`` times the square of ``x**((y - n) / 2)``, which is in range.

    What rounding takes from ``y - n`` is put back to first order.
    """
    exponent, rest = two_sum(y, -n) if n else (y, np.zeros_like(y))
    size = np.abs(x)
    half = np.power(size, exponent / 2)
    out = (c * half) * half * np.where(rest == 0, 1, 1 + rest * np.log(size))
    out = np.where(x < 0, out * np.power(-np.ones_like(x), exponent), out)
    zero = (c == 0) | (half == 0)
    if n == 0:
        zero = zero | ((x == 0) & (y == 0))
    return np.where(zero, np.zeros_like(out), out)


def _at_zero(c: Any, x: Any, y: Any, n: int) -> Any:
    """Return ``c * x**(y - n)`` for a complex ``x`` of 0."""
    power = np.power(x, np.subtract(y, n))
    return np.where(np.equal(c, 0) | np.equal(power, 0), 0, c * power)
