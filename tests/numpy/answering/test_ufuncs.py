"""Elementwise functions: their attributes, their forms, and the choices at kinks and zeros."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp, vjp

ZERO = np.zeros(2)


def both_modes(function, x):
    """Return the derivative of a function of one number, after checking that the modes agree."""
    value, slope = jvp(function, (x,), (1.0,))
    assert np.isfinite(value)
    assert grad(function)(x) == slope
    return slope


@pytest.mark.parametrize("name", ["sin", "add", "power", "modf", "frexp", "divmod", "matmul", "sign"])
def test_the_attributes_and_methods_of_a_ufunc_are_there(name):
    front, ufunc = getattr(fnp, name), getattr(np, name)
    assert (front.nin, front.nout, front.nargs, front.identity) == (
        ufunc.nin,
        ufunc.nout,
        ufunc.nargs,
        ufunc.identity,
    )


def test_methods_of_a_ufunc_work_on_plain_arrays():
    assert fnp.add.reduce([1, 2, 3]) == 6
    assert fnp.multiply.outer([1, 2], [3, 4]).tolist() == [[3, 4], [6, 8]]
    assert fnp.maximum.accumulate([1, 3, 2]).tolist() == [1, 3, 3]


def test_the_second_argument_alone_may_be_traced():
    assert grad(lambda x: np.sum(np.arctan2(np.ones(3), x)))(1.0) == pytest.approx(-1.5, rel=1e-15)
    assert grad(lambda x: fnp.power([2.0, 3.0], x).sum())(0.0) == pytest.approx(np.log(6), rel=1e-15)


def test_absolute_value_at_zero():
    for function in (np.absolute, np.fabs, abs):
        assert both_modes(function, 0.0) == 0
        assert both_modes(function, -0.0) == 0
    assert grad(lambda z: np.abs(z))(0j) == 0


def test_ties_share_equally():
    for function in (np.maximum, np.minimum, np.fmax, np.fmin):
        assert grad(function, argnums=(0, 1))(2.0, 2.0) == (0.5, 0.5)
        assert jvp(function, (2.0, 2.0), (1.0, 0.0))[1] == 0.5
        pulled = vjp(function, np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]))[1](np.ones(3))
        assert pulled[0][1] == pulled[1][1] == 0.5
        assert np.array_equal(pulled[0] + pulled[1], np.ones(3))


def test_clip_at_its_limits_takes_half():
    assert grad(lambda x: np.sum(np.clip(x, 0.0, 1.0)))(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist() == [
        0,
        0.5,
        1,
        0.5,
        0,
    ]


def test_angle_and_radius_at_the_origin():
    assert grad(np.arctan2, argnums=(0, 1))(0.0, 0.0) == (0, 0)
    assert grad(np.hypot, argnums=(0, 1))(0.0, 0.0) == (0, 0)
    assert jvp(np.arctan2, (0.0, 0.0), (1.0, 1.0))[1] == 0
    assert grad(lambda z: np.angle(z))(0j) == 0


def test_powers_at_zero():
    assert both_modes(lambda x: np.power(x, 0.0), 0.0) == 0
    assert both_modes(lambda x: np.power(x, 1.0), 0.0) == 1
    assert both_modes(lambda x: np.power(x, 2.0), 0.0) == 0
    assert both_modes(lambda y: np.power(0.0, y), 2.0) == 0
    assert grad(np.power, argnums=(0, 1))(0.0, 2.0) == (0, 0)
    assert vjp(np.power, ZERO, np.array([0.0, 3.0]))[1](np.ones(2))[0].tolist() == [0, 0]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 0.0)), 0.0),
        lambda x: np.where(x > 0, np.sqrt(np.maximum(x, 0.0)), 0.0),
        lambda x: np.where(x > 0, np.cbrt(x), 0.0),
        lambda x: np.where(x > 0, np.abs(x) ** 0.5, 0.0),
        lambda x: np.where(x != 0, np.linalg.norm(x), 0.0),
    ],
)
def test_an_unused_branch_gives_no_nan(function):
    x = np.array([0.0])
    assert grad(lambda x: np.sum(function(x)))(x).tolist() == [0]
    # Forward mode passes the branch before it is known to be unused: infinite there, and not taken.
    with np.errstate(divide="ignore"):
        assert jvp(function, (x,), (np.ones(1),))[1].tolist() == [0]


def test_the_derivative_of_the_square_root_at_zero_is_infinite_where_it_is_used():
    with np.errstate(divide="ignore"):
        assert grad(np.sqrt)(0.0) == np.inf


def test_functions_of_complex_numbers():
    z = 0.5 + 0.25j
    assert grad(lambda z: np.abs(z) ** 2)(z) == pytest.approx(2 * np.conj(z), rel=1e-15)
    assert grad(lambda z: np.real(z * z))(z) == 2 * z
    assert grad(lambda z: np.imag(z * z))(z) == -2j * z
    assert grad(lambda z: np.real(np.conjugate(z)))(z) == 1
    assert grad(lambda x: np.real(np.exp(1j * x)))(0.5) == pytest.approx(-np.sin(0.5), rel=1e-15)
