"""NaN left out: derivative zero, and warnings for slices that hold nothing else."""

import numpy as np
import pytest

from fgrad import grad, hessian, jvp, vjp

X = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (np.nansum, [1, 0, 1]),
        (np.nanprod, [3, 0, 1]),
        (np.nanmean, [0.5, 0, 0.5]),
        (np.nanmax, [0, 0, 1]),
        (np.nanmin, [1, 0, 0]),
        (np.nanmedian, [0.5, 0, 0.5]),
        (np.nanvar, [-1, 0, 1]),
        (np.nanstd, [-0.5, 0, 0.5]),
    ],
)
def test_an_element_that_is_nan_has_derivative_zero(function, expected):
    assert grad(function)(X[0]).tolist() == expected
    assert jvp(function, (X[0],), (np.array([0.0, 1.0, 0.0]),))[1] == 0


def test_the_tangent_of_an_element_that_is_nan_does_not_matter():
    with np.errstate(invalid="ignore"):
        assert jvp(np.nansum, (X[0],), (np.array([1.0, np.nan, 1.0]),))[1] == 2


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (np.nanmean, "Mean of empty slice"),
        (np.nanmax, "All-NaN slice"),
        (np.nanmin, "All-NaN slice"),
        (np.nanmedian, "All-NaN slice"),
        (np.nanvar, "Degrees of freedom"),
        (np.nanstd, "Degrees of freedom"),
    ],
)
def test_a_slice_of_nothing_but_nan_warns_is_nan_and_has_derivative_zero(function, message):
    with pytest.warns(RuntimeWarning, match=message):
        value, pullback = vjp(lambda x: function(x, axis=1), X)
    assert np.isnan(value).tolist() == [False, True]
    (g,) = pullback(np.ones(2))
    assert g[1].tolist() == [0, 0, 0]
    assert np.isfinite(g[0]).all()


@pytest.mark.parametrize(("function", "neutral"), [(np.nansum, 0), (np.nanprod, 1)])
def test_a_fold_of_nothing_but_nan_is_its_identity(function, neutral):
    value, pullback = vjp(lambda x: function(x, axis=1), X)
    assert value[1] == neutral
    assert pullback(np.ones(2))[0][1].tolist() == [0, 0, 0]


def test_extrema_share_among_ties_and_not_with_nan():
    x = np.array([2.0, np.nan, 2.0])
    assert grad(np.nanmax)(x).tolist() == [0.5, 0, 0.5]
    assert grad(np.nanmin)(x).tolist() == [0.5, 0, 0.5]


def test_running_functions_pass_over_nan():
    assert grad(lambda x: np.sum(np.nancumsum(x)))(X[0]).tolist() == [3, 0, 1]
    assert grad(lambda x: np.sum(np.nancumprod(x)))(X[0]).tolist() == [1 + 1 + 3, 0, 1]


def test_the_second_derivative_is_zero_for_nan_too():
    expected = [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert hessian(np.nanprod)(X[0]).tolist() == expected


def test_a_real_dtype_for_complex_elements_is_refused():
    """NumPy drops the imaginary parts of the mean alone, with a warning."""
    z = np.array([1 + 2j, np.nan, 3 - 1j])
    for function in (np.nanvar, np.nanstd):
        with pytest.raises(TypeError, match=f"numpy.{function.__name__}: dtype=float32 .* complex dtype"):
            grad(lambda z, f=function: f(z, dtype=np.float32))(z)
        value, _ = vjp(lambda z, f=function: f(z, dtype=complex), z)
        assert value == pytest.approx(function(z), rel=1e-14)
