"""Special functions, windows, phases and faulty values: hard places, dtypes and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, FgradError, grad, jacobian, jvp

X = np.array([1.0, np.nan, np.inf, -np.inf, -2.0])


def values_of(function, *args):
    return jvp(function, args, args)[0]


@pytest.mark.parametrize("function", [np.i0, np.sinc])
def test_empty_arrays_stay_empty(function):
    assert jacobian(function)(np.zeros((0,))).shape == (0, 0)
    assert values_of(function, np.zeros((2, 0), "float32")).dtype == np.float32


def test_i0_at_zero():
    first = grad(np.i0)
    assert (first(0.0), grad(first)(0.0), grad(grad(first))(0.0)) == (0, 0.5, 0)
    assert grad(grad(grad(first)))(0.0) == 3 / 8


def test_i0_of_a_negative_number():
    assert grad(np.i0)(-2.0) == -grad(np.i0)(2.0)


def test_i0_refuses_complex_numbers_as_numpy_does():
    with pytest.raises(TypeError, match="real arguments"):
        grad(lambda z: np.real(np.i0(z)))(1j)


def test_sinc_of_whole_numbers_is_steep():
    """There sin(pi x) vanishes, and its slope is that of the cosine."""
    assert grad(np.sinc)(1.0) == -1
    assert grad(np.sinc)(2.0) == 0.5


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_the_kaiser_window_is_numpys(count):
    window, moved = jvp(lambda beta: fnp.kaiser(count, beta), (4.0,), (1.0,))
    np.testing.assert_allclose(window, np.kaiser(count, 4.0), rtol=1e-15)
    assert window.dtype == moved.dtype == np.float64
    assert moved.shape == window.shape


def test_the_kaiser_window_at_beta_zero_is_a_rectangle_and_stationary():
    window, moved = jvp(lambda beta: fnp.kaiser(4, beta), (0.0,), (1.0,))
    assert (window.tolist(), moved.tolist()) == ([1] * 4, [0] * 4)


def test_the_number_of_points_of_a_window_is_no_traced_value():
    with pytest.raises(FgradError):
        grad(lambda m: np.sum(fnp.kaiser(m, 2.0)))(4.0)


def test_unwrapping_changes_nothing_about_the_slope():
    p = np.array([0.0, 3.0, -3.0, -1.0, 3.0])
    assert np.array_equal(jacobian(np.unwrap)(p), np.eye(5))


def test_unwrapping_moves_with_the_period():
    """After the first jump one period is added, after the second two."""
    p = np.array([0.0, 4.0, 0.5, 4.0, 0.5])
    moved = jvp(lambda period: fnp.unwrap(p, period=period), (5.0,), (1.0,))
    assert moved[0] == pytest.approx(np.unwrap(p, period=5.0), rel=1e-15)
    assert moved[1].tolist() == ((moved[0] - p) / 5).round().tolist()


def test_unwrap_keeps_single_precision():
    assert values_of(lambda p: np.unwrap(p), np.ones(3, "float32")).dtype == np.float32


def test_what_is_replaced_has_derivative_zero():
    assert grad(lambda x: np.sum(np.nan_to_num(x, posinf=1.0, neginf=2.0)))(X).tolist() == [1, 0, 0, 0, 1]
    value, moved = jvp(np.nan_to_num, (X,), (np.ones(5),))
    assert value.tolist() == np.nan_to_num(X).tolist()
    assert moved.tolist() == [1, 0, 0, 0, 1]


def test_the_replacement_gets_the_derivative():
    assert grad(lambda v: np.sum(fnp.nan_to_num(X, nan=v, posinf=0.0, neginf=3 * v)))(1.0) == 4


def test_parts_of_complex_numbers_are_replaced_each():
    z = np.array([complex(1, np.nan), complex(np.inf, 2)])
    value, moved = jvp(lambda z: np.nan_to_num(z, posinf=5.0), (z,), (np.array([1 + 1j, 1 + 1j]),))
    assert value.tolist() == [1, 5 + 2j]
    assert moved.tolist() == [1, 1j]


def test_faulty_values_are_replaced_in_place_in_an_array_of_the_function():
    def function(x):
        y = x * 2
        assert np.nan_to_num(y, copy=False, posinf=1.0, neginf=1.0) is y
        return np.sum(y)

    assert grad(function)(X).tolist() == [2, 0, 0, 0, 2]


def test_a_plain_array_is_not_written_into():
    with pytest.raises(DetachedError, match="copy=False"):
        grad(lambda v: np.sum(fnp.nan_to_num(X.copy(), copy=False, nan=v)))(1.0)
