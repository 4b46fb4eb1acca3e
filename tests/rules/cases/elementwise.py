"""Cases of the elementwise functions, of their operators, and of the parts of numbers."""

import inspect
import operator

import fgrad.numpy as np
from tests.rules.cases.case import (
    apart,
    away,
    between,
    complex_case,
    normal,
    number,
    only_complex_case,
    real_case,
    real_normal,
)

POSITIVE = between(0.5, 2.0)
INSIDE = between(-0.8, 0.8)
ORDINARY = between(-1.5, 1.5)

#: Functions of one argument that take complex numbers too, each with its domain and a number in it.
UNARY = [
    (np.absolute, away, -0.7),
    (np.arccos, INSIDE, 0.3),
    (np.arccosh, between(1.5, 3.0), 2.0),
    (np.arcsin, INSIDE, 0.3),
    (np.arcsinh, ORDINARY, 0.7),
    (np.arctan, INSIDE, 0.7),
    (np.arctanh, INSIDE, 0.3),
    (np.conjugate, ORDINARY, 0.7),
    (np.cos, ORDINARY, 0.7),
    (np.cosh, ORDINARY, 0.7),
    (np.exp, ORDINARY, 0.7),
    (np.exp2, ORDINARY, 0.7),
    (np.expm1, ORDINARY, 0.7),
    (np.log, POSITIVE, 0.7),
    (np.log10, POSITIVE, 0.7),
    (np.log1p, between(-0.5, 1.0), 0.7),
    (np.log2, POSITIVE, 0.7),
    (np.negative, ORDINARY, 0.7),
    (np.positive, ORDINARY, 0.7),
    (np.reciprocal, away, 0.7),
    (np.sin, ORDINARY, 0.7),
    (np.sinh, ORDINARY, 0.7),
    (np.sqrt, POSITIVE, 0.7),
    (np.square, ORDINARY, 0.7),
    (np.tan, between(-1.1, 1.1), 0.7),
    (np.tanh, between(-1.1, 1.1), 0.7),
    (np.real, ORDINARY, 0.7),
    (np.imag, ORDINARY, 0.7),
    (operator.neg, ORDINARY, 0.7),
    (operator.pos, ORDINARY, 0.7),
    (operator.abs, away, -0.7),
]

UNARY_REAL = [
    (np.cbrt, away, -0.7),
    (np.deg2rad, ORDINARY, 0.7),
    (np.degrees, ORDINARY, 0.7),
    (np.fabs, away, -0.7),
    (np.rad2deg, ORDINARY, 0.7),
    (np.radians, ORDINARY, 0.7),
    (np.modf, between(1.2, 1.8), -2.3),
    (np.frexp, between(1.2, 1.8), -2.3),
]

#: Functions of two arguments that take complex numbers too, with the domains and a number for each.
BINARY = [
    (np.add, normal, normal, 0.7, -1.3),
    (np.divide, normal, away, 0.7, -1.3),
    (np.float_power, POSITIVE, ORDINARY, 0.7, 1.3),
    (np.multiply, normal, normal, 0.7, -1.3),
    (np.power, POSITIVE, ORDINARY, 0.7, 1.3),
    (np.subtract, normal, normal, 0.7, -1.3),
    (operator.add, normal, normal, 0.7, -1.3),
    (operator.sub, normal, normal, 0.7, -1.3),
    (operator.mul, normal, normal, 0.7, -1.3),
    (operator.truediv, normal, away, 0.7, -1.3),
    (operator.pow, POSITIVE, ORDINARY, 0.7, 1.3),
]

#: The remainders are smooth where the quotient is not near an integer.
_DIVIDEND, _DIVISOR = between(2.3, 2.7), between(-1.05, -0.95)

BINARY_REAL = [
    (np.arctan2, away, away, 0.7, -1.3),
    (np.copysign, away, away, 0.7, -1.3),
    (np.fmax, between(0.5, 1.5), between(1.6, 2.0), 1.0, 1.55),
    (np.fmin, between(0.5, 1.5), between(1.6, 2.0), 1.0, 1.55),
    (np.fmod, _DIVIDEND, _DIVISOR, 2.5, 1.0),
    (np.hypot, away, away, 0.7, -1.3),
    (np.logaddexp, normal, normal, 0.7, -1.3),
    (np.logaddexp2, normal, normal, 0.7, -1.3),
    (np.maximum, between(0.5, 1.5), between(1.6, 2.0), 1.0, 1.55),
    (np.minimum, between(0.5, 1.5), between(1.6, 2.0), 1.0, 1.55),
    (np.nextafter, between(0.5, 1.5), between(1.6, 2.0), 1.0, 1.55),
    (np.remainder, _DIVIDEND, _DIVISOR, 2.5, 1.0),
    (np.divmod, _DIVIDEND, _DIVISOR, 2.5, 1.0),
    (operator.mod, _DIVIDEND, _DIVISOR, 2.5, 1.0),
]


def _unary(make, function, domain, value):
    return [make(function, domain(2, 3)), make(function, domain()), make(function, number(value))]


def _binary(make, function, first, second, x, y):
    """Return the ways to broadcast: equal, a stretched axis, a missing axis, scalars, Python numbers."""
    return [
        make(function, first(2, 3), second(2, 3)),
        make(function, first(2, 1), second(1, 3)),
        make(function, first(3), second(2, 3)),
        make(function, first(2, 3), second(3)),
        make(function, first(), second(3)),
        make(function, first(3), second()),
        make(function, first(), second()),
        make(function, first(3), number(y)),
        make(function, number(x), second(3)),
        make(function, number(x), number(y)),
        make(function, first(3), y),
        make(function, x, second(3)),
    ]


CASES = [
    *(case for entry in UNARY for case in _unary(complex_case, *entry)),
    *(case for entry in UNARY_REAL for case in _unary(real_case, *entry)),
    *(case for entry in BINARY for case in _binary(complex_case, *entry)),
    *(case for entry in BINARY_REAL for case in _binary(real_case, *entry)),
    # powers with constant exponents, of negative numbers too
    *(complex_case(operator.pow, away(3), power) for power in (0, 1, 2, 3, -1, -2, 2.0, 3.0)),
    *(complex_case(np.power, away(3), power) for power in (1, 2, 3, 2.0)),
    *(complex_case(operator.pow, POSITIVE(3), power) for power in (0.5, 1.5, -0.5)),
    complex_case(np.power, away(3), np.array([0, 2, 3])),
    complex_case(np.power, away(3), np.array([1.0, 2.0, -1.0])),
    # the same value on both sides
    complex_case(lambda x: x * x, normal(3), label="x * x"),
    complex_case(lambda x: x + x, normal(3), label="x + x"),
    complex_case(lambda x: x / x, away(3), label="x / x"),
    complex_case(lambda x: x**x, POSITIVE(3), label="x ** x"),
    # a real argument beside a complex one
    complex_case(np.add, real_normal(3), normal(2, 3)),
    complex_case(np.multiply, real_normal(2, 3), normal(3)),
    complex_case(np.subtract, normal(3), real_normal(2, 3)),
    complex_case(operator.truediv, real_normal(3), away(2, 3)),
    # what has a constant for one of its arguments
    real_case(np.ldexp, normal(3), np.array([-1, 0, 2])),
    real_case(np.ldexp, normal(), 2),
    real_case(np.heaviside, np.array([-1.0, 0.0, 1.0]), normal(3)),
    real_case(np.heaviside, 0.0, normal(2, 3)),
    real_case(np.copysign, away(3), np.array([1.0, -1.0, -0.0])),
    # numbers and their parts
    complex_case(np.angle, POSITIVE(2, 3)),
    complex_case(np.angle, POSITIVE(), deg=True),
    complex_case(np.real_if_close, away(2, 3)),
    complex_case(np.real_if_close, away(), tol=0.5),
    only_complex_case(
        lambda z: np.real_if_close(z - 1j * z.imag), away(3), label="real_if_close of real numbers"
    ),
    only_complex_case(np.sign, away(2, 3)),
    only_complex_case(np.sign, away()),
    # selection
    complex_case(np.where, np.array([True, False, True]), normal(2, 3), normal(3)),
    complex_case(np.where, np.array([[True], [False]]), normal(3), normal()),
    complex_case(np.where, True, normal(3), normal(2, 1)),
    complex_case(np.where, np.array([True, False]), normal(2), 1.0),
    complex_case(np.where, np.array([True, False]), 1.0, normal(2)),
    complex_case(lambda x: np.where(x.real > 0, x * x, 3 * x), away(2, 3), label="where x > 0"),
    real_case(np.clip, apart(2, 3), -0.5, 0.5),
    real_case(np.clip, between(-0.5, 0.5)(2, 3), POSITIVE(3), 10.0),
    real_case(np.clip, apart(2, 3), None, 0.5),
    real_case(np.clip, between(-0.3, 0.3)(3), between(-1.0, -0.5)(2, 1), between(0.5, 1.0)(3)),
    real_case(
        np.clip,
        between(2.0, 3.0)(3),
        between(-1.0, -0.5)(2, 1),
        between(0.5, 1.0)(3),
        label="clip from above",
    ),
]

#: Keywords that not every NumPy that fgrad works with has.
if "min" in inspect.signature(np.clip).parameters:
    CASES += [
        real_case(np.clip, apart(2, 3), min=-0.55),
        real_case(np.clip, INSIDE(2, 3), min=-1.0, max=between(1.0, 2.0)(3)),
    ]
