"""What a captured graph takes and gives; the graphs of transforms are in ``test_capturing_transforms``."""

import dataclasses
import inspect
from collections import OrderedDict, namedtuple

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import InputError, capture, register_pytree
from fgrad.core.pytree import flatten, unflatten
from fgrad.ir.validity import check

X = np.array([1.0, 2.0, 3.0])
Pair = namedtuple("Pair", "first second")


@dataclasses.dataclass
class Layer:
    weights: object
    bias: object
    kind: str = "tanh"


class Own:
    """A container of a kind that is registered here."""

    def __init__(self, *parts):
        self.parts = parts


register_pytree(Own, lambda own: (own.parts, None), lambda _, parts: Own(*parts))


# what a graph is


def test_a_graph_computes_what_the_function_computes():
    def f(x, y):
        return fnp.sin(x) @ y + fnp.sum(y)

    graph = capture(f)(X, 2 * X)
    check(graph)
    np.testing.assert_allclose(graph(-X, X), np.sin(-X) @ X + 6.0, rtol=1e-15)
    assert graph.values()[1] is not None
    assert repr(graph) == "<graph of f: 2 inputs, 4 operations>"
    assert graph.name == graph.__name__ == "f"


def test_inputs_are_called_by_the_paths_to_them():
    def f(params, rate, *, shift):
        return params["layers"][0].weights * rate + shift + params["layers"][0].bias

    graph = capture(f)({"layers": [Layer(X, 1.0)]}, 0.5, shift=2.0)
    assert [v.name for v in graph.inputs] == [
        "params['layers'][0].weights",
        "params['layers'][0].bias",
        "rate",
        "shift",
    ]


def test_what_no_output_needs_is_not_in_the_graph():
    def f(x):
        fnp.exp(x)
        return fnp.sin(x)

    graph = capture(f)(X)
    assert [node.primitive.name for node in graph.nodes] == ["sin"]


def test_it_looks_like_a_transform():
    def area(r):
        """Return the area."""
        return 3.0 * r * r

    captured = capture(area)
    assert captured.__name__ == "capture_area"
    assert "area" in captured.__doc__
    assert list(inspect.signature(captured).parameters) == ["r"]
    assert captured.__wrapped__ is area
    with pytest.raises(InputError, match=r"capture takes a function; got int\. Write capture\(f\)\(x\)"):
        capture(3)


def test_a_method_can_be_captured():
    class Model:
        rate = 2.0

        @capture
        def loss(self, x):
            return self.rate * x

    model = Model()
    assert model.loss(3.0)(model, 5.0) == 10.0


# containers


@pytest.mark.parametrize(
    ("argument", "other"),
    [
        ({"a": 1.0, "b": X}, {"a": 3.0, "b": -X}),
        ([1.0, (X, None)], [2.0, (X + 1, None)]),
        (Pair(1.0, [X]), Pair(-1.0, [X * 2])),
        (Layer(X, 0.5), Layer(X + 1, 2.5)),
        (OrderedDict(z=1.0, a=X), OrderedDict(z=4.0, a=-X)),
        (Own(1.0, Own(X)), Own(2.0, Own(X))),
        ((), ()),
        ({}, {}),
        (None, None),
    ],
)
def test_containers_go_in_and_come_out(argument, other):
    def f(tree):
        leaves, structure = flatten(tree)
        return Pair([unflatten(structure, [leaf if type(leaf) is str else leaf * 2 for leaf in leaves])], {})

    graph = capture(f)(argument)
    found, expected = graph(other), f(other)
    assert type(found) is Pair
    assert type(found.first[0]) is type(argument)
    for a, b in zip(flatten(found)[0], flatten(expected)[0], strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_entries_of_a_dictionary_are_found_by_their_keys():
    graph = capture(lambda p: p["a"] - p["b"])({"a": 1.0, "b": 2.0})
    assert graph({"b": 5.0, "a": 7.0}) == 2.0


def test_results_that_do_not_depend_on_inputs_are_constants():
    graph = capture(lambda x: {"x": x, "literal": 4, "text": "s", "none": None, "array": X})(1.0)
    found = graph(2.0)
    assert {k: v for k, v in found.items() if k != "array"} == {
        "x": 2.0,
        "literal": 4,
        "text": "s",
        "none": None,
    }
    np.testing.assert_array_equal(found["array"], X)


def test_a_function_without_inputs_is_its_constants():
    graph = capture(lambda: (3.0, "a"))()
    assert graph() == (3.0, "a")
    assert graph.nodes == graph.inputs == []


# dtypes


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128", "longdouble"])
def test_dtypes_are_kept(dtype):
    x = np.arange(1, 4).astype(dtype)

    def f(x):
        return fnp.exp(x * 0.5) + 1

    graph = capture(f)(x)
    assert graph.inputs[0].dtype == dtype
    assert {v.dtype for node in graph.nodes for v in node.results} == {np.dtype(dtype)}
    found = graph(x[::-1].copy())
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.exp(x[::-1] * np.dtype(dtype).type(0.5)) + 1)


def test_foreign_byte_order_becomes_native():
    graph = capture(lambda x: x * 2.0)(X.astype(">f8"))
    np.testing.assert_array_equal(graph(X), 2 * X)
    np.testing.assert_array_equal(graph(X.astype(">f8")), 2 * X)


def test_complex_parts_are_captured():
    graph = capture(lambda z: fnp.real(z * fnp.conj(z)) + fnp.imag(z))(1 + 2j)
    assert graph(3 - 4j) == 21.0


def test_numbers_of_python_and_of_numpy_may_stand_for_each_other():
    graph = capture(lambda x: x * 2.0)(1.5)
    assert graph(np.float64(2.0)) == 4.0
    assert graph(2) == 4.0
    assert graph(np.int8(2)) == 4.0


def test_ints_are_part_of_the_program_unless_there_is_nothing_else():
    graph = capture(lambda x, n: x**n)(3.0, 2)
    assert len(graph.inputs) == 1
    assert graph(5.0, 2) == 25.0
    alone = capture(lambda n: n * 2)(3)
    assert [v.name for v in alone.inputs] == ["n"]
    assert alone(4) == 8.0
