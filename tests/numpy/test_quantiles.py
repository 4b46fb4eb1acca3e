"""Medians and quantiles: ties, ends, methods, NaN, weights, errors."""

import numpy as np
import pytest

from fgrad import grad, jvp, vjp

X = np.array([4.0, 1.0, 9.0, 2.0])


def test_a_median_is_of_the_middle():
    assert grad(np.median)(X).tolist() == [0.5, 0, 0, 0.5]
    assert grad(np.median)(X[:3]).tolist() == [1, 0, 0]
    assert grad(np.median)(np.float64(3.0)) == 1


def test_one_of_equal_elements_takes_the_derivative():
    g = grad(np.median)(np.array([1.0, 2.0, 2.0, 2.0, 3.0]))
    assert sorted(g.tolist()) == [0, 0, 0, 0, 1]
    assert g[[0, 4]].tolist() == [0, 0]


def test_a_quantile_is_on_the_line_between_two_elements():
    assert grad(lambda x: np.quantile(x, 0.5))(X).tolist() == [0.5, 0, 0, 0.5]
    assert grad(lambda x: np.quantile(x, 0.9))(X) == pytest.approx([0.3, 0, 0.7, 0], rel=1e-14)


def test_the_derivative_by_the_quantile_is_the_slope_of_the_line():
    assert grad(lambda q: np.quantile(X, q))(0.4) == pytest.approx(3 * (4 - 2), rel=1e-15)
    assert grad(lambda p: np.percentile(X, p))(40.0) == pytest.approx(3 * (4 - 2) / 100, rel=1e-15)


@pytest.mark.parametrize(("q", "slope"), [(0.0, 3 * (2 - 1)), (1 / 3, 3 * (4 - 2)), (1.0, 3 * (9 - 4))])
def test_at_an_element_the_slope_is_that_to_the_right_and_at_the_end_to_the_left(q, slope):
    assert grad(lambda q: np.quantile(X, q))(q) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("method", ["lower", "higher", "nearest", "midpoint", "inverted_cdf"])
def test_a_method_that_jumps_has_derivative_zero_by_the_quantile(method):
    assert grad(lambda q: np.quantile(X, q, method=method))(0.4) == 0


def test_a_quantile_beyond_the_first_element_does_not_move():
    assert grad(lambda q: np.quantile(X, q, method="weibull"))(0.1) == 0
    assert grad(lambda q: np.quantile(X, q, method="hazen"))(0.95) == 0


def test_a_nan_in_the_value_is_a_nan_in_the_derivative():
    x = np.array([[1.0, np.nan, 2.0], [1.0, 3.0, 2.0]])
    for function in (lambda x: np.median(x, axis=1), lambda x: np.quantile(x, 0.4, axis=1)):
        value, pullback = vjp(function, x)
        assert np.isnan(value).tolist() == [True, False]
        (g,) = pullback(np.ones(2))
        assert np.isnan(g[0]).any()
        assert np.isfinite(g[1]).all()


def test_infinite_elements_do_not_spoil_the_others():
    x = np.array([-np.inf, 1.0, 2.0, 5.0, np.inf])
    assert grad(np.median)(x).tolist() == [0, 0, 1, 0, 0]
    assert grad(lambda x: np.quantile(x, 0.5))(x).tolist() == [0, 0, 1, 0, 0]


def test_weights_choose_the_element_and_have_derivative_zero():
    def chosen(x, weights):
        return np.quantile(x, 0.5, weights=weights, method="inverted_cdf")

    by_x, by_weights = vjp(chosen, X, np.array([0.1, 0.2, 5.0, 0.1]))[1](1.0)
    assert by_x.tolist() == [0, 0, 1, 0]
    assert by_weights.tolist() == [0, 0, 0, 0]


def test_what_numpy_refuses_is_refused():
    for error, options in (
        (ValueError, {"q": 1.5}),
        (ValueError, {"q": 0.5, "method": "guessed"}),
        (ValueError, {"q": 0.5, "weights": X}),
        (np.exceptions.AxisError, {"q": 0.5, "axis": 1}),
        (ValueError, {"q": 0.5, "weights": X[:2], "axis": 0, "method": "inverted_cdf"}),
    ):
        with pytest.raises(error):
            grad(lambda x, options=options: np.sum(np.quantile(x, **options)))(X)
    with pytest.raises(TypeError, match="real"):
        grad(lambda x: np.real(np.quantile(x, 0.5)))(X + 1j)


def test_the_median_of_nothing_is_nan_with_the_warnings_of_numpy():
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"), np.errstate(invalid="ignore"):
        assert np.isnan(vjp(np.median, np.ones(0))[0])


@pytest.mark.parametrize("q", [1, np.array([0, 1]), np.float32(0.3), np.array([0.3]), 0.3])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
@pytest.mark.parametrize("method", ["linear", "hazen", "lower", "averaged_inverted_cdf"])
def test_dtypes_are_those_of_numpy(q, dtype, method):
    x = X.astype(dtype)
    value = vjp(lambda q: np.quantile(x, q, method=method), np.asarray(q, float))[0]
    assert value.dtype == np.quantile(x, np.asarray(q, float), method=method).dtype
    if dtype != "int64":
        value = vjp(lambda x: np.quantile(x, q, method=method), x)[0]
        assert value.dtype == np.quantile(x, q, method=method).dtype


def test_single_precision_stays_single():
    x = X.astype("float32")
    for function in (np.median, lambda x: np.quantile(x, 0.3), lambda x: np.percentile(x, 30)):
        value, tangent = jvp(function, (x,), (x,))
        assert value.dtype == tangent.dtype == np.float32
