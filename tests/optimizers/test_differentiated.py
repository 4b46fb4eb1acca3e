"""Runs that are differentiated: derivatives of where an optimiser ends."""

import numpy as np
import pytest

from fgrad import grad, jacobian, jvp
from fgrad.optimizers import SGD, Adam, AdamW, Momentum, RMSprop, adam, sgd
from tests.transforms.differences import STEP, directional, jacobian_of

RULES = [SGD, Momentum, RMSprop, Adam, AdamW]
TARGET = np.array([0.5, -1.0, 2.0])


def training_loss(x):
    return np.sum(np.log(np.cosh(x - TARGET))) + 0.1 * np.sum(x) ** 2


def end_of(rule, x0):
    return rule.run(grad(training_loss), x0, num_iters=6)


def validation_loss(x):
    return np.sum(np.sin(x) * x)


START = np.array([0.1, 0.2, -0.3])


@pytest.mark.parametrize("rule", RULES)
def test_the_derivative_with_respect_to_the_step_size(rule):
    def of_step_size(step_size):
        return validation_loss(end_of(rule(step_size=step_size), START))

    expected = directional(of_step_size, 0.1, 1.0)
    assert abs(expected) > 1e-2
    assert grad(of_step_size)(0.1) == pytest.approx(expected, rel=1e-8)
    assert jvp(of_step_size, (0.1,), (1.0,))[1] == pytest.approx(expected, rel=1e-8)
    second = directional(grad(of_step_size), 0.1, 1.0)
    assert grad(grad(of_step_size))(0.1) == pytest.approx(second, rel=1e-7)


@pytest.mark.parametrize("rule", RULES)
def test_the_derivative_with_respect_to_the_start(rule):
    def of_start(x0):
        return end_of(rule(step_size=0.1), x0)

    expected = jacobian_of(of_start, START)
    np.testing.assert_allclose(jacobian(of_start)(START), expected, rtol=0, atol=1e-8)
    t = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(jvp(of_start, (START,), (t,))[1], expected @ t, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    "rule",
    [
        SGD(0.2, 0.5),
        Momentum(0.1, 0.5),
        RMSprop(0.2, 0.7, 0.1, 0.5),
        Adam(0.1, 0.6, 0.8, 0.1),
        AdamW(0.1, 0.6, 0.8, 0.1, 0.3),
    ],
    ids=lambda rule: rule.name,
)
def test_a_rule_is_a_container_of_hyperparameters_to_differentiate_with_respect_to(rule):
    gradient = grad(lambda rule: validation_loss(end_of(rule, START)))(rule)
    assert type(gradient) is type(rule)
    fields = vars(rule)
    for name, value in fields.items():

        def of_one(number, name=name):
            return validation_loss(end_of(type(rule)(**{**fields, name: number}), START))

        expected = directional(of_one, value, 1.0)
        assert abs(expected) > 10 * STEP**2, name
        assert getattr(gradient, name) == pytest.approx(expected, rel=1e-7), name


def test_the_derivative_with_respect_to_a_container_as_start():
    def loss(params):
        return np.sum((params["w"] - TARGET) ** 4) * params["scale"] ** 2

    def of_start(w, scale):
        end = adam(grad(loss), {"w": w, "scale": scale}, num_iters=5, step_size=0.1)
        return np.sum(end["w"]) + end["scale"] ** 2

    dw, dscale = grad(of_start, (0, 1))(START, 1.5)
    np.testing.assert_allclose(dw, jacobian_of(lambda w: of_start(w, 1.5), START), rtol=1e-7)
    assert dscale == pytest.approx(directional(lambda s: of_start(START, s), 1.5, 1.0), rel=1e-7)
    whole = grad(lambda p: of_start(p["w"], p["scale"]))({"w": START, "scale": 1.5})
    np.testing.assert_array_equal(whole["w"], dw)
    assert whole["scale"] == dscale


def test_the_derivative_with_respect_to_a_schedule_and_to_what_the_gradient_closes_over():
    def of_both(decay, ridge):
        gradient = grad(lambda x: training_loss(x) + ridge * np.sum(x**2))
        return validation_loss(sgd(gradient, START, num_iters=5, step_size=lambda i: 0.3 * decay**i))

    by_decay, by_ridge = grad(of_both, (0, 1))(0.8, 0.2)
    assert by_decay == pytest.approx(directional(lambda d: of_both(d, 0.2), 0.8, 1.0), rel=1e-8)
    assert by_ridge == pytest.approx(directional(lambda r: of_both(0.8, r), 0.2, 1.0), rel=1e-8)


@pytest.mark.parametrize("rule", [Adam(0.1), RMSprop(0.1, initial=0.0), AdamW(0.1, weight_decay=0.0)])
def test_a_parameter_whose_gradient_is_zero_has_no_nan_as_derivative(rule):
    def end(x0):
        return rule.run(grad(lambda x: x[0] ** 2), x0, num_iters=3)

    found = jacobian(end)(np.array([1.0, 2.0]))
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[1], [0.0, 1.0])


def test_the_closed_form_of_a_quadratic_is_differentiated_exactly():
    # After n steps from 1 on x**2 / 2 there is (1 - s)**n.
    def end(step_size):
        return sgd(grad(lambda x: x**2 / 2), 1.0, num_iters=10, step_size=step_size, mass=0.0)

    assert grad(end)(0.25) == pytest.approx(-10 * 0.75**9, rel=1e-14)
    assert grad(grad(end))(0.25) == pytest.approx(90 * 0.75**8, rel=1e-14)
    assert grad(grad(grad(end)))(0.25) == pytest.approx(-720 * 0.75**7, rel=1e-14)


def test_a_float32_run_differentiated_by_a_float_stays_float32():
    x0 = START.astype(np.float32)
    slope = grad(lambda s: np.sum(adam(grad(training_loss), x0, num_iters=3, step_size=s)))(0.1)
    assert type(slope) is float
    value, moved = jvp(lambda s: adam(grad(training_loss), x0, num_iters=3, step_size=s), (0.1,), (1.0,))
    assert value.dtype == moved.dtype == np.float32
    assert np.sum(moved) == pytest.approx(slope, rel=1e-5)
