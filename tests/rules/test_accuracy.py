"""Each elementwise derivative is right to 8 units in the last place, each second one to 64.

The whole domain is meant: all magnitudes, the tails, what lies next to poles, to zeros and to overflow.
The reference is :mod:`tests.rules.accuracy_oracle`.  A primitive without a case here fails by name.
"""

import mpmath
import numpy as onp
import pytest

import fgrad.numpy as np
from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.elementwise import Elementwise
from tests.rules.accuracy_oracle import CURVES, SURFACES, mp
from tests.rules.accuracy_points import negative_bases
from tests.rules.accuracy_units import exactly, mpf_of, ulps
from tests.rules.accuracy_ways import (
    BINARY,
    FIRST,
    SECOND,
    UNARY,
    check,
    exact_of,
    finite_at,
    forward,
    forward_over_reverse,
    points_of,
    reverse,
    reverse_over_reverse,
    scalar,
    scalar_twice,
    where_finite,
)

#: What has tests of its own below: an argument of whole numbers, a condition, and several results.
SEPARATE = {"ldexp", "where", "modf"}

#: The primitives that only occur in the derivatives of others, and one whose case goes through each.
INNER = {
    "quotient": "log",
    "guarded": "exp",
    "zero_product": "exp",
    "arcsin_slope": "arcsin",
    "arctan_slope": "arctan",
    "arcsinh_slope": "arcsinh",
    "arccosh_slope": "arccosh",
    "arctanh_slope": "arctanh",
    "tanh_slope": "tanh",
    "share": "logaddexp",
    "share2": "logaddexp2",
    "over_radius": "hypot",
    "over_square": "arctan2",
    "over_square_a": "arctan2",
    "over_square_b": "arctan2",
    "power_slope": "power",
    "power_log": "power",
    "power_curve": "power",
    "power_mixed": "power",
    "power_log_log": "power",
    "bessel_i": "i0",
    "sinc_derivative": "sinc",
}


def test_every_elementwise_primitive_has_an_accuracy_case():
    names = {
        primitive.name
        for function, primitive in PRIMITIVES.items()
        if type(primitive.rule) is Elementwise
        and not getattr(function, "__module__", "").startswith("tests.")
    }
    assert names - set(UNARY) - set(BINARY) - SEPARATE - set(INNER) == set()
    assert set(INNER) - names == set()
    assert set(INNER.values()) <= set(CURVES) | set(SURFACES)


@pytest.mark.parametrize("way", [reverse, forward, scalar])
@pytest.mark.parametrize("case", UNARY)
def test_the_derivative_is_accurate(case, way):
    function, name = UNARY[case]
    exact = exact_of(name, "first")
    check(lambda args: way(function, 0, args), points_of(name), exact, FIRST, finite_at(name, "first"))


@pytest.mark.parametrize("way", [reverse_over_reverse, forward_over_reverse, scalar_twice])
@pytest.mark.parametrize("case", UNARY)
def test_the_second_derivative_is_accurate(case, way):
    function, name = UNARY[case]
    exact = exact_of(name, "second")
    finite = finite_at(name, "first", "second")
    check(lambda args: way(function, 0, 0, args), points_of(name), exact, SECOND, finite)


@pytest.mark.parametrize("way", [reverse, forward, scalar])
@pytest.mark.parametrize("argnum", [0, 1])
@pytest.mark.parametrize("case", BINARY)
def test_the_partial_derivatives_are_accurate(case, argnum, way):
    function, name = BINARY[case]
    exact = exact_of(name, "xy"[argnum])
    finite = finite_at(name, "xy"[argnum])
    check(lambda args: way(function, argnum, args), points_of(name), exact, FIRST, finite)


@pytest.mark.parametrize("way", [reverse_over_reverse, forward_over_reverse, scalar_twice])
@pytest.mark.parametrize(("i", "j"), [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("case", BINARY)
def test_the_second_partial_derivatives_are_accurate(case, i, j, way):
    function, name = BINARY[case]
    part = "".join(sorted("xy"[i] + "xy"[j]))
    exact = exact_of(name, part)
    finite = finite_at(name, "xy"[i], "xy"[j], part)
    check(lambda args: way(function, i, j, args), points_of(name), exact, SECOND, finite)


# powers with a constant exponent and powers of negative numbers


def slope_of_power(x, y):
    return y * x ** int(y - 1) if y == int(y) else y * x ** (y - 1)


def curvature_of_power(x, y):
    return y * (y - 1) * (x ** int(y - 2) if y == int(y) else x ** (y - 2))


@pytest.mark.parametrize(
    "exponent", [-2, -1, -0.5, 0, 1 / 3, 0.5, 1, 1.5, 2, 2.5, 3, 4, 7, 8.0, 9, 31.5, 1000]
)
def test_powers_with_a_constant_exponent_are_accurate(exponent):
    x = CURVES["log"].points("constant exponents")[0]
    if exponent == int(exponent):
        x = onp.concatenate([x, -x])
    (x,) = where_finite(lambda x: x ** float(exponent), [x])
    y = onp.full_like(x, exponent)
    first, second = exactly(slope_of_power, x, y), exactly(curvature_of_power, x, y)

    def function(x):
        return x**exponent

    for way in (reverse, forward, scalar):
        check(lambda args: way(function, 0, args), (x,), first, FIRST, onp.isfinite(first))
    finite = onp.isfinite(first) & onp.isfinite(second)
    for way in (reverse_over_reverse, forward_over_reverse, scalar_twice):
        check(lambda args: way(function, 0, 0, args), (x,), second, SECOND, finite)


def test_powers_of_negative_numbers_are_accurate():
    args = where_finite(onp.power, negative_bases("negative bases"))
    first, second = exactly(slope_of_power, *args), exactly(curvature_of_power, *args)
    for way in (reverse, forward, scalar):
        check(lambda args: way(np.power, 0, args), args, first, FIRST, onp.isfinite(first))
    finite = onp.isfinite(first) & onp.isfinite(second)
    for way in (reverse_over_reverse, forward_over_reverse, scalar_twice):
        check(lambda args: way(np.power, 0, 0, args), args, second, SECOND, finite)


# the primitives with an argument that is not a real number, or with two results


def test_ldexp_is_linear_in_its_first_argument():
    exponents = onp.arange(-1074, 1024, 13)
    x = onp.random.default_rng(1).uniform(-1, 1, exponents.size)
    exact = onp.ldexp(1.0, exponents)
    for derivative in (reverse(np.ldexp, 0, (x, exponents)), forward(np.ldexp, 0, (x, exponents))):
        onp.testing.assert_array_equal(derivative, exact)
    onp.testing.assert_array_equal(reverse_over_reverse(np.ldexp, 0, 0, (x, exponents)), 0)


def test_where_passes_each_branch_its_own():
    condition = onp.array([True, False, True])
    x, y = onp.array([1.0, onp.nan, onp.inf]), onp.array([onp.nan, 1.0, -1.0])
    onp.testing.assert_array_equal(reverse(np.where, 1, (condition, x, y)), [1, 0, 1])
    onp.testing.assert_array_equal(reverse(np.where, 2, (condition, x, y)), [0, 1, 0])
    onp.testing.assert_array_equal(forward(np.where, 1, (condition, x, y)), [1, 0, 1])
    onp.testing.assert_array_equal(reverse_over_reverse(np.where, 1, 1, (condition, x, y)), 0)


def test_the_fraction_moves_with_the_number():
    x = onp.array([-2.5, -2.0, -0.0, 5e-324, 1e-300, 3.0, 1e300])
    onp.testing.assert_array_equal(reverse(lambda x: np.modf(x)[0], 0, (x,)), 1)
    onp.testing.assert_array_equal(forward(lambda x: np.modf(x)[0], 0, (x,)), 1)


# the reference itself


def interior(name):
    """Return a few ordinary points of a case, away from kinks and steps."""
    random = onp.random.default_rng(7)
    if name in SURFACES:
        return zip(random.uniform(0.5, 3, 5), random.uniform(0.5, 3, 5), strict=True)
    case = CURVES[name]
    low, high = max(case.low, -2.0), min(case.high, 3.0)
    return zip(low + (high - low) * random.uniform(0.05, 0.95, 5), strict=True)


@pytest.mark.parametrize("name", [*CURVES, *SURFACES])
def test_the_reference_agrees_with_numerical_differentiation(name):
    case = CURVES.get(name) or SURFACES[name]
    orders = {"first": (1,), "second": (2,)}
    if name in SURFACES:
        orders = {"x": (1, 0), "y": (0, 1), "xx": (2, 0), "xy": (1, 1), "yy": (0, 2)}
    for point in interior(name):
        point = tuple(map(mpf_of, point))
        for part, order in orders.items():
            numerical = mp.diff(case.function, point, order)
            assert mpmath.almosteq(getattr(case, part)(*point), numerical, rel_eps=1e-25, abs_eps=1e-25)


@pytest.mark.parametrize("name", [*CURVES, *SURFACES])
def test_the_reference_is_the_function_itself(name):
    case = CURVES.get(name) or SURFACES[name]
    for point in interior(name):
        onp.testing.assert_allclose(
            float(case.function(*map(mpf_of, point))), getattr(onp, name)(*point), rtol=1e-14, atol=1e-15
        )


def test_units_count_the_numbers_between():
    huge, least = onp.finfo(float).max, 5e-324
    computed = onp.array([1.0, -least, 0.0, huge, onp.nan])
    exact = onp.array([onp.nextafter(1.0, 2), least, -0.0, onp.inf, 1.0])
    onp.testing.assert_array_equal(ulps(computed, exact), [1, 2, 0, 1, onp.inf])
