"""Equal and zero eigenvalues and singular values, in functions that do not depend on the choice of a basis.

The oracles are polynomials of matrices by products alone: ``v @ diag(w**3) @ v.H`` is ``a @ a @ a``, and
``u @ diag(s**3) @ vh`` is ``a @ a.H @ a``, wherever values are equal.
"""

import numpy as np
import pytest

from fgrad import grad, hessian, jacfwd, jacobian, jacrev, jet, jvp, make_vjp
from fgrad.core.errors import MissingRuleError

COMPLEX = [False, True]


def normal(rng, shape, is_complex):
    return rng.normal(size=shape) + (1j * rng.normal(size=shape) if is_complex else 0)


def adjoint(a):
    return np.conjugate(np.swapaxes(a, -1, -2))


def unitary(rng, n, is_complex):
    return np.linalg.qr(normal(rng, (n, n), is_complex))[0]


def hermitian_part(a):
    return (a + adjoint(a)) / 2


def weighed(c, m):
    """Return a number that depends on all elements of a matrix, with derivatives of all orders."""
    return np.real(np.sum(c * m) + np.sum(c * m * m) / 2)


def second(function, t):
    """Return the derivative along ``t`` of the gradient, by reverse mode over reverse mode."""
    return grad(lambda a: np.real(np.sum(t * grad(function)(a))))


def assert_same_derivatives(function, by_products, a, t, *, rel=1e-12):
    """Compare all that is of first and second order."""

    def near(expected):
        return pytest.approx(expected, rel=rel, abs=rel * np.max(np.abs(expected)))

    first = grad(by_products)(a)
    assert type(grad(function)(a)) is np.ndarray
    assert grad(function)(a) == near(first)
    assert jvp(function, (a,), (t,))[1] == pytest.approx(jvp(by_products, (a,), (t,))[1], rel=rel)
    assert second(function, t)(a) == near(second(by_products, t)(a))
    assert jvp(grad(function), (a,), (t,))[1] == near(jvp(grad(by_products), (a,), (t,))[1])


# Hermitian matrices


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


# any matrix


SINGULAR = [
    ((3, 3), [2, 2, 1]),
    ((3, 3), [2, 2, 0]),
    ((3, 3), [1, 0, 0]),
    ((2, 2), [0, 0]),
    ((4, 2), [1, 1]),
    ((4, 2), [1, 0]),
    ((4, 3), [0, 0, 0]),
    ((2, 4), [3, 3]),
    ((3, 5), [3, 0, 0]),
]


@pytest.mark.parametrize("is_complex", COMPLEX)
@pytest.mark.parametrize("full_matrices", [False, True])
@pytest.mark.parametrize(("shape", "values"), SINGULAR, ids=str)
def test_a_product_by_singular_values(shape, values, full_matrices, is_complex):
    rng = np.random.default_rng(7)
    m, n = shape
    k = min(shape)
    a = unitary(rng, m, is_complex)[:, :k] * np.array(values, float) @ unitary(rng, n, is_complex)[:k]
    c, t = normal(rng, (2, m, n), is_complex)

    def by_singular_values(a):
        u, s, vh = np.linalg.svd(a, full_matrices)
        return weighed(c, u[:, :k] * (s**3 + 2 * s) @ vh[:k])

    def by_products(a):
        return weighed(c, a @ adjoint(a) @ a + 2 * a)

    assert_same_derivatives(by_singular_values, by_products, a, t)


@pytest.mark.parametrize("is_complex", COMPLEX)
def test_projectors_on_the_kernel_by_singular_vectors(is_complex):
    """``u u.H`` of the columns beyond the rank; by the normal equations ``1 - a inv(a.H a) a.H``."""
    rng = np.random.default_rng(8)
    a = unitary(rng, 4, is_complex)[:, :2] * 3.0 @ unitary(rng, 2, is_complex)
    c, t = normal(rng, (2, 4, 4), is_complex)

    def by_vectors(a):
        kernel = np.linalg.svd(a)[0][:, 2:]
        return weighed(c, kernel @ adjoint(kernel))

    def by_products(a):
        return weighed(c, np.eye(4) - a @ np.linalg.inv(adjoint(a) @ a) @ adjoint(a))

    assert_same_derivatives(by_vectors, by_products, a, t[:, :2], rel=1e-11)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 3)])
def test_sums_of_squares_of_singular_values_at_zero(shape):
    rng = np.random.default_rng(9)
    t = rng.normal(size=shape)

    def by_values(a):
        s = np.linalg.svdvals(a)
        return np.sum(s**2 + s**4)

    def by_products(a):
        g = a @ a.T
        return np.sum(a * a) + np.sum(g * g)

    for a in (np.zeros(shape), np.ones(shape), np.eye(*shape)):
        assert grad(by_values)(a) == pytest.approx(grad(by_products)(a), rel=1e-12, abs=1e-12)
        assert second(by_values, t)(a) == pytest.approx(second(by_products, t)(a), rel=1e-12, abs=1e-12)


# forward mode inside


@pytest.mark.parametrize("is_complex", COMPLEX)
def test_a_tangent_at_equal_values_is_differentiated_in_both_modes(is_complex):
    rng = np.random.default_rng(10)
    q = unitary(rng, 3, is_complex)
    a = q * [2.0, 2.0, 5.0] @ adjoint(q)
    c, s, t = normal(rng, (3, 3, 3), is_complex)

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return {"value": weighed(c, v * w**3 @ adjoint(v)), "matrix": v * w**2 @ adjoint(v)}

    def by_singular_values(a):
        u, s, vh = np.linalg.svd(a)
        return {"value": weighed(c, u * s**3 @ vh), "matrix": u * s**3 @ vh}

    def by_products(a, power):
        m = hermitian_part(a) if power == 2 else a
        return {
            "value": weighed(c, m @ adjoint(m) @ m),
            "matrix": m @ m if power == 2 else m @ adjoint(m) @ m,
        }

    for function, power in ((by_eigenvalues, 2), (by_singular_values, 3)):

        def along(a, f):
            return jvp(f, (a,), (t,))[1]

        def exact(a, power=power):
            return by_products(a, power)

        for key in ("value", "matrix"):
            found = jvp(lambda a, f=function, k=key: along(a, f)[k], (a,), (s,))[1]
            expected = jvp(lambda a, k=key: along(a, exact)[k], (a,), (s,))[1]
            assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)
        found = grad(lambda a, f=function: along(a, f)["value"])(a)
        assert found == pytest.approx(grad(lambda a: along(a, exact)["value"])(a), rel=1e-11, abs=1e-11)


def test_the_hessian_by_columns_of_columns():
    a, c = np.eye(3), np.arange(9.0).reshape(3, 3)

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * w**3 @ v.T)

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    expected = hessian(by_products)(a)
    for outer in (jacfwd, jacrev):
        for inner in (jacfwd, jacrev):
            assert outer(inner(by_eigenvalues))(a) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_power_series_at_equal_values_is_refused_beyond_the_first_order():
    def rebuilt(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return v * w**3 @ v.T

    assert jet(rebuilt, (np.eye(2),), ([np.ones((2, 2))],))[1][0] == pytest.approx(3 * np.ones((2, 2)))
    with pytest.raises(MissingRuleError, match=r"linalg\.eigh: at equal or zero values, jet"):
        jet(rebuilt, (np.eye(2),), ([np.ones((2, 2)), np.ones((2, 2))],))


def test_values_alone_may_be_differentiated_in_any_order():
    """Of the trace of the exponential, forward over forward and reverse over forward."""
    t = np.array([[1.0, 2.0, 0.5], [2.0, 0.5, 3.0], [0.5, 3.0, -2.0]])

    def trace(a):
        return np.sum(np.exp(np.linalg.eigvalsh(a)))

    def along(a):
        return jvp(trace, (a,), (t,))[1]

    assert jvp(along, (np.eye(3),), (t,))[1] == pytest.approx(np.e * np.sum(t * t), rel=1e-13)
    # the triangle that is read stands for both
    assert grad(along)(np.eye(3)) == pytest.approx(np.e * (np.tril(t) + np.tril(t, -1)), rel=1e-13)


def test_no_infinitesimal_stays_in_derivatives_by_what_the_decomposition_does_not_see():
    """The Jacobian of ``c @ a @ a`` by ``c``, at equal eigenvalues of ``a``, is a plain array."""

    def product(a, c):
        w, v = np.linalg.eigh(hermitian_part(a))
        return c @ (v * w**2 @ v.T)

    c = np.arange(4.0).reshape(2, 2)
    by_a, by_c = jacobian(product, (0, 1))(np.eye(2), c)
    assert type(by_a) is type(by_c) is np.ndarray
    assert by_c.reshape(4, 4) == pytest.approx(np.eye(4), abs=1e-14)
    expected = jacobian(lambda a: c @ hermitian_part(a) @ hermitian_part(a))(np.eye(2))
    assert by_a == pytest.approx(expected, abs=1e-13)
