import numpy as np
import pytest

from fgrad.implicit.errors import SingularError
from fgrad.implicit.solvers.dense import dense_matrix, solve_dense

A = np.random.default_rng(0).normal(size=(4, 4))


def test_an_operator_becomes_its_matrix():
    np.testing.assert_array_equal(dense_matrix(lambda v: A @ v, 4, np.float64), A)
    assert dense_matrix(lambda v: 2 * v, 3, np.float32).dtype == np.float32


def test_a_refined_solution_has_a_small_residual():
    hilbert = 1 / (np.arange(8)[:, None] + np.arange(8) + 1.0)
    x = solve_dense(hilbert, np.ones(8))
    assert np.max(np.abs(hilbert @ x - 1)) < 1e-8 * np.max(np.abs(x))


@pytest.mark.parametrize(
    ("operator", "message"),
    [(lambda v: v * [1, 0], "condition number"), (lambda v: v * [1, np.nan], "not finite")],
)
def test_a_singular_matrix_is_refused(operator, message):
    with pytest.raises(SingularError, match=message):
        dense_matrix(operator, 2, np.float64)
