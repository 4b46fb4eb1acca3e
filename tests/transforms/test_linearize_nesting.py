"""Linearizations inside and around other transforms, against closed forms and differences."""

import numpy as np
import pytest

from fgrad import LeakedBoxError, grad, jacobian, jvp, linearize, vmap
from tests.transforms.differences import directional, jacobian_of


def swirl(x):
    return np.outer(np.sin(x), x)[:, 1:] * x[0]


X = np.array([0.3, -0.7, 1.2])


def test_it_nests_in_itself_and_in_the_others():
    def second(x):
        return linearize(lambda x: linearize(np.sin, x)[1](1.0), x)[1](1.0)

    assert second(0.7) == pytest.approx(-np.sin(0.7), rel=1e-14)
    assert grad(second)(0.7) == pytest.approx(-np.cos(0.7), rel=1e-14)
    assert jvp(second, (0.7,), (1.0,))[1] == pytest.approx(-np.cos(0.7), rel=1e-14)


def test_a_traced_value_that_the_function_closes_over_keeps_its_derivative():
    def outer(w):
        h = np.sin(w)
        value, derivative = linearize(lambda x: np.exp(h * x) * w, 2.0 * w)
        return value * derivative(w**2)

    def by_hand(w):
        h = np.sin(w)
        value = np.exp(2 * w * h) * w
        return value * (h * value) * w**2

    assert grad(outer)(0.6) == pytest.approx(directional(by_hand, 0.6, 1.0), rel=1e-10)
    assert jvp(outer, (0.6,), (1.0,))[1] == pytest.approx(directional(by_hand, 0.6, 1.0), rel=1e-10)
    many = np.array([0.2, 0.6])
    np.testing.assert_allclose(vmap(outer)(many), by_hand(many), rtol=1e-14)


def test_perturbations_are_not_confused():
    assert grad(lambda x: x * linearize(lambda y: x + y, 1.0)[1](1.0))(1.0) == 1.0
    assert grad(lambda x: linearize(lambda y: x * y * y, x)[1](1.0))(3.0) == 12.0


def test_the_derivative_can_itself_be_differentiated_and_batched():
    derivative = linearize(swirl, X)[1]
    dense = jacobian_of(swirl, X)
    np.testing.assert_allclose(jacobian(derivative)(np.ones(3)), dense, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(grad(lambda t: np.sum(derivative(t)))(X), dense.sum((0, 1)), rtol=1e-9)
    np.testing.assert_allclose(np.moveaxis(vmap(derivative)(np.eye(3)), 0, -1), dense, rtol=1e-9, atol=1e-9)


def test_a_derivative_that_outlives_the_transform_around_it_is_refused():
    kept = []

    def outer(w):
        kept.append(linearize(lambda x: x * w, 2.0)[1])
        return w

    grad(outer)(3.0)
    with pytest.raises(LeakedBoxError, match="traced value of grad, which has already returned"):
        kept[0](1.0)
