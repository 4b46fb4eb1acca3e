"""Averages, covariances and correlations: shapes, weights, perfect correlation, errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jacobian, vjp
from fgrad.core.errors import MissingRuleError

X = np.array([[1.0, 2.0, 4.0, 8.0], [3.0, -1.0, 0.5, 2.0]])
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0])


def test_an_average_by_its_weights():
    mean = np.sum(X[0] * WEIGHTS) / 10
    found = grad(lambda w: np.average(X[0], weights=w))(WEIGHTS)
    assert found == pytest.approx((X[0] - mean) / 10, rel=1e-14)


def test_the_sum_of_the_weights_is_returned_with_its_derivative():
    assert grad(lambda w: np.average(X[0], weights=w, returned=True)[1])(WEIGHTS).tolist() == [1, 1, 1, 1]


def test_wrong_weights_raise_as_in_numpy():
    for error, options in (
        (ZeroDivisionError, {"weights": 0 * X}),
        (TypeError, {"weights": WEIGHTS}),
        (ValueError, {"weights": WEIGHTS, "axis": 0}),
    ):
        with pytest.raises(error):
            grad(lambda x, options=options: np.sum(np.average(x, **options)))(X)


def test_a_variance_is_a_covariance_with_itself():
    expected = grad(lambda x: np.var(x, ddof=1))(X[0])
    assert grad(np.cov)(X[0]) == pytest.approx(expected, rel=1e-14)


def test_a_covariance_is_bilinear():
    centred = X - np.mean(X, axis=1, keepdims=True)
    found = grad(lambda y: np.cov(X[0], y)[0, 1])(X[1])
    assert found == pytest.approx(centred[0] / 3, rel=1e-14)


def test_wrong_arguments_of_a_covariance_raise_as_in_numpy():
    for error, options in (
        (ValueError, {"ddof": 1.5}),
        (TypeError, {"fweights": [1.5, 1, 1, 1]}),
        (RuntimeError, {"aweights": [1.0, 2.0]}),
        (RuntimeError, {"aweights": np.ones((2, 4))}),
        (ValueError, {"aweights": [-1.0, 1, 1, 1]}),
    ):
        with pytest.raises(error):
            grad(lambda x, options=options: np.sum(np.cov(x, **options)))(X)
    with pytest.raises(ValueError, match="more than 2 dimensions"):
        grad(lambda x: np.sum(np.cov(x)))(np.ones((2, 2, 2)))


def test_a_covariance_without_degrees_of_freedom_warns_as_in_numpy():
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"), np.errstate(all="ignore"):
        assert np.isnan(vjp(np.cov, X[:, :1])[0]).all()


def test_a_covariance_of_no_variables_is_empty():
    assert vjp(np.cov, X[:0])[0].shape == (0, 0)


def test_single_precision_of_a_covariance_is_as_in_numpy():
    single = X.astype("float32")
    for options in ({}, {"dtype": np.float32}, {"dtype": np.float32, "aweights": WEIGHTS}):
        value, pullback = vjp(lambda x, options=options: np.cov(x, **options), single)
        assert value.dtype == np.cov(single, **options).dtype
        assert pullback(value)[0].dtype == np.float32


def test_correlations_do_not_exceed_one_and_the_diagonal_does_not_move():
    x = np.random.default_rng(3).normal(size=(20, 7))
    value, pullback = vjp(np.corrcoef, x)
    assert np.max(np.abs(value)) <= 1
    assert np.max(np.abs(pullback(np.eye(20))[0])) < 1e-14


def test_perfect_correlation_is_a_maximum_and_not_a_kink():
    """By hand: of ``x`` and ``x + e`` it is ``1 - |e'|**2 / (2 |x|**2)``, with ``e'`` orthogonal to ``x``."""
    x = np.array([-1.0, 0.0, 1.0])
    assert grad(lambda y: np.corrcoef(x, y)[0, 1])(x) == pytest.approx(np.zeros(3), abs=1e-15)
    expected = -np.outer([1, -2, 1], [1, -2, 1]) / 6 / 2
    assert hessian(lambda y: np.corrcoef(x, y)[0, 1])(x) == pytest.approx(expected, abs=1e-14)


def test_the_correlation_of_one_variable_is_one():
    assert vjp(np.corrcoef, X[0])[0] == 1
    assert jacobian(np.corrcoef)(X[0]) == pytest.approx(np.zeros(4), abs=1e-15)


def test_arguments_that_numpy_lacks_are_refused_by_name():
    with pytest.raises(MissingRuleError, match=r"numpy\.corrcoef: bias="):
        grad(lambda x: fnp.sum(fnp.corrcoef(x, bias=True)))(X)
