"""Eigenvalues and singular values: equal and zero ones, the choices of LAPACK, and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, hessian, jvp, vjp
from fgrad.kinds.custom import Custom
from fgrad.numpy.linalg.spectra import EIGH, EIGVALS, EIGVALSH, SVDVALS, pick_columns
from fgrad.rules.linalg.spectra import eigenvectors_of

T = np.array([[1.0, 2.0, 0.5], [-1.0, 0.5, 3.0], [0.0, 1.5, -2.0]])
SYMMETRIC = T + T.T
A = np.array([[2.0, 1.0], [0.5, 3.0]])


def rotation(n, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]


def with_equal_eigenvalues():
    """Return a symmetric matrix with eigenvalues 2, 2 and 5, which LAPACK finds to rounding."""
    q = rotation(3)
    return q * [2.0, 2.0, 5.0] @ q.T


# what the derivatives satisfy


@pytest.mark.parametrize("triangle", ["L", "U"])
@pytest.mark.parametrize("is_complex", [False, True])
def test_tangents_of_eigh_satisfy_the_equation_of_eigenvalues(triangle, is_complex):
    """Differentiated: A V = V diag(w), and V stays unitary."""
    rng = np.random.default_rng(1)
    a, t = rng.normal(size=(2, 4, 4)) + (1j * rng.normal(size=(2, 4, 4)) if is_complex else 0)
    (w, v), (dw, dv) = jvp(lambda a: tuple(np.linalg.eigh(a, triangle)), (a,), (t,))
    read = np.tril if triangle == "L" else np.triu
    whole, moving = (
        read(x) + read(x, -1 if triangle == "L" else 1).conj().T - 1j * np.diag(np.diag(x).imag)
        for x in (a, t)
    )
    assert np.allclose(moving @ v + whole @ dv, dv * w + v * dw)
    turn = v.conj().T @ dv
    assert np.allclose(turn, -turn.conj().T)
    assert np.allclose(np.diag(turn), 0)


@pytest.mark.parametrize("is_complex", [False, True])
def test_tangents_of_eig_keep_vectors_as_lapack_gives_them(is_complex):
    rng = np.random.default_rng(2)
    a, t = rng.normal(size=(2, 4, 4)) + (1j * rng.normal(size=(2, 4, 4)) if is_complex else 0)
    (w, v), (dw, dv) = jvp(lambda a: tuple(np.linalg.eig(a)), (a,), (t,))
    assert np.iscomplexobj(w)
    assert np.allclose(t @ v + a @ dv, dv * w + v * dw)
    assert np.allclose(np.sum(np.real(v.conj() * dv), axis=0), 0)
    largest = np.argmax(np.abs(v), axis=0)
    assert np.allclose(v[largest, np.arange(4)].imag, 0)
    assert np.allclose(dv[largest, np.arange(4)].imag, 0)


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3)])
@pytest.mark.parametrize("full", [False, True])
def test_tangents_of_svd_satisfy_the_equations_of_the_factors(shape, full):
    rng = np.random.default_rng(3)
    a, t = rng.normal(size=(2, *shape)) + 1j * rng.normal(size=(2, *shape))
    (u, s, vh), (du, ds, dvh) = jvp(lambda a: tuple(np.linalg.svd(a, full)), (a,), (t,))
    k = min(shape)
    moved = du[:, :k] * s @ vh[:k] + u[:, :k] * ds @ vh[:k] + u[:, :k] * s @ dvh[:k]
    assert np.allclose(moved, t)
    for turn in (u.conj().T @ du, vh @ dvh.conj().T):
        assert np.allclose(turn, -turn.conj().T)


@pytest.mark.parametrize(
    ("primitive", "function"),
    [
        (EIGH, np.linalg.eigh),
        (EIGVALSH, np.linalg.eigvalsh),
        (EIGVALS, np.linalg.eigvals),
        (SVDVALS, np.linalg.svdvals),
    ],
)
@pytest.mark.parametrize("is_complex", [False, True])
def test_explicit_vjps_are_the_transposes_of_the_jvps(primitive, function, is_complex, monkeypatch):
    rng = np.random.default_rng(4)
    a = rng.normal(size=(2, 3, 3)) + (1j * rng.normal(size=(2, 3, 3)) if is_complex else 0)

    def total(a):
        parts = function(a)
        weights = np.arange(3.0) - 0.5
        return sum(
            np.sum(np.real(part * part) * weights) for part in (parts if primitive is EIGH else [parts])
        )

    explicit = grad(total)(a)
    rule = primitive.rule
    monkeypatch.setattr(primitive, "rule", Custom(primitive, {}, rule.jvps))
    assert np.allclose(explicit, grad(total)(a), rtol=1e-11, atol=1e-12)


def test_the_eigenvalues_of_a_symmetric_matrix_by_hand():
    """Of [[a, b], [b, c]] they are the mean of a and c, plus and minus hypot((a - c) / 2, b)."""
    a, b, c = 2.0, 1.0, 5.0

    def smallest(m):
        return np.linalg.eigvalsh(m)[0]

    root = np.hypot((a - c) / 2, b)
    slope = (a - c) / (4 * root)
    expected = [[0.5 - slope, 0.0], [-b / root, 0.5 + slope]]
    assert grad(smallest)(np.array([[a, b], [b, c]])) == pytest.approx(np.array(expected), rel=1e-13)


def test_a_real_matrix_may_have_complex_eigenvalues():
    """Those of [[a, -b], [b, a]] are a + ib and a - ib."""
    gradient = grad(lambda m: np.max(np.imag(np.linalg.eigvals(m))))(np.array([[1.0, -2.0], [2.0, 1.0]]))
    assert gradient == pytest.approx(np.array([[0.0, -0.5], [0.5, 0.0]]), abs=1e-14)
    assert gradient.dtype == np.float64


def test_eigenvectors_follow_the_order_of_given_eigenvalues():
    a = np.random.default_rng(5).normal(size=(2, 5, 5))
    w = np.linalg.eigvals(a)[:, [3, 0, 4, 1, 2]]
    v = eigenvectors_of(w, a)
    assert np.allclose(a @ v, v * w[:, None, :])


def test_large_matrices_whose_eigenvalues_lapack_orders_in_two_ways():
    rng = np.random.default_rng(0)
    a, t = rng.normal(size=(2, 150, 150))
    w, dw = jvp(np.linalg.eigvals, (a,), (t,))
    assert np.array_equal(w, np.linalg.eigvals(a))
    for power in (1, 2, 3):  # sum(w**p) is the trace of a power
        expected = power * np.trace(np.linalg.matrix_power(a, power - 1) @ t)
        assert np.sum(power * w ** (power - 1) * dw) == pytest.approx(expected, rel=1e-8)


# equal values


def test_symmetric_functions_of_equal_eigenvalues_have_right_derivatives():
    """The derivative of sum(f(w)) is f'(A), here of exp and of the power three."""
    a = with_equal_eigenvalues()
    w, v = np.linalg.eigh(a)
    for f, slope in ((np.exp, np.exp(w)), (lambda w: w**3, 3 * w**2)):
        whole = v * slope @ v.T
        gradient = grad(lambda a, f=f: np.sum(f(np.linalg.eigvalsh(a))))(a)
        assert np.allclose(gradient, np.tril(whole) + np.triu(whole, 1).T, rtol=1e-13)


def test_projectors_on_equal_eigenvalues_have_right_derivatives():
    """The derivative of the projector P on one eigenvalue is (P dA (1 - P) + its transpose) / gap."""
    a = with_equal_eigenvalues()

    def projector(a):
        v = np.linalg.eigh(a)[1][:, :2]
        return v @ v.T

    p, dp = jvp(projector, (a,), (SYMMETRIC,))
    part = p @ SYMMETRIC @ (np.eye(3) - p) / (2.0 - 5.0)
    assert np.allclose(dp, part + part.T, rtol=1e-12, atol=1e-13)


def test_all_derivatives_are_finite_where_values_are_equal():
    for a in (np.eye(3), np.zeros((3, 3)), with_equal_eigenvalues()):
        for function in (np.linalg.eigh, np.linalg.svd, np.linalg.eig):

            def total(a, function=function):
                return sum(np.sum(np.real(part) ** 3) for part in function(a))

            assert np.all(np.isfinite(grad(total)(a)))
            assert np.all(np.isfinite(jvp(grad(total), (a,), (SYMMETRIC,))[1]))


def test_sums_of_singular_values_are_right_where_some_are_equal_or_zero():
    q = rotation(3, 1)
    assert grad(lambda a: np.sum(np.linalg.svdvals(a)))(q) == pytest.approx(q, abs=1e-14)
    assert grad(lambda a: np.sum(np.linalg.svdvals(a) ** 2))(np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2
    u, vh = rotation(3, 2), rotation(3, 3)
    a = u * [2.0, 2.0, 0.0] @ vh
    gradient = grad(lambda a: np.sum(np.linalg.svdvals(a) ** 2))(a)
    assert np.allclose(gradient, 2 * a, atol=1e-13)


def test_the_polar_factor_is_right_where_singular_values_are_equal():
    """Near a rotation Q, the derivative of the nearest rotation is the antisymmetric part of Q.T dA."""
    q = rotation(3, 4)

    def polar(a):
        u, _, vh = np.linalg.svd(a)
        return u @ vh

    inner = q.T @ T
    assert jvp(polar, (q,), (T,))[1] == pytest.approx(q @ (inner - inner.T) / 2, abs=1e-13)


def test_zero_singular_values_of_hermitian_matrices_are_rebuilt():
    q = rotation(3)
    a = q * [2.0, 0.0, -1.0] @ q.T

    def rebuilt(a):
        u, s, vh = np.linalg.svd(a, hermitian=True)
        return u * s @ vh

    value, tangent = jvp(rebuilt, (a,), (SYMMETRIC,))
    assert value == pytest.approx(a, abs=1e-13)
    assert tangent == pytest.approx(SYMMETRIC, abs=1e-12)


def test_the_second_derivative_of_a_determinant_by_its_eigenvalues():
    a = np.diag([1.0, 2.0, 4.0])

    def by_eigenvalues(a):
        return np.prod(np.linalg.eigvalsh((a + a.T) / 2))

    def by_elimination(a):
        return np.linalg.det((a + a.T) / 2)

    assert np.allclose(hessian(by_eigenvalues)(a), hessian(by_elimination)(a), rtol=1e-12, atol=1e-12)


# results and errors


def test_results_are_numpys_named_tuples():
    for function in (np.linalg.eig, np.linalg.eigh, np.linalg.svd):
        assert type(vjp(function, A)[0]) is type(function(A))


def test_the_other_triangle_may_hold_anything():
    spoilt = np.array([[2.0, np.nan], [1.0, 3.0]])
    gradient = grad(lambda a: np.sum(np.linalg.eigvalsh(a) ** 2))(spoilt)
    assert gradient == pytest.approx(np.array([[4.0, 0.0], [4.0, 6.0]]), rel=1e-13)


def test_a_triangle_that_numpy_does_not_have_is_refused():
    for function in (np.linalg.eigh, np.linalg.eigvalsh):
        with pytest.raises(ValueError, match="UPLO argument must be 'L' or 'U'"):
            grad(lambda a, function=function: np.sum(function(a, "X")[0]))(A)


def test_empty_matrices_have_empty_spectra():
    for function in (np.linalg.eigvalsh, np.linalg.svdvals, np.linalg.eigvals):
        assert grad(lambda a, function=function: np.sum(np.real(function(a))))(np.zeros((0, 0))).shape == (
            0,
            0,
        )


def test_lists_of_traced_numbers_are_taken():
    assert grad(lambda x: fnp.linalg.eigvalsh([[x, 0.0], [0.0, 1.0]])[1])(3.0) == 1.0


def test_columns_are_picked_for_each_matrix_of_a_stack():
    a = np.arange(12).reshape(2, 2, 3)
    order = np.array([[2, 0, 1], [0, 2, 1]])
    assert np.array_equal(pick_columns(a, order), np.take_along_axis(a, order[:, None, :], axis=-1))
