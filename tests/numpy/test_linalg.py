"""Linear algebra: hand-derived values, singular matrices, norms at zero, and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad, hessian, jvp, vjp

A = np.array([[2.0, 1.0], [0.5, 3.0]])


def test_the_derivative_of_a_determinant_is_made_of_cofactors():
    assert grad(np.linalg.det)(A) == pytest.approx(np.array([[3.0, -0.5], [-1.0, 2.0]]), rel=1e-14)


def test_the_determinant_of_a_singular_matrix_has_a_derivative():
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert grad(np.linalg.det)(singular) == pytest.approx(np.array([[4.0, -2.0], [-2.0, 1.0]]), rel=1e-13)
    assert grad(np.linalg.det)(np.zeros((3, 3))).tolist() == np.zeros((3, 3)).tolist()
    rank_two = np.diag([2.0, 3.0, 0.0])
    assert grad(np.linalg.det)(rank_two) == pytest.approx(np.diag([0.0, 0.0, 6.0]), abs=1e-14)


def test_the_second_derivative_at_a_singular_matrix_is_refused():
    with pytest.raises(MissingRuleError, match="no second"):
        hessian(np.linalg.det)(np.zeros((2, 2)))


def test_the_logarithm_of_the_determinant():
    value, pullback = vjp(np.linalg.slogdet, -A)
    assert type(value) is type(np.linalg.slogdet(A))
    assert value.sign == 1
    cotangent = type(value)(0.0, 1.0)
    assert pullback(cotangent)[0] == pytest.approx(np.linalg.inv(-A).T, rel=1e-14)


def test_inverse_and_solution_by_hand():
    t = np.array([[0.25, -1.0], [2.0, 0.5]])
    inverse = np.linalg.inv(A)
    assert jvp(np.linalg.inv, (A,), (t,))[1] == pytest.approx(-inverse @ t @ inverse, rel=1e-14)
    b = np.array([1.0, -2.0])
    assert grad(lambda b: np.sum(np.linalg.solve(A, b)))(b) == pytest.approx(inverse.sum(axis=0), rel=1e-14)


def test_a_singular_matrix_has_no_inverse():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.sum(np.linalg.inv(a)))(np.zeros((2, 2)))


def test_cholesky_reads_one_triangle():
    symmetric = A @ A.T
    lower = vjp(np.linalg.cholesky, symmetric)[1](np.ones((2, 2)))[0]
    upper = vjp(lambda a: np.linalg.cholesky(a, upper=True), symmetric)[1](np.ones((2, 2)))[0]
    assert lower[0, 1] == 0
    assert upper[1, 0] == 0
    assert np.allclose(lower, upper.T, rtol=1e-13)


def test_a_matrix_that_is_not_positive_definite_raises_as_in_numpy():
    with pytest.raises(np.linalg.LinAlgError, match="positive definite"):
        grad(lambda a: np.sum(np.linalg.cholesky(a)))(-np.eye(2))


@pytest.mark.parametrize("order", [None, 1, 2, 3, 2.5, np.inf])
def test_the_norm_of_the_zero_vector_has_derivative_zero(order):
    zero = np.zeros(3)
    assert grad(lambda x: np.linalg.norm(x, order))(zero).tolist() == [0, 0, 0]
    assert jvp(lambda x: np.linalg.norm(x, order), (zero,), (np.ones(3),))[1] == 0


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_the_norm_of_the_zero_matrix_has_derivative_zero(order):
    zero = np.zeros((2, 3))
    assert grad(lambda x: np.linalg.norm(x, order))(zero).tolist() == zero.tolist()
    assert jvp(lambda x: np.linalg.norm(x, order), (zero,), (np.ones((2, 3)),))[1] == 0


def test_one_row_of_zeros_does_not_spoil_the_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(np.linalg.norm(x, axis=1)))(x).tolist() == [[0, 0], [0.6, 0.8]]


def test_a_norm_that_counts_is_plain():
    seen = []
    grad(lambda x: seen.append(np.linalg.norm(x, 0)) or np.sum(x))(np.array([0.0, 2.0, 3.0]))
    assert seen == [2]


def test_norms_that_numpy_refuses():
    with pytest.raises(ValueError, match="for matrices"):
        grad(lambda x: np.linalg.norm(x, "fro"))(np.ones(3))
    with pytest.raises(ValueError, match="not a matrix norm"):
        grad(lambda x: np.linalg.norm(x, 3))(A)
    with pytest.raises(ValueError, match="one or two axes"):
        grad(lambda x: np.linalg.norm(x, 2))(np.ones((2, 2, 2)))


def test_the_spectral_and_nuclear_norms_by_hand():
    """With singular vectors u and v: u v.H of the largest, and the sum of all of them."""
    u, _, vh = np.linalg.svd(A)
    assert grad(lambda a: np.linalg.norm(a, 2))(A) == pytest.approx(np.outer(u[:, 0], vh[0]), rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, -2))(A) == pytest.approx(np.outer(u[:, 1], vh[1]), rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, "nuc"))(A) == pytest.approx(u @ vh, rel=1e-13)


def test_equal_singular_values_have_finite_derivatives():
    """At an orthogonal matrix Q the gradient of the nuclear norm is Q, and the norm along Q exp(s W) flat.

    For antisymmetric W the second derivative of the norm along the straight line Q + s Q W is that of
    sum(sqrt(1 + s**2 w**2)), which is the sum of w**2: two here.
    """
    q = np.array([[0.6, -0.8], [0.8, 0.6]])
    w = np.array([[0.0, 1.0], [-1.0, 0.0]])

    def nuclear(a):
        return np.linalg.norm(a, "nuc")

    def along(s):
        return nuclear(q + s * (q @ w))

    assert grad(nuclear)(q) == pytest.approx(q, rel=1e-14)
    assert grad(grad(along))(0.0) == pytest.approx(2.0, rel=1e-13)
    assert jvp(lambda s: jvp(along, (s,), (1.0,))[1], (0.0,), (1.0,))[1] == pytest.approx(2.0, rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, 2))(np.eye(2)) == pytest.approx(np.eye(2) / 2, rel=1e-14)


def test_a_third_derivative_of_the_nuclear_norm():
    """Of a diagonal matrix with an off-diagonal entry s, the norm is sqrt((a + b)**2 + s**2)."""
    a, b = 3.0, 1.0

    def along(s):
        return np.linalg.norm(fnp.array([[a, s], [0.0, b]]), "nuc")

    s, c = 0.5, a + b
    root = np.sqrt(c**2 + s**2)
    assert grad(along)(s) == pytest.approx(s / root, rel=1e-13)
    assert grad(grad(along))(s) == pytest.approx(c**2 / root**3, rel=1e-12)
    assert grad(grad(grad(along)))(s) == pytest.approx(-3 * s * c**2 / root**5, rel=1e-11)


def test_the_decomposition_itself_has_no_rule():
    for function in (np.linalg.svd, np.linalg.qr, np.linalg.eigh, np.linalg.pinv):
        with pytest.raises(
            MissingRuleError, match=f"numpy.linalg.{function.__name__} has no derivative rule"
        ):
            grad(lambda a, function=function: np.sum(function(a)[0]))(A)
