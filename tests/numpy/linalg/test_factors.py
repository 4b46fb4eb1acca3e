"""Cholesky and QR: triangles that are read, identities, dependent columns, refused modes."""

import numpy as np
import pytest

from fgrad import MissingRuleError, grad, jvp, vjp
from fgrad.kinds.custom import Custom
from fgrad.numpy.linalg.factors import CHOLESKY

A = np.array([[2.0, 1.0], [0.5, 3.0]])


def test_cholesky_reads_one_triangle():
    symmetric = A @ A.T
    lower = vjp(np.linalg.cholesky, symmetric)[1](np.ones((2, 2)))[0]
    upper = vjp(lambda a: np.linalg.cholesky(a, upper=True), symmetric)[1](np.ones((2, 2)))[0]
    assert lower[0, 1] == 0
    assert upper[1, 0] == 0
    assert np.allclose(lower, upper.T, rtol=1e-13)


def test_the_triangle_that_is_not_read_may_hold_anything():
    symmetric = A @ A.T
    spoilt = symmetric.copy()
    spoilt[0, 1] = np.nan

    def total(a):
        return np.sum(np.linalg.cholesky(a))

    assert np.array_equal(grad(total)(spoilt), grad(total)(symmetric))


def test_cholesky_of_two_by_two_by_hand():
    """With L = [[a, 0], [b, c]] of [[p, .], [q, r]]: a = sqrt(p), b = q / a, c = sqrt(r - b**2)."""
    p, q, r = 4.0, 2.0, 5.0
    gradient = grad(lambda m: np.linalg.cholesky(m)[1, 1])(np.array([[p, q], [q, r]]))
    c = np.sqrt(r - q**2 / p)
    assert gradient == pytest.approx(np.array([[q**2 / p**2, 0.0], [-2 * q / p, 1.0]]) / (2 * c), rel=1e-14)


@pytest.mark.parametrize("is_complex", [False, True])
def test_the_vjp_of_cholesky_is_the_transpose_of_its_jvp(is_complex, monkeypatch):
    rng = np.random.default_rng(1)
    factor = rng.normal(size=(2, 4, 4)) + (1j * rng.normal(size=(2, 4, 4)) if is_complex else 0)
    a = factor @ np.conjugate(np.swapaxes(factor, -1, -2)) + np.eye(4)
    g = factor[::-1]
    explicit = vjp(np.linalg.cholesky, a)[1](g)[0]
    rule = CHOLESKY.rule
    monkeypatch.setattr(CHOLESKY, "rule", Custom(CHOLESKY, {}, rule.jvps))
    assert np.allclose(explicit, vjp(np.linalg.cholesky, a)[1](g)[0], rtol=1e-12)


def test_a_matrix_that_is_not_positive_definite_raises_as_in_numpy():
    with pytest.raises(np.linalg.LinAlgError, match="positive definite"):
        grad(lambda a: np.sum(np.linalg.cholesky(a)))(-np.eye(2))


@pytest.mark.parametrize("shape", [(2, 3), (3,)])
def test_a_matrix_that_is_not_square_raises_as_in_numpy(shape):
    for function in (np.linalg.cholesky, np.linalg.eigvalsh, np.linalg.inv, np.linalg.det):
        with pytest.raises(np.linalg.LinAlgError) as expected:
            function(np.ones(shape))
        with pytest.raises(np.linalg.LinAlgError) as found:
            grad(lambda a, function=function: np.sum(function(a)))(np.ones(shape))
        assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("mode", ["reduced", "complete"])
@pytest.mark.parametrize("shape", [(4, 2), (3, 3), (2, 4), (2, 3, 2)])
@pytest.mark.parametrize("is_complex", [False, True])
def test_tangents_of_qr_satisfy_the_equations_of_the_factors(shape, mode, is_complex):
    """The product dQ R + Q dR is dA, Q stays unitary, R triangular, and its diagonal real."""
    rng = np.random.default_rng(2)
    a, t = rng.normal(size=(2, *shape)) + (1j * rng.normal(size=(2, *shape)) if is_complex else 0)
    (q, r), (dq, dr) = jvp(lambda a: tuple(np.linalg.qr(a, mode)), (a,), (t,))
    assert np.allclose(dq @ r + q @ dr, t, atol=1e-12)
    turn = np.conjugate(np.swapaxes(q, -1, -2)) @ dq
    assert np.allclose(turn, -np.conjugate(np.swapaxes(turn, -1, -2)), atol=1e-12)
    assert np.array_equal(dr, np.triu(dr))
    assert np.allclose(np.imag(np.diagonal(dr, axis1=-2, axis2=-1)), 0, atol=1e-12)


def test_dependent_columns_have_no_derivative():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.sum(np.linalg.qr(a)[1]))(np.zeros((3, 2)))


@pytest.mark.parametrize(
    ("mode", "cure"),
    [
        ("raw", "the reflectors of LAPACK.* Use mode='reduced' or 'complete'"),
        *((mode, "deprecated.* Use mode='r'") for mode in ("economic", "e")),
        *((mode, "deprecated.* Use mode='reduced'") for mode in ("full", "f")),
    ],
)
def test_unusual_modes_are_refused_with_the_cure(mode, cure):
    with pytest.raises(MissingRuleError, match=f"^numpy.linalg.qr: mode='{mode}' is not supported.*{cure}"):
        grad(lambda a: np.sum(np.linalg.qr(a, mode)[0]))(A)


def test_a_mode_that_numpy_does_not_have_is_a_value_error():
    with pytest.raises(ValueError, match="got 'half'"):
        grad(lambda a: np.sum(np.linalg.qr(a, "half")[0]))(A)


def test_results_are_numpys_named_tuples():
    value = vjp(np.linalg.qr, A)[0]
    assert type(value) is type(np.linalg.qr(A))
    assert value._fields == ("Q", "R")
