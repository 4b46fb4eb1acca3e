"""Arguments chosen by name."""

import functools
from typing import NamedTuple

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    deriv,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    linearize,
    make_hvp,
    make_jvp,
    make_vjp,
    value_and_grad,
    vjp,
    vmap,
)
from fgrad.transforms.inputs import Inputs, Wanted, wanted_of


class Pair(NamedTuple):
    first: object
    second: object


def product(x, y=3.0, *, z=5.0, **more):
    return x * x * y * z


TRANSFORMS = [
    grad,
    value_and_grad,
    elementwise_grad,
    deriv,
    jacobian,
    jacfwd,
    jacrev,
    hessian,
    hvp,
    make_hvp,
    make_vjp,
    make_jvp,
]


@pytest.mark.parametrize(
    "call",
    [
        lambda f: f(2.0, 3.0, z=5.0),
        lambda f: f(2.0, y=3.0, z=5.0),
        lambda f: f(z=5.0, y=3.0, x=2.0),
        lambda f: f(2.0),
    ],
    ids=["by position", "by keyword", "all by keyword", "by default"],
)
@pytest.mark.parametrize(
    ("argnames", "expected"),
    [
        ("x", 60.0),
        ("y", 20.0),
        ("z", 12.0),
        (("z", "x"), {"z": 12.0, "x": 60.0}),
        (["y"], {"y": 20.0}),
    ],
)
def test_a_name_finds_its_argument_however_it_was_passed(call, argnames, expected):
    assert call(grad(product, argnames=argnames)) == expected
    assert call(value_and_grad(product, argnames=argnames)) == (60.0, expected)
    for transform in (elementwise_grad, jacobian, jacfwd, jacrev):
        assert call(transform(product, argnames=argnames)) == expected
    pullback, _ = call(make_vjp(product, argnames=argnames))
    assert pullback(1.0) == expected


def test_numbers_and_names_together_make_a_pair():
    assert grad(product, 0, argnames="z")(2.0, 3.0) == (60.0, 12.0)
    assert grad(product, (0, 1), argnames=("z",))(2.0, 3.0) == ((60.0, 20.0), {"z": 12.0})
    assert grad(product, argnums=0, argnames="z")(2.0, 3.0) == (60.0, 12.0)
    blocks = hessian(product, 0, argnames="z")(2.0, 3.0)
    assert blocks == ((30.0, 12.0), (12.0, 0.0))
    assert hessian(product, argnames=("x", "z"))(2.0, 3.0) == {
        "x": {"x": 30.0, "z": 12.0},
        "z": {"x": 12.0, "z": 0.0},
    }


def test_vjp_jvp_and_linearize_take_names():
    assert vjp(product, 2.0, argnames="z", z=5.0)[1](1.0) == 12.0
    assert vjp(product, 2.0, argnames=("x", "z"))[1](1.0) == {"x": 60.0, "z": 12.0}
    assert jvp(product, (2.0,), 10.0, argnames="z", z=5.0) == (60.0, 120.0)
    assert jvp(product, (2.0,), {"z": 1.0, "x": 1.0}, argnames=("x", "z")) == (60.0, 72.0)
    assert jvp(product, (2.0,), (1.0, 10.0), argnums=0, argnames="z") == (60.0, 180.0)
    assert linearize(product, 2.0, argnames=("x", "z"))[1]({"z": 1.0, "x": 1.0}) == 72.0
    assert make_jvp(product, argnames="z")(2.0)(10.0) == (60.0, 120.0)
    assert hvp(product, argnames="x")(2.0, 10.0, y=3.0) == 300.0


def test_containers_pass_by_name():
    def function(*, layers, scale):
        return np.sum(layers["w"].first * layers["w"].second) * scale

    layers = {"w": Pair(np.array([1.0, 2.0]), 3.0)}
    found = grad(function, argnames=("scale", "layers"))(layers=layers, scale=2.0)
    assert found["scale"] == 9.0
    np.testing.assert_array_equal(found["layers"]["w"].first, [6.0, 6.0])
    assert found["layers"]["w"].second == 6.0


def test_names_reach_through_partial_functions_and_other_transforms():
    assert grad(functools.partial(product, y=10.0), argnames="y")(2.0) == 20.0
    assert grad(grad(product, argnames="z"), argnames="x")(2.0) == 12.0
    assert grad(grad(product, argnames="x"), argnames="x")(2.0) == 30.0
    assert grad(lambda **named: named["a"] * named["b"], argnames="b")(a=2.0, b=3.0) == 2.0
    np.testing.assert_array_equal(vmap(grad(product, argnames="z"))(np.array([1.0, 2.0])), [3.0, 12.0])


def test_the_callers_keywords_are_not_changed():
    given = {"z": 5, "y": 3}
    assert grad(product, argnames="z")(2.0, **given) == 12.0
    assert given == {"z": 5, "y": 3}


# errors


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_name_that_is_not_there_is_refused(transform):
    with pytest.raises(
        ArgumentError, match=f"{transform.__name__}: argnames names 'w', which was not given to product"
    ):
        transform(product, argnames="w")(2.0, 1.0)


def test_a_name_without_a_value_is_refused():
    with pytest.raises(
        ArgumentError, match="names 'y', which was not given to <lambda>; its parameters are x, y"
    ):
        grad(lambda x, y: x, argnames="y")(2.0)

    class Silent:
        __signature__ = "which inspect does not take"

        def __call__(self, x):
            return x

    with pytest.raises(
        ArgumentError, match="names 'x', which was not given to Silent; it does not tell its names"
    ):
        grad(Silent(), argnames="x")(2.0)

    def positional(x, y=3.0, /):
        return x * y

    assert grad(positional, argnames="y")(2.0, 4.0) == 2.0
    with pytest.raises(ArgumentError, match="'y' can only be passed by position; give it a value"):
        grad(positional, argnames="y")(2.0)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("argnames", [0, ("x", 0), {"x"}, b"x", ()])
def test_argnames_that_are_no_names_are_refused(transform, argnames):
    with pytest.raises((InputError, ArgumentError), match=r"argnames must be a str|nothing to differentiate"):
        transform(product, argnames=argnames)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_an_argument_that_is_chosen_twice_is_refused(transform):
    with pytest.raises(ArgumentError, match="argnames names argument 'z' twice"):
        transform(product, argnames=("z", "z"))(2.0, 3.0, 1.0)
    with pytest.raises(ArgumentError, match="argnames names argument 0 twice"):
        transform(product, 0, argnames="x")(2.0, 3.0)


def test_a_leaf_that_is_refused_is_named_by_its_keyword():
    with pytest.raises(InputError, match=r"grad: z\['a'\]\[1\] is a str"):
        grad(product, argnames="z")(2.0, z={"a": [1.0, "no"]})


# how it is written down


def test_what_is_chosen_is_described():
    assert Wanted(0).describe() == "argument 0"
    assert Wanted((0, 2)).describe() == "arguments 0, 2"
    assert Wanted(None, "w").describe() == "argument 'w'"
    assert Wanted(1, ("w",)).describe() == "arguments 1, 'w'"
    assert repr(grad(product, argnames="z")) == "<grad(product, argnames='z')(x, y=3.0, *, z=5.0, **more)>"
    assert (
        repr(grad(product, 0, argnames="z", has_aux=True))
        == "<grad(product, argnums=0, argnames='z', has_aux=True)(x, y=3.0, *, z=5.0, **more)>"
    )
    assert "with respect to argument 'z'." in grad(product, argnames="z").__doc__


def test_inputs_are_taken_apart_and_packed_again():
    wanted = wanted_of((1, 0), None, ("z",), "an example")
    inputs = Inputs(product, wanted, (2, [3.0, 4.0]), {"z": np.ones(2)}, "an example")
    assert inputs.places == [1, 0, "z"]
    assert inputs.leaves[:3] == [3.0, 4.0, 2.0]
    assert inputs.pack(["a", "b", "c", "d"]) == ((["a", "b"], "c"), {"z": "d"})
    assert inputs.call_with(["a", "b", "c", "d"]) == (["c", ["a", "b"]], {"z": "d"})
