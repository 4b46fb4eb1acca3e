from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from fgrad import ArgumentError, InputError, jvp, make_jvp, make_vjp, vjp
from tests.transforms.differences import directional, jacobian_of


class Point(NamedTuple):
    x: object
    y: object


@dataclass(frozen=True)
class Layer:
    w: object
    b: object


def swirl(x):
    return np.outer(np.sin(x), x)[:, 1:] * x[0]


X = np.random.default_rng(0).normal(size=3)
T = np.random.default_rng(1).normal(size=3)
G = np.random.default_rng(2).normal(size=(3, 2))


def test_both_products_agree_with_differences_and_with_each_other():
    value, pullback = vjp(swirl, X)
    np.testing.assert_array_equal(value, swirl(X))
    dense = jacobian_of(swirl, X)
    np.testing.assert_allclose(pullback(G)[0], np.tensordot(G, dense, 2), rtol=1e-9)
    again, tangent = jvp(swirl, (X,), (T,))
    np.testing.assert_array_equal(again, swirl(X))
    np.testing.assert_allclose(tangent, dense @ T, rtol=1e-9)
    np.testing.assert_allclose(np.sum(G * tangent), pullback(G)[0] @ T, rtol=1e-14)


def test_autograds_functions_give_the_same_in_their_order():
    pullback, value = make_vjp(swirl)(X)
    np.testing.assert_array_equal(value, swirl(X))
    np.testing.assert_array_equal(pullback(G), vjp(swirl, X)[1](G)[0])
    pushforward = make_jvp(swirl)(X)
    for scale in (1.0, 2.0):
        value, tangent = pushforward(scale * T)
        np.testing.assert_array_equal(value, swirl(X))
        np.testing.assert_allclose(tangent, scale * jvp(swirl, (X,), (T,))[1], rtol=1e-14)


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: [a, b],
        lambda a, b: (a, b),
        lambda a, b: {"a": a, "b": b},
        lambda a, b: OrderedDict(z=a, a=b),
        lambda a, b: defaultdict(float, {3: a, "b": b}),
        lambda a, b: Point(a, b),
        lambda a, b: Layer(a, b),
        lambda a, b: {"nested": [(a, None), Point(b, ())], "empty": {}},
    ],
)
def test_containers_go_through_in_both_directions(make):
    """A function that returns its argument is its own derivative, containers and all."""
    a, b = np.array([1.0, 2.0]), 3.0
    tangent = make(np.array([10.0, 20.0]), 30.0)
    value, pushed = jvp(lambda tree: tree, (make(a, b),), (tangent,))
    (pulled,) = vjp(lambda tree: tree, make(a, b))[1](tangent)
    for tree in (value, pushed, pulled):
        assert type(tree) is type(tangent)
    assert repr(value) == repr(make(a, b))
    assert repr(pushed) == repr(pulled) == repr(tangent)


def test_the_keys_of_a_dictionary_may_come_in_another_order():
    tree = {"a": np.ones(2), "b": 3.0}
    tangent = {"b": 10.0, "a": np.array([1.0, 2.0])}
    pushed = jvp(lambda p: p["a"] * p["b"], (tree,), (tangent,))[1]
    np.testing.assert_array_equal(pushed, [13.0, 16.0])
    pullback = vjp(lambda x: {"a": 2 * x, "b": 3 * x}, 1.0)[1]
    assert pullback({"b": 10.0, "a": 1.0}) == (32.0,)


def test_ints_and_other_dtypes_serve_as_cotangents_and_tangents():
    x = np.ones(2, np.float32)
    for given in (np.arange(2), np.arange(2.0), np.arange(2, dtype=np.float32)):
        (pulled,) = vjp(lambda x: x * x, x)[1](given)
        pushed = jvp(lambda x: x * x, (x,), (given,))[1]
        assert pulled.dtype == pushed.dtype == np.float32
        np.testing.assert_array_equal(pulled, [0.0, 2.0])
        np.testing.assert_array_equal(pushed, [0.0, 2.0])
    assert vjp(lambda x: x * x, 3.0)[1](1) == (6.0,)
    assert jvp(lambda x: x * x, (3,), (1,)) == (9.0, 6.0)


def test_a_result_that_does_not_depend_on_the_argument_has_zeros():
    assert vjp(lambda x: 3.0, 2.0)[1](1.0) == (0.0,)
    assert jvp(lambda x: 3.0, (2.0,), (1.0,)) == (3.0, 0.0)
    value, tangent = jvp(lambda x: (x, np.ones(2), 3, None), (2.0,), (1.0,))
    assert tangent[0] == 1.0
    np.testing.assert_array_equal(tangent[1], np.zeros(2))
    assert tangent[2:] == (0, None)
    assert value[2:] == (3, None)


def test_complex_products_pair_by_the_real_part():
    rng = np.random.default_rng(3)
    z, t, g = (rng.normal(size=2) + 1j * rng.normal(size=2) for _ in range(3))

    def function(z):  # not holomorphic
        return np.conj(z) * z[0] + np.abs(z) ** 2

    tangent = jvp(function, (z,), (t,))[1]
    np.testing.assert_allclose(tangent, directional(function, z, t), rtol=1e-9)
    (pulled,) = vjp(function, z)[1](g)
    np.testing.assert_allclose(np.real(np.sum(pulled * t)), np.real(np.sum(g * tangent)), rtol=1e-12)


def test_keyword_arguments_of_any_name_reach_the_function():
    assert vjp(lambda x, *, function: x * function, 3.0, function=2.0)[1](1.0) == (2.0,)
    assert jvp(lambda x, *, function: x * function, (3.0,), (1.0,), function=2.0) == (6.0, 2.0)
    assert jvp(lambda x, scale: x * scale, (3.0,), (1.0,), scale=2.0) == (6.0, 2.0)


CASES = [
    (np.ones(3), np.ones(2), ArgumentError, r" has shape \(2,\); it must have the shape \(3,\)"),
    (np.ones(3), 1.0, ArgumentError, r" has shape \(\); it must have the shape \(3,\)"),
    (np.ones(3), np.ones((3, 1)), ArgumentError, r" has shape \(3, 1\)"),
    (np.ones(3), [1.0, 1.0, 1.0], InputError, " must be an array, like what it belongs to; got list"),
    (np.ones(3), None, InputError, " must be an array, like what it belongs to; got NoneType"),
    (np.ones(3), "text", InputError, " must be an array; got str"),
    (np.ones(3), object(), InputError, " must be an array; got object"),
    (np.ones(3), np.ones(3, bool), InputError, " must be real or complex numbers; got dtype bool"),
    (np.ones(3), 1j * np.ones(3), ArgumentError, " is complex where float64 is needed; take its real part"),
    (np.ones(2), np.ma.array([1.0, 2.0], mask=[0, 1]), InputError, " is a masked array"),
    ([1.0, 2.0], (1.0, 2.0), InputError, " must be a list, like what it belongs to; got tuple"),
    (
        [1.0, 2.0],
        [1.0],
        InputError,
        r" has other entries than the list that it belongs to: \[0\]; needed are \[0\], \[1\]",
    ),
    ({"a": 1.0}, {"b": 1.0}, InputError, r" has other entries than the dict .*: \['b'\]; needed are \['a'\]"),
    (
        {"a": 1.0},
        {},
        InputError,
        r" has other entries than the dict that it belongs to: none; needed are \['a'\]",
    ),
    ({"a": [np.ones(2)]}, {"a": [np.ones(3)]}, ArgumentError, r"\['a'\]\[0\] has shape \(3,\)"),
    ({"a": [1.0]}, {"a": 1.0}, InputError, r"\['a'\] must be a list"),
]


@pytest.mark.parametrize(("tree", "given", "error", "message"), CASES)
def test_a_cotangent_that_does_not_fit_is_refused(tree, given, error, message):
    with pytest.raises(error, match=f"^vjp: the cotangent{message}"):
        vjp(lambda x: x, tree)[1](given)
    with pytest.raises(error, match=f"^make_vjp: the cotangent{message}"):
        make_vjp(lambda x: x)(tree)[0](given)


@pytest.mark.parametrize(("tree", "given", "error", "message"), CASES)
def test_a_tangent_that_does_not_fit_is_refused(tree, given, error, message):
    with pytest.raises(error, match=rf"^jvp: the tangent\[0\]{message}"):
        jvp(lambda x: x, (tree,), (given,))
    with pytest.raises(error, match=f"^make_jvp: the tangent{message}"):
        make_jvp(lambda x: x)(tree)(given)


def test_primals_and_tangents_that_are_no_tuples_are_refused():
    with pytest.raises(
        InputError, match=r"jvp takes the primals as a tuple, jvp\(f, \(x,\), \(t,\)\); got ndarray"
    ):
        jvp(np.sin, X, (T,))
    with pytest.raises(
        InputError, match=r"jvp takes the tangents as a tuple, jvp\(f, \(x,\), \(t,\)\); got ndarray"
    ):
        jvp(np.sin, (X,), T)
    with pytest.raises(InputError, match="the tangent has other entries than the tuple"):
        jvp(np.sin, (X,), (T, T))


@pytest.mark.parametrize("function", [vjp, jvp])
def test_what_cannot_be_called_is_refused(function):
    with pytest.raises(InputError, match=f"{function.__name__} takes a function; got float"):
        function(3.0, (1.0,), (1.0,))
