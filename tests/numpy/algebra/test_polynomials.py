"""Polynomials: shapes, dtypes, errors and hard places."""

import warnings

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacobian, jvp

P = np.array([2.0, -3.0, 1.0, 0.5])


def value_of(function, *args):
    return jvp(function, args, args)[0]


def test_horners_scheme_gives_powers_and_slopes():
    x = 1.5
    assert np.array_equal(grad(lambda p: np.polyval(p, x))(P), [x**3, x**2, x, 1])
    assert grad(lambda x: np.polyval(P, x))(x) == np.polyval(np.polyder(P), x)
    assert grad(grad(lambda x: np.polyval(P, x)))(x) == np.polyval(np.polyder(P, 2), x)


def test_the_integral_of_a_derivative():
    matrix = jacobian(lambda p: np.polyint(np.polyder(p)))(P)
    assert np.array_equal(matrix, np.diag([1.0, 1, 1, 0]))


@pytest.mark.parametrize("namespace", [np, fnp])
def test_leading_zeros_are_dropped_from_a_product(namespace):
    assert value_of(lambda p: namespace.polymul(p, [0.0, 2.0]), np.array([0.0, 1.0, 2.0])).tolist() == [2, 4]
    assert value_of(lambda p: namespace.polymul(p, [0.0, 0.0]), P).tolist() == np.polymul(P, [0, 0]).tolist()
    assert value_of(lambda p: namespace.polyadd(p, -p), P).tolist() == [0, 0, 0, 0]


def test_a_remainder_is_what_is_left():
    divisor = np.array([1.0, -0.5, 2.0])

    def rest(p):
        quotient, remainder = np.polydiv(p, divisor)
        return np.polyadd(np.polymul(quotient, divisor), remainder)

    assert jacobian(rest)(P) == pytest.approx(np.eye(4), abs=1e-15)


def test_a_divisor_of_higher_degree_gives_zero_and_the_dividend():
    quotient, remainder = value_of(lambda p: np.polydiv(p[:2], p), P)
    assert quotient.tolist() == [0]
    assert remainder.tolist() == P[:2].tolist()


def test_roots_of_a_quadratic_follow_the_formula():
    """The roots of x**2 + b x + c are (-b -+ sqrt(b**2 - 4 c)) / 2."""
    b, c = -3.0, 2.0
    found = jacobian(lambda q: np.sort(np.roots(fnp.array([1.0, q[0], q[1]]))))(np.array([b, c]))
    root = np.sqrt(b * b - 4 * c)
    exact = [[(-1 - b / root) / 2, 1 / root], [(-1 + b / root) / 2, -1 / root]]
    assert found == pytest.approx(np.array(exact), rel=1e-13)


def test_second_derivatives_of_a_root():
    assert grad(grad(lambda c: np.max(np.roots(fnp.array([1.0, 0.0, -c])))))(4.0) == pytest.approx(-1 / 32)


def test_complex_roots_of_a_real_polynomial():
    """Those of x**2 + c are i sqrt(c) and its conjugate."""
    moved = jvp(lambda c: np.roots(fnp.array([1.0, 0.0, c])), (4.0,), (1.0,))[1]
    assert sorted(moved.imag) == pytest.approx([-0.25, 0.25], rel=1e-14)
    assert moved.real == pytest.approx(0, abs=1e-15)


def test_a_multiple_root_has_an_infinite_derivative_and_an_unused_one_does_no_harm():
    square = np.array([1.0, 0.0, 0.0, 0.0])
    with np.errstate(divide="ignore"):
        assert np.all(np.isinf(jvp(np.roots, (square[:3],), (np.array([0.0, 0.0, 1.0]),))[1]))
    assert jvp(np.roots, (square[:3],), (np.array([1.0, 0.0, 0.0]),))[1].tolist() == [0, 0]


@pytest.mark.parametrize("p", [np.zeros(3), np.array([2.0]), np.zeros(0)])
def test_a_constant_has_no_roots(p):
    roots, moved = jvp(np.roots, (p,), (p,))
    assert roots.shape == moved.shape == (0,)


def test_the_characteristic_polynomial_of_a_matrix_with_equal_eigenvalues():
    """Its coefficients are smooth where the eigenvalues are not."""
    slopes = jacobian(np.poly)(np.eye(2))
    assert slopes[1] == pytest.approx(-np.eye(2))  # minus the trace
    assert slopes[2] == pytest.approx(np.eye(2))  # the determinant


def test_the_characteristic_polynomial_of_a_defective_matrix():
    slopes = jacobian(np.poly)(np.array([[0.0, 1.0], [0.0, 0.0]]))
    assert slopes[2] == pytest.approx(np.array([[0.0, 0.0], [-1.0, 0.0]]))


def test_zeros_in_conjugate_pairs_make_a_real_polynomial():
    def function(z):
        made = np.poly(np.concatenate([z, np.conjugate(z)]))
        assert made.dtype == np.float64
        return made[2]

    assert grad(function)(np.array([1 + 2j])) == pytest.approx(np.array([2 - 4j]))  # of |z|**2


def test_no_zeros_make_the_polynomial_one():
    assert value_of(lambda z: np.poly(z) * np.ones(1), np.zeros(0)).tolist() == [1]


def test_a_line_through_points():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 4.0])
    by_y = jacobian(lambda y: np.polyfit(x, y, 1))(y)
    assert by_y == pytest.approx(np.array([[-1 / 2, 0, 1 / 2], [5 / 6, 1 / 3, -1 / 6]]))
    assert jacobian(lambda x: np.polyfit(x, 2 * x + 1, 1))(x) == pytest.approx(np.zeros((2, 3)), abs=1e-14)


def test_a_full_fit_returns_what_numpy_does():
    x = np.array([0.0, 1.0, 2.0, 4.0])
    y = np.array([1.0, 3.0, 4.0, 4.0])
    found = value_of(lambda y: np.polyfit(x, y, 1, full=True), y)
    for part, whole in zip(found, np.polyfit(x, y, 1, full=True), strict=True):
        assert part == pytest.approx(whole, rel=1e-13)


def test_a_fit_that_is_not_determined_warns_as_numpy_does():
    x = np.ones(3)
    with pytest.warns(np.exceptions.RankWarning):
        grad(lambda y: np.sum(np.polyfit(x, y, 1)))(np.arange(3.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grad(lambda y: np.sum(np.polyfit(np.arange(3.0), y, 1)))(np.arange(3.0))


@pytest.mark.parametrize(
    "call",
    [
        lambda np, x: np.polyfit(x, x, -1),
        lambda np, x: np.polyfit(x[:, None], x, 1),
        lambda np, x: np.polyfit(x[:0], x[:0], 1),
        lambda np, x: np.polyfit(x, x[None, None], 1),
        lambda np, x: np.polyfit(x, x[:2], 1),
        lambda np, x: np.polyfit(x, x, 1, w=x[:2]),
        lambda np, x: np.polyfit(x, x, 1, w=x[None]),
        lambda np, x: np.polyfit(x[:2], x[:2], 1, cov=True),
        lambda np, x: np.polyder(x, -1),
        lambda np, x: np.polyint(x, -1),
        lambda np, x: np.polyint(x, 3, k=x[:2]),
        lambda np, x: np.roots(np.reshape(x, (2, 2))),
        lambda np, x: np.poly(np.reshape(x, (1, 4))),
    ],
)
def test_what_numpy_refuses_is_refused_with_the_same_type(call):
    with pytest.raises((TypeError, ValueError)) as numpys:
        call(np, P)
    with pytest.raises(numpys.type):
        grad(lambda x: np.sum(call(fnp, x)[0]))(P)


def test_the_class_of_polynomials_takes_traced_coefficients():
    def function(c):
        p = np.poly1d(c)
        return (p * p.deriv() + 1)(2.0)

    def by_hand(c):
        return np.polyval(c, 2.0) * np.polyval(np.polyder(c), 2.0) + 1

    assert np.array_equal(grad(function)(P), grad(by_hand)(P))


def test_a_poly1d_among_the_arguments_gives_one():
    seen = []
    line = np.poly1d([1.0, 2.0])
    assert np.array_equal(
        grad(lambda c: seen.append(fnp.polymul(line, c)) or seen[0](3.0))(P), 5 * np.array([27.0, 9, 3, 1])
    )
    assert isinstance(seen[0], np.poly1d)
    assert grad(lambda x: fnp.polyval(line, x))(3.0) == 1
