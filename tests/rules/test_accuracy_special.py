"""Derivatives of the special functions beyond what every elementwise function is tested for."""

import functools

import numpy as onp
import pytest

import fgrad.numpy as np
from fgrad import elementwise_grad, grad, jvp
from fgrad.rules.slopes.special import bessel_i, sinc_derivative
from tests.rules.accuracy_oracle import mp, mpf, sincpi
from tests.rules.accuracy_units import exactly, mpf_of, ulps

EPS = onp.finfo(float).eps


@functools.cache
def arguments():
    random = onp.random.default_rng(11)
    scattered = random.uniform(-12, 12, 200)
    return onp.concatenate([scattered, onp.arange(-12, 12.5, 0.5), onp.nextafter(onp.arange(-12.0, 12), 13)])


def envelope(x, order):
    """Return the size that a derivative of ``sinc`` has between its zeros."""
    return onp.pi**order / (1 + onp.pi * onp.abs(x))


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_derivatives_of_sinc_are_accurate_beside_their_own_size_between_the_zeros(order):
    x = arguments()
    derivative = functools.reduce(lambda f, _: elementwise_grad(f), range(order), np.sinc)
    exact = exactly(lambda x: sincpi(x, order), x)
    assert onp.max(onp.abs(derivative(x) - exact) / envelope(x, order)) < 8 * EPS


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_sinc_at_far_whole_numbers(order):
    """The derivatives at a whole number are known; pi times it is not, to a fraction of a turn."""
    x = onp.array([1e5, 2.0**40 + 1, -(2.0**53) + 1, 1e300])
    sign = onp.where(onp.fmod(x, 2) == 0, 1.0, -1.0)
    exact = {1: sign / x, 2: -2 * sign / x / x, 3: sign * (6 / x / x - onp.pi**2) / x}[order]
    onp.testing.assert_allclose(sinc_derivative(x, order), exact, rtol=4 * EPS, atol=0)


def test_derivatives_of_sinc_at_zero():
    """The series is 1 - (pi x)**2 / 6 + (pi x)**4 / 120 - ..."""
    first = grad(np.sinc)
    second, third = grad(first), grad(grad(first))
    assert (first(0.0), third(0.0)) == (0, 0)
    assert second(0.0) == pytest.approx(-(onp.pi**2) / 3, rel=EPS)
    assert grad(third)(0.0) == pytest.approx(onp.pi**4 / 5, rel=EPS)


def test_sinc_of_complex_numbers():
    random = onp.random.default_rng(3)
    z = onp.concatenate([random.uniform(-3, 3, 40) + 1j * random.uniform(-2, 2, 40), [0, 1e-8j, 0.6 + 0j]])
    for order in (1, 2):
        derivative = functools.reduce(lambda f, _: elementwise_grad(f), range(order), np.sinc)
        exact = onp.array([complex(sincpi(mp.mpc(complex(point)), order)) for point in z])
        onp.testing.assert_allclose(derivative(z), exact, rtol=1e-13, atol=0)


def bessel_points():
    random = onp.random.default_rng(5)
    small = onp.ldexp(random.uniform(1, 2, 100), random.integers(-1000, 0, 100))
    split = onp.array([25.0, onp.nextafter(25.0, 0), onp.nextafter(25.0, 26), -25.0])
    return onp.concatenate([random.uniform(-40, 40, 200), random.uniform(-709, 709, 60), small, split])


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4, 5])
def test_bessel_functions_are_accurate(order):
    x = bessel_points()
    exact = exactly(lambda x: mp.besseli(order, x), x)
    assert ulps(bessel_i(x, order), exact).max() <= 8


def test_higher_derivatives_of_i0_are_accurate():
    x = bessel_points()
    derivative = functools.reduce(lambda f, _: elementwise_grad(f), range(4), np.i0)
    exact = exactly(lambda x: (3 * mp.besseli(0, x) + 4 * mp.besseli(2, x) + mp.besseli(4, x)) / 8, x)
    assert ulps(derivative(x), exact).max() <= 64


def test_the_kaiser_window_moves_with_beta():
    count, beta = 7, 8.5

    def point(n, b):
        radius = mp.sqrt(1 - (2 * mpf(n) / (count - 1) - 1) ** 2)
        return mp.besseli(0, b * radius) / mp.besseli(0, b)

    moved = jvp(lambda b: np.kaiser(count, b), (beta,), (1.0,))[1]
    exact = [float(mp.diff(lambda b: point(n, b), mpf_of(beta))) for n in range(count)]
    onp.testing.assert_allclose(moved, exact, rtol=1e-13, atol=0)
