"""Histograms and counts: sums of weights, edges, densities, errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacobian, vjp

X = np.array([0.1, 0.4, 0.5, 2.0])
EDGES = np.array([0.0, 0.5, 1.0, 2.0])


def test_counts_have_derivative_zero_and_edges_follow_the_ends():
    by_x = jacobian(lambda x: np.histogram(x, bins=2)[1])(X)
    assert by_x.tolist() == [[1, 0, 0, 0], [0.5, 0, 0, 0.5], [0, 0, 0, 1]]
    counts = vjp(lambda x: np.histogram(x, bins=2)[0] * x[0], X)[1](np.ones(2))[0]
    assert counts.tolist() == [4, 0, 0, 0]


def test_edges_that_are_given_do_not_depend_on_the_elements():
    value = vjp(lambda x: (np.histogram_bin_edges(x, EDGES) * x[0], x)[0], X)[0]
    assert value == pytest.approx(EDGES * 0.1, rel=1e-15)
    assert (
        jacobian(lambda x: np.histogram_bin_edges(x, 2, (0.0, 1.0)) + 0 * x[0])(X).tolist() == [[0] * 4] * 3
    )


def test_elements_on_edges_belong_to_the_bins_that_numpy_says():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    value, pullback = vjp(lambda w: np.histogram(X, EDGES, weights=w)[0], weights)
    assert value.tolist() == np.histogram(X, EDGES, weights=weights)[0].tolist() == [3, 3, 4]
    assert pullback(np.array([1.0, 10.0, 100.0]))[0].tolist() == [1, 1, 10, 100]


def test_what_is_outside_or_nan_counts_nowhere():
    x = np.array([-1.0, 0.2, np.nan, 9.0])
    assert grad(lambda w: np.sum(np.histogram(x, EDGES, weights=w)[0]))(np.ones(4)).tolist() == [0, 1, 0, 0]


def test_a_density_moves_with_the_width_of_its_bins():
    """By hand: two bins of the width ``h = (x[-1] - x[0]) / 2``, and three of four elements in the first."""
    found = jacobian(lambda x: np.histogram(x, bins=2, density=True)[0])(X)
    h = (X[-1] - X[0]) / 2
    expected = np.outer([0.75, 0.25], [0.5, 0, 0, -0.5]) / h**2
    assert found == pytest.approx(expected, rel=1e-14)


def test_elements_that_are_all_equal_have_edges_on_both_sides():
    value, pullback = vjp(lambda x: np.histogram_bin_edges(x, 2), np.ones(2))
    assert value.tolist() == [0.5, 1, 1.5]
    assert np.sum(pullback(np.ones(3))[0]) == 3


def test_histograms_of_nothing_have_the_edges_of_numpy():
    assert vjp(lambda x: np.histogram_bin_edges(x, 2), np.ones(0))[0].tolist() == [0, 0.5, 1]


def test_a_traced_range_moves_the_edges():
    assert jacobian(lambda h: fnp.histogram_bin_edges(X, 2, (0.0, h)))(3.0).tolist() == [0, 0.5, 1]


def test_counts_of_integers_with_weights():
    value, pullback = vjp(lambda w: np.bincount([1, 3, 1], weights=w, minlength=6), np.array([1.0, 2.0, 4.0]))
    assert value.tolist() == [0, 5, 0, 2, 0, 0]
    assert pullback(np.arange(6.0))[0].tolist() == [1, 3, 1]


def test_wrong_weights_raise_as_in_numpy():
    for error, call in (
        (ValueError, lambda w: np.bincount([1, 2], weights=w)),
        (TypeError, lambda w: np.bincount([1, 2, 3], weights=w * 1j)),
        (ValueError, lambda w: np.histogram(X, EDGES, weights=w)[0]),
        (TypeError, lambda w: np.histogram(X[:3], "auto", weights=w)[0]),
    ):
        with pytest.raises(error):
            vjp(call, np.ones(3))


def test_wrong_bins_raise_as_in_numpy():
    for options in ({"bins": 0}, {"bins": [2, 1]}, {"range": (1, 0)}, {"range": (0, np.inf)}):
        with pytest.raises(ValueError, match=r".+"):
            grad(lambda x, options=options: np.sum(np.histogram(x, **options)[1]))(X)
    with pytest.raises(ValueError, match="one entry per dimension"):
        grad(lambda x: np.sum(np.histogramdd(x, range=[(0, 1)])[0]))(np.ones((3, 2)))
    with pytest.raises(ValueError, match="equal to the dimension"):
        grad(lambda x: np.sum(np.histogramdd(x, bins=(1, 2, 3))[0]))(np.ones((3, 2)))


def test_searches_give_plain_positions():
    def read(x):
        return x[np.searchsorted(X, x[0])] + x[np.digitize(0.6, np.sort(EDGES))]

    assert grad(read)(np.array([0.45, 1.0, 2.0, 3.0])).tolist() == [0, 0, 2, 0]
