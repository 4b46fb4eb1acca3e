"""Norms, condition numbers and ranks: zero, equal and missing values, and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp, vjp, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, of_examples, of_loop

pytestmark = pytest.mark.usefixtures("no_loops")

A = np.array([[2.0, 1.0], [0.5, 3.0]])


@pytest.mark.parametrize("order", [None, 1, 2, 3, 2.5, np.inf])
def test_the_norm_of_the_zero_vector_has_derivative_zero(order):
    zero = np.zeros(3)
    assert grad(lambda x: np.linalg.norm(x, order))(zero).tolist() == [0, 0, 0]
    assert jvp(lambda x: np.linalg.norm(x, order), (zero,), (np.ones(3),))[1] == 0


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_the_norm_of_the_zero_matrix_has_derivative_zero(order):
    zero = np.zeros((2, 3))
    assert grad(lambda x: np.linalg.norm(x, order))(zero).tolist() == zero.tolist()
    assert jvp(lambda x: np.linalg.norm(x, order), (zero,), (np.ones((2, 3)),))[1] == 0


def test_one_row_of_zeros_does_not_spoil_the_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(np.linalg.norm(x, axis=1)))(x).tolist() == [[0, 0], [0.6, 0.8]]


def test_a_norm_that_counts_is_plain():
    seen = []
    grad(lambda x: seen.append(np.linalg.norm(x, 0)) or np.sum(x))(np.array([0.0, 2.0, 3.0]))
    assert seen == [2]


def test_norms_that_numpy_refuses():
    with pytest.raises(ValueError, match="for matrices"):
        grad(lambda x: np.linalg.norm(x, "fro"))(np.ones(3))
    with pytest.raises(ValueError, match="not a matrix norm"):
        grad(lambda x: np.linalg.norm(x, 3))(A)
    with pytest.raises(ValueError, match="one or two axes"):
        grad(lambda x: np.linalg.norm(x, 2))(np.ones((2, 2, 2)))


def test_the_spectral_and_nuclear_norms_by_hand():
    """With singular vectors u and v: u v.H of the largest, and the sum of all of them."""
    u, _, vh = np.linalg.svd(A)
    assert grad(lambda a: np.linalg.norm(a, 2))(A) == pytest.approx(np.outer(u[:, 0], vh[0]), rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, -2))(A) == pytest.approx(np.outer(u[:, 1], vh[1]), rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, "nuc"))(A) == pytest.approx(u @ vh, rel=1e-13)


def test_equal_singular_values_have_finite_derivatives():
    """At an orthogonal matrix Q the gradient of the nuclear norm is Q, and the norm along Q exp(s W) flat.

    For antisymmetric W the second derivative of the norm along the straight line Q + s Q W is that of
    sum(sqrt(1 + s**2 w**2)), which is the sum of w**2: two here.
    """
    q = np.array([[0.6, -0.8], [0.8, 0.6]])
    w = np.array([[0.0, 1.0], [-1.0, 0.0]])

    def nuclear(a):
        return np.linalg.norm(a, "nuc")

    def along(s):
        return nuclear(q + s * (q @ w))

    assert grad(nuclear)(q) == pytest.approx(q, rel=1e-14)
    assert grad(grad(along))(0.0) == pytest.approx(2.0, rel=1e-13)
    assert jvp(lambda s: jvp(along, (s,), (1.0,))[1], (0.0,), (1.0,))[1] == pytest.approx(2.0, rel=1e-13)
    assert grad(lambda a: np.linalg.norm(a, 2))(np.eye(2)) == pytest.approx(np.eye(2) / 2, rel=1e-14)


def test_a_third_derivative_of_the_nuclear_norm():
    """Of a diagonal matrix with an off-diagonal entry s, the norm is sqrt((a + b)**2 + s**2)."""
    a, b = 3.0, 1.0

    def along(s):
        return np.linalg.norm(fnp.array([[a, s], [0.0, b]]), "nuc")

    s, c = 0.5, a + b
    root = np.sqrt(c**2 + s**2)
    assert grad(along)(s) == pytest.approx(s / root, rel=1e-13)
    assert grad(grad(along))(s) == pytest.approx(c**2 / root**3, rel=1e-12)
    assert grad(grad(grad(along)))(s) == pytest.approx(-3 * s * c**2 / root**5, rel=1e-11)


# axes and shapes


@pytest.mark.parametrize("order", [None, 1, 2, np.inf, 3])
def test_axes_that_do_not_exist_raise_as_in_numpy(order):
    for axis in (2, -3, (0, 2), (0, 0)):
        with pytest.raises((ValueError, np.exceptions.AxisError)) as expected:
            np.linalg.norm(A, order, axis)
        with pytest.raises(type(expected.value)):
            grad(lambda x, axis=axis: np.sum(np.linalg.norm(x, order, axis)))(A)


@pytest.mark.parametrize("order", [None, "nuc", 1, 2, -1])
def test_the_norm_of_no_elements_is_zero_or_refused_as_in_numpy(order):
    """Which of the two depends on the version of NumPy."""
    empty = np.zeros((2, 0))
    try:
        expected = np.linalg.norm(empty, order)
    except ValueError as refusal:
        with pytest.raises(ValueError, match=str(refusal)):
            grad(lambda x: np.linalg.norm(x, order) + np.sum(x))(empty)
    else:
        assert vjp(lambda x: np.linalg.norm(x, order) + np.sum(x), empty)[0] == expected == 0


def test_vector_norms_of_several_axes_take_them_as_one():
    x = np.arange(1.0, 9.0).reshape(2, 2, 2)
    value, pullback = vjp(lambda x: np.linalg.vector_norm(x, axis=(0, 2), ord=3), x)
    expected = np.sum(np.abs(x) ** 3, axis=(0, 2)) ** (1 / 3)
    assert value == pytest.approx(expected, rel=1e-14)
    gradient = pullback(np.ones(2))[0]
    assert gradient == pytest.approx((x / expected[:, None]) ** 2, rel=1e-13)


# condition numbers


def test_the_condition_number_of_a_diagonal_matrix_by_hand():
    a = np.diag([4.0, 2.0])
    for order in (None, 2, 1, -1, np.inf):
        sign = -1 if order == -1 else 1
        value, pullback = vjp(lambda a, order=order: np.linalg.cond(a, order), a)
        assert value == pytest.approx(2.0**sign, rel=1e-14)
        expected = np.diag([0.5, -1.0]) if sign == 1 else np.diag([-0.125, 0.25])
        assert np.diag(pullback(1.0)[0]) == pytest.approx(np.diag(expected), rel=1e-13)


@pytest.mark.parametrize("order", [None, 2, -2, "fro", 1, -1, np.inf, -np.inf])
def test_a_singular_matrix_has_numpys_condition_number_and_spoils_no_other(order):
    stack = np.array([A, np.zeros((2, 2)), A + 1])
    value, pullback = vjp(lambda a: np.linalg.cond(a, order), stack)
    assert np.allclose(value, np.linalg.cond(stack, order), rtol=1e-13)
    gradient = pullback(np.ones(3))[0]
    assert gradient[1].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    for i in (0, 2):
        alone = grad(lambda a: np.linalg.cond(a, order))(stack[i])
        assert np.allclose(gradient[i], alone, rtol=1e-13)


def test_condition_numbers_that_numpy_refuses():
    zero = np.zeros((2, 2))
    if np.lib.NumpyVersion(np.__version__) >= "2.5.0":
        np.testing.assert_array_equal(grad(lambda a: np.linalg.cond(a, "nuc"))(zero), zero)
    else:
        with pytest.raises(np.linalg.LinAlgError, match="SVD did not converge"):
            grad(lambda a: np.linalg.cond(a, "nuc"))(zero)
    with pytest.raises(np.linalg.LinAlgError, match="must be square"):
        grad(lambda a: np.linalg.cond(a, 1))(np.ones((2, 3)))
    with pytest.raises(np.linalg.LinAlgError, match="not defined on empty"):
        grad(lambda a: np.sum(np.linalg.cond(a)))(np.ones((0, 2)))
    with pytest.raises(np.linalg.LinAlgError, match="at least two-dimensional"):
        grad(np.linalg.cond)(np.ones(3))


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("order", [1, -1, np.inf, -np.inf, "fro"])
@pytest.mark.parametrize("dtype", [float, complex, "float32"])
def test_condition_numbers_of_examples_of_which_some_have_no_inverse(order, dtype):
    rng = np.random.default_rng(0)
    a = rng.normal(size=(5, 2, 3, 3)).astype(dtype)
    a[1, 0], a[3] = [[1, 2, 3], [2, 4, 6], [0, 1, 1]], 0

    def condition(a):
        return np.linalg.cond(a, order)

    (expected,), (found,) = of_loop(condition, [a], [0], 5), of_examples(condition, [a], [0], 5)
    expected = np.real(expected)  # which older NumPy makes complex
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(found, expected, rtol=1e-4 if dtype == "float32" else 1e-13)
    for i in (0, 2, 4):
        alone = grad(lambda a: np.sum(condition(a)))(a[i, 1])
        together = vmap(grad(lambda a: np.sum(np.where(np.isinf(condition(a)), 0, condition(a)))))(a)
        assert together[i, 1] == pytest.approx(alone, rel=1e-3 if dtype == "float32" else 1e-10)


def test_condition_numbers_of_missing_values_beside_matrices_without_an_inverse():
    a = np.stack([np.zeros((2, 2)), [[np.nan, 0], [0, 0]], [[np.nan, 1], [2, 3]], A, A])
    found = vmap(lambda a: np.linalg.cond(a, 1))(a)
    np.testing.assert_array_equal(np.isinf(found), [True, False, False, False, False])
    np.testing.assert_array_equal(np.isnan(found), np.isnan(np.linalg.cond(a, 1)))


def test_condition_numbers_that_numpy_refuses_are_refused_for_examples():
    if np.lib.NumpyVersion(np.__version__) < "2.5.0":
        assert_fails_like_the_loop(lambda a: np.linalg.cond(a, "nuc"), np.zeros((5, 2, 2)))
    assert_fails_like_the_loop(lambda a: np.linalg.cond(a, 1), np.zeros((5, 0, 0)))
    assert_fails_like_the_loop(lambda a: np.linalg.cond(a), np.zeros((5, 2)))


# ranks


def test_a_rank_is_plain_and_takes_numpys_bounds():
    seen = []

    def spy(a):
        seen.extend(np.linalg.matrix_rank(a, **kwargs) for kwargs in ({}, {"tol": 5.0}, {"rtol": 0.9}))
        return np.sum(a)

    grad(spy)(np.diag([4.0, 3.9]))
    assert seen == [2, 0, 2]
    assert all(isinstance(rank, np.integer) for rank in seen)
