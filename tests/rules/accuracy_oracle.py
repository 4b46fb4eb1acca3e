"""The exact derivatives, in mpmath at 240 bits.

The formulas are written for arithmetic with digits to spare, and so are not those of fgrad, which
must avoid cancellation.  That they are derivatives of the function beside them is tested by mpmath's
own numerical differentiation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

from tests.rules.accuracy_points import HUGE, line, plane, powers

PRECISION = 240
mp = mpmath.mp.clone()
mp.prec = PRECISION
LN2, LN10 = mp.log(2), mp.log(10)
DEGREE = mp.pi / 180


@dataclass(frozen=True)
class Curve:
    """A function of one argument: itself, its derivatives, and the points to look at."""

    function: Callable[..., Any]
    first: Callable[..., Any]
    second: Callable[..., Any]
    centres: tuple[float, ...] = ()
    low: float = -HUGE
    high: float = HUGE
    pole_at_zero: bool = False

    def points(self, name):
        x = line(name, *self.centres)
        return (x[(x >= self.low) & (x <= self.high) & ~((x == 0) & self.pole_at_zero)],)


@dataclass(frozen=True)
class Surface:
    """A function of two arguments: itself, and its partial derivatives of first and second order."""

    function: Callable[..., Any]
    x: Callable[..., Any]
    y: Callable[..., Any]
    xx: Callable[..., Any]
    xy: Callable[..., Any]
    yy: Callable[..., Any]
    points: Callable[..., Any] = plane


def zero(*args):
    return mpf(0)


def one(*args):
    return mpf(1)


def minus_one(*args):
    return mpf(-1)


def sign(x):
    return mp.sign(x)


def sech(x):
    """Return 2 / (exp(x) + exp(-x)), which has no cancellation."""
    return 1 / mp.cosh(x)


def sincpi(x, order):
    """Return a derivative of sin(pi * x) / (pi * x), by its power series for a moderate argument."""
    y = mp.pi * x
    terms = range(order + order % 2, 240, 2)
    return mp.pi**order * mp.fsum(
        (-1) ** (m // 2) * y ** (m - order) / (mp.factorial(m - order) * (m + 1)) for m in terms
    )


def turned(angle):
    return Curve(lambda x: x * angle, lambda x: angle, zero)


OVERFLOW = 709.782712893384  # exp is finite up to here
OVERFLOW_2 = 710.4758600739439  # sinh and cosh

CURVES = {
    "positive": Curve(lambda x: x, one, zero),
    "negative": Curve(lambda x: -x, minus_one, zero),
    "absolute": Curve(abs, sign, zero),
    "fabs": Curve(abs, sign, zero),
    "real": Curve(lambda x: x, one, zero),
    "imag": Curve(zero, zero, zero),
    "conjugate": Curve(lambda x: x, one, zero),
    "square": Curve(lambda x: x * x, lambda x: 2 * x, lambda x: mpf(2), low=-1.3e154, high=1.3e154),
    "reciprocal": Curve(lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3, pole_at_zero=True),
    "sqrt": Curve(
        mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), lambda x: -1 / (4 * x * mp.sqrt(x)), (1.0,), low=5e-324
    ),
    "cbrt": Curve(
        lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2),
        lambda x: -2 / (9 * x * mp.cbrt(abs(x)) ** 2),
        pole_at_zero=True,
    ),
    "exp": Curve(mp.exp, mp.exp, mp.exp, (-745.0, -708.0, 709.7), high=OVERFLOW),
    "exp2": Curve(
        lambda x: 2**x,
        lambda x: LN2 * 2**x,
        lambda x: LN2**2 * 2**x,
        (-1074.0, -1022.0, 1023.9),
        high=np.nextafter(1024.0, 0),
    ),
    "expm1": Curve(mp.expm1, mp.exp, mp.exp, (-745.0, -37.0, 709.7), high=OVERFLOW),
    "log": Curve(mp.log, lambda x: 1 / x, lambda x: -1 / x**2, (1.0,), low=5e-324),
    "log2": Curve(
        lambda x: mp.log(x) / LN2, lambda x: 1 / (x * LN2), lambda x: -1 / (x**2 * LN2), (1.0,), low=5e-324
    ),
    "log10": Curve(
        lambda x: mp.log(x) / LN10, lambda x: 1 / (x * LN10), lambda x: -1 / (x**2 * LN10), (1.0,), low=5e-324
    ),
    "log1p": Curve(
        mp.log1p,
        lambda x: 1 / (1 + x),
        lambda x: -1 / (1 + x) ** 2,
        (-1.0,),
        low=np.nextafter(-1.0, 0),
    ),
    "sin": Curve(mp.sin, mp.cos, lambda x: -mp.sin(x), tuple(np.arange(-4, 9) * (np.pi / 2))),
    "cos": Curve(mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x), tuple(np.arange(-4, 9) * (np.pi / 2))),
    "tan": Curve(
        mp.tan,
        lambda x: 1 / mp.cos(x) ** 2,
        lambda x: 2 * mp.sin(x) / mp.cos(x) ** 3,
        tuple(np.arange(-4, 9) * (np.pi / 2)),
    ),
    "arcsin": Curve(
        mp.asin,
        lambda x: 1 / mp.sqrt(1 - x**2),
        lambda x: x / mp.sqrt(1 - x**2) ** 3,
        (1.0, -1.0),
        low=np.nextafter(-1.0, 0),
        high=np.nextafter(1.0, 0),
    ),
    "arccos": Curve(
        mp.acos,
        lambda x: -1 / mp.sqrt(1 - x**2),
        lambda x: -x / mp.sqrt(1 - x**2) ** 3,
        (1.0, -1.0),
        low=np.nextafter(-1.0, 0),
        high=np.nextafter(1.0, 0),
    ),
    "arctan": Curve(mp.atan, lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2, (1.0, 1e154)),
    "sinh": Curve(mp.sinh, mp.cosh, mp.sinh, (OVERFLOW, 710.4), low=-OVERFLOW_2, high=OVERFLOW_2),
    "cosh": Curve(mp.cosh, mp.sinh, mp.cosh, (OVERFLOW, 710.4), low=-OVERFLOW_2, high=OVERFLOW_2),
    "tanh": Curve(
        mp.tanh,
        lambda x: sech(x) ** 2,
        lambda x: -2 * mp.sinh(x) * sech(x) ** 3,
        (20.0, -20.0, 354.0, -360.0, 372.0, 373.0),
    ),
    "arcsinh": Curve(
        mp.asinh, lambda x: 1 / mp.sqrt(1 + x**2), lambda x: -x / mp.sqrt(1 + x**2) ** 3, (1.0, 1e154)
    ),
    "arccosh": Curve(
        mp.acosh,
        lambda x: 1 / mp.sqrt(x**2 - 1),
        lambda x: -x / mp.sqrt(x**2 - 1) ** 3,
        (1.0, 1e154),
        low=np.nextafter(1.0, 2),
    ),
    "arctanh": Curve(
        mp.atanh,
        lambda x: 1 / (1 - x**2),
        lambda x: 2 * x / (1 - x**2) ** 2,
        (1.0, -1.0),
        low=np.nextafter(-1.0, 0),
        high=np.nextafter(1.0, 0),
    ),
    "i0": Curve(
        lambda x: mp.besseli(0, x),
        lambda x: mp.besseli(1, x),
        lambda x: (mp.besseli(0, x) + mp.besseli(2, x)) / 2,
        (1.0, 25.0, 700.0),
        low=-OVERFLOW,
        high=OVERFLOW,
    ),
    # beyond one half, where the derivatives have zeros, there is a test of its own
    "sinc": Curve(mp.sincpi, lambda x: sincpi(x, 1), lambda x: sincpi(x, 2), (0.5, -0.5), low=-0.5, high=0.5),
    "deg2rad": turned(DEGREE),
    "radians": turned(DEGREE),
    "rad2deg": turned(1 / DEGREE),
    "degrees": turned(1 / DEGREE),
}


def radius(x, y):
    return mp.sqrt(x**2 + y**2)


def chosen(function, better):
    """Return a choice between two arguments; half to each at a tie."""

    def share_x(x, y):
        return mpf(0.5) if x == y else mpf(bool(better(x, y)))

    return Surface(function, share_x, lambda x, y: 1 - share_x(x, y), zero, zero, zero)


def softmax(base):
    """Return log(base**x + base**y) to that base."""
    rate = mp.log(base)

    def share(x, y):
        return 1 / (1 + mp.exp(rate * (y - x)))

    def both(x, y):
        return rate * share(x, y) * share(y, x)

    return Surface(
        lambda x, y: x + mp.log1p(mp.exp(rate * (y - x))) / rate,
        share,
        lambda x, y: share(y, x),
        both,
        lambda x, y: -both(x, y),
        both,
    )


def power(points):
    return Surface(
        lambda x, y: x**y,
        lambda x, y: y * x ** (y - 1),
        lambda x, y: x**y * mp.log(x),
        lambda x, y: y * (y - 1) * x ** (y - 2),
        lambda x, y: x ** (y - 1) * (1 + y * mp.log(x)),
        lambda x, y: x**y * mp.log(x) ** 2,
        points,
    )


SURFACES = {
    "add": Surface(lambda x, y: x + y, one, one, zero, zero, zero),
    "subtract": Surface(lambda x, y: x - y, one, minus_one, zero, zero, zero),
    "multiply": Surface(lambda x, y: x * y, lambda x, y: y, lambda x, y: x, zero, one, zero),
    "divide": Surface(
        lambda x, y: x / y,
        lambda x, y: 1 / y,
        lambda x, y: -x / y**2,
        zero,
        lambda x, y: -1 / y**2,
        lambda x, y: 2 * x / y**3,
    ),
    "remainder": Surface(
        lambda x, y: x - y * mp.floor(x / y), one, lambda x, y: -mp.floor(x / y), zero, zero, zero
    ),
    "fmod": Surface(
        lambda x, y: x - y * truncated(x / y), one, lambda x, y: -truncated(x / y), zero, zero, zero
    ),
    "power": power(powers),
    "float_power": power(powers),
    "logaddexp": softmax(mp.e),
    "logaddexp2": softmax(mpf(2)),
    "arctan2": Surface(
        mp.atan2,
        lambda x, y: y / (x**2 + y**2),
        lambda x, y: -x / (x**2 + y**2),
        lambda x, y: -2 * x * y / (x**2 + y**2) ** 2,
        lambda x, y: (x**2 - y**2) / (x**2 + y**2) ** 2,
        lambda x, y: 2 * x * y / (x**2 + y**2) ** 2,
    ),
    "hypot": Surface(
        radius,
        lambda x, y: x / radius(x, y),
        lambda x, y: y / radius(x, y),
        lambda x, y: y**2 / radius(x, y) ** 3,
        lambda x, y: -x * y / radius(x, y) ** 3,
        lambda x, y: x**2 / radius(x, y) ** 3,
    ),
    "copysign": Surface(
        lambda x, y: abs(x) * mp.sign(y), lambda x, y: mp.sign(x) * mp.sign(y), zero, zero, zero, zero
    ),
    "heaviside": Surface(lambda x, y: (1 + mp.sign(x)) / 2, zero, zero, zero, zero, zero),
    "nextafter": Surface(lambda x, y: x, one, zero, zero, zero, zero),
    "maximum": chosen(max, lambda x, y: x > y),
    "minimum": chosen(min, lambda x, y: x < y),
    "fmax": chosen(max, lambda x, y: x > y),
    "fmin": chosen(min, lambda x, y: x < y),
}


def truncated(x):
    return mp.sign(x) * mp.floor(abs(x))
