"""Interpolation: places of the table, its ends, repeated places, periods."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacobian, vjp

XP = np.array([0.0, 1.0, 3.0])
FP = np.array([2.0, 5.0, 1.0])


@pytest.mark.parametrize(
    ("x", "slope"), [(0.5, 3), (2.0, -2), (0.0, 3), (1.0, -2), (3.0, -2), (-1.0, 0), (4.0, 0)]
)
def test_the_slope_is_that_of_the_interval_to_the_right(x, slope):
    assert grad(lambda x: np.interp(x, XP, FP))(x) == slope


def test_the_derivative_by_the_values_is_the_hat_function():
    assert grad(lambda fp: np.interp(1.5, XP, fp))(FP).tolist() == [0, 0.75, 0.25]
    assert grad(lambda fp: np.interp(9.0, XP, fp))(FP).tolist() == [0, 0, 1]


def test_the_derivative_by_the_places():
    assert grad(lambda xp: np.interp(2.0, xp, FP))(XP).tolist() == [0, 1, 1]


def test_outside_the_table_the_derivative_is_of_the_values_given_for_it():
    left, right = vjp(lambda a, b: fnp.interp([-1.0, 9.0], XP, FP, a, b), 7.0, 8.0)[1](np.array([2.0, 3.0]))
    assert (left, right) == (2, 3)
    assert grad(lambda fp: np.sum(np.interp([-1.0, 9.0], XP, fp, 7.0, 8.0)))(FP).tolist() == [0, 0, 0]


@pytest.mark.parametrize("xp", [[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
def test_places_that_repeat_jump_without_nan(xp):
    x = np.array([0.0, 0.5, 1.0, 2.0])
    value, pullback = vjp(lambda x, fp: np.interp(x, xp, fp), x, FP)
    assert value.tolist() == np.interp(x, xp, FP).tolist()
    assert all(np.isfinite(g).all() for g in pullback(np.ones(4)))


def test_a_period_carries_points_and_table_around():
    found = jacobian(lambda x: np.interp(x, XP[:2], FP[:2], period=2.0))(np.array([0.5, 1.5, 4.5]))
    assert np.diag(found).tolist() == [3, -3, 3]


def test_a_table_in_double_precision_makes_a_result_in_double_as_in_numpy():
    value, pullback = vjp(lambda x: np.interp(x, XP, FP), np.float32(0.5))
    assert value.dtype == np.float64
    assert pullback(value)[0].dtype == np.float32


def test_wrong_tables_raise_as_in_numpy():
    for error, args in (
        (ValueError, (XP, FP[:2])),
        (ValueError, (XP[:0], FP[:0])),
        (ValueError, (XP[None], FP)),
        (ValueError, (XP, FP, None, None, 0)),
        (TypeError, (XP * 1j, FP)),
    ):
        with pytest.raises(error):
            grad(lambda x, args=args: np.interp(x, *args))(0.5)
