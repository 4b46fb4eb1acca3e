"""What rules ask of atoms and nodes."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant, Graph, Node, Origin, Variable
from fgrad.sources.facts import facts_of
from fgrad.sources.matching import (
    ADD,
    MUL,
    Definitions,
    canonical,
    fits,
    is_number,
    is_of,
    meets_as,
    number_of,
    without_weakness,
)
from tests.sources.programs import graph_of

FLOAT, SINGLE = np.dtype(float), np.dtype("float32")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.0, 2.0),
        (np.float32(2), 2.0),
        (np.full((2, 3), 5.0), 5.0),
        (np.broadcast_to(3.0, (10**6, 10**6)), 3.0),
        (np.array(4.0), 4.0),
        (1j, 1j),
        (np.array([1.0, 2.0]), None),
        (np.array([np.nan, np.nan]), None),
        (np.array([]), None),
        (True, None),
        (np.array([True, True]), None),
        ("text", None),
        (None, None),
    ],
)
def test_the_number_that_a_constant_is(value, expected):
    assert number_of(Constant(value)) == expected


def test_constants_with_a_name_or_an_origin_and_variables_are_no_numbers():
    assert number_of(Constant(2.0, "rate")) is None
    assert number_of(Constant(np.ones(2), None, Origin("a + 1", {"a": 0}))) is None
    assert number_of(Variable((), FLOAT)) is None
    assert is_number(Constant(2.0))
    assert not is_number(Constant(np.ones(2)))


def test_an_operator_and_its_ufunc_are_one_operation():
    assert canonical(PRIMITIVES[operator.mul]) is canonical(PRIMITIVES[np.multiply])
    assert canonical(PRIMITIVES[np.exp]) is PRIMITIVES[np.exp]
    node = Node(PRIMITIVES[np.multiply], (Constant(1.0),) * 2, {}, (Variable((), FLOAT),))
    assert is_of(node, ADD, MUL)
    assert not is_of(node, ADD)
    assert not is_of(node._replace(params={"where": True}), MUL)
    assert not is_of(None, MUL)


def test_an_atom_fits_if_shape_dtype_and_strength_are_the_results():
    def result(value):
        return Variable(np.shape(value), np.asarray(value).dtype, None, facts_of(value))

    node = Node(MUL, (), {}, (result(np.ones(2)),))
    assert fits(result(np.zeros(2)), node)
    assert fits(Constant(np.zeros(2)), node)
    assert not fits(result(np.ones(3)), node)
    assert not fits(result(np.ones(2, np.float32)), node)
    strong, weak = Node(MUL, (), {}, (result(np.float64(1)),)), result(1.0)
    assert not fits(weak, strong)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((Constant(1.0), Variable((2,), SINGLE)), SINGLE),
        ((Constant(np.float64(1)), Variable((2,), SINGLE)), FLOAT),
        ((Variable((), FLOAT), Variable((2,), SINGLE)), FLOAT),
        ((Constant(1), Constant(2.0)), FLOAT),
        ((Variable((), np.dtype("datetime64[s]")), Variable((), FLOAT)), None),
    ],
)
def test_the_dtype_in_which_arguments_meet_is_numpys(args, expected):
    assert meets_as(args) == expected


def test_whose_numbers_are_pythons_matters_only_beside_single_precision():
    for other, expected in ((np.ones(2), False), (np.ones(2, np.float32), True)):
        graph = graph_of(lambda x, y: x * y, [2.0, other])
        without_weakness(graph)
        assert graph.inputs[0].kept.is_weak is expected


def test_a_passing_value_is_needed_once_and_has_no_name():
    def function(x):
        named = fnp.sin(x)
        return named * (fnp.cos(x) + fnp.exp(x)) * fnp.exp(x)

    graph = graph_of(function, [1.0])
    definitions = Definitions(graph)
    for node in graph.nodes:
        definitions[node.results[0]] = node
    found = {node.primitive.name: definitions.passing(node.results[0]) for node in graph.nodes[:2]}
    assert found == {"sin": None, "cos": graph.nodes[1]}
    assert definitions.of(graph.inputs[0]) is None
    assert definitions.of(Constant(1.0)) is None
    twice = Graph("f", graph.inputs, graph.nodes, [*graph.outputs, graph.nodes[1].results[0]])
    assert Definitions(twice).uses[graph.nodes[1].results[0]] == 2
