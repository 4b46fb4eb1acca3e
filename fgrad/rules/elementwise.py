"""Derivatives of NumPy's elementwise functions.

Accuracy is part of a rule: each partial is right to a few units in the last place on the whole domain,
and so is its own derivative.  Where the textbook formula cancels or overflows, the partial is a function
of its own, from :mod:`fgrad.rules.slopes`, whose derivative is stated there.

At kinks there is a choice: zero for ``absolute`` at 0, an equal share for ties of ``maximum``.  A branch
that was not taken sends a cotangent of zero, and zero stays zero where a slope is infinite or NaN.  Complex
arguments follow the convention that a cotangent pairs with a tangent as ``Re(g * t)``, so no rule of a
holomorphic function conjugates anything.
"""

from __future__ import annotations

import numpy as np

from fgrad.kinds import constant, elementwise, series
from fgrad.numpy.answering.operators import operator_primitives
from fgrad.numpy.elements.parts import FRACTION
from fgrad.numpy.elements.predicates import ANSWERS
from fgrad.rules import slopes
from fgrad.rules.slopes import guarded, quotient

LN2 = float(np.log(2.0))
LOG2E = 1 / LN2
LOG10E = float(1 / np.log(10.0))

# arithmetic

elementwise(np.positive, x=1)
elementwise(np.negative, x=-1)
elementwise(np.add, x=1, y=1)
elementwise(np.subtract, x=1, y=-1)
elementwise(np.multiply, series.product, x="y", y="x")
elementwise(
    np.divide,
    series.quotient,
    x=lambda g, y: quotient(g, y),
    y=lambda g, ans, y: -quotient(guarded(g, ans), y),
)
elementwise(np.reciprocal, x=lambda g, ans: -guarded(guarded(g, ans), ans))
elementwise(np.remainder, x=1, y=lambda x, y: -slopes.floored_quotient(x, y))
elementwise(np.fmod, x=1, y=lambda x, y: -slopes.truncated_quotient(x, y))
elementwise(np.square, series.square, x=lambda x: 2 * x)
elementwise(np.sqrt, series.square_root, x=lambda g, ans: quotient(g, 2 * ans))
elementwise(np.cbrt, x=lambda g, ans: quotient(quotient(g, ans), 3 * ans))
elementwise(np.power, series.power, x=slopes.pull_power_base, y=slopes.pull_power_exponent)
elementwise(np.float_power, series.power, x=slopes.pull_power_base, y=slopes.pull_power_exponent)

# exponentials and logarithms

elementwise(np.exp, series.exponential, x="ans")
elementwise(np.exp2, x=lambda g, ans: guarded(g * LN2, ans))
elementwise(np.expm1, x=lambda g, x: guarded(g, np.exp(x)))
elementwise(np.log, series.logarithm, x=lambda g, x: quotient(g, x))
elementwise(np.log2, x=lambda g, x: quotient(g * LOG2E, x))
elementwise(np.log10, x=lambda g, x: quotient(g * LOG10E, x))
elementwise(np.log1p, x=lambda g, x: quotient(g, 1 + x))
elementwise(np.logaddexp, x=lambda x, y: slopes.share(x, y), y=lambda x, y: slopes.share(y, x))
elementwise(np.logaddexp2, x=lambda x, y: slopes.share2(x, y), y=lambda x, y: slopes.share2(y, x))

# trigonometric and hyperbolic functions

elementwise(np.sin, series.sine, x=lambda x: np.cos(x))
elementwise(np.cos, series.cosine, x=lambda x: -np.sin(x))
elementwise(np.tan, x=lambda ans: 1 + ans * ans)
elementwise(np.arcsin, x=lambda g, x: guarded(g, slopes.arcsin_slope(x)))
elementwise(np.arccos, x=lambda g, x: -guarded(g, slopes.arcsin_slope(x)))
elementwise(np.arctan, x=lambda x: slopes.arctan_slope(x))
elementwise(np.arctan2, x=lambda x, y: slopes.over_square(y, x), y=lambda x, y: -slopes.over_square(x, y))
elementwise(np.sinh, x=lambda g, x: guarded(g, np.cosh(x)))
elementwise(np.cosh, x=lambda g, x: guarded(g, np.sinh(x)))
elementwise(np.tanh, x=lambda x: slopes.tanh_slope(x))
elementwise(np.arcsinh, x=lambda x: slopes.arcsinh_slope(x))
elementwise(np.arccosh, x=lambda g, x: guarded(g, slopes.arccosh_slope(x)))
elementwise(np.arctanh, x=lambda g, x: guarded(g, slopes.arctanh_slope(x)))
elementwise(np.hypot, x=lambda x, y: slopes.over_radius(x, y), y=lambda x, y: slopes.over_radius(y, x))
elementwise(np.deg2rad, x=np.pi / 180)
elementwise(np.radians, x=np.pi / 180)
elementwise(np.rad2deg, x=180 / np.pi)
elementwise(np.degrees, x=180 / np.pi)

# signs, parts and comparisons

elementwise(np.absolute, x=lambda x, ans: slopes.phase(x, ans))
elementwise(np.fabs, x=lambda x: np.sign(x))
elementwise(np.conjugate, x=lambda g: np.conjugate(g))
elementwise(np.real, x=1)
elementwise(np.imag, x=-1j)
elementwise(FRACTION, x=1)
elementwise(np.copysign, x=lambda x, y: np.sign(x) * np.copysign(np.abs(np.sign(x)), y))
elementwise(np.ldexp, x=lambda g, y: np.ldexp(g, y))
elementwise(np.nextafter, x=1)
elementwise(np.heaviside, y=lambda g, x: np.where(x == 0, g, 0))
elementwise(
    np.maximum,
    x=lambda g, x, y: slopes.pull_winner(g, x > y, x == y),
    y=lambda g, x, y: slopes.pull_winner(g, y > x, x == y),
)
elementwise(
    np.minimum,
    x=lambda g, x, y: slopes.pull_winner(g, x < y, x == y),
    y=lambda g, x, y: slopes.pull_winner(g, y < x, x == y),
)
elementwise(
    np.fmax,
    x=lambda g, x, y: slopes.pull_winner(g, (x > y) | np.isnan(y), x == y),
    y=lambda g, x, y: slopes.pull_winner(g, (y > x) | np.isnan(x), x == y),
)
elementwise(
    np.fmin,
    x=lambda g, x, y: slopes.pull_winner(g, (x < y) | np.isnan(y), x == y),
    y=lambda g, x, y: slopes.pull_winner(g, (y < x) | np.isnan(x), x == y),
)
elementwise(
    np.where,
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
)

constant(
    *(np.ceil, np.floor, np.rint, np.trunc, np.sign, np.signbit, np.spacing, np.floor_divide),
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.isfinite, np.isinf, np.isnan, np.isnat),
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift),
    *(np.gcd, np.lcm, np.bitwise_count),
    *ANSWERS,
)

for _operator, _ufunc in operator_primitives():
    _operator.rule = _ufunc.rule
