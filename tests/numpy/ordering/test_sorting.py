"""Sorting: equal elements share, and results are those of NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, MissingRuleError, grad, hessian, jacobian, jvp, vjp

TIED = np.array([2.0, 1.0, 2.0, 3.0, 2.0, 1.0])

#: The projection onto vectors that are equal where TIED is; written down, not computed.
THIRD, HALF = 1 / 3, 1 / 2
SORTED_JACOBIAN = np.array(
    [
        [0, HALF, 0, 0, 0, HALF],
        [0, HALF, 0, 0, 0, HALF],
        [THIRD, 0, THIRD, 0, THIRD, 0],
        [THIRD, 0, THIRD, 0, THIRD, 0],
        [THIRD, 0, THIRD, 0, THIRD, 0],
        [0, 0, 0, 1, 0, 0],
    ]
)


def by_forward(function, x):
    """Return the Jacobian column by column, in forward mode."""
    return np.stack([jvp(function, (x,), (unit,))[1] for unit in np.eye(x.size)], axis=-1)


@pytest.mark.parametrize("kind", [None, "stable", "heapsort"])
def test_equal_elements_share_equally_in_both_modes(kind):
    def function(x):
        return np.sort(x, kind=kind)

    assert np.allclose(jacobian(function)(TIED), SORTED_JACOBIAN, rtol=0, atol=1e-15)
    assert np.allclose(by_forward(function, TIED), SORTED_JACOBIAN, rtol=0, atol=1e-15)


def test_equal_elements_of_different_rows_do_not_share():
    x = np.array([[1.0, 1.0], [1.0, 2.0]])
    assert grad(lambda x: np.sum(np.sort(x)[:, 0] * [1.0, 10.0]))(x).tolist() == [[0.5, 0.5], [10, 0]]
    assert grad(lambda x: np.sort(x, axis=0)[0] @ [1.0, 10.0])(x).tolist() == [[0.5, 10], [0.5, 0]]
    assert grad(lambda x: np.sort(x, axis=None)[1])(x).tolist() == [[1 / 3, 1 / 3], [1 / 3, 0]]


def test_the_extremes_of_a_sort_are_those_of_max_and_min():
    assert np.array_equal(grad(lambda x: np.sort(x)[-1])(TIED), grad(np.max)(TIED))
    assert np.array_equal(grad(lambda x: np.sort(x)[0])(TIED), grad(np.min)(TIED))


def test_the_choice_at_ties_is_fixed_for_second_derivatives_too():
    """The first derivative is right, and the second is that of the average that stands for equal elements."""
    assert np.allclose(grad(lambda x: np.sum(np.sort(x) ** 2))(TIED), 2 * TIED)
    found = hessian(lambda x: np.sum(np.sort(x) ** 2))(np.array([1.0, 2.0, 1.0]))
    assert np.allclose(found, [[1, 0, 1], [0, 2, 0], [1, 0, 1]])


def test_a_partition_follows_the_order_that_numpy_leaves():
    x = np.random.default_rng(0).normal(size=50)
    places = [np.flatnonzero(x == value).item() for value in np.partition(x, 20)]
    expected = np.eye(50)[places]
    assert np.array_equal(jacobian(lambda x: np.partition(x, 20))(x), expected)
    assert np.array_equal(by_forward(lambda x: np.partition(x, 20), x), expected)


def test_equal_elements_share_in_a_partition():
    assert np.allclose(grad(lambda x: np.partition(x, 3)[3])(TIED), SORTED_JACOBIAN[3])
    whole = jacobian(lambda x: np.partition(x, 3))(TIED)
    assert np.allclose(np.sort(whole, axis=0), np.sort(SORTED_JACOBIAN, axis=0))
    assert np.allclose(by_forward(lambda x: np.partition(x, 3), TIED), whole)


def test_nan_is_equal_to_nothing():
    x = np.array([np.nan, 1.0, np.nan])
    assert grad(lambda x: np.sort(x)[0])(x).tolist() == [0, 1, 0]
    assert grad(lambda x: np.sort(x)[1])(x).tolist() == [1, 0, 0]


def test_single_precision_stays_with_ties():
    x = TIED.astype("float32")
    value, pullback = vjp(np.sort, x)
    assert value.dtype == pullback(value)[0].dtype == np.float32
    assert jvp(np.sort, (x,), (x,))[1].dtype == np.float32


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_nothing_can_be_sorted(shape):
    value, pullback = vjp(np.sort, np.zeros(shape))
    assert value.shape == pullback(value)[0].shape == shape


def test_sorting_in_decreasing_order():
    assert grad(lambda x: np.sort(x)[::-1][0])(np.array([1.0, 3.0, 2.0])).tolist() == [0, 1, 0]
    assert grad(lambda x: -np.sort(-x)[0])(np.array([1.0, 3.0, 2.0])).tolist() == [0, 1, 0]


def test_sort_complex_gives_complex_numbers():
    x = np.array([2.0, 1.0], "float32")
    assert vjp(np.sort_complex, x)[0].dtype == np.sort_complex(x).dtype == np.complex128
    assert grad(lambda x: np.real(np.sort_complex(x)[0]))(x).tolist() == [0, 1]


def test_keys_of_lexsort_may_be_traced_and_plain():
    keys = np.array([1.0, 0.0, 1.0])
    ranks = []
    grad(lambda x: ranks.append(fnp.lexsort([x, keys])) or x[0])(np.array([2.0, 9.0, 1.0]))
    assert np.array_equal(ranks[0], [1, 2, 0])
    with pytest.raises(DetachedError, match="traced"):
        grad(lambda x: np.lexsort([x, keys])[0] * x[0])(keys)  # NumPy does not ask the parts of a list


def test_fields_to_sort_by_are_refused():
    for function in (np.sort, np.argpartition, np.partition):
        args = () if function is np.sort else (1,)
        with pytest.raises(MissingRuleError, match="order= is not supported"):
            grad(lambda x, f=function, args=args: np.sum(f(x, *args, order="name")))(TIED)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.sort(x, axis=1), np.exceptions.AxisError),
        (lambda x: np.sort(x[0]), np.exceptions.AxisError),
        (lambda x: np.sort(x, kind="fast"), ValueError),
        (lambda x: np.partition(x, 6), ValueError),
        (lambda x: np.partition(x, 1, axis=-2), np.exceptions.AxisError),
        (lambda x: np.argpartition(x, 1, axis=1), np.exceptions.AxisError),
        (lambda x: fnp.partition(x, x[0]), DetachedError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(TIED)
