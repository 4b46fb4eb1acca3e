"""The losses against closed forms, and the hand-derived gradients against complex steps."""

import math

import numpy as np
import pytest

from fgrad import grad, hessian
from fgrad.demo.models import LINEAR, LOGISTIC, board, logistic_loss, sigmoid, squared_loss

RNG = np.random.default_rng(3)
X = RNG.normal(size=(7, 3))
W, B = RNG.normal(size=3), 0.4
TARGETS = {
    "logistic regression": RNG.integers(0, 2, 7).astype(float),
    "linear regression": RNG.normal(size=7),
}
MODELS = pytest.mark.parametrize("model", [LOGISTIC, LINEAR], ids=lambda model: model.name)


def complex_step(function, x):
    """Return the gradient of an analytic function, without cancellation."""
    slopes = np.empty(len(x))
    for i in range(len(x)):
        moved = x.astype(complex)
        moved[i] += 1e-30j
        slopes[i] = function(moved).imag / 1e-30
    return slopes


def flat(model, t):
    return lambda p: model.loss(p[:-1], p[-1], X, t)


def test_logistic_loss_is_the_sum_of_the_logarithms_of_the_odds_missed():
    expected = sum(
        math.log1p(math.exp(-z if t else z))
        for z, t in zip(X @ W + B, TARGETS["logistic regression"], strict=True)
    )
    assert logistic_loss(W, B, X, TARGETS["logistic regression"]) == pytest.approx(expected, rel=1e-14)


def test_squared_loss_is_half_the_sum_of_squares():
    t = TARGETS["linear regression"]
    expected = math.fsum((z - s) ** 2 / 2 for z, s in zip(X @ W + B, t, strict=True))
    assert squared_loss(W, B, X, t) == pytest.approx(expected, rel=1e-14)


@MODELS
def test_formula_for_the_gradient_agrees_with_complex_steps(model):
    t = TARGETS[model.name]
    expected = complex_step(flat(model, t), np.append(W, B))
    np.testing.assert_allclose(model.gradient(W, B, X, t), expected, rtol=1e-13)


@MODELS
def test_fgrad_agrees_with_complex_steps(model):
    t = TARGETS[model.name]
    point = np.append(W, B)
    np.testing.assert_allclose(grad(flat(model, t))(point), complex_step(flat(model, t), point), rtol=1e-13)


@MODELS
def test_formula_for_the_hessian_agrees_with_complex_steps_of_the_gradient(model):
    t = TARGETS[model.name]

    def slope(p):
        z = X @ p[:-1] + p[-1]
        residual = (1 / (1 + np.exp(-z)) if model is LOGISTIC else z) - t
        return np.append(X.T @ residual, residual.sum())

    point = np.append(W, B)
    expected = np.stack([complex_step(lambda p, i=i: slope(p)[i], point) for i in range(4)])
    np.testing.assert_allclose(model.hessian(W, B, X), expected, rtol=1e-12)
    stable = hessian(lambda p: model.stable_loss(p[:-1], p[-1], X, t))(point)
    np.testing.assert_allclose(stable, expected, rtol=1e-12)


def test_stable_loss_equals_the_loss_where_that_is_finite():
    t = TARGETS["logistic regression"]
    assert LOGISTIC.stable_loss(W, B, X, t) == pytest.approx(LOGISTIC.loss(W, B, X, t), rel=1e-14)


def test_stable_loss_is_finite_where_y_rounds_to_one():
    x, t = np.array([[1.0]]), np.array([0.0])
    assert LOGISTIC.stable_loss(np.array([800.0]), 0.0, x, t) == 800.0


def test_sigmoid_does_not_overflow():
    np.testing.assert_array_equal(sigmoid(np.array([-1000.0, 0.0, 1000.0])), [0.0, 0.5, 1.0])


def test_board_shows_the_code_that_runs():
    lines = board(logistic_loss)
    assert lines[0] == "def logistic_loss(w, b, x, t):"
    namespace = {"np": np}
    exec("\n".join(lines), namespace)
    t = TARGETS["logistic regression"]
    assert namespace["logistic_loss"](W, B, X, t) == logistic_loss(W, B, X, t)
