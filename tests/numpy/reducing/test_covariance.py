"""The factor of a covariance: its columns are principal axes, and a matrix that is no covariance has none."""

import numpy as np
import pytest

from fgrad import ArgumentError, jvp
from fgrad.numpy.reducing.covariance import FACTOR

COV = np.array([[2.0, 0.5, -0.3], [0.5, 1.0, 0.2], [-0.3, 0.2, 0.7]])
WAYS = [("svd", False), ("svd", True), ("eigh", False)]


def factor(cov, method, right):
    return FACTOR(cov, method=method, right=right, tol=1e-8)


@pytest.mark.parametrize(("method", "right"), WAYS)
def test_the_columns_are_orthogonal_and_give_the_covariance(method, right):
    a = factor(COV, method, right)
    assert np.allclose(a @ a.T, COV, rtol=1e-13)
    variances = np.linalg.eigvalsh(COV)
    assert np.allclose(a.T @ a, np.diag(variances if method == "eigh" else variances[::-1]), atol=1e-13)


@pytest.mark.parametrize(("method", "right"), WAYS)
def test_the_columns_stay_orthogonal_along_any_direction(method, right):
    t = np.array([[0.3, -0.1, 0.2], [-0.1, 0.4, 0.1], [0.2, 0.1, -0.5]])
    a, da = jvp(lambda c: factor(c, method, right), (COV,), (t,))
    assert np.allclose(da @ a.T + a @ da.T, t, atol=1e-13)
    moved = da.T @ a + a.T @ da
    assert np.allclose(moved, np.diag(np.diag(moved)), atol=1e-13)


@pytest.mark.parametrize(("method", "right"), WAYS)
def test_an_indefinite_matrix_has_no_factor(method, right):
    with pytest.raises(ArgumentError, match="not symmetric positive-semidefinite"):
        factor(np.array([[1.0, 2.0], [2.0, 1.0]]), method, right)


def test_an_asymmetric_matrix_has_no_factor():
    with pytest.raises(ArgumentError, match="not symmetric positive-semidefinite"):
        factor(np.array([[1.0, 0.5], [0.0, 1.0]]), "svd", False)


def test_the_tolerance_is_the_callers():
    slightly = np.array([[1.0, 0.5], [0.5 + 1e-6, 1.0]])
    with pytest.raises(ArgumentError):
        factor(slightly, "svd", False)
    assert FACTOR(slightly, method="svd", right=False, tol=1e-5).shape == (2, 2)
