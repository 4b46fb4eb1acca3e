import numpy as np
import pytest

from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.solvers.krylov import conjugate_gradients, gmres

RNG = np.random.default_rng(0)
A = RNG.normal(size=(60, 60)) + 10 * np.eye(60)
S = A @ A.T
B = RNG.normal(size=60)


def test_conjugate_gradients_agree_with_elimination():
    np.testing.assert_allclose(conjugate_gradients(lambda v: S @ v, B), np.linalg.solve(S, B), rtol=1e-9)


def test_gmres_agrees_with_elimination():
    np.testing.assert_allclose(gmres(lambda v: A @ v, B), np.linalg.solve(A, B), rtol=1e-9, atol=1e-12)


def test_gmres_ends_early_where_few_steps_are_enough():
    calls = []
    found = gmres(lambda v: calls.append(v) or v + np.outer(B, B) @ v, B)
    np.testing.assert_allclose(found, B / (1 + B @ B), rtol=1e-11)
    assert len(calls) <= 6


def test_gmres_takes_a_rotation():
    """All steps but the last make no progress."""
    np.testing.assert_allclose(
        gmres(lambda v: np.roll(v, 1), np.eye(1, 40)[0]), np.eye(1, 40, 39)[0], atol=1e-14
    )


def test_a_wide_spectrum_is_solved_as_well_as_rounding_allows():
    d = np.logspace(0, 6, 60)
    x = conjugate_gradients(lambda v: d * v, d)
    assert np.max(np.abs(d * x - d)) <= 1e-10 * np.max(d)
    np.testing.assert_allclose(gmres(lambda v: d * v, np.ones(60)), 1 / d, rtol=1e-6)


@pytest.mark.parametrize("solve", [conjugate_gradients, gmres])
def test_zero_is_solved_by_zero_and_single_precision_stays(solve):
    assert solve(lambda v: 2 * v, np.zeros(3)).tolist() == [0, 0, 0]
    assert solve(lambda v: 2 * v, np.ones(3, np.float32)).dtype == np.float32


def test_singular_operators_are_refused():
    with pytest.raises(SingularError, match="not positive"):
        conjugate_gradients(lambda v: v * np.array([1.0, -1.0]), np.array([1.0, 2.0]))
    with pytest.raises(SingularError, match="GMRES found the operator of 2 unknowns to be singular"):
        gmres(lambda v: np.array([v[1], 0.0]), np.array([1.0, 1.0]))


def test_an_operator_that_is_not_linear_is_not_solved():
    with pytest.raises(ConvergenceError, match="GMRES did not solve a system of 3 unknowns"):
        gmres(lambda v: np.abs(v) + 0.1 * v, np.array([-1.0, 1.0, -2.0]))
