"""Running sums and products: zeros, lengths, axes."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jacobian, vjp

TWO_ZEROS = np.array([2.0, 0.0, 3.0, 0.0, 5.0])


def running_product_jacobian(x):
    """Return the derivative of ``x[0] * ... * x[k]`` by ``x[j]``, as the product of the others."""
    n = len(x)
    return np.array(
        [[np.prod(np.delete(x[: k + 1], j)) if j <= k else 0.0 for j in range(n)] for k in range(n)]
    )


@pytest.mark.parametrize("x", [TWO_ZEROS, np.zeros(4), np.array([0.0, 2.0, 3.0]), np.array([4.0])])
def test_a_running_product_with_zeros_has_the_products_of_the_others(x):
    assert np.array_equal(jacobian(np.cumprod)(x), running_product_jacobian(x))


def test_the_second_derivatives_with_two_zeros():
    found = hessian(lambda x: np.cumprod(x)[-1])(TWO_ZEROS)
    expected = np.zeros((5, 5))
    expected[1, 3] = expected[3, 1] = 2 * 3 * 5
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("n", [17, 64, 101])
def test_long_running_products_agree_with_the_quotient(n):
    x = np.random.default_rng(n).uniform(0.8, 1.2, size=n)
    g = np.random.default_rng(n + 1).normal(size=n)
    found = vjp(np.cumprod, x)[1](g)[0]
    expected = np.cumsum((g * np.cumprod(x))[::-1])[::-1] / x
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_running_sum_of_nothing_is_nothing():
    for function in (np.cumsum, np.cumprod):
        assert grad(lambda x, function=function: np.sum(function(x)))(np.ones(0)).shape == (0,)
        assert grad(lambda x, f=function: np.sum(f(x, axis=1)))(np.ones((2, 0))).shape == (2, 0)


@pytest.mark.parametrize("function", [np.cumsum, np.cumprod, np.nancumsum, np.nancumprod])
def test_axes_are_checked(function):
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(function(x, axis=2)))(np.ones((2, 2)))


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1

    def test_the_standard_functions_need_an_axis_for_several():
        with pytest.raises(ValueError, match="axis= must be given for an array of 2 axes"):
            grad(lambda x: np.sum(fnp.cumulative_sum(x)))(np.ones((2, 2)))
