from fractions import Fraction

import mpmath
import numpy as np
import pytest

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.dormand_prince import ERROR, NODES, STAGES, dormand_prince


def test_the_coefficients_satisfy_the_conditions_of_order_five():
    """The sums over rooted trees of up to four vertices, and those of order five along the nodes."""
    b = np.array([*STAGES[-1], 0.0])
    A = np.zeros((7, 7))
    for i, row in enumerate(STAGES):
        A[i + 1, : i + 1] = row
    c = np.array(NODES)
    np.testing.assert_allclose(A.sum(axis=1), c, atol=1e-14)
    assert Fraction(STAGES[0][0]).limit_denominator(10) == Fraction(1, 5)
    for weights, order in ((b, 5), (b - np.array(ERROR), 4)):
        for k in range(order):
            assert weights @ c**k == pytest.approx(1 / (k + 1), abs=1e-14)
        assert weights @ A @ c == pytest.approx(1 / 6, abs=1e-14)
        assert weights @ A @ c**2 == pytest.approx(1 / 12, abs=1e-14)
        assert weights @ (c * (A @ c)) == pytest.approx(1 / 8, abs=1e-14)
        assert weights @ A @ A @ c == pytest.approx(1 / 24, abs=1e-14)
    assert b @ A @ c**3 == pytest.approx(1 / 20, abs=1e-14)
    assert b @ A @ A @ c**2 == pytest.approx(1 / 60, abs=1e-14)
    assert b @ A @ A @ A @ c == pytest.approx(1 / 120, abs=1e-14)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-10])
def test_the_error_follows_the_tolerance(tolerance):
    def pendulum(y, t):
        return np.array([y[1], -np.sin(y[0])])

    with mpmath.workdps(30):
        solution = mpmath.odefun(lambda t, y: [y[1], -mpmath.sin(y[0])], 0, [1, 0])
        expected = [float(v) for v in solution(5)]
    found = dormand_prince(pendulum, np.array([1.0, 0.0]), np.array([0.0, 5.0]), tolerance, tolerance)[-1]
    np.testing.assert_allclose(found, expected, atol=30 * tolerance)


def test_times_are_met_in_both_directions():
    t = np.array([0.0, 0.1, 0.11, 3.0])
    for times in (t, -t, t[::-1]):
        rows = dormand_prince(
            lambda y, s: np.array([np.cos(s)]), np.array([np.sin(times[0])]), times, 1e-9, 1e-9
        )
        np.testing.assert_allclose(rows[:, 0], np.sin(times), atol=1e-7)


def test_a_short_last_step_does_not_shorten_those_that_follow():
    calls = []
    times = np.array([0.0, 1.0, 1.0 + 1e-9, 2.0])
    dormand_prince(lambda y, t: calls.append(t) or -y, np.ones(1), times, 1e-6, 1e-6)
    assert len(calls) < 200


def test_a_discontinuity_is_passed():
    rows = dormand_prince(
        lambda y, t: np.array([1.0 if t < 0.5 else 3.0]), np.zeros(1), np.array([0.0, 1.0]), 1e-8, 1e-8
    )
    assert rows[-1, 0] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (lambda y, t: y**2, {}, "as small as rounding allows"),
        (lambda y, t: -1e6 * (y - np.cos(t)), {"max_steps": 1000}, "may be stiff"),
        (lambda y, t: y * np.inf, {}, "not finite at the start"),
    ],
)
def test_what_cannot_be_integrated_says_so(function, options, message):
    with np.errstate(all="ignore"), pytest.raises(ConvergenceError, match=message):
        dormand_prince(function, np.ones(1), np.array([0.0, 2.0]), 1e-8, 1e-8, **options)
