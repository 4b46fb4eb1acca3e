"""Recurrences of power series against mpmath, at ordinary points and where the rules are followed."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from fgrad import grad
from fgrad.transforms.taylor import jet, taylor

ORDER = 10

ELEMENTARY = {
    "product": (lambda x: (x + 1) * (2 - x), lambda x: (x + 1) * (2 - x)),
    "product with itself": (lambda x: x * x, lambda x: x * x),
    "square": (lambda x: np.square(x + 1), lambda x: (x + 1) ** 2),
    "quotient": (lambda x: (x + 1) / (x * x + 2), lambda x: (x + 1) / (x * x + 2)),
    "quotient of a constant": (lambda x: 3 / (x + 1), lambda x: 3 / (x + 1)),
    "quotient by a constant": (lambda x: x * x / 7, lambda x: x * x / 7),
    "square root": (lambda x: np.sqrt(1 + x), lambda x: mpmath.sqrt(1 + x)),
    "exponential": (lambda x: np.exp(x * x - x), lambda x: mpmath.exp(x * x - x)),
    "logarithm": (lambda x: np.log(x * x + 1), lambda x: mpmath.log(x * x + 1)),
    "power of moving base and exponent": (lambda x: (x + 1) ** (x * x), lambda x: (x + 1) ** (x * x)),
    "power of a constant": (lambda x: 3.0 ** (x * x), lambda x: mpmath.mpf(3) ** (x * x)),
    "sine": (lambda x: np.sin(x * x + x), lambda x: mpmath.sin(x * x + x)),
    "cosine": (lambda x: np.cos(x * x + x), lambda x: mpmath.cos(x * x + x)),
    **{
        f"power {n}": (lambda x, n=n: (x + 1) ** n, lambda x, n=n: (x + 1) ** n)
        for n in (0, 1, 2, 3, 7, 11, 64, 70, -1, -3, 0.5, 1.5, 2.5, -0.7)
    },
}


def expected_series(function, point, order=ORDER):
    """Return the coefficients of an mpmath function with 50 digits, as floats."""
    with mpmath.workdps(50):
        # An exact polynomial has coefficients of 1e-40 beyond its degree; those are zero.
        return [
            float(c) if abs(c) > 1e-30 else 0.0 for c in mpmath.taylor(function, mpmath.mpf(point), order)
        ]


@pytest.mark.parametrize("name", ELEMENTARY)
def test_recurrences_agree_with_mpmath(name):
    function, exact = ELEMENTARY[name]
    found = taylor(function, 0.7, ORDER)
    np.testing.assert_allclose(found, expected_series(exact, 0.7), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ELEMENTARY)
def test_recurrences_of_complex_series_agree_with_mpmath(name):
    function, exact = ELEMENTARY[name]
    with mpmath.workdps(50):
        expected = [complex(c) for c in mpmath.taylor(exact, mpmath.mpc(0.4, 0.3), ORDER)]
    np.testing.assert_allclose(taylor(function, 0.4 + 0.3j, ORDER), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("exponent", [*range(12), 12.0, np.int64(5), np.float64(6.0)])
def test_whole_powers_at_zero_have_one_coefficient(exponent):
    found = taylor(lambda x: x**exponent, 0.0, 12)
    np.testing.assert_array_equal(found, np.eye(13)[int(exponent)])


def test_an_array_of_whole_exponents_at_zero_gives_each_its_coefficient():
    exponents = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 10.0])
    found = taylor(lambda x: x**exponents, np.zeros(7), 10)
    np.testing.assert_array_equal(found, np.eye(11)[exponents.astype(int)].T)


def test_nested_gradients_of_such_powers_are_the_same():
    third = grad(grad(grad(lambda x: np.sum(x ** np.array([2.0, 3.0, 4.0])))))
    assert third(0.0) == 6.0


def test_zeros_among_the_bases_leave_the_others_as_they_are():
    found = taylor(lambda x: x ** np.array([3.0, 2.5]), np.array([0.0, 0.7]), 5)
    np.testing.assert_array_equal(found[:, 0], np.eye(6)[3])
    np.testing.assert_allclose(found[:, 1], expected_series(lambda x: x**2.5, 0.7, 5), rtol=1e-13)


def test_a_broken_power_at_zero_is_infinite_from_the_derivative_on_that_does_not_exist():
    with np.errstate(divide="ignore", invalid="ignore"):
        found = taylor(lambda x: x**2.5, 0.0, 3)
    np.testing.assert_array_equal(found, [0.0, 0.0, 0.0, np.inf])


@pytest.mark.parametrize(
    "function", [np.sqrt, np.log, lambda x: 1 / x, lambda x: x * np.log(x), lambda x: x**-1.5]
)
def test_a_branch_that_is_not_taken_leaves_no_trace(function):
    with np.errstate(divide="ignore", invalid="ignore"):
        found = taylor(lambda x: np.where(x > 0, function(x), 2 * x), np.array([0.0, 0.7]), 3)
        expected = taylor(function, np.array([0.7]), 3)[:, 0]
    np.testing.assert_array_equal(found[:, 0], [0.0, 2.0, 0.0, 0.0])
    np.testing.assert_allclose(found[:, 1], expected, rtol=1e-15)


@pytest.mark.parametrize("function", [np.sqrt, np.log, np.reciprocal, lambda x: x**-1.5, lambda x: 1 / x])
def test_what_does_not_move_has_zero_coefficients_at_a_pole(function):
    x = np.array([0.0, 2.0])
    with np.errstate(divide="ignore"):
        _, series = jet(function, (x,), ([np.array([0.0, 1.0])] + [np.zeros(2)] * 2,))
    for term in series:
        assert term[0] == 0
        assert np.isfinite(term[1])
        assert term[1] != 0


def test_a_zero_coefficient_wins_over_an_infinite_value_in_products():
    def function(x):
        return x * np.array([np.inf, 1.0])

    _, (first, second) = jet(function, (np.ones(2),), ([np.array([0.0, 1.0]), np.array([0.0, 3.0])],))
    np.testing.assert_array_equal(first, [0.0, 1.0])
    np.testing.assert_array_equal(second, [0.0, 3.0])


def test_products_of_series_with_zeros():
    x = np.array([0.0, 0.0, 2.0])
    direction = np.array([1.0, 2.0, 3.0])  # x(t) = (t, 2 t, 2 + 3 t), whose product is 4 t**2 + 6 t**3
    _, series = jet(np.prod, (x,), ([direction, 0 * x, 0 * x, 0 * x],))
    np.testing.assert_array_equal(series, [0.0, 8.0, 36.0, 0.0])


def test_matrix_products_and_contractions_of_series():
    a, b = (np.random.default_rng(seed).normal(size=(2, 3, 3)) for seed in (1, 2))
    # (a0 + a1 t) (b0 + b1 t) = a0 b0 + (a0 b1 + a1 b0) t + a1 b1 t**2
    terms = ([a[1], np.zeros((3, 3))], [b[1], np.zeros((3, 3))])
    for function in (np.matmul, lambda x, y: np.einsum("ij,jk->ik", x, y)):
        _, (first, second) = jet(function, (a[0], b[0]), terms)
        np.testing.assert_allclose(first, a[0] @ b[1] + a[1] @ b[0], rtol=1e-14)
        np.testing.assert_allclose(second, 2 * a[1] @ b[1], rtol=1e-14)


def test_single_precision_is_kept():
    x = np.array([0.3, 0.9], np.float32)
    for function, _ in ELEMENTARY.values():
        assert taylor(function, x, 3).dtype == np.float32
