"""``vmap``: where the examples lie, containers, chunks, nesting, and what cannot be done for many at once."""

import math
import pickle
from collections import namedtuple

import numpy as np
import pytest

from fgrad import (
    defjvp,
    defvjp,
    grad,
    hessian,
    jacobian,
    jvp,
    primitive,
    vjp,
)
from fgrad.transforms.batching import vmap

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3))
W = RNG.normal(size=3)
M = RNG.normal(size=(5, 3, 3))
Point = namedtuple("Point", "x y")


def looped(function, *columns):
    return np.stack([function(*row) for row in zip(*columns, strict=True)])


# where the examples lie


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_examples_may_lie_along_any_axis(axis):
    stacked = np.moveaxis(M, 0, axis)
    assert np.array_equal(vmap(lambda m: m @ m, axis)(stacked), np.matmul(M, M))


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_results_may_be_wanted_along_any_axis(axis):
    assert np.array_equal(vmap(lambda m: m * 2, out_axes=axis)(M), np.moveaxis(2 * M, 0, axis))


def test_an_argument_may_be_the_same_for_all():
    assert vmap(np.dot, (0, None))(X, W) == pytest.approx(X @ W)
    assert vmap(np.dot, (None, 0))(W, X) == pytest.approx(X @ W)


def test_axes_may_be_given_for_parts_of_a_container():
    def function(parameters, x):
        return parameters["w"] @ x + parameters["b"][0] - parameters["b"][1]

    parameters = {"w": W, "b": (np.arange(5.0), 2.0)}
    axes = ({"w": None, "b": (0, None)}, 0)
    expected = X @ W + np.arange(5.0) - 2
    assert vmap(function, axes)(parameters, X) == pytest.approx(expected)


def test_an_axis_counts_for_all_that_is_below():
    def function(parts):
        return parts[0] * parts[1]["scale"]

    assert np.array_equal(
        vmap(function, ((0, {"scale": 0}),))((X, {"scale": W.repeat(2)[:5]})), X * W.repeat(2)[:5, None]
    )
    assert np.array_equal(vmap(function)([X, {"scale": np.arange(5.0)}]), X * np.arange(5.0)[:, None])


def test_results_may_be_containers_with_an_axis_each():
    found = vmap(lambda x: {"a": x, "b": (x * 2, 3.0)}, out_axes={"a": 1, "b": (0, None)})(X)
    assert np.array_equal(found["a"], X.T)
    assert np.array_equal(found["b"][0], 2 * X)
    assert found["b"][1] == 3


def test_named_tuples_stay_what_they_are():
    found = vmap(lambda p: Point(p.y, p.x))(Point(X, X + 1))
    assert type(found) is Point
    assert np.array_equal(found.x, X + 1)


def test_keywords_have_their_examples_along_the_first_axis():
    assert vmap(lambda x, *, w: x @ w, None)(W, w=X) == pytest.approx(X @ W)


def test_what_is_the_same_for_all_is_repeated():
    found = vmap(lambda x: W)(X)
    assert np.array_equal(found, np.tile(W, (5, 1)))
    found[0] = 0
    assert found[1].any()
    assert W.all()


@pytest.mark.parametrize("chunk_size", [1, 2, 4, 5, 100])
def test_chunks_give_the_same_results(chunk_size):
    sizes = []

    def function(x):
        sizes.append(x)
        return np.sin(x), 1.0

    first, second = vmap(function, out_axes=(1, None), chunk_size=chunk_size)(X)
    assert np.array_equal(first, np.sin(X).T)
    assert second == 1
    assert len(sizes) == math.ceil(5 / chunk_size)


def test_there_may_be_no_examples():
    found = vmap(lambda x: np.sum(x * x))(np.ones((0, 3)))
    assert (found.shape, found.dtype) == ((0,), float)


def test_the_results_are_the_callers_own():
    given = X.copy()
    same, other = vmap(lambda x: (x, x))(given)
    same[...] = 0
    assert np.array_equal(given, X)
    assert np.array_equal(other, X)


def test_what_the_function_writes_into_is_not_the_callers():
    def function(x):
        x[0] = 7.0
        x += 1
        return x

    given = X.copy()
    assert np.array_equal(vmap(function)(given)[:, 0], np.full(5, 8.0))
    assert np.array_equal(given, X)


def test_dtypes_are_kept():
    assert vmap(lambda x: x * 2 + 1)(X.astype("float32")).dtype == np.float32
    assert vmap(np.argmax)(X).dtype == np.intp
    assert vmap(lambda x: x > 0)(X).dtype == bool


# beside other transforms


def test_gradients_of_each_example():
    def loss(w, x, y):
        return (w @ x - y) ** 2

    y = np.arange(5.0)
    expected = 2 * (X @ W - y)[:, None] * X
    assert vmap(grad(loss), (None, 0, 0))(W, X, y) == pytest.approx(expected)
    assert grad(lambda w: np.sum(vmap(loss, (None, 0, 0))(w, X, y)))(W) == pytest.approx(expected.sum(0))


def test_every_transform_of_each_example_has_its_closed_form():
    cube = vmap(lambda x: x**3)
    v = RNG.normal(size=X.shape)
    assert vmap(hessian(lambda x: np.sum(x**3)))(X) == pytest.approx(6 * X[:, None] * np.eye(3))
    assert vmap(jacobian(lambda x: x**3))(X) == pytest.approx(3 * X[:, None] ** 2 * np.eye(3))
    assert vmap(lambda x, v: jvp(lambda x: x**3, (x,), (v,))[1])(X, v) == pytest.approx(3 * X**2 * v)
    assert vmap(lambda x, v: vjp(lambda x: x**3, x)[1](v)[0])(X, v) == pytest.approx(3 * X**2 * v)
    assert jvp(cube, (X,), (v,))[1] == pytest.approx(3 * X**2 * v)
    assert vjp(cube, X)[1](v)[0] == pytest.approx(3 * X**2 * v)
    assert hessian(lambda w: np.sum(vmap(lambda x: (w @ x) ** 3)(X)))(W) == pytest.approx(
        np.einsum("i,ij,ik->jk", 6 * (X @ W), X, X)
    )


def test_a_gradient_of_a_gradient_in_a_vmap_in_a_gradient():
    def inner(w):
        return np.sum(vmap(grad(grad(lambda x: w**2 * x**4)))(np.array([1.0, 2.0])))

    assert grad(inner)(3.0) == pytest.approx(2 * 3 * 12 * (1 + 4))


def test_vmap_of_vmap_makes_a_table():
    table = vmap(vmap(lambda x, y: x - y, (None, 0)), (0, None))(np.arange(3.0), np.arange(2.0))
    assert np.array_equal(table, np.subtract.outer(np.arange(3.0), np.arange(2.0)))


def test_perturbations_are_not_confused():
    found = vmap(lambda x: grad(lambda y: x * grad(lambda z: x * y * z)(1.0))(2.0))(np.array([1.0, 3.0]))
    assert np.array_equal(found, [1.0, 9.0])


# the users' own operations


def test_a_primitive_of_plain_code_is_done_for_one_example_after_the_other():
    @primitive
    def sine(x, y):
        return math.sin(float(x)) * float(y)

    defvjp(sine, lambda ans, x, y: lambda g: float(g) * math.cos(x) * float(y), argnums=[0])
    defjvp(sine, lambda t, ans, x, y: math.sin(x) * float(t), argnums=[1])
    x, y = X[:, 0], X[:, 1]
    assert vmap(sine)(x, y) == pytest.approx(np.sin(x) * y)
    for argnum, slope in ((0, np.cos(x) * y), (1, np.sin(x))):
        assert vmap(grad(sine, argnum))(x, y) == pytest.approx(slope)
    pushed = vmap(lambda x, y: jvp(sine, (x, y), (1.0, 2.0))[1])(x, y)
    assert pushed == pytest.approx(np.cos(x) * y + 2 * np.sin(x))
    assert grad(lambda x: np.sum(vmap(sine)(x, y)))(x) == pytest.approx(np.cos(x) * y)


def sum_of_squares(x):
    return np.sum(x * x)


def test_it_has_a_name_and_can_be_pickled():
    mapped = vmap(sum_of_squares, 1)
    assert repr(mapped) == "<vmap(sum_of_squares, in_axes=1)(x)>"
    assert pickle.loads(pickle.dumps(mapped))(X.T) == pytest.approx((X**2).sum(1))


def test_its_documentation_names_the_axes():
    def dot(x, w):
        """Return a product."""
        return x @ w

    first, *_, last = vmap(dot, in_axes=(0, None)).__doc__.splitlines()
    assert first == "dot for many examples at once, in_axes=(0, None) and out_axes=0."
    assert last == "Of dot: Return a product."
