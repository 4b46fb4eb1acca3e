"""Differences, slopes and areas: orders, spacings, errors."""

import numpy as np
import pytest

from fgrad import grad, jacobian, jvp, vjp

X = np.array([1.0, 2.0, 4.0, 8.0])


def test_a_difference_is_a_matrix():
    expected = np.diff(np.eye(4), n=2, axis=0)
    assert np.array_equal(jacobian(lambda x: np.diff(x, n=2))(X), expected)


def test_a_difference_of_order_zero_is_the_array_and_of_high_order_is_nothing():
    assert np.array_equal(jacobian(lambda x: np.diff(x, n=0) * 1)(X), np.eye(4))
    assert vjp(lambda x: np.diff(x, n=5), X)[0].shape == (0,)


def test_what_is_put_at_the_ends_is_differentiated():
    by_first = grad(lambda p: np.diff(X, prepend=p)[0])(0.5)
    by_last = grad(lambda p: np.ediff1d(X, to_end=p)[-1])(0.5)
    assert (by_first, by_last) == (-1, 1)


def test_wrong_arguments_raise_as_in_numpy():
    for error, call in (
        (ValueError, lambda x: np.diff(x, n=-1)),
        (ValueError, lambda x: np.diff(x[0])),
        (np.exceptions.AxisError, lambda x: np.diff(x, axis=1)),
        (TypeError, lambda x: np.ediff1d(x, to_end=1j)),
        (ValueError, lambda x: np.gradient(x, edge_order=3)),
        (ValueError, lambda x: np.gradient(x[:2], edge_order=2)),
        (ValueError, lambda x: np.gradient(x, np.ones((2, 2)))),
        (ValueError, lambda x: np.gradient(x, np.ones(3))),
        (TypeError, lambda x: np.gradient(x, 1.0, 2.0)),
        (np.exceptions.AxisError, lambda x: np.gradient(x, axis=1)),
        (np.exceptions.AxisError, lambda x: np.trapezoid(x, axis=1)),
    ):
        with pytest.raises(error):
            vjp(call, X)


@pytest.mark.parametrize("edge_order", [1, 2])
def test_slopes_are_exact_for_polynomials_and_so_are_their_derivatives(edge_order):
    """By hand: of ``x**edge_order`` at uneven places the slope is known, whatever the places are."""
    places = np.array([0.0, 0.5, 2.0, 2.5, 4.0])

    def slopes(c, x):
        return np.gradient(c * x**edge_order, x, edge_order=edge_order)

    value, tangent = jvp(slopes, (3.0, places), (0.0, np.ones(5)), argnums=(0, 1))
    assert value == pytest.approx(3 * edge_order * places ** (edge_order - 1), abs=1e-13)
    assert tangent == pytest.approx(np.full(5, 3.0 * edge_order * (edge_order - 1)), abs=1e-13)


def test_equal_spacing_is_no_special_case_for_the_derivative():
    """By hand: in the middle of three places the slope by the middle one, where the steps are 1 and 1."""
    found = grad(lambda x: np.gradient(X[:3], x)[1])(np.arange(3.0))
    h, slopes = 1.0, np.diff(X[:3])
    # the slope is (h1 * s2 + h2 * s1) / (h1 + h2) with s1 = d1 / h1 and s2 = d2 / h2
    by_h1 = (slopes[1] - slopes[0]) / (4 * h) - slopes[0] / (2 * h)
    by_h2 = (slopes[0] - slopes[1]) / (4 * h) - slopes[1] / (2 * h)
    assert found == pytest.approx([-by_h1, by_h1 - by_h2, by_h2], rel=1e-14)


def test_slopes_of_a_matrix_are_a_tuple_as_in_numpy():
    value = vjp(lambda x: np.gradient(x), np.outer(X, X))[0]
    assert type(value) is tuple
    assert len(value) == 2


def test_single_precision_stays_single_beside_a_spacing_in_double():
    x = X.astype("float32")
    value, pullback = vjp(lambda x, h: np.gradient(x, h), x, np.float64(0.5))
    assert value.dtype == np.float32
    assert [g.dtype for g in pullback(value)] == [np.float32, np.float64]


def test_an_area_by_its_places():
    """By hand: moving an inner place trades the area on its left for that on its right."""
    y = np.array([1.0, 3.0, 2.0])
    found = grad(lambda x: np.trapezoid(y, x))(np.array([0.0, 1.0, 3.0]))
    assert found.tolist() == [-2, -0.5, 2.5]
