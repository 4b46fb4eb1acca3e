"""Inverses, solutions and least squares: hand-derived values, ranks, and errors."""

import numpy as np
import pytest

from fgrad import grad, jvp, vjp

A = np.array([[2.0, 1.0], [0.5, 3.0]])
TALL = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 4.0]])
RIGHT = np.array([1.0, 0.5, 2.0, 3.0])


def test_inverse_and_solution_by_hand():
    t = np.array([[0.25, -1.0], [2.0, 0.5]])
    inverse = np.linalg.inv(A)
    assert jvp(np.linalg.inv, (A,), (t,))[1] == pytest.approx(-inverse @ t @ inverse, rel=1e-14)
    b = np.array([1.0, -2.0])
    assert grad(lambda b: np.sum(np.linalg.solve(A, b)))(b) == pytest.approx(inverse.sum(axis=0), rel=1e-14)


def test_a_singular_matrix_has_no_inverse():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.sum(np.linalg.inv(a)))(np.zeros((2, 2)))


def test_the_solution_of_least_squares_is_that_of_the_normal_equations():
    def normal_equations(a, b):
        return np.linalg.solve(a.T @ a, a.T @ b)

    for argnum in (0, 1):
        found = grad(lambda a, b: np.sum(np.linalg.lstsq(a, b)[0] ** 2), argnum)(TALL, RIGHT)
        expected = grad(lambda a, b: np.sum(normal_equations(a, b) ** 2), argnum)(TALL, RIGHT)
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_the_shortest_solution_is_that_of_the_normal_equations_of_the_second_kind():
    wide, right = TALL.T, np.array([1.0, -2.0])

    def second_kind(a, b):
        return a.T @ np.linalg.solve(a @ a.T, b)

    for argnum in (0, 1):
        found = grad(lambda a, b: np.sum(np.linalg.lstsq(a, b)[0] ** 3), argnum)(wide, right)
        expected = grad(lambda a, b: np.sum(second_kind(a, b) ** 3), argnum)(wide, right)
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_the_residual_shrinks_by_twice_what_is_left():
    """The derivative of abs(b - A x)**2 by b is 2 (b - A x), and by A it is -2 (b - A x) x.T."""
    x, residuals, rank, _ = np.linalg.lstsq(TALL, RIGHT)
    left = RIGHT - TALL @ x
    by_a, by_b = grad(lambda a, b: np.linalg.lstsq(a, b)[1][0], (0, 1))(TALL, RIGHT)
    assert by_b == pytest.approx(2 * left, rel=1e-12)
    assert by_a == pytest.approx(-2 * np.outer(left, x), rel=1e-12)
    assert residuals.shape == (1,)
    assert rank == 2


def test_rank_and_missing_residuals_are_numpys():
    deficient = np.ones((4, 2))
    seen = []

    def spy(a):
        seen.append(np.linalg.lstsq(a, RIGHT))
        return np.sum(seen[0][0])

    gradient = grad(spy)(deficient)
    expected = np.linalg.lstsq(deficient, RIGHT)
    _, residuals, rank, _ = seen[0]
    assert type(rank) is type(expected[2])
    assert rank == 1
    assert residuals.shape == (0,)
    # x1 + x2 = mean(b) along matrices of rank one: for A = outer(u, v), x = v (u.b) / (u.u v.v).
    t = np.outer(np.array([1.0, 2.0, 0.0, 1.0]), np.ones(2)) + np.outer(np.ones(4), [0.5, -1.0])
    u, v, du, dv = np.ones(4), np.ones(2), np.array([1.0, 2.0, 0.0, 1.0]), np.array([0.5, -1.0])

    def shortest(s):
        us, vs = u + s * du, v + s * dv
        return np.sum(vs) * (us @ RIGHT) / ((us @ us) * (vs @ vs))

    assert np.sum(gradient * t) == pytest.approx(grad(shortest)(0.0), rel=1e-12)


def test_a_bound_on_small_singular_values_is_used_by_the_derivative_too():
    """Without the small one, diag(2, 1e-4) has rank one, and its pseudo-inverse the derivative -1/4."""
    a = np.diag([2.0, 1e-4])
    for keywords in ({"rcond": 1e-3}, {"rtol": 1e-3}):
        gradient = grad(lambda a, keywords=keywords: np.sum(np.linalg.pinv(a, **keywords) * np.eye(2)))(a)
        assert gradient == pytest.approx(np.diag([-0.25, 0.0]), abs=1e-14)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 2)])
def test_tangents_of_the_pseudo_inverse_satisfy_penroses_equations(shape):
    """Differentiated: A P A = A, P A P = P, and A P and P A Hermitian."""
    rng = np.random.default_rng(3)
    a, t = rng.normal(size=(2, *shape)) + 1j * rng.normal(size=(2, *shape))
    p, dp = jvp(np.linalg.pinv, (a,), (t,))
    assert np.allclose(t @ p @ a + a @ dp @ a + a @ p @ t, t)
    assert np.allclose(dp @ a @ p + p @ t @ p + p @ a @ dp, dp)
    for product in (t @ p + a @ dp, dp @ a + p @ t):
        assert np.allclose(product, product.conj().T)


def test_equal_and_zero_singular_values_do_not_matter_to_the_pseudo_inverse():
    t = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 1.0], [2.0, 0.0, 1.0]])
    identity = np.eye(3)
    assert jvp(np.linalg.pinv, (identity,), (t,))[1] == pytest.approx(-t, abs=1e-14)
    second = jvp(lambda s: jvp(np.linalg.pinv, (s,), (t,))[1], (identity,), (t,))[1]
    assert second == pytest.approx(2 * t @ t, rel=1e-13)
    assert grad(lambda a: np.sum(np.linalg.pinv(a)))(np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2


def test_pinv_of_a_hermitian_matrix_reads_the_lower_triangle():
    symmetric = A + A.T
    gradient = grad(lambda a: np.linalg.pinv(a, hermitian=True)[0, 1])(symmetric)
    whole = grad(lambda a: np.linalg.inv(a)[0, 1])(symmetric)
    assert gradient == pytest.approx(np.tril(whole) + np.triu(whole, 1).T, rel=1e-13)


def test_two_names_of_one_bound_are_refused():
    with pytest.raises(ValueError, match="rcond and rtol"):
        grad(lambda a: np.sum(np.linalg.pinv(a, 1e-3, rtol=1e-3)))(A)


def test_tensors_that_do_not_fit_are_refused_as_in_numpy():
    with pytest.raises(np.linalg.LinAlgError, match=r"as many elements"):
        grad(lambda a: np.sum(np.linalg.tensorsolve(a, np.ones(2))))(np.ones((2, 3)))
    with pytest.raises(ValueError, match="ind must be positive"):
        grad(lambda a: np.sum(np.linalg.tensorinv(a, 0)))(A)
    with pytest.raises(np.linalg.LinAlgError, match="Incompatible dimensions"):
        grad(lambda a: np.sum(np.linalg.lstsq(a, np.ones(3))[0]))(A)


def test_single_precision_and_mixed_dtypes_are_numpys():
    for left, right in (("float32", "float32"), ("float32", "float64"), ("float64", "complex128")):
        a, b = TALL.astype(left), RIGHT.astype(right)
        expected = np.linalg.lstsq(a, b)
        value = vjp(lambda a, b: tuple(np.linalg.lstsq(a, b)), a, b)[0]
        assert [part.dtype for part in value] == [part.dtype for part in expected]
