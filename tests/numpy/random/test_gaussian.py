"""Correlated normal numbers: NumPy's values, and derivatives in the mean and the covariance."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, MissingRuleError, grad, hessian, jacobian, jvp, vjp

MEAN = np.array([1.0, -2.0, 0.5])
COV = np.array([[2.0, 0.5, -0.3], [0.5, 1.0, 0.2], [-0.3, 0.2, 0.7]])
DIRECTION = np.array([[0.3, -0.1, 0.2], [-0.1, 0.4, 0.1], [0.2, 0.1, -0.5]])

#: A name, keywords, and the kind of generator, for each way of drawing.
WAYS = [
    ("RandomState", {}),
    ("default_rng", {}),
    ("default_rng", {"method": "svd"}),
    ("default_rng", {"method": "eigh"}),
    ("default_rng", {"method": "cholesky"}),
]


def draw(kind, mean, cov, size=None, namespace=fnp, **kwargs):
    return getattr(namespace.random, kind)(11).multivariate_normal(mean, cov, size, **kwargs)


@pytest.mark.parametrize(("kind", "kwargs"), WAYS)
@pytest.mark.parametrize("size", [None, 4, (2, 3), ()])
def test_the_values_are_those_of_numpy(kind, kwargs, size):
    expected = draw(kind, MEAN, COV, size, np, **kwargs)
    for argnums in (0, 1, (0, 1)):
        arguments = (MEAN, COV)
        value = vjp(lambda m, c: draw(kind, m, c, size, **kwargs), *arguments)[0]
        assert value.shape == expected.shape
        assert np.allclose(value, expected, rtol=1e-14, atol=1e-15), argnums
    assert np.array_equal(vjp(lambda m: draw(kind, m, COV, size, **kwargs), MEAN)[0], expected)


def test_the_global_state_is_numpys():
    np.random.seed(4)
    expected = [np.random.multivariate_normal(MEAN, COV), np.random.random()]
    np.random.seed(4)
    found = [vjp(lambda c: fnp.random.multivariate_normal(MEAN, c), COV)[0], fnp.random.random()]
    assert np.allclose(found[0], expected[0], rtol=1e-14)
    assert found[1] == expected[1]


@pytest.mark.parametrize(("kind", "kwargs"), WAYS)
def test_the_derivative_along_a_direction_is_that_of_numpys_draws(kind, kwargs):
    step = 1e-3
    ahead, behind = (draw(kind, MEAN, COV + s * step * DIRECTION, 4, np, **kwargs) for s in (1, -1))
    far, near = (draw(kind, MEAN, COV + 2 * s * step * DIRECTION, 4, np, **kwargs) for s in (1, -1))
    expected = (8 * (ahead - behind) - (far - near)) / (12 * step)
    found = jvp(lambda c: draw(kind, MEAN, c, 4, **kwargs), (COV,), (DIRECTION,))[1]
    assert np.allclose(found, expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(("kind", "kwargs"), WAYS)
def test_draws_move_by_one_with_the_mean(kind, kwargs):
    assert np.array_equal(jacobian(lambda m: draw(kind, m, COV, **kwargs))(MEAN), np.eye(3))
    assert np.array_equal(jacobian(lambda m: draw(kind, m, np.eye(2), **kwargs))(np.zeros(2)), np.eye(2))


@pytest.mark.parametrize(("kind", "kwargs"), WAYS)
def test_a_single_variance_by_hand(kind, kwargs):
    """One number is mean + sqrt(v) z with z of either sign, so it moves by (x - mean) / (2 v)."""
    v = np.array([[2.25]])
    x = draw(kind, [1.0], v, **kwargs)
    slope = grad(lambda v: draw(kind, np.ones(1), v, **kwargs)[0])(v)
    assert slope == pytest.approx(((x - 1) / (2 * v)), rel=1e-13)


@pytest.mark.parametrize("method", ["eigh", "cholesky"])
def test_methods_that_read_the_lower_triangle_have_derivative_zero_above(method):
    gradient = grad(lambda c: np.sum(draw("default_rng", MEAN, c, method=method)))(COV)
    assert gradient[np.triu_indices(3, 1)].tolist() == [0, 0, 0]
    assert np.all(gradient[np.tril_indices(3)] != 0)


def test_singular_values_have_a_symmetric_derivative():
    gradient = grad(lambda c: np.sum(draw("default_rng", MEAN, c)))(COV)
    assert gradient == pytest.approx(gradient.T, rel=1e-13)


@pytest.mark.parametrize(("kind", "kwargs"), WAYS[:4])
def test_equal_variances_follow_the_distribution(kind, kwargs):
    """The covariance of draws has to move by the direction: a' a.T + a a'.T, with the draws of unit noise."""
    n = 3
    covariances = [np.eye(n), np.diag([2.0, 2.0, 1.0]), np.diag([0.5, 3.0, 3.0])]
    for cov in covariances:
        x, moved = jvp(lambda c: draw(kind, np.zeros(n), c, n, **kwargs), (cov,), (DIRECTION,))
        noise = getattr(np.random, kind)(11).standard_normal((n, n))
        a, da = np.linalg.solve(noise, x).T, np.linalg.solve(noise, moved).T
        assert np.allclose(a @ a.T, cov, atol=1e-12)
        assert np.allclose(da @ a.T + a @ da.T, DIRECTION, atol=1e-12)


def test_equal_variances_have_no_second_derivative():
    with pytest.raises(MissingRuleError, match="no second"):
        hessian(lambda c: np.sum(draw("default_rng", MEAN, c) ** 2))(np.eye(3))
    found = hessian(lambda c: np.sum(draw("default_rng", MEAN, c, method="cholesky") ** 2))(np.eye(3))
    assert np.all(np.isfinite(found))


def test_a_variance_of_zero_does_not_move_and_the_others_do():
    """With C = diag(v) b b.T on its range, all numbers are sqrt(v) times those for v = 1."""
    b = np.array([[1.0, 0.5], [0.2, 1.0], [0.3, -0.4]])

    def drawn(v):
        return draw("default_rng", np.zeros(3), v * (b @ b.T), 4, tol=1e-8)

    x, moved = jvp(drawn, (2.0,), (1.0,))
    assert np.allclose(moved, x / 4, atol=1e-7)
    turned = np.array([[0.0, -1.0, 0.5], [1.0, 0.0, 0.2], [-0.5, -0.2, 0.0]])  # C' = T C - C T: a turn
    cov = b @ b.T
    x, moved = jvp(
        lambda s: draw("default_rng", np.zeros(3), cov + s * (turned @ cov - cov @ turned), 4), (0.0,), (1.0,)
    )
    assert np.allclose(moved, x @ turned.T, atol=1e-6)


def test_a_covariance_of_zeros_has_derivative_zero():
    zero = np.zeros((2, 2))
    assert grad(lambda c: np.sum(draw("default_rng", np.ones(2), c)))(zero).tolist() == zero.tolist()


@pytest.mark.parametrize(("kind", "kwargs"), WAYS[:4])
def test_what_is_no_covariance_is_refused(kind, kwargs):
    indefinite = np.array([[1.0, 2.0], [2.0, 1.0]])
    for check_valid in ("warn", "raise", "ignore"):
        with pytest.raises(ArgumentError, match="not symmetric positive-semidefinite"):
            grad(
                lambda c, check=check_valid: draw(kind, np.ones(2), c, None, check_valid=check, **kwargs)[0]
            )(indefinite)


def test_a_plain_matrix_that_is_no_covariance_warns_as_in_numpy():
    indefinite = np.array([[1.0, 2.0], [2.0, 1.0]])
    with pytest.warns(RuntimeWarning, match="positive-semidefinite"):
        grad(lambda m: draw("default_rng", m, indefinite)[0])(np.ones(2))


@pytest.mark.parametrize("kind", ["RandomState", "default_rng"])
@pytest.mark.parametrize(
    ("mean", "cov", "kwargs"),
    [
        (np.ones((1, 2)), np.eye(2), {}),
        (1.0, np.eye(1), {}),
        (np.ones(2), np.ones((2, 3)), {}),
        (np.ones(2), np.ones(2), {}),
        (np.ones(2), np.eye(3), {}),
        (np.ones(2), np.eye(2), {"check_valid": "perhaps"}),
        (np.ones(2), np.eye(2), {"size": -1}),
    ],
)
def test_errors_are_those_of_numpy(kind, mean, cov, kwargs):
    with pytest.raises(ValueError):  # noqa: PT011 - what NumPy says has changed over time
        getattr(np.random, kind)(0).multivariate_normal(mean, cov, **kwargs)
    with pytest.raises(ValueError):  # noqa: PT011
        vjp(lambda m, c: draw(kind, m, c, **kwargs), mean, cov)


def test_arguments_that_cannot_be():
    with pytest.raises(ValueError, match="method must be in"):
        vjp(lambda c: draw("default_rng", np.ones(2), c, method="qr"), np.eye(2))
    with pytest.raises(TypeError, match="method"):
        vjp(lambda c: draw("RandomState", np.ones(2), c, method="svd"), np.eye(2))
    with pytest.raises(TypeError, match="complex"):
        vjp(lambda c: draw("default_rng", np.ones(2), c), np.eye(2) + 0j)
    with pytest.raises(np.linalg.LinAlgError):
        vjp(lambda c: draw("default_rng", np.ones(2), c, method="cholesky"), -np.eye(2))
