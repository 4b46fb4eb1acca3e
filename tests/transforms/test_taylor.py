"""jet, derivatives and taylor: what they take and return."""

from __future__ import annotations

import math
from collections import namedtuple

import mpmath
import numpy as np
import pytest

from fgrad import ArgumentError, InputError, OutputError
from fgrad.transforms.taylor import derivatives, jet, taylor

Pair = namedtuple("Pair", "x y")


def composition(x):
    return np.tanh(np.sin(x) * np.exp(x))


def exact_derivatives(point, order):
    """Return the derivatives of :func:`composition`, with 50 digits."""
    with mpmath.workdps(50):
        series = mpmath.taylor(lambda x: mpmath.tanh(mpmath.sin(x) * mpmath.exp(x)), mpmath.mpf(point), order)
        return np.array([float(c * math.factorial(k)) for k, c in enumerate(series)])


AT = 0.3
EXACT = exact_derivatives(AT, 8)
POINTS = np.array([0.3, -0.4, 1.1])
EXACT_AT_POINTS = np.stack([exact_derivatives(point, 8) for point in POINTS], axis=1)


# jet's interface


def test_containers_of_arguments_and_results():
    def function(params, pair):
        return {"sum": params["w"] * pair.x, "rest": [pair.y**2, 7.0]}

    primals = ({"w": 2.0}, Pair(np.array([1.0, 3.0]), 5.0))
    zero = Pair(np.zeros(2), 0.0)
    series = ([{"w": 1.0}, {"w": 0.0}], [Pair(np.ones(2), 3.0), zero])
    value, (first, second) = jet(function, primals, series)
    np.testing.assert_array_equal(value["sum"], [2.0, 6.0])
    np.testing.assert_array_equal(first["sum"], [1.0 + 2.0, 3.0 + 2.0])
    np.testing.assert_array_equal(second["sum"], [2.0, 2.0])
    assert value["rest"] == [25.0, 7.0]
    assert first["rest"] == [30.0, 0.0]
    assert second["rest"] == [18.0, 0.0]


def test_a_result_that_does_not_depend_on_the_arguments():
    value, series = jet(lambda x: np.ones(2), (1.0,), ([1.0, 2.0],))
    np.testing.assert_array_equal(value, [1.0, 1.0])
    np.testing.assert_array_equal(series, np.zeros((2, 2)))


def test_nothing_of_the_users_arrays_is_modified_or_handed_back():
    x, v, w = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([5.0, 6.0])

    def function(x):
        x[0] = 7.0
        return x

    jet(function, (x,), ([v, w],))
    np.testing.assert_array_equal([x, v, w], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    value, series = jet(lambda x: x, (x,), ([v, w],))
    for array in (value, *series):
        assert not any(np.may_share_memory(array, mine) for mine in (x, v, w))


ONE = {"a": np.ones(2), "b": 1.0}

WRONG_CALLS = {
    "no function": (
        lambda: jet(3, (1.0,), ([1.0],)),
        InputError,
        r"got int\. Write jet\(f, primals, series\)",
    ),
    "a bare primal": (
        lambda: jet(np.sin, 1.0, ([1.0],)),
        InputError,
        "primals must be a tuple or list; got float",
    ),
    "a bare series": (
        lambda: jet(np.sin, (1.0,), (1.0,)),
        InputError,
        r"series\[0\] must be a tuple or list",
    ),
    "no primals": (lambda: jet(np.sin, (), ()), ArgumentError, "no primals"),
    "too many series": (
        lambda: jet(np.sin, (1.0,), ([1.0], [1.0])),
        ArgumentError,
        "2 entries, for 1 primals",
    ),
    "no coefficients": (lambda: jet(np.sin, (1.0,), ([],)), ArgumentError, "at least one; they have 0"),
    "different lengths": (
        lambda: jet(np.add, (1.0, 2.0), ([1.0], [1.0, 2.0])),
        ArgumentError,
        "the same number of coefficients.*they have 1, 2",
    ),
    "a wrong shape": (
        lambda: jet(lambda d: d["a"], (ONE,), ([ONE, {"a": np.ones(3), "b": 1.0}],)),
        ArgumentError,
        r"series\[0\]\[1\]\['a'\] has shape \(3,\); it must have the shape \(2,\)",
    ),
    "a wrong container": (
        lambda: jet(lambda d: d["a"], (ONE,), ([{"a": np.ones(2)}],)),
        InputError,
        r"series\[0\]\[0\] has other entries",
    ),
    "a complex coefficient": (
        lambda: jet(np.sin, (1.0,), ([1j],)),
        ArgumentError,
        r"series\[0\]\[0\] is complex where float64 is needed",
    ),
    "no number": (lambda: jet(np.sin, (1.0,), (["one"],)), InputError, r"series\[0\]\[0\] must be an array"),
    "no coefficient": (lambda: jet(np.sin, (1.0,), ([1.0, None],)), InputError, r"series\[0\]\[1\]"),
    "a primal of text": (lambda: jet(np.sin, ("one",), ([1.0],)), InputError, "is a str"),
    "a negative order": (lambda: derivatives(np.sin, -1), ArgumentError, "0 or more; got -1"),
    "a broken order": (lambda: taylor(np.sin, 0.0, 2.5), InputError, "must be an int; got 2.5"),
    "a truth value for the order": (
        lambda: derivatives(np.sin, True),
        InputError,
        "must be an int; got True",
    ),
    "too high an order": (lambda: derivatives(np.sin, 171), ArgumentError, "those up to 170 are"),
    "no variable": (
        lambda: derivatives(np.sin, 2)(),
        ArgumentError,
        "first positional argument; none was given",
    ),
    "a container": (
        lambda: derivatives(np.sin, 2)([1.0]),
        InputError,
        "a number or an array, not a container",
    ),
    "a reduction": (
        lambda: derivatives(np.sum, 2)(np.ones(3)),
        OutputError,
        "sum must work element by element.*Use jet",
    ),
    "a result of text": (lambda: taylor(lambda x: "one", 1.0, 2), OutputError, "its result is a str"),
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_calls_say_what_is_wrong(name):
    call, kind, message = WRONG_CALLS[name]
    with pytest.raises(kind, match=f"(jet|derivatives|taylor).*{message}"):
        call()


# derivatives and taylor


@pytest.mark.parametrize("order", [0, 1, 2, 8])
def test_all_derivatives_up_to_an_order(order):
    found = derivatives(composition, order)(POINTS)
    assert found.shape == (order + 1, 3)
    np.testing.assert_allclose(found, EXACT_AT_POINTS[: order + 1], rtol=1e-11)


def test_taylor_divides_by_factorials():
    factorials = np.array([math.factorial(k) for k in range(9)])
    np.testing.assert_allclose(taylor(composition, AT, 8), EXACT / factorials, rtol=1e-12)


def test_the_series_of_taylor_sums_up_to_the_function():
    coefficients = taylor(composition, POINTS, 25)
    np.testing.assert_allclose(
        np.polynomial.polynomial.polyval(0.05, coefficients), composition(POINTS + 0.05), rtol=1e-14
    )


def test_other_arguments_are_passed_on():
    def function(x, factor, *, power=1):
        return factor * x**power

    np.testing.assert_array_equal(derivatives(function, 2)(3.0, 5.0, power=2), [45.0, 30.0, 10.0])


def test_containers_of_results():
    found = derivatives(lambda x: {"square": x * x, "both": (x, 3.0)}, 2)(4.0)
    np.testing.assert_array_equal(found["square"], [16.0, 8.0, 2.0])
    np.testing.assert_array_equal(found["both"], [[4.0, 1.0, 0.0], [3.0, 0.0, 0.0]])


def test_results_with_more_axes_than_the_argument():
    found = derivatives(lambda x: np.stack([x, x**2]), 2)(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(found[1], [[1.0, 1.0, 1.0], [2.0, 4.0, 6.0]])
    np.testing.assert_array_equal(found[2], [[0.0, 0.0, 0.0], [2.0, 2.0, 2.0]])


@pytest.mark.parametrize(
    ("argument", "dtype"),
    [
        (2, "float64"),
        (2.0, "float64"),
        (np.float32(2), "float32"),
        (2j, "complex128"),
        (np.ones(2, "f"), "float32"),
    ],
)
def test_the_dtype_is_that_of_the_argument(argument, dtype):
    assert derivatives(np.exp, 3)(argument).dtype == dtype
    assert taylor(np.exp, argument, 3).dtype == dtype


def test_complex_arguments_have_complex_derivatives():
    np.testing.assert_allclose(derivatives(np.exp, 3)(1 + 2j), [np.exp(1 + 2j)] * 4, rtol=1e-15)
    with mpmath.workdps(50):
        expected = [complex(c) for c in mpmath.taylor(mpmath.tan, mpmath.mpc(0.3, 0.4), 6)]
    np.testing.assert_allclose(taylor(np.tan, 0.3 + 0.4j, 6), expected, rtol=1e-13)


def test_orders_beyond_the_range_of_factorials():
    coefficients = taylor(lambda x: 1 / (1 - x), 0.5, 300)  # 2**(k + 1)
    np.testing.assert_array_equal(coefficients, 2.0 ** np.arange(1, 302))


def test_control_flow_follows_the_values():
    def function(x):
        total = 0.0
        while x < 100:
            x = x * x if x > 2 else x + 1
            total = total + x
        return total

    # From 1.5 by way of x + 1, (x + 1)**2 and (x + 1)**4 and (x + 1)**8
    expected = taylor(lambda x: (x + 1) + (x + 1) ** 2 + (x + 1) ** 4 + (x + 1) ** 8, 1.5, 8)
    np.testing.assert_allclose(taylor(function, 1.5, 8), expected, rtol=1e-14)


def test_the_name_says_what_it_computes():
    assert repr(derivatives(composition, 3)) == "<derivatives(composition, 3)(x)>"
