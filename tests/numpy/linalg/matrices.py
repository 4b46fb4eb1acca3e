"""Matrices with chosen eigenvalues or singular values, and functions of them that see no basis.

The oracles are polynomials of matrices by products alone: ``v @ diag(w**3) @ v.H`` is ``a @ a @ a``, and
``u @ diag(s**3) @ vh`` is ``a @ a.H @ a``, wherever values are equal.
"""

import numpy as np
import pytest

from fgrad import grad, jvp

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
