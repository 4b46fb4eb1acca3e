import numpy as np
import pytest

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.anderson import anderson


@pytest.mark.parametrize("memory", [0, 1, 5])
def test_the_cosine_has_its_fixed_point(memory):
    np.testing.assert_allclose(
        anderson(np.cos, np.array([1.0]), memory=memory), [0.7390851332151607], rtol=1e-11
    )


def test_acceleration_saves_most_of_the_steps():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(20, 20))
    A *= 0.98 / np.max(np.abs(np.linalg.eigvals(A)))
    b = rng.normal(size=20)
    counts = []
    for memory in (0, 10):
        calls = []
        found = anderson(lambda x: calls.append(x) or A @ x + b, np.zeros(20), memory=memory, max_steps=5000)
        np.testing.assert_allclose(found, np.linalg.solve(np.eye(20) - A, b), rtol=1e-7)
        counts.append(len(calls))
    assert counts[1] < counts[0] / 4


def test_a_linear_map_that_repels_is_solved_as_well():
    np.testing.assert_allclose(anderson(lambda x: 1 - 3 * x, np.zeros(2)), [0.25, 0.25], rtol=1e-11)


def test_a_fixed_point_at_zero_is_found():
    assert abs(anderson(lambda x: 0.9 * np.sin(x), np.array([1.0]))[0]) < 1e-10


def test_what_does_not_converge_says_so():
    with pytest.raises(ConvergenceError, match=r"after 7 steps f\(x\) still differs from x by"):
        anderson(lambda x: x + 1, np.zeros(1), max_steps=7)
