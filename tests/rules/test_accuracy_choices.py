"""Elementwise derivatives at single points: limits at infinity, poles, choices where there is none.

Nowhere is there a NaN where the function is finite and has a derivative or a subgradient.
"""

import numpy as onp
import pytest

import fgrad.numpy as np
from fgrad import elementwise_grad, grad, hessian, jvp

INF = onp.inf
NAN = onp.nan

#: Functions and points at infinity at which the first and the second derivative tend to 0.
FLAT = [
    ("exp", -INF),
    ("exp2", -INF),
    ("expm1", -INF),
    *((name, INF) for name in ("log", "log2", "log10", "log1p", "sqrt", "arccosh")),
    *((name, x) for name in ("cbrt", "reciprocal", "arctan", "arcsinh", "tanh") for x in (INF, -INF)),
]

#: Functions of two arguments, points at infinity, and the limits of both partial derivatives.
LIMITS = [
    ("logaddexp", (INF, 1.0), (1, 0)),
    ("logaddexp", (1.0, -INF), (1, 0)),
    ("logaddexp", (-INF, -2.0), (0, 1)),
    ("logaddexp2", (INF, 1.0), (1, 0)),
    ("logaddexp2", (1.0, -INF), (1, 0)),
    ("arctan2", (INF, 1.0), (0, 0)),
    ("arctan2", (1.0, -INF), (0, 0)),
    ("arctan2", (-INF, INF), (0, 0)),
    ("hypot", (INF, 1.0), (1, 0)),
    ("hypot", (1.0, -INF), (0, -1)),
    ("divide", (3.0, INF), (0, 0)),
    ("remainder", (1.0, INF), (1, 0)),
    ("remainder", (-1.0, INF), (1, 1)),
    ("fmod", (-1.0, INF), (1, 0)),
    ("maximum", (INF, 1.0), (1, 0)),
    ("minimum", (1.0, INF), (1, 0)),
    ("power", (2.0, -INF), (0, 0)),
    ("power", (INF, -1.5), (0, 0)),
]

#: Functions, the point at which the derivative is infinite, and which.
POLES = [
    ("sqrt", 0.0, INF),
    ("cbrt", 0.0, INF),
    ("log", 0.0, INF),
    ("log1p", -1.0, INF),
    ("arcsin", 1.0, INF),
    ("arcsin", -1.0, INF),
    ("arccos", 1.0, -INF),
    ("arctanh", -1.0, INF),
    ("arccosh", 1.0, INF),
]


@pytest.mark.parametrize(("name", "x"), FLAT)
def test_derivatives_vanish_at_infinity(name, x):
    function = getattr(np, name)
    for argument in (x, onp.array([x, x])):
        first = elementwise_grad(function)
        assert onp.all(first(argument) == 0)
        assert onp.all(elementwise_grad(first)(argument) == 0)
        assert onp.all(jvp(first, (argument,), (onp.ones_like(argument),))[1] == 0)


@pytest.mark.parametrize(("name", "args", "limits"), LIMITS)
def test_partial_derivatives_have_their_limits_at_infinity(name, args, limits):
    function = getattr(np, name)
    assert grad(function, (0, 1))(*args) == limits
    arrays = tuple(onp.array([a, a]) for a in args)
    for argnum, limit in enumerate(limits):
        assert elementwise_grad(function, argnum)(*arrays).tolist() == [limit, limit]


@pytest.mark.parametrize("name", ["logaddexp", "arctan2", "hypot", "divide"])
def test_second_partial_derivatives_vanish_at_infinity(name):
    for args in [args for other, args, _ in LIMITS if other == name]:
        for i in (0, 1):
            for j in (0, 1):
                assert grad(grad(getattr(np, name), i), j)(*args) == 0


@pytest.mark.parametrize(("name", "x", "slope"), POLES)
def test_derivatives_are_infinite_at_poles(name, x, slope):
    with onp.errstate(divide="ignore"):
        for argument in (x, onp.array([x])):
            assert onp.all(elementwise_grad(getattr(np, name))(argument) == slope)


#: Branches that are not taken, as functions, and a point at which their own derivative is not finite.
UNUSED = {
    "sqrt at 0": (np.sqrt, 0.0),
    "sqrt of a negative number": (np.sqrt, -1.0),
    "power 0.5 at 0": (lambda x: x**0.5, 0.0),
    "power -1 at 0": (lambda x: np.power(x, -1.0), 0.0),
    "power -0.3 at 0": (lambda x: np.power(x, -0.3), 0.0),
    "power with a traced exponent at 0": (lambda x: np.power(x, x - 1), 0.0),
    "power with a traced exponent of a negative number": (lambda x: np.power(x, x), -1.5),
    "cbrt": (np.cbrt, 0.0),
    "log at 0": (np.log, 0.0),
    "log of a negative number": (np.log, -1.0),
    "log2": (np.log2, 0.0),
    "log10": (np.log10, 0.0),
    "log1p": (np.log1p, -1.0),
    "reciprocal": (np.reciprocal, 0.0),
    "division by zero": (lambda x: np.divide(1.0, x), 0.0),
    "zero by zero": (lambda x: np.divide(x, x), 0.0),
    "arcsin": (np.arcsin, 1.0),
    "arcsin beyond 1": (np.arcsin, 2.0),
    "arccos": (np.arccos, -1.0),
    "arctanh": (np.arctanh, 1.0),
    "arccosh": (np.arccosh, 1.0),
    "arccosh below 1": (np.arccosh, 0.0),
    "exp that overflows": (np.exp, 1000.0),
    "exp2 that overflows": (np.exp2, 2000.0),
    "expm1 that overflows": (np.expm1, 1000.0),
    "sinh that overflows": (np.sinh, 1000.0),
    "cosh that overflows": (np.cosh, -1000.0),
    "logarithm of an exponential that overflows": (lambda x: np.log1p(np.exp(x)), 1000.0),
}


@pytest.mark.parametrize("case", UNUSED)
def test_an_unused_branch_adds_nothing(case):
    branch, x = UNUSED[case]

    def function(x):
        return np.where(np.isnan(x), branch(x), 3.0 * x)

    with onp.errstate(all="ignore"):
        for argument in (x, onp.float64(x), onp.array([x, x]), onp.float32(x)):
            assert onp.all(elementwise_grad(function)(argument) == 3)
            assert onp.all(elementwise_grad(elementwise_grad(function))(argument) == 0)
            assert onp.all(jvp(elementwise_grad(function), (argument,), (onp.ones_like(argument),))[1] == 0)


@pytest.mark.parametrize(
    ("function", "args", "gradient"),
    [
        (np.absolute, (0.0,), (0,)),
        (np.fabs, (0.0,), (0,)),
        (np.copysign, (0.0, -1.0), (0, 0)),
        (np.hypot, (0.0, 0.0), (0, 0)),
        (np.arctan2, (0.0, 0.0), (0, 0)),
        (np.maximum, (2.0, 2.0), (0.5, 0.5)),
        (np.minimum, (2.0, 2.0), (0.5, 0.5)),
        (np.fmax, (0.0, -0.0), (0.5, 0.5)),
        (np.fmin, (2.0, 2.0), (0.5, 0.5)),
        (np.fmax, (NAN, 2.0), (0, 1)),
        (np.fmin, (2.0, NAN), (1, 0)),
        (np.power, (0.0, 0.0), (0, 0)),
        (np.power, (0.0, 1.0), (1, 0)),
        (np.power, (0.0, 2.0), (0, 0)),
        (np.power, (0.0, 2.5), (0, 0)),
        (np.float_power, (0.0, 0.0), (0, 0)),
        (np.heaviside, (0.0, 0.5), (0, 1)),
        (np.heaviside, (1.0, 0.5), (0, 0)),
        (np.nextafter, (1.0, 2.0), (1, 0)),
        (np.remainder, (6.0, 3.0), (1, -2)),
        (np.remainder, (-5.0, 3.0), (1, 2)),
        (np.fmod, (-5.0, 3.0), (1, 1)),
    ],
)
def test_choices_at_kinks_ties_and_zeros(function, args, gradient):
    arrays = tuple(onp.array([a, a]) for a in args)
    for argnum, expected in enumerate(gradient):
        assert grad(function, argnum)(*args) == expected
        assert elementwise_grad(function, argnum)(*arrays).tolist() == [expected, expected]
        tangents = tuple(1.0 * (argnum == i) for i in range(len(args)))
        assert jvp(function, args, tangents)[1] == expected


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.0, 1.0, 2.0, 3.0])
def test_whole_powers_at_zero_have_the_derivatives_of_polynomials(exponent):
    first = {1: 1}.get(int(exponent), 0)
    second = {2: 2}.get(int(exponent), 0)
    for function in (lambda x: x**exponent, lambda x: np.power(x, onp.float64(exponent))):
        for x in (0.0, onp.zeros(3)):
            assert onp.all(elementwise_grad(function)(x) == first)
            assert onp.all(elementwise_grad(elementwise_grad(function))(x) == second)


def test_a_complex_power_at_zero():
    assert elementwise_grad(lambda z: z**2)(0j) == 0
    assert elementwise_grad(np.power)(onp.array([0j, 0j, 0j]), onp.array([0, 1, 2])).tolist() == [0, 1, 0]


def test_the_loser_of_a_maximum_gets_nothing_of_an_infinite_cotangent():
    with onp.errstate(divide="ignore"):
        for zero in (0.0, onp.zeros(2)):
            gradient = elementwise_grad(lambda x, y: np.sqrt(np.maximum(x, y)), 1)
            assert onp.all(gradient(zero, zero - 1) == 0)
            assert onp.all(gradient(zero - 1, zero) == INF)


def test_the_norm_of_nothing_is_flat():
    def norm(x):
        return np.sqrt(np.sum(x * x))

    with onp.errstate(divide="ignore"):
        assert grad(lambda x: np.where(norm(x) > 0, norm(x), 0.0))(onp.zeros(2)).tolist() == [0, 0]


def test_third_derivatives_of_powers_and_angles():
    """The rules of the slopes' own slopes, against derivatives found by hand."""
    x, y = 1.3, 2.6
    log, third = onp.log(x), grad(grad(grad(np.power)))(x, y)
    onp.testing.assert_allclose(third, y * (y - 1) * (y - 2) * x ** (y - 3), rtol=1e-13)
    mixed = hessian(grad(np.power, 1), (0, 1))(x, y)
    by_x = (2 * y - 1 + y * (y - 1) * log) * x ** (y - 2)
    by_xy = x ** (y - 1) * log * (2 + y * log)
    onp.testing.assert_allclose(mixed[0][0], by_x, rtol=1e-13)
    onp.testing.assert_allclose([mixed[0][1], mixed[1][0]], by_xy, rtol=1e-13)
    onp.testing.assert_allclose(mixed[1][1], x**y * log**3, rtol=1e-13)
    angle = hessian(grad(np.arctan2, 0), (0, 1))(y, x)  # of x / (x**2 + y**2), by y and x
    cube = (x * x + y * y) ** 3
    by_yy, by_yx = 2 * x * (3 * y * y - x * x) / cube, 2 * y * (3 * x * x - y * y) / cube
    onp.testing.assert_allclose(angle, [[by_yy, by_yx], [by_yx, -by_yy]], rtol=1e-13)
