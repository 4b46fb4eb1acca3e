"""Variance and standard deviation: equal values, degrees of freedom, given means."""

import numpy as np
import pytest

from fgrad import grad, jvp, vjp

X = np.array([1.0, 2.0, 6.0])
EQUAL = np.full(3, 0.5)


@pytest.mark.parametrize("options", [{}, {"where": [True, True, False]}, {"mean": 0.5}])
def test_spread_of_equal_values_has_derivative_zero(options):
    for function in (np.std, np.var, np.nanstd):
        assert grad(lambda x, function=function: function(x, **options))(EQUAL).tolist() == [0, 0, 0]
        assert jvp(lambda x, function=function: function(x, **options), (EQUAL,), (np.ones(3),))[1] == 0


def test_two_names_of_one_argument_are_refused():
    with pytest.raises(ValueError, match="two names of one argument"):
        grad(lambda x: np.var(x, ddof=1, correction=1))(X)


def test_a_nan_in_the_value_is_a_nan_in_the_derivative():
    assert np.isnan(grad(lambda x: np.std(x))(np.array([np.nan, 1.0]))).all()


def test_without_degrees_of_freedom_the_derivative_is_nan():
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"), np.errstate(all="ignore"):
        assert np.isnan(grad(lambda x: np.var(x, ddof=3))(X)).all()


def test_a_given_mean_is_an_argument_like_any_other():
    def spread(x, mean):
        return np.var(x, mean=mean)

    by_x, by_mean = vjp(spread, X, np.array([2.0]))[1](1.0)
    assert by_x == pytest.approx(2 / 3 * (X - 2), rel=1e-15)
    assert by_mean == pytest.approx(-2 / 3 * np.sum(X - 2), rel=1e-15)


def test_the_mean_given_from_the_array_changes_nothing():
    given = grad(lambda x: np.std(x, mean=np.mean(x, keepdims=True)))(X)
    assert given == pytest.approx(grad(np.std)(X), rel=1e-14)


def test_a_complex_dtype_makes_a_complex_result_as_in_numpy():
    value = vjp(lambda x: np.var(x, dtype=complex), X)[0]
    assert value.dtype == complex
    assert value == pytest.approx(np.var(X, dtype=complex), rel=1e-15)


def test_what_a_mask_leaves_too_little_of_warns_as_in_numpy():
    mask = np.array([[True, True, False], [True, False, False]])
    x = np.array([[1.0, 2.0, 5.0], [3.0, 4.0, 6.0]])
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        value, pullback = vjp(lambda x: np.var(x, axis=1, where=mask, ddof=1), x)
    assert value[0] == 0.5
    assert np.isnan(value[1])
    assert pullback(np.array([1.0, 0.0]))[0][0].tolist() == [-1, 1, 0]


def test_a_real_dtype_for_complex_elements_is_refused():
    """NumPy drops the imaginary parts of the mean alone, with a warning."""
    z = np.array([1 + 2j, 3 - 1j])
    for function in (np.var, np.std):
        with pytest.raises(TypeError, match=f"numpy.{function.__name__}: dtype=float32 .* complex dtype"):
            grad(lambda z, f=function: f(z, dtype=np.float32))(z)
