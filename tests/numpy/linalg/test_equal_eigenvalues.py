"""Equal eigenvalues of Hermitian matrices, in functions that do not depend on the choice of a basis."""

import numpy as np
import pytest

from fgrad import grad, hessian, jacobian, jvp, make_vjp
from tests.numpy.linalg.matrices import (
    COMPLEX,
    adjoint,
    assert_same_derivatives,
    hermitian_part,
    normal,
    second,
    unitary,
    weighed,
)

SPECTRA = [[1, 1, 1], [2, 2, 5], [0, 0, 3], [0, 0, 0], [1, 1, 2, 2], [-1, 2, 2, 2]]


@pytest.mark.parametrize("is_complex", COMPLEX)
@pytest.mark.parametrize("values", SPECTRA, ids=str)
def test_a_function_of_a_hermitian_matrix_by_its_eigenvalues(values, is_complex):
    rng = np.random.default_rng(1)
    n = len(values)
    q = unitary(rng, n, is_complex)
    a = q * np.array(values, float) @ adjoint(q)
    c, t = normal(rng, (2, n, n), is_complex)

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * (w**3 + 2 * w) @ adjoint(v))

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a + 2 * a)

    assert_same_derivatives(by_eigenvalues, by_products, a, t)


def test_third_derivatives_where_eigenvalues_are_equal():
    rng = np.random.default_rng(2)
    c, t = rng.normal(size=(2, 3, 3))

    def third(function):
        return grad(lambda a: np.sum(t * second(function, t)(a)))(np.eye(3))

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * w**3 @ v.T)

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    assert third(by_eigenvalues) == pytest.approx(third(by_products), rel=1e-12)


def test_each_matrix_of_a_stack_has_equal_values_of_its_own():
    rng = np.random.default_rng(3)
    q = np.stack([unitary(rng, 3, False) for _ in range(4)])
    values = np.array([[1.0, 1.0, 1.0], [1.0, 2.0, 2.0], [1.0, 2.0, 4.0], [3.0, 3.0, 7.0]])
    a = q * values[:, None, :] @ adjoint(q)
    c, t = rng.normal(size=(2, 4, 3, 3))

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * (w**3)[:, None, :] @ adjoint(v))

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    assert_same_derivatives(by_eigenvalues, by_products, a, t)


@pytest.mark.parametrize("gap", [1e-15, 1e-14, 1e-13, 1e-12, 1e-11])
def test_eigenvalues_that_are_nearly_equal_keep_the_digits(gap):
    rng = np.random.default_rng(4)
    q = unitary(rng, 3, False)
    a = q * [1.0, 1.0 + gap, 2.0] @ q.T
    c, t = rng.normal(size=(2, 3, 3))

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * w**3 @ v.T)

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    assert grad(by_eigenvalues)(a) == pytest.approx(grad(by_products)(a), rel=1e-10)
    assert second(by_eigenvalues, t)(a) == pytest.approx(second(by_products, t)(a), rel=1e-9)


def test_the_derivative_of_one_vector_is_not_taken_for_a_limit():
    """Two vectors of nearly equal values are told apart: the derivative is large, and right."""
    gap = 2.0**-30
    a = np.diag([1.0, 1.0 + gap])
    gradient = grad(lambda a: np.linalg.eigh(hermitian_part(a))[1][1, 0])(a)
    v = np.linalg.eigh(a)[1]
    expected = -v[0, 0] * v[1, 1] ** 2 / gap / 2
    assert gradient == pytest.approx(np.array([[0.0, expected], [expected, 0.0]]), rel=1e-7)


def test_the_hessian_of_the_logarithm_of_a_determinant_by_its_eigenvalues():
    """At the identity it is minus the map that transposes."""
    expected = -np.einsum("il,jk->ijkl", np.eye(3), np.eye(3))
    expected = (expected + np.swapaxes(expected, 2, 3)) / 2

    def by_eigenvalues(a):
        return np.sum(np.log(np.linalg.eigvalsh(hermitian_part(a))))

    assert hessian(by_eigenvalues)(np.eye(3)) == pytest.approx(expected, abs=1e-13)


def test_values_and_vectors_of_two_calls_belong_together():
    rng = np.random.default_rng(5)
    c, t = rng.normal(size=(2, 3, 3))

    def by_two_calls(a):
        a = hermitian_part(a)
        w, v = np.linalg.eigvalsh(a), np.linalg.eigh(a)[1]
        return weighed(c, v * w**3 @ v.T)

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    assert_same_derivatives(by_two_calls, by_products, np.eye(3), t)


def test_a_decomposition_of_what_another_one_made():
    """The square root of a square, twice with the same equal values."""
    rng = np.random.default_rng(6)
    q = unitary(rng, 3, False)
    a = q * [2.0, 2.0, 3.0] @ q.T
    c, t = rng.normal(size=(2, 3, 3))

    def root_of_square(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        w, v = np.linalg.eigh(v * w**2 @ v.T)
        return np.sum(c * (v * np.sqrt(w) @ v.T))

    assert grad(root_of_square)(a) == pytest.approx(hermitian_part(c), rel=1e-13)
    assert jvp(root_of_square, (a,), (t,))[1] == pytest.approx(np.sum(c * hermitian_part(t)), rel=1e-13)


def test_a_pullback_is_right_each_time_and_the_value_is_plain():
    def rebuilt(a):
        w, v = np.linalg.eigh(a)
        return v * w @ v.T

    pullback, value = make_vjp(rebuilt)(np.eye(2))
    assert type(value) is np.ndarray
    g = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert pullback(g) == pytest.approx(np.array([[1.0, 0.0], [5.0, 4.0]]))
    assert pullback(10 * g) == pytest.approx(np.array([[10.0, 0.0], [50.0, 40.0]]))
    rows = jacobian(rebuilt)(np.eye(2)).reshape(4, 4)
    assert rows == pytest.approx(np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]))


def test_single_precision_stays():
    a = np.eye(3, dtype=np.float32)

    def rebuilt(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return np.sum((v * w**2 @ v.T) * np.arange(9, dtype=np.float32).reshape(3, 3))

    gradient = grad(rebuilt)(a)
    assert gradient.dtype == np.float32
    c = np.arange(9.0).reshape(3, 3)
    assert gradient == pytest.approx(c + c.T, rel=1e-5)
