"""Equal and zero singular values, in functions that do not depend on the choice of a basis."""

import numpy as np
import pytest

from fgrad import grad
from tests.numpy.linalg.matrices import (
    COMPLEX,
    adjoint,
    assert_same_derivatives,
    normal,
    second,
    unitary,
    weighed,
)

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
