import mpmath
import numpy as np
import pytest

from fgrad import ArgumentError
from fgrad.optimizers import Adam, AdamW, RMSprop, adam, adamw, rmsprop

START = np.array([2.0, -3.0, 0.25])


def slope(x):
    """Return the gradient of ``sum(x**4 / 4 + cos(x))``."""
    return x**3 - np.sin(x)


# one step after the other


def test_steps_of_rmsprop_computed_by_hand():
    rule = RMSprop(step_size=3.0, gamma=0.75, eps=0.5, initial=4.0)
    state = rule.init(1.0)
    assert state.memory == {"v": 4.0}
    x, state = rule.update(2.0, state, 1.0)  # v = 0.75 * 4 + 0.25 * 4; 3 * 2 / (2 + 0.5)
    assert (x, state.memory) == (1.0 - 2.4, {"v": 4.0})
    x, state = rule.update(-8.0, state, 1.0)  # v = 3 + 16; the root of 19
    assert state.memory == {"v": 19.0}
    assert x == pytest.approx(1.0 + 24.0 / (mpmath.sqrt(19) + 0.5), rel=1e-15)


def test_steps_of_adam_computed_by_hand():
    rule = Adam(step_size=1.0, b1=0.5, b2=0.75, eps=1.0)
    x, state = rule.update(3.0, rule.init(0.0), 0.0)  # m = 1.5, v = 2.25; corrected 3 and 9; 3 / (3 + 1)
    assert (x, state.iteration, state.memory) == (-0.75, 1, {"m": 1.5, "v": 2.25})
    x, state = rule.update(-1.0, state, x)  # m = 0.25, v = 1.9375; corrected 1/3 and 1.9375 / 0.4375
    assert (state.iteration, state.memory) == (2, {"m": 0.25, "v": 1.9375})
    expected = -0.75 - (mpmath.mpf(1) / 3) / (mpmath.sqrt(mpmath.mpf("1.9375") / mpmath.mpf("0.4375")) + 1)
    assert x == pytest.approx(float(expected), rel=1e-15)


def test_a_step_of_adamw_computed_by_hand():
    rule = AdamW(step_size=0.5, b1=0.5, b2=0.75, eps=1.0, weight_decay=0.25)
    x, _ = rule.update(3.0, rule.init(8.0), 8.0)  # 8 * (1 - 0.125) - 0.5 * 3 / (3 + 1)
    assert x == 7.0 - 0.375


# closed forms


@pytest.mark.parametrize("g", [-3.0, 0.01])
def test_under_a_constant_gradient_adam_goes_equal_steps(g):
    found = adam(lambda x: g, 1.0, num_iters=50, step_size=0.1, eps=0.02)
    assert found == pytest.approx(1.0 - 50 * 0.1 * g / (abs(g) + 0.02), rel=1e-12)


def test_under_a_constant_gradient_adamw_approaches_a_point_geometrically():
    shrink = 1 - 0.1 * 0.3
    found = adamw(lambda x: -2.0, 5.0, num_iters=40, step_size=0.1, eps=0.0, weight_decay=0.3)
    assert found == pytest.approx(5.0 * shrink**40 + 0.1 * (1 - shrink**40) / (1 - shrink), rel=1e-12)


def test_without_a_gradient_adamw_only_shrinks():
    found = adamw(lambda x: 0 * x, START, num_iters=12, step_size=0.5, weight_decay=0.1)
    np.testing.assert_allclose(found, START * 0.95**12, rtol=1e-14)


def test_under_a_constant_gradient_the_average_of_rmsprop_is_a_geometric_mixture():
    weights = 0.9 ** np.arange(1, 31)
    averages = weights * 1.0 + (1 - weights) * 0.5**2
    expected = 1.0 - np.sum(0.1 * 0.5 / (np.sqrt(averages) + 1e-8))
    assert rmsprop(lambda x: 0.5, 1.0, num_iters=30) == pytest.approx(expected, rel=1e-13)


def test_adam_is_right_in_fifty_digits():
    with mpmath.workdps(50):
        step, b1, b2, eps = (mpmath.mpf(number) for number in (0.01, 0.9, 0.999, 1e-8))
        expected = []
        for start in START:
            x, m, v = mpmath.mpf(start), mpmath.mpf(0), mpmath.mpf(0)
            for t in range(1, 101):
                g = x**3 - mpmath.sin(x)
                m = b1 * m + (1 - b1) * g
                v = b2 * v + (1 - b2) * g**2
                x -= step * (m / (1 - b1**t)) / (mpmath.sqrt(v / (1 - b2**t)) + eps)
            expected.append(float(x))
    np.testing.assert_allclose(adam(slope, START, step_size=0.01), expected, rtol=1e-13)


# PyTorch's own order of operations


def torch_adam(x, count, lr, betas, eps, weight_decay):
    """Follow ``torch.optim.adam._single_tensor_adam`` and, for the decay, AdamW."""
    exp_avg, exp_avg_sq = np.zeros_like(x), np.zeros_like(x)
    for step in range(1, count + 1):
        gradient = slope(x)
        x = x * (1 - lr * weight_decay)
        exp_avg = exp_avg + (1 - betas[0]) * (gradient - exp_avg)
        exp_avg_sq = exp_avg_sq * betas[1] + (1 - betas[1]) * gradient * gradient
        denominator = np.sqrt(exp_avg_sq) / np.sqrt(1 - betas[1] ** step) + eps
        x = x - lr / (1 - betas[0] ** step) * (exp_avg / denominator)
    return x


def torch_rmsprop(x, count, lr, alpha, eps):
    """Follow ``torch.optim.rmsprop._single_tensor_rmsprop``."""
    square_avg = np.zeros_like(x)
    for _ in range(count):
        gradient = slope(x)
        square_avg = square_avg * alpha + (1 - alpha) * gradient * gradient
        x = x - lr * (gradient / (np.sqrt(square_avg) + eps))
    return x


def test_the_rules_are_the_formulas_of_pytorch():
    expected = torch_adam(START, 50, 1e-3, (0.9, 0.999), 1e-8, 0.0)
    np.testing.assert_allclose(adam(slope, START, num_iters=50), expected, rtol=1e-13)
    expected = torch_adam(START, 50, 1e-3, (0.9, 0.999), 1e-8, 0.01)
    np.testing.assert_allclose(adamw(slope, START, num_iters=50), expected, rtol=1e-13)
    expected = torch_rmsprop(START, 50, 0.01, 0.99, 1e-8)
    found = rmsprop(slope, START, num_iters=50, step_size=0.01, gamma=0.99, initial=0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-13)


# complex parameters


def test_the_squares_of_complex_gradients_are_those_of_their_absolute_values():
    rule = Adam(step_size=1.0, eps=0.0)
    x, state = rule.update(3.0 + 4.0j, rule.init(0.0j), 0.0j)
    assert state.memory["v"] == pytest.approx(0.001 * 25.0)
    assert type(state.memory["v"]) is np.float64
    assert x == pytest.approx(-(3.0 - 4.0j) / 5.0)  # downhill is along the conjugate


def test_hyperparameters_out_of_range_are_refused():
    for rule, name, value in [
        (Adam, "b1", 1.0),
        (Adam, "b2", -0.5),
        (Adam, "eps", -1e-8),
        (AdamW, "b1", 2.0),
        (AdamW, "weight_decay", -0.1),
        (RMSprop, "gamma", 1.0),
        (RMSprop, "eps", np.nan),
        (RMSprop, "initial", -1.0),
    ]:
        with pytest.raises(ArgumentError, match=rf"{rule.name}: {name} must be at least 0.*; got {value}"):
            rule(**{name: value})
