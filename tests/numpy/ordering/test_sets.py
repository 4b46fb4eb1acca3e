"""Arrays as sets: equal elements share, and results are those of NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacfwd, jacobian, jacrev, jvp, vjp

X = np.array([2.0, 1.0, 2.0, 3.0, 2.0, 1.0])
THIRD, HALF = 1 / 3, 1 / 2
DISTINCT = np.array([[0, HALF, 0, 0, 0, HALF], [THIRD, 0, THIRD, 0, THIRD, 0], [0, 0, 0, 1, 0, 0]])
ROWS = np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0]])


def test_a_distinct_element_is_shared_by_those_that_are_equal_to_it():
    assert np.allclose(jacobian(np.unique)(X), DISTINCT, rtol=0, atol=1e-15)
    columns = [jvp(np.unique, (X,), (unit,))[1] for unit in np.eye(6)]
    assert np.allclose(np.stack(columns, axis=-1), DISTINCT, rtol=0, atol=1e-15)


def test_distinct_rows_and_columns():
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    expected = [[1.5, 2], [1, 2], [1.5, 2]]
    assert grad(lambda x: np.sum(weights * np.unique(x, axis=0)))(ROWS).tolist() == expected
    assert (
        grad(lambda x: np.sum(weights.T * np.unique(x, axis=1)))(ROWS.T).tolist()
        == np.transpose(expected).tolist()
    )
    pushed = jvp(lambda x: np.unique(x, axis=0), (ROWS,), (np.array([[1.0, 0], [0, 1], [3, 4]]),))[1]
    assert pushed.tolist() == [[0, 1], [2, 2]]


@pytest.mark.parametrize(
    "kwargs",
    [
        {"return_index": True},
        {"return_inverse": True},
        {"return_counts": True, "return_index": True},
        {"return_index": True, "return_inverse": True, "return_counts": True, "equal_nan": False},
    ],
)
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_positions_and_counts_are_plain_and_those_of_numpy(kwargs, axis):
    seen = []
    grad(lambda x: seen.append(fnp.unique(x, axis=axis, **kwargs)[1:]) or x[0, 0])(ROWS)
    for found, expected in zip(seen[0], np.unique(ROWS, axis=axis, **kwargs)[1:], strict=True):
        assert type(found) is np.ndarray
        assert np.array_equal(found, expected)


def test_results_with_names():
    result = vjp(np.unique_all, X)[0]
    assert type(result) is type(np.unique_all(X))
    assert result.counts.tolist() == [2, 3, 1]
    assert grad(lambda x: np.unique_counts(x).values[0] * np.unique_inverse(x).values[2])(X).tolist() == [
        *(0, 1.5, 0, 1, 0, 1.5)
    ]


def test_distinct_elements_in_any_order():
    x = np.random.default_rng(1).normal(size=40).repeat(2)
    assert np.array_equal(vjp(np.unique_values, x)[0], np.unique_values(x))
    assert np.allclose(grad(lambda x: np.sum(np.unique_values(x) ** 2))(x), x)
    assert np.allclose(jvp(lambda x: np.sum(np.unique_values(x) ** 2), (x,), (x,))[1], np.sum(x**2))


def test_nan_may_be_one_element_or_many():
    x = np.array([np.nan, 1.0, np.nan])
    assert grad(lambda x: np.unique(x)[-1])(x).tolist() == [0.5, 0, 0.5]
    several = grad(lambda x: np.sum(np.unique(x, equal_nan=False)[1:]))(x)
    assert several.tolist() == [1, 0, 1]


def test_an_element_of_two_arrays_is_shared_by_both():
    y = np.array([3.0, 7.0, 3.0])
    for function in (np.intersect1d, lambda x, y: np.union1d(x, y)[2:3]):
        of_x, of_y = (grad(lambda x, y, f=function: f(x, y)[0], argnums=i)(X, y) for i in (0, 1))
        assert of_x.tolist()[3] + 2 * of_y.tolist()[0] == pytest.approx(1)
        assert of_y.tolist()[0] == of_y.tolist()[2] > 0


@pytest.mark.parametrize(
    ("function", "of_x", "of_y"),
    [
        (np.intersect1d, DISTINCT[[0, 2]] / 2, [[0, HALF, 0], [HALF, 0, 0]]),
        (np.setdiff1d, DISTINCT[[1]], [[0, 0, 0]]),
        (np.setxor1d, np.stack([DISTINCT[1], np.zeros(6)]), [[0, 0, 0], [0, 0, 1]]),
        (
            np.union1d,
            [[0, THIRD, 0, 0, 0, THIRD], DISTINCT[1], [0, 0, 0, HALF, 0, 0], np.zeros(6)],
            [[0, THIRD, 0], [0, 0, 0], [HALF, 0, 0], [0, 0, 1]],
        ),
    ],
)
def test_jacobians_of_two_sets(function, of_x, of_y):
    y = np.array([3.0, 1.0, 7.0])
    for argnum, expected in enumerate((of_x, of_y)):
        for transform in (jacrev, jacfwd):
            found = transform(lambda *arrays: function(*arrays), argnum)(X, y)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("function", [np.intersect1d, np.setdiff1d, np.setxor1d])
@pytest.mark.parametrize("assume_unique", [False, True])
def test_values_are_those_of_numpy(function, assume_unique):
    random = np.random.default_rng(2)
    for m, n in ((0, 0), (0, 3), (3, 0), (1, 1), (6, 4), (5, 7)):
        for _ in range(5):
            x, y = (random.permutation(9)[:k].astype(float) for k in (m, n))
            x, y = (x, y) if assume_unique else (x // 2, y // 2)
            for a, b in ((x, y), (np.where(x > 3, np.nan, x), np.where(y > 3, np.nan, y)), (x * 1j, y)):
                expected = function(a, b, assume_unique)
                value = vjp(lambda a, b: function(a, b, assume_unique), a, b)[0]
                assert value.dtype == expected.dtype
                assert np.array_equal(value, expected, equal_nan=True)


def test_positions_in_an_intersection_are_plain():
    seen = []
    grad(lambda x: seen.append(fnp.intersect1d(x, [3.0, 1.0], return_indices=True)) or x[0])(X)
    for found, expected in zip(
        seen[0][1:], np.intersect1d(X, [3.0, 1.0], return_indices=True)[1:], strict=True
    ):
        assert type(found) is np.ndarray
        assert np.array_equal(found, expected)


def test_membership_steers_python():
    assert grad(lambda x: np.sum(x[np.isin(x, [1.0, 3.0])]))(X).tolist() == [0, 1, 0, 1, 0, 1]
    assert grad(lambda x: x[0] if np.isin(2.0, x) else x[1])(X).tolist() == [1, 0, 0, 0, 0, 0]


def test_of_nothing():
    nothing = np.zeros(0)
    for function in (np.unique, lambda x: np.setxor1d(x, x), lambda x: np.union1d(x, x), np.unique_values):
        value, pullback = vjp(function, nothing)
        assert value.shape == pullback(value)[0].shape == (0,)


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(np.unique(x, axis=1)))(X)
