"""Taylor mode: accuracy at high orders, hard places, writing into arrays, memory, threads."""

from __future__ import annotations

import gc
import math
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import mpmath
import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, MissingRuleError, jvp
from fgrad.modes.taylor import TaylorTrace
from fgrad.transforms.taylor import jet, taylor
from tests.kinds.test_series import expected_series

# accuracy: every smooth elementwise function at order 10

ONE_ARGUMENT = {
    **dict.fromkeys(
        ["sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log10", "log1p", "sqrt"]
    ),
    "cbrt": mpmath.cbrt,
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "log2": lambda x: mpmath.log(x, 2),
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "arcsinh": mpmath.asinh,
    "arctanh": mpmath.atanh,
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "absolute": lambda x: x,
    "fabs": lambda x: x,
    "deg2rad": mpmath.radians,
    "radians": mpmath.radians,
    "rad2deg": mpmath.degrees,
    "degrees": mpmath.degrees,
    "sinc": lambda x: mpmath.sin(mpmath.pi * x) / (mpmath.pi * x),
    "i0": lambda x: mpmath.besseli(0, x),
}

TWO_ARGUMENTS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "power": lambda x, y: x**y,
    "float_power": lambda x, y: x**y,
    "logaddexp": lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)),
    "logaddexp2": lambda x, y: mpmath.log(2**x + 2**y, 2),
    "hypot": mpmath.hypot,
    "arctan2": mpmath.atan2,
    "maximum": lambda x, y: y,
    "minimum": lambda x, y: x,
    "fmax": lambda x, y: y,
    "fmin": lambda x, y: x,
    "copysign": lambda x, y: x,
    "remainder": lambda x, y: x,
    "fmod": lambda x, y: x,
}


@pytest.mark.parametrize("point", [0.3, 0.7])
@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_order_ten_of_functions_of_one_argument(name, point):
    exact = ONE_ARGUMENT[name] or getattr(mpmath, name)
    found = taylor(getattr(np, name), point, 10)
    np.testing.assert_allclose(found, expected_series(exact, point), rtol=1e-12, atol=1e-16)


def test_order_ten_of_arccosh():
    found = taylor(np.arccosh, 1.7, 10)
    np.testing.assert_allclose(found, expected_series(mpmath.acosh, 1.7), rtol=1e-12)


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
def test_order_ten_of_functions_of_two_arguments(name):
    exact = TWO_ARGUMENTS[name]
    found = taylor(lambda t: getattr(np, name)(t, 1 + t * t / 2), 0.7, 10)
    expected = expected_series(lambda t: exact(t, 1 + t * t / 2), 0.7)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-15)


def test_order_thirty_of_a_composition():
    points = np.linspace(-1, 1, 5)
    found = taylor(lambda x: np.tanh(np.sin(x) * np.exp(x)), points, 30)
    for i, point in enumerate(points):
        exact = expected_series(lambda x: mpmath.tanh(mpmath.sin(x) * mpmath.exp(x)), point, 30)
        scale = np.abs(exact) + 1e-3 * np.max(np.abs(exact))
        assert np.all(np.abs(found[:, i] - exact) <= 1e-11 * scale)


# hard places


def test_the_series_of_sinc_at_zero():
    # sin(y) / y = 1 - y**2 / 3! + y**4 / 5! - ..., for y = pi t
    expected = [0.0 if k % 2 else (-1) ** (k // 2) * np.pi**k / math.factorial(k + 1) for k in range(9)]
    np.testing.assert_allclose(taylor(np.sinc, 0.0, 8), expected, rtol=1e-14, atol=1e-15)


def test_the_choice_at_the_kink_of_absolute_is_zero():
    np.testing.assert_array_equal(taylor(np.abs, 0.0, 4), np.zeros(5))


def test_ties_of_maximum_share_equally_in_all_orders():
    _, series = jet(np.maximum, (1.0, 1.0), ([2.0, 6.0, 4.0], [4.0, 0.0, 8.0]))
    np.testing.assert_array_equal(series, [3.0, 3.0, 6.0])


EQUAL = np.diag([1.0, 1.0, 2.0])
TURN = np.array([[0.3, 0.2, 0.1], [0.2, 0.5, 0.4], [0.1, 0.4, 0.7]])


def test_equal_eigenvalues_at_order_one_are_those_of_forward_mode():
    for function in (np.linalg.eigh, np.linalg.eigvalsh, lambda a: np.linalg.svd(a)[1]):
        value, (first,) = jet(function, (EQUAL,), ([TURN],))
        for found, expected in zip((value, first), jvp(function, (EQUAL,), (TURN,)), strict=True):
            for one, other in zip(np.atleast_2d(*found), np.atleast_2d(*expected), strict=True):
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("function", [np.linalg.eigh, np.linalg.eigvalsh, np.linalg.svd])
def test_equal_values_beyond_order_one_are_refused(function):
    with pytest.raises(MissingRuleError, match="jet does not go beyond order one"):
        jet(function, (EQUAL,), ([TURN, 0 * TURN],))


def test_distinct_eigenvalues_to_third_order():
    # The eigenvalues of [[1, t], [t, 2]] are (3 -+ sqrt(1 + 4 t**2)) / 2 = (1 - t**2, 2 + t**2) + O(t**4).
    a, b = np.diag([1.0, 2.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    _, series = jet(np.linalg.eigvalsh, (a,), ([b, 0 * b, 0 * b, 0 * b],))
    np.testing.assert_allclose(series, [[0, 0], [-2, 2], [0, 0], [24, -24]], atol=1e-13)


# writing into arrays


def test_slates_in_place_operators_and_views():
    def function(x):
        out = fnp.zeros(4)
        for i in range(4):
            out[i] = x**i
        out *= x
        row = out[1:3]
        row += 1.0
        return np.sum(out * np.arange(4.0))

    expected = expected_series(lambda x: (x**2 + 1) + 2 * (x**3 + 1) + 3 * x**4, 2.0, 5)
    np.testing.assert_allclose(taylor(function, 2.0, 5), expected, rtol=1e-15)


def test_values_that_were_used_before_they_are_overwritten_count_as_they_were():
    def function(x):
        y = x * 1.0
        z = y.copy()
        before = np.sin(z)
        z[0] = 5.0
        after = np.cos(y) + np.tanh(z)
        z[...] = 2.0
        return before + after + z

    x = np.array([0.3, 0.4])
    fixed = np.array([np.tanh(5.0), 0.0])
    expected = taylor(lambda x: np.sin(x) + np.cos(x) + fixed + np.array([0.0, 1.0]) * np.tanh(x) + 2, x, 4)
    np.testing.assert_allclose(taylor(function, x, 4), expected, rtol=1e-15)


# programs: deep, parallel, leaking


def test_ten_thousand_operations_do_not_exhaust_the_stack():
    def function(x):
        y = x
        for _ in range(5000):
            y = 0.999 * y + np.sin(x)
        return y

    total = (1 - 0.999**5000) / 0.001
    expected = total * taylor(np.sin, 0.3, 4) + 0.999**5000 * np.array([0.3, 1.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(taylor(function, 0.3, 4), expected, rtol=1e-12)


def test_memory_holds_what_is_alive_and_not_what_was():
    def function(x):
        for _ in range(100):
            x = np.tanh(x)
        return x

    x, order = np.ones(10_000), 4
    taylor(function, x, order)
    gc.disable()
    try:
        tracemalloc.start()
        taylor(function, x, order)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert peak < 12 * (order + 1) * x.nbytes  # a hundred tapes' worth would be 100 times as much


def test_threads_inside_the_function_do_not_disturb_each_other():
    x = np.linspace(0, 1, 20)

    def function(x):
        with ThreadPoolExecutor(8) as pool:
            return sum(pool.map(lambda i: np.tanh(np.sin(x) * i), range(100)))

    expected = taylor(lambda x: sum(np.tanh(np.sin(x) * i) for i in range(100)), x, 5)
    np.testing.assert_array_equal(taylor(function, x, 5), expected)


def test_a_leaked_box_raises_and_names_the_transform():
    leaked = []
    jet(lambda x: leaked.append(x) or x, (1.0,), ([1.0, 0.0],))
    with pytest.raises(LeakedBoxError, match="traced value of jet"):
        leaked[0] + 1


# the trace itself


def test_what_does_not_move_is_not_boxed():
    trace = TaylorTrace("a test", order=2)
    x = trace.root(np.array([1.5, -0.5]), [np.ones(2)])
    for constant in (np.sign(x), x > 0, np.floor(x), np.argsort(x), x**0):
        assert isinstance(constant, np.ndarray)


def test_coefficients_that_are_missing_are_zero():
    trace = TaylorTrace("a test", order=3)
    x = trace.root(np.array([1.0, 2.0]), [np.ones(2)])
    np.testing.assert_array_equal(trace.terms(x), [[1.0, 2.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(trace.terms(5.0), [5.0, 0.0, 0.0, 0.0])
