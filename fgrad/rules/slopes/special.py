"""Derivatives of ``i0`` and of ``sinc``, of any order.

Each family is one function of the argument and of a whole number, in which its derivatives stay: those of
``i0`` are the modified Bessel functions of higher order, those of ``sinc`` are numbered by their order.

References
----------
DLMF, *NIST Digital Library of Mathematical Functions*, https://dlmf.nist.gov/10.25.2 (power series),
https://dlmf.nist.gov/10.29.1 (derivatives) and https://dlmf.nist.gov/10.40.1 (expansion for large
arguments).
D. E. Amos, *Computation of modified Bessel functions and their ratios*, Math. Comp. 28 (1974), pp. 239-251,
https://doi.org/10.1090/S0025-5718-1974-0333287-7 (the quotient of two neighbours).
T. J. Dekker, *A floating-point technique for extending the available precision*, Numer. Math. 18 (1971),
pp. 224-242, https://doi.org/10.1007/BF01397083 (the exact error of a product).
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from fgrad.core.registry import slope
from fgrad.core.spec import spec_of
from fgrad.kinds import elementwise
from fgrad.rules.slopes.declaring import is_complex, quiet

#: From here on the expansion for large arguments has all digits.
_LARGE = 25.0


@slope("x", "n")
def bessel_i(x: Any, n: int) -> Any:
    """Return the modified Bessel function of the first kind ``I_n(x)``, for a real ``x``."""
    size = np.abs(np.asarray(x, float))
    with quiet():
        out = np.where(
            size <= _LARGE,
            _bessel_series(np.minimum(size, _LARGE), n),
            _bessel_expansion(np.maximum(size, _LARGE), n),
        )
    out = np.copysign(out, x) if n % 2 else out
    return out.astype(spec_of(x).dtype)[()]


elementwise(bessel_i, x=lambda x, n: (bessel_i(x, abs(n - 1)) + bessel_i(x, n + 1)) * 0.5)


def _bessel_series(x: Any, n: int) -> Any:
    """Return the power series, whose terms are all positive.

    What rounding takes from the square counts up to ten times, and is put back to first order.
    """
    half = x / 2
    square = half * half
    rest = _product_error(half, square)
    total = _horner(_bessel_coefficients(n), square)
    quotient = x / (n + 0.5 + np.sqrt(x * x + (n + 1.5) ** 2))  # of I_{n + 1} and I_n, to a few percent
    total *= 1 + rest * (quotient / np.where(half == 0, 1, half))
    return total * half**n


def _product_error(a: Any, square: Any) -> Any:
    """Return exactly ``a * a - square`` for the rounded ``square``."""
    scaled = a * 134217729.0
    high = scaled - (scaled - a)
    low = a - high
    return ((high * high - square) + 2 * (high * low)) + low * low


@functools.cache
def _bessel_coefficients(n: int) -> tuple[float, ...]:
    return tuple(1 / (math.factorial(k) * math.factorial(k + n)) for k in range(48))


def _bessel_expansion(x: Any, n: int) -> Any:
    """Return the expansion in powers of ``1 / x``."""
    return np.exp(x) / np.sqrt(2 * np.pi * x) * _horner(_bessel_expansion_coefficients(n), 1 / x)


@functools.cache
def _bessel_expansion_coefficients(n: int) -> tuple[float, ...]:
    coefficients = [1.0]
    for k in range(1, 28):
        coefficients.append(coefficients[-1] * ((2 * k - 1) ** 2 - 4 * n * n) / (8 * k))
    return tuple(coefficients)


def _horner(coefficients: tuple[float, ...], x: Any) -> Any:
    """Return the polynomial with the given coefficients, the constant first."""
    total = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


@slope("x", "n")
def sinc_derivative(x: Any, n: int) -> Any:
    """Return the derivative of order ``n`` of ``sin(pi * x) / (pi * x)``.

    With ``y = pi * x`` it is ``pi**n`` times the integral of ``t**n * cos(t * y + n * pi / 2)`` from 0 to 1.
    Near 0 that is a series; elsewhere, integration by parts leads to it from the order below.
    """
    wide = np.asarray(x, complex if is_complex(x) else float)
    near = np.abs(wide) * np.pi <= 2 + n / 2
    with quiet():
        series = _sinc_series(np.where(near, wide, 0), n)
        out = np.where(near, series, _sinc_by_parts(np.where(near, 1, wide), n))
    return out.astype(spec_of(x).dtype)[()]


elementwise(sinc_derivative, x=lambda x, n: sinc_derivative(x, n + 1))


def _sinc_series(x: Any, n: int) -> Any:
    y = np.pi * x
    total = _horner(_sinc_coefficients(n), y * y)
    return np.pi ** (n + 1) * total * x if n % 2 else np.pi**n * total


@functools.cache
def _sinc_coefficients(n: int) -> tuple[float, ...]:
    powers = range(n + n % 2, n + n % 2 + 36 + 2 * n, 2)
    return tuple((-1) ** (m // 2) / (math.factorial(m - n) * (m + 1)) for m in powers)


def _sinc_by_parts(x: Any, n: int) -> Any:
    sine, cosine = _sine_and_cosine(x)
    turning = (sine, cosine, -sine, -cosine)
    out = sine / (np.pi * x)
    for k in range(1, n + 1):
        out = (np.pi ** (k - 1) * turning[k % 4] - k * out) / x
    return out


def _sine_and_cosine(x: Any) -> tuple[Any, Any]:
    """Return the sine and cosine of ``pi * x``, of a real ``x`` without an error in the angle."""
    if is_complex(x):
        return np.sin(np.pi * x), np.cos(np.pi * x)
    quarters = np.rint(2 * np.fmod(x, 2))
    angle = np.pi * (np.fmod(x, 2) - quarters / 2)
    sine, cosine = np.sin(angle), np.cos(angle)
    turn = quarters % 4
    turned = [(sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine)]
    return (
        np.choose(_index(turn), [pair[0] for pair in turned]),
        np.choose(_index(turn), [pair[1] for pair in turned]),
    )


def _index(turn: Any) -> Any:
    """Return quarters of a turn as an index, 0 for NaN, whose sine is NaN in any quarter."""
    return np.where(np.isnan(turn), 0, turn).astype(int)
