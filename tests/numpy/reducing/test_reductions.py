"""Sums, means, products and extrema: ties, zeros, masks, initial values, dtypes, errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jacobian, jvp, vjp

TIES = np.array([[2.0, 1.0, 2.0], [0.0, 2.0, 0.0]])
MASK = np.array([[True, False, True], [False, False, True]])


def test_an_extremum_with_ties_shares_equally():
    assert grad(np.max)(TIES).tolist() == [[1 / 3, 0, 1 / 3], [0, 1 / 3, 0]]
    assert grad(np.min)(TIES).tolist() == [[0, 0, 0], [0.5, 0, 0.5]]
    assert grad(lambda x: np.sum(np.max(x, axis=1)))(TIES).tolist() == [[0.5, 0, 0.5], [0, 1, 0]]
    assert grad(lambda x: np.sum(np.min(x, axis=0, keepdims=True)))(TIES).tolist() == [[0, 1, 0], [1, 0, 1]]
    assert jvp(np.max, (TIES,), (np.ones((2, 3)),))[1] == pytest.approx(1, rel=1e-15)
    assert grad(np.ptp)(np.array([1.0, 3.0, 1.0])).tolist() == [-0.5, 1, -0.5]


def test_an_extremum_over_ties_in_single_precision_stays_single():
    assert grad(np.max)(TIES.astype("float32")).dtype == np.float32


@pytest.mark.parametrize("function", [np.max, np.min, np.ptp, np.amax, np.amin])
def test_the_derivative_of_an_extremum_that_is_nan_is_nan(function):
    x = np.array([[1.0, np.nan], [2.0, 3.0]])
    rows = grad(lambda x: np.sum(function(x, axis=1)))(x)
    assert np.isnan(rows[0]).all()
    assert np.isfinite(rows[1]).all()


def test_an_extremum_that_ties_with_its_initial_value_gives_half_to_each():
    assert grad(lambda x: np.max(x, initial=2.0))(np.array([2.0, 1.0])).tolist() == [0.5, 0]
    assert grad(lambda start: fnp.max(TIES[:, 1], initial=start))(2.0) == 0.5


def test_products_with_zeros():
    assert grad(np.prod)(np.array([2.0, 0.0, 5.0])).tolist() == [0, 10, 0]
    assert grad(np.prod)(np.array([0.0, 0.0, 5.0])).tolist() == [0, 0, 0]
    assert grad(np.prod)(np.zeros(1)).tolist() == [1]
    assert hessian(np.prod)(np.array([0.0, 0.0, 5.0])).tolist() == [[0, 5, 0], [5, 0, 0], [0, 0, 0]]
    assert hessian(np.prod)(np.array([2.0, 0.0, 5.0])).tolist() == [[0, 5, 0], [5, 0, 2], [0, 2, 0]]
    rows = np.array([[2.0, 0.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(np.prod(x, axis=1)))(rows).tolist() == [[0, 2], [4, 3]]


def test_a_product_that_leaves_the_range_of_its_dtype_has_the_derivatives_that_do_not():
    tiny = grad(np.prod)(np.array([1e-200, 1e-200, 1e100]))
    assert tiny[:2] == pytest.approx([1e-100, 1e-100], rel=1e-15)
    with np.errstate(over="ignore"):
        huge = grad(np.prod)(np.array([1e200, 1e200, 1e-100]))
    assert huge[:2] == pytest.approx([1e100, 1e100], rel=1e-15)


def test_the_derivative_of_a_long_product_with_a_zero_is_the_product_of_the_others():
    x = np.random.default_rng(0).uniform(0.9, 1.1, size=5000)
    x[4000] = 0.0
    expected = np.zeros(5000)
    expected[4000] = np.exp(np.sum(np.log(np.delete(x, 4000))))
    assert grad(np.prod)(x) == pytest.approx(expected, rel=1e-11)


def test_what_a_mask_leaves_out_has_derivative_zero_whatever_it_is():
    x = np.array([[1.0, np.nan, 4.0], [np.inf, -np.inf, 2.0]])
    for function, expected in (
        (lambda x: np.sum(x, where=MASK), [[1, 0, 1], [0, 0, 1]]),
        (lambda x: np.prod(x, where=MASK), [[8, 0, 2], [0, 0, 4]]),
        (lambda x: np.mean(x, where=MASK), [[1 / 3, 0, 1 / 3], [0, 0, 1 / 3]]),
        (lambda x: np.max(x, where=MASK, initial=-9.0), [[0, 0, 1], [0, 0, 0]]),
        (lambda x: np.min(x, where=MASK, initial=9.0), [[1, 0, 0], [0, 0, 0]]),
    ):
        assert grad(function)(x) == pytest.approx(np.array(expected), rel=1e-15)


def test_a_mask_may_be_a_list_or_a_comparison_of_what_is_traced():
    assert grad(lambda x: np.sum(x**2, where=x > 1))(TIES).tolist() == [[4, 0, 4], [0, 4, 0]]
    assert grad(lambda x: np.sum(x, where=[True, False, True]))(TIES).tolist() == [[1, 0, 1], [1, 0, 1]]


def test_a_mask_for_an_extremum_needs_an_initial_value():
    with pytest.raises(ValueError, match="needs initial="):
        grad(lambda x: np.max(x, where=MASK))(TIES)


def test_what_is_no_mask_of_the_array_is_refused():
    with pytest.raises(TypeError, match="where= must be of truth values; got float64"):
        grad(lambda x: np.sum(x, where=x))(TIES)
    with pytest.raises(ValueError, match=r"where= of shape \(3, 2, 3\) does not fit"):
        grad(lambda x: np.sum(x, where=np.ones((3, 2, 3), bool)))(TIES)


def test_a_mean_of_what_a_mask_leaves_none_of_warns_as_in_numpy():
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"):
        value, pullback = vjp(lambda x: np.mean(x, axis=0, where=MASK), TIES)
    assert np.isnan(value).tolist() == [False, True, False]
    assert pullback(np.ones(3))[0].tolist() == [[1, 0, 0.5], [0, 0, 0.5]]


def test_an_initial_value_is_differentiated():
    assert grad(lambda start: fnp.sum(TIES, initial=start))(3.0) == 1
    assert grad(lambda start: fnp.prod(TIES[0], initial=start))(3.0) == 4
    assert grad(lambda start: fnp.sum(fnp.max(TIES, axis=1, initial=start)))(3.0) == 2
    assert grad(lambda start: fnp.max(np.zeros((0, 2)), axis=0, initial=start)[1])(3.0) == 1


def test_an_initial_value_takes_the_dtype_of_the_array():
    x = np.ones(3, "float32")
    value, pullback = vjp(lambda x, start: np.sum(x, initial=start), x, np.float64(2))
    assert value.dtype == np.float32
    assert [g.dtype for g in pullback(value)] == [np.float32, np.float64]


def test_positional_arguments_are_those_of_numpy():
    assert vjp(lambda x: fnp.sum(x, 0, None, None, True), TIES)[0].shape == (1, 3)
    assert vjp(lambda x: fnp.max(x, 0, None, True), TIES)[0].shape == (1, 3)
    assert vjp(lambda x: x.mean(0, None, None, True), TIES)[0].shape == (1, 3)


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    for function in (np.sum, np.mean, np.prod, np.max, np.ptp, np.all, np.argmax):
        with pytest.raises(np.exceptions.AxisError):
            grad(lambda x, function=function: np.sum(function(x, axis=2)))(TIES)


def test_a_reduction_over_no_axes_is_the_identity():
    assert grad(lambda x: np.sum(np.sum(x, axis=()) * TIES))(TIES).tolist() == TIES.tolist()
    assert grad(lambda x: np.sum(np.prod(x, axis=()) * TIES))(TIES).tolist() == TIES.tolist()


def test_sums_of_nothing():
    assert grad(np.sum)(np.ones((0, 3))).shape == (0, 3)
    assert grad(np.prod)(np.ones((0, 3))).shape == (0, 3)
    assert jacobian(lambda x: np.sum(x, axis=0))(np.ones((0, 2))).shape == (2, 0, 2)
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"), np.errstate(invalid="ignore"):
        assert grad(np.mean)(np.ones((0, 3))).shape == (0, 3)


def test_a_dtype_is_that_of_the_sum_and_not_of_the_gradient():
    x = np.ones(3, "float32")
    value, tangent = jvp(lambda x: fnp.sum(x, dtype="float64"), (x,), (x,))
    assert value.dtype == tangent.dtype == np.float64
    assert grad(lambda x: fnp.sum(x, dtype="float64"))(x).dtype == np.float32
