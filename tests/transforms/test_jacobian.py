from typing import NamedTuple

import numpy as np
import pytest

from fgrad import ArgumentError, InputError, OutputError, grad, hessian, jacfwd, jacobian, jacrev
from tests.kinds.fresh import made
from tests.transforms.differences import jacobian_of


class Pair(NamedTuple):
    first: object
    second: object


MATRIX = np.random.default_rng(0).normal(size=(2, 3))


@pytest.fixture(params=[jacobian, jacfwd, jacrev], ids=lambda transform: transform.__name__)
def jac(request):
    return request.param


@pytest.mark.parametrize(
    ("function", "x", "shape"),
    [
        (lambda x: x * x, 2.0, ()),
        (lambda x: x * MATRIX, 2.0, (2, 3)),
        (lambda x: np.sum(x * x), np.arange(3.0), (3,)),
        (lambda x: MATRIX @ np.sin(x), np.arange(3.0), (2, 3)),
        (lambda x: np.outer(x, x), np.arange(3.0), (3, 3, 3)),
        (lambda x: x.T * 2.0, MATRIX, (3, 2, 2, 3)),
        (lambda x: np.cumsum(x), MATRIX, (6, 2, 3)),
        (lambda x: 3.0, MATRIX, (2, 3)),
        (lambda x: np.ones(4), MATRIX, (4, 2, 3)),
        (lambda x: np.arange(4), MATRIX, (4, 2, 3)),
        (lambda x: x, MATRIX, (2, 3, 2, 3)),
        (lambda x: x[:0], MATRIX, (0, 3, 2, 3)),
        (lambda x: x * x, np.zeros((0, 2)), (0, 2, 0, 2)),
        (lambda x: np.array(3.0) * x[0], np.ones(2), (2,)),
    ],
)
def test_a_jacobian_has_the_shape_of_the_result_and_then_that_of_the_argument(jac, function, x, shape):
    found = jac(function)(x)
    assert np.shape(found) == shape
    if np.size(x):
        expected = jacobian_of(function, np.asarray(x))
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_a_jacobian_keeps_the_dtype(jac):
    x = np.ones(2, np.float32)
    assert jac(lambda x: x * x)(x).dtype == np.float32
    assert jac(lambda x: np.ones(3))(x).dtype == np.float32
    assert jac(lambda x: x[:0])(x).dtype == np.float32
    assert hessian(lambda x: np.sum(x**3))(x).dtype == np.float32
    assert jac(lambda x: x * 1j)(x).dtype == np.complex64
    assert type(jac(lambda x: x * x)(2.0)) is float
    assert type(hessian(lambda x: x * x)(2.0)) is float


def test_containers_nest_the_arguments_inside_the_result(jac):
    def function(p):
        return Pair(p["a"] * p["b"], [p["a"][0], 3])

    a, b = np.array([1.0, 2.0]), 5.0
    found = jac(function)({"a": a, "b": b})
    assert type(found) is Pair
    assert list(found.first) == ["a", "b"]
    np.testing.assert_array_equal(found.first["a"], b * np.eye(2))
    np.testing.assert_array_equal(found.first["b"], a)
    np.testing.assert_array_equal(found.second[0]["a"], [1.0, 0.0])
    assert found.second[0]["b"] == 0.0
    np.testing.assert_array_equal(found.second[1]["a"], [0.0, 0.0])


def test_a_tuple_of_argnums_makes_a_tuple_for_each_leaf_of_the_result(jac):
    found = jac(lambda x, y: {"s": x * y, "t": x}, (1, 0))(2.0, 3.0)
    assert found == {"s": (2.0, 3.0), "t": (0.0, 1.0)}


def test_an_empty_result_has_an_empty_jac(jac):
    assert jac(lambda x: {})(1.0) == {}
    assert jac(lambda x: None)(1.0) is None
    assert jac(lambda x: x)(np.zeros(0)).shape == (0, 0)
    assert jac(lambda p: 1.0)([]) == []


# complex numbers


def test_a_complex_result_of_a_real_argument_has_a_complex_jac(jac):
    def function(x):
        return np.exp(1j * x) * x[0]

    x = np.array([0.3, 0.4, -0.5])
    np.testing.assert_allclose(jac(function)(x), jacobian_of(function, x), rtol=1e-9, atol=1e-9)


def test_a_holomorphic_function_has_its_complex_jac(jac):
    def function(z):
        return np.array([[1.0, 2j], [0.5, 1.0 + 1j]]) @ np.exp(z) * z[0]

    z = np.array([0.3 + 0.1j, 0.4 - 0.7j])
    np.testing.assert_allclose(jac(function)(z), jacobian_of(function, z), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        jacobian_of(function, z, 1j), 1j * jacobian_of(function, z), rtol=1e-8, atol=1e-9
    )


def test_a_real_result_of_a_complex_argument_follows_the_convention_of_grad(jac):
    def function(z):
        return np.abs(z) ** 2 * np.imag(z[0])

    z = np.array([0.3 + 0.1j, 0.4 - 0.7j])
    expected = jacobian_of(function, z) - 1j * jacobian_of(function, z, 1j)
    np.testing.assert_allclose(jac(function)(z), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(grad(lambda z: function(z)[1])(z), expected[1], rtol=1e-9, atol=1e-9)


def test_real_and_complex_arguments_may_stand_together(jac):
    found = jac(lambda x, z: x * z, (0, 1))(2.0, 3.0 + 1j)
    assert found == (3.0 + 1j, 2.0 + 0j)


# Hessians


def test_a_hessian_agrees_with_differences_of_the_gradient():
    def function(x):
        return np.sum(np.sin(x) * x[::-1] ** 2) + x[0] * x[1] * x[2]

    x = np.random.default_rng(1).normal(size=3)
    found = hessian(function)(x)
    np.testing.assert_allclose(found, jacobian_of(grad(function), x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found, found.T, rtol=1e-14)


def test_the_hessian_of_a_matrix_argument_has_four_axes():
    found = hessian(lambda x: np.sum(x @ x.T))(MATRIX)
    # The sum over (i, j, k) of x[i, k] * x[j, k] has the second derivative 2 where the columns agree.
    expected = 2 * np.einsum("ij,kl->ikjl", np.ones((2, 2)), np.eye(3))
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_the_hessian_of_a_container_is_containers_of_blocks():
    found = hessian(lambda p: np.sum(p["w"] ** 2) * p["b"])({"w": np.array([1.0, 2.0]), "b": 3.0})
    np.testing.assert_array_equal(found["w"]["w"], 6 * np.eye(2))
    np.testing.assert_array_equal(found["w"]["b"], [2.0, 4.0])
    np.testing.assert_array_equal(found["b"]["w"], [2.0, 4.0])
    assert found["b"]["b"] == 0.0


def test_the_hessian_of_a_constant_and_of_a_linear_function_is_zero():
    np.testing.assert_array_equal(hessian(lambda x: 1.0)(np.ones(2)), np.zeros((2, 2)))
    np.testing.assert_array_equal(hessian(lambda x: np.sum(x))(np.ones(2)), np.zeros((2, 2)))


def test_keyword_arguments_reach_the_function():
    assert hessian(lambda x, *, power: x**power)(2.0, power=3) == 12.0
    assert jacobian(lambda x, *, power: x**power)(2.0, power=3) == 12.0


def test_errors_speak_of_the_transform_that_was_called():
    with pytest.raises(OutputError, match="hessian: <lambda> must return a real scalar"):
        hessian(lambda x: x)(np.ones(2))
    with pytest.raises(InputError, match="hessian: x is a str"):
        hessian(lambda x: x)("no")
    with pytest.raises(
        OutputError, match=r"jacobian: <lambda> must return .* its result\['a'\]\[1\] is a str"
    ):
        jacobian(lambda x: {"a": [x, "no"]})(1.0)


# which mode


def counted(counts):
    """Return a function to three numbers, or from three, whose rules count how often each mode runs them."""

    def pull(ans, x):
        def back(g):
            counts["pulls"] += 1
            return g * 2 * x

        return back

    def push(t, ans, x):
        counts["pushes"] += 1
        return t * 2 * x

    return made(lambda x: x**2, pull, jvps=(push,))


@pytest.mark.parametrize(
    ("transform", "shape", "mode"),
    [
        (jacrev, (), "pulls"),
        (jacrev, (10,), "pulls"),
        (jacfwd, (), "pushes"),
        (jacfwd, (10,), "pushes"),
        (jacobian, (10,), "pulls"),
        (jacobian, (3,), "pulls"),
        (jacobian, (), "pushes"),
    ],
)
def test_the_cheaper_mode_is_taken_unless_one_is_named(transform, shape, mode):
    counts = {"pulls": 0, "pushes": 0}
    square = counted(counts)
    x = np.full(shape, 3.0)[()]
    found = transform(lambda x: square(x) * np.ones(10) if shape != (3,) else square(x))(x)
    assert np.all(found.sum(-1) == 6.0) if shape else np.all(found == 6.0)
    assert counts[mode] > 0
    assert sum(counts.values()) == counts[mode]


def test_a_complex_result_of_one_number_counts_twice_and_is_the_same_in_each_mode():
    for x in (0.5, 0.5 + 0.2j):
        for function in (
            lambda x: np.exp(1j * x * np.arange(5.0)),
            lambda x: np.abs(x * np.arange(1.0, 6.0)) ** 2,
        ):
            found = [transform(function)(x) for transform in (jacobian, jacfwd, jacrev)]
            for other in found[1:]:
                assert other.dtype == found[0].dtype
                np.testing.assert_allclose(other, found[0], rtol=1e-14)


def test_blocks_are_the_callers_own_arrays():
    for transform in (jacobian, jacfwd, jacrev):
        blocks = transform(lambda t: [t * np.ones(3), np.broadcast_to(t, (3,)), (t, t)])(2.0)
        arrays = blocks[:2]
        for i, array in enumerate(arrays):
            assert array.flags.writeable
            assert not any(np.shares_memory(array, other) for other in arrays[:i])
        assert blocks[2] == (1.0, 1.0)


@pytest.mark.parametrize("chunk_size", [1, 2, 5, 100])
@pytest.mark.parametrize("transform", [jacobian, jacrev, jacfwd])
def test_chunks_give_the_same_rows_and_columns(transform, chunk_size):
    x = np.linspace(0.1, 0.9, 5)

    def function(x):
        return {"a": np.outer(np.sin(x), x), "b": np.sum(x**3)}

    whole, parts = transform(function)(x), transform(function, chunk_size=chunk_size)(x)
    assert np.array_equal(whole["a"], parts["a"])
    assert np.array_equal(whole["b"], parts["b"])
    cube = hessian(lambda x: np.sum(x**3), chunk_size=chunk_size)(x)
    assert cube == pytest.approx(np.diag(6 * x))


@pytest.mark.parametrize("chunk_size", [0, -1, True, 2.5, "all"])
def test_a_chunk_size_that_is_no_number_of_rows_is_refused(chunk_size):
    with pytest.raises(ArgumentError, match="jacobian: chunk_size must be a positive int or None; got"):
        jacobian(np.sin, chunk_size=chunk_size)
