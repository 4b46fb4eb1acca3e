"""Training against closed forms, and the proofs that there is no minimum."""

import itertools

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.demo.models import LINEAR, LOGISTIC, with_ones
from fgrad.demo.newton import NoMinimumError, newton, step_length, train

RNG = np.random.default_rng(12)


def standard(x):
    x = np.asarray(x, dtype=float)
    return (x - x.mean(axis=0)) / x.std(axis=0)


X = standard(RNG.normal(size=(60, 3)))
NOISY = (X @ [1.0, -2.0, 0.5] + RNG.normal(size=60) > 0.3).astype(float)


def test_linear_regression_is_solved_in_one_step():
    t = RNG.normal(size=60)
    training = train(LINEAR, X, t)
    assert training.converged
    assert [state.iteration for state in training.states] == [0, 1]
    np.testing.assert_allclose(
        training.parameters, np.linalg.lstsq(with_ones(X), t)[0], rtol=1e-12, atol=1e-14
    )


def test_ridge_regression_solves_the_normal_equations():
    t = RNG.normal(size=60)
    rows = with_ones(X)
    expected = np.linalg.solve(rows.T @ rows + np.diag([2.5, 2.5, 2.5, 0]), rows.T @ t)
    np.testing.assert_allclose(train(LINEAR, X, t, 2.5).parameters, expected, rtol=1e-12, atol=1e-14)


def test_logistic_regression_of_two_groups_gives_their_log_odds():
    flag = np.repeat([0.0, 1.0], [50, 40])
    t = np.concatenate([np.repeat([0.0, 1.0], [40, 10]), np.repeat([0.0, 1.0], [10, 30])])
    w, b = train(LOGISTIC, flag[:, None], t).parameters
    np.testing.assert_allclose([b, w + b], [np.log(10 / 40), np.log(30 / 10)], rtol=1e-8)


@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1.0])
def test_the_penalised_scores_vanish_at_the_logistic_solution(ridge):
    training = train(LOGISTIC, X, NOISY, ridge)
    p = training.parameters
    residual = 1 / (1 + np.exp(-(with_ones(X) @ p))) - NOISY
    score = with_ones(X).T @ residual + ridge * np.append(p[:-1], 0)
    assert training.converged
    assert np.abs(score).max() < 1e-9


def test_the_loss_falls_and_the_gradient_vanishes_quadratically():
    states = train(LOGISTIC, X, NOISY).states
    losses = [state.loss for state in states]
    norms = [np.linalg.norm(state.gradient) for state in states]
    rounding = 1 + 1e-14  # what step_length grants a loss that shows nothing of a step any more
    assert all(later <= earlier * rounding for earlier, later in itertools.pairwise(losses))
    assert norms[-1] < 1e-3 * norms[-2]


def test_a_hyperplane_between_the_classes_is_found():
    t = (X @ [1.0, 2.0, -1.0] > 0.1).astype(float)
    with pytest.raises(NoMinimumError, match=r"hyperplane|no training row towards the wrong side"):
        train(LOGISTIC, X, t)


def test_classes_that_touch_are_found():
    x = standard(np.concatenate([RNG.uniform(-2, 0, 20), np.zeros(6), RNG.uniform(0, 2, 20)])[:, None])
    t = np.concatenate([np.zeros(23), np.ones(23)])
    with pytest.raises(NoMinimumError, match="no training row towards the wrong side"):
        train(LOGISTIC, x, t)


def test_a_penalty_gives_separable_classes_a_minimum():
    t = (X[:, 0] > 0).astype(float)
    training = train(LOGISTIC, X, t, 1e-9)
    assert training.converged
    assert np.isfinite(training.parameters).all()


@pytest.mark.parametrize("swapped", range(0, 60, 7))
def test_one_row_on_the_wrong_side_is_enough_for_a_minimum(swapped):
    x = np.sort(X[:, :1], axis=0)
    t = np.repeat([0.0, 1.0], 30)
    t[swapped] = 1 - t[swapped]
    assert train(LOGISTIC, x, t).converged


def test_targets_that_the_columns_say_nothing_of_converge_at_once():
    x = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]] * 3)
    training = train(LOGISTIC, x, (x[:, 0] * x[:, 1] > 0).astype(float))
    assert training.converged
    np.testing.assert_allclose(training.parameters, 0, atol=1e-15)


def test_collinear_columns_with_the_least_penalty_converge():
    x = np.column_stack([X, X[:, 0]])
    t = RNG.normal(size=60)
    training = train(LINEAR, x, t, 1e-14)
    assert training.converged
    expected = with_ones(X) @ np.linalg.lstsq(with_ones(X), t)[0]
    np.testing.assert_allclose(with_ones(x) @ training.parameters, expected, rtol=1e-9, atol=1e-12)


def test_a_singular_hessian_gives_the_shortest_step():
    first = next(newton(lambda p: fnp.sum((p[0] + p[1] - 2.0) ** 2), np.zeros(2)))
    np.testing.assert_allclose(first.step, [1.0, 1.0], rtol=1e-14)


def test_newton_is_damped_where_the_full_step_would_diverge():
    states = []
    for state in newton(lambda p: fnp.sum(fnp.sqrt(1 + p**2)), np.array([3.0])):
        states.append(state)
        if abs(state.gradient[0]) < 1e-12:
            break
    assert abs(states[0].parameters[0] + states[0].step[0]) > 3
    assert abs(states[-1].parameters[0]) < 1e-12


def test_no_step_is_taken_where_none_lowers_the_function():
    assert step_length(lambda p: 1.0 + abs(p[0]), np.zeros(1), 1.0, np.ones(1), -1.0) == 0.0
    assert len(list(newton(lambda p: -fnp.sum(p**2), np.array([1.0])))) == 1
