"""Diagonals and triangles: values, views and errors as in NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, vjp

M = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("offset", [-3, -1, 0, 2, 9])
@pytest.mark.parametrize("axes", [(0, 1), (1, 0), (0, 2), (-1, 1), (2, 0)])
def test_a_diagonal_has_the_place_of_numpys(offset, axes):
    x = np.arange(24.0).reshape(2, 3, 4)
    found, pullback = vjp(lambda x: np.diagonal(x, offset, *axes), x)
    expected = np.diagonal(x, offset, *axes)
    assert np.array_equal(found, expected)
    on_it = np.isin(x, expected)
    assert np.array_equal(pullback(found)[0], np.where(on_it, x, 0))


def test_a_diagonal_shows_what_is_written_into_the_array():
    def function(x):
        a = np.copy(x)
        diagonal = np.diagonal(a)
        a[0, 0] = 10 * x[0, 1]
        return np.sum(diagonal)

    assert grad(function)(M).tolist() == [[0, 10, 0], [0, 1, 0]]


def test_a_diagonal_cannot_be_written_into_as_in_numpy():
    def write(x):
        np.diagonal(x * 1.0)[0] = 1.0
        return x[0, 0]

    for call in (write, grad(write)):
        with pytest.raises(ValueError, match="read-only"):
            call(M)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.diag(x), ValueError),
        (lambda x: np.diagonal(x, 0, 1, 1), ValueError),
        (lambda x: np.diagonal(x, 0, 0, 3), np.exceptions.AxisError),
        (lambda x: np.diagonal(x[0, 0]), ValueError),
        (lambda x: np.trace(x[0, 0]), ValueError),
        (lambda x: np.diag(x[0, 0, 0]), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    x = np.ones((2, 2, 2))
    with pytest.raises(error):
        call(x)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(x)


def test_the_dtype_of_a_trace():
    assert vjp(lambda x: np.trace(x, dtype="float32"), M)[0].dtype == np.float32


def test_triangles_of_a_vector_are_those_of_its_copies():
    assert vjp(np.tril, M[1])[0].tolist() == np.tril(M[1]).tolist()
    assert grad(lambda x: np.sum(np.triu(x)))(M[1]).tolist() == [1, 2, 3]


def test_nan_in_the_other_triangle_plays_no_part():
    x = np.array([[1.0, np.nan], [2.0, 3.0]])
    assert grad(lambda x: np.sum(np.tril(x) ** 2))(x).tolist() == [[2, 0], [4, 6]]


def test_indices_from_a_traced_array_are_plain():
    assert grad(lambda x: np.sum(x[np.tril_indices_from(x, -1)]))(M).tolist() == [[0, 0, 0], [1, 0, 0]]
    assert grad(lambda x: np.sum(x[fnp.triu_indices_from(x, 1)]))(M).tolist() == [[0, 1, 1], [0, 0, 1]]
    assert grad(lambda x: np.sum(x[fnp.diag_indices_from(x)]))(M[:, :2]).tolist() == [[1, 0], [0, 1]]
    with pytest.raises(ValueError, match="equal length"):
        grad(lambda x: np.sum(x[np.diag_indices_from(x)]))(M)
