"""Products and contractions: options, dtypes, and errors."""

import numpy as np
import pytest

from fgrad import ArgumentError, grad, jvp, vjp

M = np.arange(6.0).reshape(2, 3)


def test_shapes_that_do_not_fit_raise_as_in_numpy():
    with pytest.raises(ValueError, match="mismatch"):
        grad(lambda x: np.sum(x @ M))(M)
    with pytest.raises(ValueError, match="differ in length"):
        grad(lambda x: np.sum(np.tensordot(x, M, 1)))(M)
    with pytest.raises(ValueError, match="differ in length"):
        grad(lambda x: np.sum(np.inner(x, np.ones(2))))(M)


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(np.tensordot(x, M, axes=([2], [0]))))(M)


def test_einsum_says_what_does_not_fit():
    with pytest.raises(ArgumentError, match="2 terms for 1 arrays"):
        grad(lambda x: np.sum(np.einsum("ij,jk", x)))(M)
    with pytest.raises(ArgumentError, match="does not fit an array of 2 axes"):
        grad(lambda x: np.sum(np.einsum("ijk->i", x)))(M)


def test_einsum_takes_its_options_along():
    for optimize in (True, False, "greedy", "optimal"):
        found = grad(lambda x, o=optimize: np.sum(np.einsum("ij,kj->ik", x, M, optimize=o)))(M)
        assert found.tolist() == [[3, 5, 7], [3, 5, 7]]


def test_a_large_contraction_agrees_with_the_matrix_product():
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(40, 30)), rng.normal(size=(30, 35))
    g = rng.normal(size=(40, 35))
    value, pullback = vjp(lambda a, b: np.einsum("ij,jk->ik", a, b), a, b)
    expected, other = vjp(np.matmul, a, b)
    assert np.allclose(value, expected, rtol=1e-13)
    for found, wanted in zip(pullback(g), other(g), strict=True):
        assert np.allclose(found, wanted, rtol=1e-12)


def test_products_with_empty_arrays():
    empty = np.ones((2, 0))
    assert grad(lambda x: np.sum(x @ np.ones((0, 3))))(empty).shape == (2, 0)
    assert grad(lambda x: np.sum(np.einsum("ij,jk->ik", x, np.ones((0, 3)))))(empty).shape == (2, 0)


def test_single_precision_beside_double_keeps_its_own_gradient():
    single = M.astype("float32")
    by_single, by_double = grad(lambda a, b: np.sum(a @ b.T), argnums=(0, 1))(single, M)
    assert (by_single.dtype, by_double.dtype) == (np.float32, np.float64)


def test_a_real_factor_of_a_complex_product_has_a_real_gradient():
    z = M[:, :2] + 1j
    found = grad(lambda x: np.abs(np.sum(z @ x)) ** 2)(np.ones(2))
    column = z.sum(axis=0)
    assert found == pytest.approx(2 * np.real(np.conj(column.sum()) * column), rel=1e-14)


def test_conjugating_products():
    z = np.array([1 + 2j, 3 - 1j])
    t = np.array([0.5j, 1.0])
    assert jvp(lambda z: np.vdot(z, z), (z,), (t,))[1] == np.vdot(t, z) + np.vdot(z, t)
    assert jvp(lambda z: np.vecdot(z, z), (z,), (t,))[1] == np.vecdot(t, z) + np.vecdot(z, t)


def test_scalars_in_dot_and_inner_are_factors():
    assert grad(lambda x: np.sum(np.dot(x, M)))(2.0) == 15
    assert grad(lambda x: np.sum(np.inner(M, x)))(2.0) == 15


def test_a_scalar_in_matmul_is_refused_as_in_numpy():
    with pytest.raises(ValueError, match="matmul"):
        grad(lambda x: np.sum(np.matmul(M, x)))(2.0)


def test_the_path_of_a_contraction_is_plain():
    seen = []
    grad(lambda x: seen.append(np.einsum_path("ij,kj->ik", x, M)) or np.sum(x))(M)
    assert seen == [np.einsum_path("ij,kj->ik", M, M)]


def test_a_path_is_followed_and_its_derivative_finds_its_own():
    path = ["einsum_path", (1, 2), (0, 1)]
    found = grad(lambda x: np.sum(np.einsum("ij,kj,k->ik", x, M, M[:, 0], optimize=path)))(M)
    assert found.tolist() == [(M[:, 0] @ M).tolist()] * 2


def test_a_contraction_in_another_dtype():
    value, moved = jvp(
        lambda x: np.einsum("ij->i", x, dtype=np.float32, casting="same_kind", order="F"), (M,), (M,)
    )
    assert (value.dtype, moved.dtype) == (np.float32, np.float32)
    assert value.tolist() == [3, 12]


CASTINGS = ["no", "equiv", "safe", "same_kind", "unsafe"]


@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@pytest.mark.parametrize("casting", CASTINGS)
@pytest.mark.parametrize("dtype", [None, "float32", "float64", "complex128"])
@pytest.mark.parametrize("other", ["float32", "float64", "complex128", "int64"])
def test_a_contraction_casts_what_numpys_casts(casting, dtype, other):
    second = M.astype(other)

    def contracted(x):
        return np.einsum("ij,ij->j", x, second, dtype=dtype, casting=casting)

    try:
        expected = contracted(M)
    except TypeError:
        with pytest.raises(TypeError, match=f"according to the rule '{casting}'"):
            jvp(contracted, (M,), (M,))
        return
    value, moved = jvp(contracted, (M,), (M,))
    assert value.dtype == moved.dtype == expected.dtype
    assert np.array_equal(value, expected)
    assert np.array_equal(moved, expected)  # it is linear in x


def test_a_casting_or_an_order_that_there_is_not_is_refused():
    for options in ({"casting": "foo"}, {"order": "Q"}):
        (name,) = options
        for x in (M, None):
            with pytest.raises(ValueError, match=f"{name} must be one of"):
                np.einsum("ij->i", x, **options) if x is not None else grad(
                    lambda x, options=options: np.sum(np.einsum("ij->i", x, **options))
                )(M)


@pytest.mark.parametrize("axes", [3, ([0], [0, 1]), ([0, 0], [0, 0])])
def test_axes_to_sum_over_that_do_not_fit_are_refused(axes):
    with pytest.raises((ValueError, IndexError)):
        np.tensordot(M, M, axes)
    with pytest.raises((ValueError, IndexError)):
        grad(lambda x: np.sum(np.tensordot(x, M, axes)))(M)


def test_products_over_an_empty_axis_are_zero():
    empty = np.zeros((0, 3))
    for function in (lambda x: x.T @ x, lambda x: np.tensordot(x, x, ([0], [0])), lambda x: np.dot(x.T, x)):
        value, moved = jvp(function, (empty,), (empty,))
        assert value.tolist() == moved.tolist() == np.zeros((3, 3)).tolist()
        assert grad(lambda x, f=function: np.sum(f(x)))(empty).shape == (0, 3)
