import numpy as np
import pytest

from fgrad import ArgumentError, InputError
from fgrad.optimizers import SGD, Momentum, momentum, sgd

A = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, -0.5], [0.0, -0.5, 1.0]])
SOLUTION = np.array([1.0, -2.0, 0.5])
START = np.array([0.0, 4.0, -1.0])


def slope(x):
    """Return the gradient of a quadratic function with the Hessian ``A``."""
    return A @ (x - SOLUTION)


def powers_of_quadratic(step_size, mass, weight, count):
    """Return where ``v = mass v + weight g, x = x - step_size v`` is after ``count`` steps.

    Error and velocity move linearly, so all steps are one power of a matrix.
    """
    one = np.eye(3)
    velocity = np.hstack([weight * A, mass * one])
    error = np.hstack([one, np.zeros((3, 3))]) - step_size * velocity
    moved = np.linalg.matrix_power(np.vstack([error, velocity]), count)
    return SOLUTION + (moved @ np.concatenate([START - SOLUTION, np.zeros(3)]))[:3]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 60])
@pytest.mark.parametrize(("step_size", "mass"), [(0.1, 0.9), (0.3, 0.0), (0.05, 0.5)])
def test_runs_on_a_quadratic_are_powers_of_a_matrix(count, step_size, mass):
    found = sgd(slope, START, num_iters=count, step_size=step_size, mass=mass)
    expected = powers_of_quadratic(step_size, mass, 1 - mass, count)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    found = momentum(slope, START, num_iters=count, step_size=step_size, mass=mass)
    expected = powers_of_quadratic(step_size, mass, 1.0, count)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)


def test_steps_of_sgd_computed_by_hand():
    rule = SGD(step_size=0.5, mass=0.75)
    state = rule.init(2.0)
    x, state = rule.update(8.0, state, 2.0)  # v = -0.25 * 8
    assert (x, state.memory) == (1.0, {"velocity": -2.0})
    x, state = rule.update(-4.0, state, x)  # v = 0.75 * -2 + 0.25 * 4
    assert (x, state.memory) == (0.75, {"velocity": -0.5})


def test_steps_of_momentum_computed_by_hand():
    rule = Momentum(step_size=0.5, mass=0.75)
    state = rule.init(2.0)
    x, state = rule.update(8.0, state, 2.0)
    assert (x, state.memory) == (-2.0, {"velocity": 8.0})
    x, state = rule.update(-4.0, state, x)  # v = 0.75 * 8 - 4
    assert (x, state.memory) == (-3.0, {"velocity": 2.0})


def test_momentum_is_the_formula_of_pytorch():
    parameter, buffer = START.copy(), None
    for _ in range(20):
        gradient = slope(parameter)
        buffer = gradient if buffer is None else 0.9 * buffer + gradient
        parameter = parameter - 0.02 * buffer
    found = momentum(slope, START, num_iters=20, step_size=0.02, mass=0.9)
    np.testing.assert_allclose(found, parameter, rtol=1e-14)


def test_the_two_forms_differ_by_the_scale_of_the_step_size():
    def schedule(i):
        return 0.1 / (1 + i)

    np.testing.assert_allclose(
        momentum(slope, START, num_iters=30, step_size=lambda i: 0.2 * schedule(i), mass=0.8),
        sgd(slope, START, num_iters=30, step_size=schedule, mass=0.8),
        rtol=1e-13,
    )
    np.testing.assert_allclose(momentum(slope, START), sgd(slope, START), rtol=1e-12)


@pytest.mark.parametrize("run", [sgd, momentum])
@pytest.mark.parametrize("mass", [-0.1, 1.0, np.nan])
def test_a_mass_out_of_range_is_refused(run, mass):
    with pytest.raises(
        ArgumentError, match=rf"{run.__name__}: mass must be at least 0 and below 1; got {mass}"
    ):
        run(slope, START, mass=mass)


@pytest.mark.parametrize("mass", ["0.9", True, None, np.ones(2), 0.5j])
def test_a_mass_that_is_no_real_number_is_refused(mass):
    with pytest.raises(InputError, match="sgd: mass must be a real number; got"):
        SGD(mass=mass)
