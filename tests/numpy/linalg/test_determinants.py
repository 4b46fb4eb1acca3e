"""Determinants: cofactors by hand, singular matrices, and logarithms."""

from itertools import permutations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jvp, vjp
from fgrad.kinds.custom import Custom
from fgrad.numpy.linalg.determinants import SLOGDET

A = np.array([[2.0, 1.0], [0.5, 3.0]])


def leibniz(a):
    """Return the determinant as the sum over the permutations: additions and multiplications alone."""
    n = len(a)
    total = 0.0
    for order in permutations(range(n)):
        sign = np.linalg.det(np.eye(n)[list(order)]).round()
        term = sign
        for i, j in enumerate(order):
            term = term * a[i, j]
        total = total + term
    return total


def test_the_derivative_of_a_determinant_is_made_of_cofactors():
    assert grad(np.linalg.det)(A) == pytest.approx(np.array([[3.0, -0.5], [-1.0, 2.0]]), rel=1e-14)


def test_the_determinant_of_a_singular_matrix_has_a_derivative():
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert grad(np.linalg.det)(singular) == pytest.approx(np.array([[4.0, -2.0], [-2.0, 1.0]]), rel=1e-13)
    assert grad(np.linalg.det)(np.zeros((3, 3))).tolist() == np.zeros((3, 3)).tolist()
    rank_two = np.diag([2.0, 3.0, 0.0])
    assert grad(np.linalg.det)(rank_two) == pytest.approx(np.diag([0.0, 0.0, 6.0]), abs=1e-14)


@pytest.mark.parametrize("rank", range(5))
def test_second_derivatives_at_any_rank_are_those_of_the_sum_over_permutations(rank):
    rng = np.random.default_rng(rank)
    a = rng.normal(size=(4, rank)) @ rng.normal(size=(rank, 4))
    assert np.allclose(hessian(np.linalg.det)(a), hessian(leibniz)(a), rtol=1e-11, atol=1e-12)


def test_second_derivatives_of_almost_singular_matrices_keep_their_digits():
    rng = np.random.default_rng(5)
    u, _, vh = np.linalg.svd(rng.normal(size=(4, 4)))
    for smallest in (1e-3, 1e-6, 1e-9, 1e-12):
        a = u * [2.0, 1.5, 1.0, smallest] @ vh
        assert np.allclose(grad(np.linalg.det)(a), grad(leibniz)(a), rtol=0, atol=1e-13)
        assert np.allclose(hessian(np.linalg.det)(a), hessian(leibniz)(a), rtol=0, atol=1e-12)


def test_a_singular_matrix_in_a_stack_does_not_spoil_the_others():
    stack = np.array([A, [[1.0, 2.0], [2.0, 4.0]], np.zeros((2, 2))])
    gradient = grad(lambda a: np.sum(np.linalg.det(a)))(stack)
    expected = [[[3.0, -0.5], [-1.0, 2.0]], [[4.0, -2.0], [-2.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]]
    assert np.allclose(gradient, expected, rtol=1e-13, atol=1e-15)
    along = jvp(grad(lambda a: np.sum(np.linalg.det(a))), (stack,), (np.ones_like(stack),))[1]
    assert np.allclose(along, [[1.0, -1.0], [-1.0, 1.0]], rtol=1e-13)


def test_a_determinant_has_all_derivatives_along_a_line_through_a_singular_matrix():
    def along(s):
        return np.linalg.det(fnp.array([[s, 1.0, 0.0], [0.0, s, 1.0], [1.0, 0.0, s]]))  # s**3 + 1

    third = grad(grad(grad(along)))
    for s in (0.5, 0.0, -1.0, -1.0 + 1e-9):
        assert third(s) == pytest.approx(6.0, rel=1e-14)
        assert grad(third)(s) == pytest.approx(0.0, abs=1e-13)


def test_the_logarithm_of_the_determinant():
    value, pullback = vjp(np.linalg.slogdet, -A)
    assert type(value) is type(np.linalg.slogdet(A))
    assert value.sign == 1
    cotangent = type(value)(0.0, 1.0)
    assert pullback(cotangent)[0] == pytest.approx(np.linalg.inv(-A).T, rel=1e-14)


@pytest.mark.parametrize("imaginary", [0.0, 0.5])
def test_the_vjp_of_slogdet_is_the_transpose_of_its_jvp(imaginary, monkeypatch):
    rng = np.random.default_rng(0)
    a = rng.normal(size=(2, 3, 3)) + (1j * imaginary * rng.normal(size=(2, 3, 3)) if imaginary else 0)
    value, pullback = vjp(np.linalg.slogdet, a)
    g = type(value)(*(rng.normal(size=(2, 2)).astype(value.sign.dtype) * [[1], [1 + imaginary]]))
    g = type(value)(g.sign, g.logabsdet.real)
    explicit = pullback(g)[0]
    rule = SLOGDET.rule
    monkeypatch.setattr(SLOGDET, "rule", Custom(SLOGDET, {}, rule.jvps))
    assert np.allclose(explicit, vjp(np.linalg.slogdet, a)[1](g)[0], rtol=1e-13)


def test_the_logarithm_has_no_derivative_at_a_singular_matrix():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.linalg.slogdet(a)[1])(np.zeros((2, 2)))
