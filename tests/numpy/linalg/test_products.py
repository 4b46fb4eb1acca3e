"""Products, powers and chains: shapes that are refused, and the order of multiplication."""

from itertools import pairwise

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, vjp

A = np.array([[2.0, 1.0], [0.5, 3.0]])


def test_the_power_zero_is_constant():
    value, pullback = vjp(lambda a: np.linalg.matrix_power(a, 0), np.stack([A, A]))
    assert np.array_equal(value, [np.eye(2)] * 2)
    assert not pullback(np.ones((2, 2, 2)))[0].any()


@pytest.mark.parametrize("n", [-3, -1, 1, 2, 5])
def test_the_derivative_of_a_power_of_a_diagonal_matrix_by_hand(n):
    x = np.array([2.0, -0.5])
    gradient = grad(lambda x: np.trace(np.linalg.matrix_power(fnp.diag(x), n)))(x)
    assert gradient == pytest.approx(n * x ** (n - 1), rel=1e-13)


def test_exponents_and_matrices_that_numpy_refuses():
    with pytest.raises(TypeError, match="exponent must be an integer"):
        grad(lambda a: np.sum(np.linalg.matrix_power(a, 0.5)))(A)
    with pytest.raises(np.linalg.LinAlgError, match="must be square"):
        grad(lambda a: np.sum(np.linalg.matrix_power(a, 2)))(np.ones((2, 3)))
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.sum(np.linalg.matrix_power(a, -1)))(np.ones((2, 2)))


@pytest.mark.parametrize("sizes", [(2, 30, 3, 40, 5), (30, 2, 40, 3, 20, 4), (1, 2, 3)])
def test_chains_are_multiplied_in_numpys_order(sizes):
    rng = np.random.default_rng(0)
    chain = [rng.normal(size=shape) for shape in pairwise(sizes)]
    value, pullback = vjp(lambda *chain: np.linalg.multi_dot(chain), *chain)
    assert np.array_equal(value, np.linalg.multi_dot(chain))
    g = rng.normal(size=value.shape)
    last = np.eye(sizes[0])
    for matrix in chain[:-1]:
        last = last @ matrix
    assert np.allclose(pullback(g)[-1], last.T @ g)


def test_chains_that_numpy_refuses():
    with pytest.raises(ValueError, match="at least two arrays"):
        grad(lambda a: np.sum(np.linalg.multi_dot([a])))(A)
    with pytest.raises(np.linalg.LinAlgError, match="must be two-dimensional"):
        grad(lambda a: np.sum(np.linalg.multi_dot([a, np.ones((2, 2, 2)), a])))(A)


def test_vectors_that_numpy_refuses():
    with pytest.raises(ValueError, match="arrays of one axis; got 2 and 1"):
        grad(lambda a: np.sum(np.linalg.outer(a, np.ones(2))))(A)
    with pytest.raises(ValueError, match="length three; got 2 and 3"):
        grad(lambda a: np.sum(np.linalg.cross(a, np.ones(3))))(A)


def test_the_last_axes_hold_the_matrices():
    """In the main namespace, traces and diagonals are of the first two axes."""
    stack = np.arange(8.0).reshape(2, 2, 2)
    gradient = grad(lambda a: np.linalg.trace(a)[1])(stack)
    assert np.array_equal(gradient, [np.zeros((2, 2)), np.eye(2)])
    assert grad(lambda a: np.linalg.diagonal(a, offset=1)[1, 0])(stack)[1].tolist() == [
        [0.0, 1.0],
        [0.0, 0.0],
    ]
