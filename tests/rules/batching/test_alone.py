"""Factors of covariances are those of each example, and so are their derivatives."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, grad, jvp, vmap
from fgrad.numpy.reducing.covariance import FACTOR
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop
from tests.transforms.differences import jacobian_of

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(9)
WAYS = [
    {"method": "eigh", "right": False},
    {"method": "svd", "right": False},
    {"method": "svd", "right": True},
]
EACH_WAY = pytest.mark.parametrize("way", WAYS, ids=str)


def covariances(*shape):
    a = RNG.normal(size=shape)
    return a @ np.matrix_transpose(a)


@EACH_WAY
@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_factors_of_covariances_are_those_of_each(n, way):
    for size in (1, 5):
        values = [covariances(size, n, n)]
        assert_is_the_loop(FACTOR, values, (True,), size, 1e-12, tol=1e-8, **way)


@EACH_WAY
def test_one_matrix_that_is_no_covariance_is_refused(way):
    values = [np.array([np.eye(2), [[1.0, 0.0], [0.0, -1.0]]])]
    with pytest.raises(ArgumentError, match="not symmetric positive-semidefinite"):
        all_at_once(FACTOR, values, (True,), 2, {"tol": 1e-8, **way})


def test_no_examples_have_no_factors():
    (found,) = all_at_once(FACTOR, [np.zeros((0, 3, 3))], (True,), 0, {"tol": 1e-8, **WAYS[0]})
    assert found.shape == (0, 3, 3)


@EACH_WAY
def test_the_tangents_of_factors_are_those_of_each(way):
    cov, t = covariances(4, 3, 3), RNG.normal(size=(4, 3, 3))
    cov[1] = np.diag([1.0, 1.0, 0.5])  # equal variances
    cov[2] = np.diag([4e6, 1e6, 0.0])  # one of zero, and others of another size than in the other examples
    t[2, 2] = t[2, :, 2] = 0

    def pushed(c, t):
        return jvp(lambda c: FACTOR(c, tol=1e-8, **way), (c,), (t,))[1]

    expected = np.array([pushed(*each) for each in zip(cov, t, strict=True)])
    np.testing.assert_allclose(vmap(pushed)(cov, t), expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(pushed(cov, t), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method", ["eigh", "svd"])
def test_the_gradient_of_correlated_draws_of_all_examples_is_that_of_differences(method):
    a = np.array([[[1.0, 0.2], [0.5, 2.0]], [[-3.0, 1.0], [0.3, 1.0]], [[0.4, 0.1], [1.0, -2.0]]])

    def cubes(a, namespace):
        rng = namespace.random.default_rng(0)
        return np.sum(rng.multivariate_normal(np.zeros(2), a @ np.transpose(a), 5, method=method) ** 3)

    found = grad(lambda a: np.sum(vmap(lambda a: cubes(a, fnp))(a)))(a)
    expected = [jacobian_of(lambda a: cubes(a, np), each) for each in a]
    np.testing.assert_allclose(found, expected, rtol=1e-7)
