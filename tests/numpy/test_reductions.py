"""Sums, means, products, extrema and spread: ties, zeros, dtypes."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jacobian, jvp

TIES = np.array([[2.0, 1.0, 2.0], [0.0, 2.0, 0.0]])


def test_an_extremum_with_ties_shares_equally():
    assert grad(np.max)(TIES).tolist() == [[1 / 3, 0, 1 / 3], [0, 1 / 3, 0]]
    assert grad(np.min)(TIES).tolist() == [[0, 0, 0], [0.5, 0, 0.5]]
    assert grad(lambda x: np.sum(np.max(x, axis=1)))(TIES).tolist() == [[0.5, 0, 0.5], [0, 1, 0]]
    assert grad(lambda x: np.sum(np.min(x, axis=0, keepdims=True)))(TIES).tolist() == [[0, 1, 0], [1, 0, 1]]
    assert jvp(np.max, (TIES,), (np.ones((2, 3)),))[1] == pytest.approx(1, rel=1e-15)
    assert grad(np.ptp)(np.array([1.0, 3.0, 1.0])).tolist() == [-0.5, 1, -0.5]


def test_an_extremum_over_ties_in_single_precision_stays_single():
    assert grad(np.max)(TIES.astype("float32")).dtype == np.float32


def test_products_with_zeros():
    assert grad(np.prod)(np.array([2.0, 0.0, 5.0])).tolist() == [0, 10, 0]
    assert grad(np.prod)(np.array([0.0, 0.0, 5.0])).tolist() == [0, 0, 0]
    assert grad(np.prod)(np.zeros(1)).tolist() == [1]
    assert hessian(np.prod)(np.array([0.0, 0.0, 5.0])).tolist() == [[0, 5, 0], [5, 0, 0], [0, 0, 0]]
    assert hessian(np.prod)(np.array([2.0, 0.0, 5.0])).tolist() == [[0, 5, 0], [5, 0, 2], [0, 2, 0]]
    rows = np.array([[2.0, 0.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(np.prod(x, axis=1)))(rows).tolist() == [[0, 2], [4, 3]]


def test_spread_of_equal_values_has_derivative_zero():
    assert grad(np.std)(np.full(3, 0.5)).tolist() == [0, 0, 0]
    assert grad(np.var)(np.full(3, 0.5)).tolist() == [0, 0, 0]
    assert jvp(np.std, (np.full(3, 0.5),), (np.ones(3),))[1] == 0


def test_two_names_of_one_argument_are_refused():
    with pytest.raises(ValueError, match="two names of one argument"):
        grad(lambda x: np.var(x, ddof=1, correction=1))(np.ones(3))


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(np.sum(x, axis=2)))(TIES)


def test_a_reduction_over_no_axes_is_the_identity():
    assert grad(lambda x: np.sum(np.sum(x, axis=()) * TIES))(TIES).tolist() == TIES.tolist()
    assert grad(lambda x: np.sum(np.prod(x, axis=()) * TIES))(TIES).tolist() == TIES.tolist()


def test_sums_of_nothing():
    assert grad(np.sum)(np.ones((0, 3))).shape == (0, 3)
    assert grad(np.prod)(np.ones((0, 3))).shape == (0, 3)
    assert jacobian(lambda x: np.sum(x, axis=0))(np.ones((0, 2))).shape == (2, 0, 2)


def test_a_dtype_is_that_of_the_sum_and_not_of_the_gradient():
    x = np.ones(3, "float32")
    value, tangent = jvp(lambda x: fnp.sum(x, dtype="float64"), (x,), (x,))
    assert value.dtype == tangent.dtype == np.float64
    assert grad(lambda x: fnp.sum(x, dtype="float64"))(x).dtype == np.float32


def test_a_nan_in_the_value_is_a_nan_in_the_derivative():
    assert np.isnan(grad(lambda x: np.std(x))(np.array([np.nan, 1.0]))).all()
