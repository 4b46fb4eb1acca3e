"""Autograd's names for gradients with something beside them."""

from collections import OrderedDict

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    OutputError,
    grad,
    grad_and_aux,
    grad_named,
    jvp,
    multigrad_dict,
)


def test_grad_and_aux_returns_the_gradient_and_the_rest():
    gradient, aux = grad_and_aux(lambda x: (np.sum(x**2), {"x": x, "note": "any"}))(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [2.0, 4.0])
    np.testing.assert_array_equal(aux["x"], [1.0, 2.0])
    assert type(aux["x"]) is np.ndarray
    assert aux["note"] == "any"
    assert grad_and_aux(lambda x, y: (x * y, 1), argnum=1)(2.0, 3.0) == (2.0, 1)
    assert grad_and_aux(lambda x, y: (x * y, 1), argnames="x")(2.0, 3.0) == (3.0, 1)
    with pytest.raises(OutputError, match="grad_and_aux: with has_aux=True, <lambda> must return a pair"):
        grad_and_aux(lambda x: x)(2.0)


def test_grad_named_finds_the_argument_however_it_is_passed():
    def function(x, scale=2.0, *, shift=1.0):
        return scale * x**2 + shift * x

    for call in (lambda f: f(3.0, 5.0), lambda f: f(3.0, scale=5.0), lambda f: f(scale=5.0, x=3.0)):
        assert call(grad_named(function, "scale")) == 9.0
        assert call(grad_named(function, "x")) == 31.0
        assert call(grad_named(function, "shift")) == 3.0
    with pytest.raises(ArgumentError, match="grad: argnames names 'y', which was not given to function"):
        grad_named(function, "y")(3.0)
    with pytest.raises(InputError, match="grad: argnames must be a str or a tuple of str; got 0"):
        grad_named(function, 0)


def test_all_gradients_come_by_name_in_the_order_of_the_parameters():
    def function(x, y=2.0, *rest, scale=1.0, **more):
        return x * y * scale * sum(rest, 1.0) + sum(more.values())

    found = multigrad_dict(function)(3.0)
    assert type(found) is OrderedDict
    assert list(found.items()) == [("x", 2.0), ("y", 3.0), ("rest", ()), ("scale", 6.0), ("more", {})]
    found = multigrad_dict(function)(3.0, 5.0, 7.0, 11.0, scale=0.5, a=1.0, b=2.0)
    assert found["x"] == 5.0 * 0.5 * 19.0
    assert found["rest"] == (7.5, 7.5)
    assert found["scale"] == 15.0 * 19.0
    assert found["more"] == {"a": 1.0, "b": 1.0}
    assert multigrad_dict(function)(y=5.0, x=3.0)["x"] == 5.0


def test_containers_have_gradients_like_them_by_name():
    found = multigrad_dict(lambda p, x: np.sum(p["w"] * x) + p["b"])({"w": np.ones(2), "b": 3.0}, x=2.0)
    np.testing.assert_array_equal(found["p"]["w"], [2.0, 2.0])
    assert (found["p"]["b"], found["x"]) == (1.0, 2.0)


def test_gradients_by_name_can_be_differentiated():
    second = grad(lambda x: multigrad_dict(lambda x, y: x**2 * y**3)(x, 2.0)["y"])
    assert second(3.0) == 2 * 3.0 * 3 * 4.0
    assert jvp(lambda x: multigrad_dict(lambda x: x**3)(x)["x"], (2.0,), (1.0,))[1] == 12.0


def test_what_cannot_be_differentiated_is_named():
    with pytest.raises(InputError, match=r"multigrad_dict: mode is a str"):
        multigrad_dict(lambda x, mode="fast": x)(3.0)
    with pytest.raises(OutputError, match="multigrad_dict: <lambda> must return a real scalar"):
        multigrad_dict(lambda x: [x])(3.0)
    with pytest.raises(TypeError, match="missing a required argument: 'y'"):
        multigrad_dict(lambda x, y: x)(3.0)
    with pytest.raises(InputError, match="multigrad_dict takes a function; got float"):
        multigrad_dict(3.0)


def test_it_says_what_it_is():
    made = multigrad_dict(grad)
    assert (
        repr(made)
        == "<multigrad_dict(grad)(function, argnums=0, argnum=None, *, argnames=None, has_aux=False)>"
    )
    assert "Gradients by name of grad with respect to all arguments." in made.__doc__
