import numpy as np
import pytest

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.newton import newton


def test_steps_are_halved_where_the_full_one_diverges():
    """Newton's method for arctan diverges from 2."""
    assert newton(np.arctan, np.array([2.0]))[0] == pytest.approx(0.0, abs=1e-15)


def test_powell_s_badly_scaled_function_has_its_root():
    def powell(x):
        return np.stack([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])

    np.testing.assert_allclose(newton(powell, np.array([0.0, 1.0])), [1.098159e-5, 9.106147], rtol=1e-6)


def test_units_do_not_matter():
    for unit in (1e-200, 1e-20, 1e20, 1e150):
        found = newton(lambda x, unit=unit: unit * ((x / unit) ** 2 - 2), np.array([unit]))
        np.testing.assert_allclose(found, [unit * 2**0.5], rtol=1e-12)


def test_many_unknowns_are_solved_by_products_with_the_jacobian():
    n = 200
    b = np.random.default_rng(0).normal(size=n)
    x = newton(lambda x: 3 * x + np.sin(np.roll(x, 1)) + x**3 - b, np.zeros(n))
    np.testing.assert_allclose(3 * x + np.sin(np.roll(x, 1)) + x**3, b, atol=1e-12)


def test_a_singular_jacobian_on_the_way_is_stepped_over():
    found = newton(lambda x: np.stack([x[0] ** 2 + x[1] - 1, x[1] ** 2 - x[1]]), np.array([0.0, 0.5]))
    np.testing.assert_allclose(found, [0.0, 1.0], atol=1e-12)


@pytest.mark.parametrize(
    ("function", "start", "message"),
    [
        (lambda x: x**2 + 1, [3.0], "cannot leave"),
        (lambda x: x / 0.0, [1.0], "not finite at the start"),
        (lambda x: np.exp(-x), [1.0], "after 100 steps"),
    ],
)
def test_what_has_no_root_says_so(function, start, message):
    with np.errstate(all="ignore"), pytest.raises(ConvergenceError, match=message):
        newton(function, np.array(start))
