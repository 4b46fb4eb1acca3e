import numpy as np
import pytest
import scipy.optimize

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.trust_region import trust_region


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_rosenbrocks_valley_is_followed_to_its_end():
    np.testing.assert_allclose(trust_region(rosenbrock, np.array([-1.2, 1.0])), [1, 1], rtol=1e-12)
    np.testing.assert_allclose(trust_region(rosenbrock, np.full(20, 0.3)), np.ones(20), rtol=1e-11)


def test_a_quadratic_is_solved_at_once():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(30, 30))
    A = A @ A.T + np.eye(30)
    b = rng.normal(size=30)
    found = trust_region(lambda x: x @ A @ x / 2 - b @ x, np.zeros(30))
    np.testing.assert_allclose(found, np.linalg.solve(A, b), rtol=1e-9, atol=1e-12)


def test_himmelblaus_minima_are_minima():
    def himmelblau(x):
        return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2

    minima = [[3, 2], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]]
    for start in ([1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-0.270845, -0.923039]):
        found = trust_region(himmelblau, np.array(start))
        assert min(np.max(np.abs(found - minimum)) for minimum in minima) < 1e-6


def test_scipy_finds_the_same():
    def wood(x):
        return (
            100 * (x[1] - x[0] ** 2) ** 2
            + (1 - x[0]) ** 2
            + 90 * (x[3] - x[2] ** 2) ** 2
            + (1 - x[2]) ** 2
            + 10.1 * ((x[1] - 1) ** 2 + (x[3] - 1) ** 2)
            + 19.8 * (x[1] - 1) * (x[3] - 1)
        )

    start = np.array([-3.0, -1.0, -3.0, -1.0])
    expected = scipy.optimize.minimize(wood, start, method="BFGS", options={"gtol": 1e-7}).x
    np.testing.assert_allclose(trust_region(wood, start), expected, atol=1e-5)


def test_units_do_not_matter():
    for unit in (1e-40, 1e-10, 1e10):
        found = trust_region(
            lambda x, unit=unit: np.sum((x / unit - 2) ** 2 + (x / unit) ** 4), np.array([unit])
        )
        root = found[0] / unit
        assert 2 * (root - 2) + 4 * root**3 == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: -np.sum(x), "f falls without end"),
        (lambda x: np.sum(x) * np.inf, "not finite at the start"),
    ],
)
def test_what_has_no_minimum_says_so(function, message):
    with pytest.raises(ConvergenceError, match=message):
        trust_region(function, np.ones(2), max_steps=50)
