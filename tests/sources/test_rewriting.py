"""Passes over a graph: the same operation once, nothing that no output needs, names kept."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant, Graph, Node, Variable
from fgrad.ir.validity import check
from fgrad.sources.rewriting import Rewriter, key_of, simplified
from tests.sources.programs import graph_of

FLOAT = np.dtype(float)


def names(graph):
    return [node.primitive.name for node in graph.nodes]


def node_of(function, *args, **params):
    return Node(PRIMITIVES[function], args, params, (Variable((), FLOAT),))


def test_an_operation_that_comes_twice_is_done_once():
    graph = simplified(graph_of(lambda x: fnp.sin(x) * fnp.cos(x) + fnp.sin(x), [1.0]), ())
    assert names(graph) == ["sin", "cos", "operator.mul", "operator.add"]
    assert graph.run([0.3]) == [np.sin(0.3) * np.cos(0.3) + np.sin(0.3)]


def test_an_operator_is_the_same_as_its_ufunc():
    graph = simplified(graph_of(lambda x, y: (x * y, fnp.multiply(x, y)), [np.ones(2), np.ones(2)]), ())
    assert len(graph.nodes) == 1
    assert graph.outputs[0] is graph.outputs[1]


def test_sums_and_products_are_the_same_in_either_order():
    graph = simplified(graph_of(lambda x, y: (x * y, y * x, x + y, y + x), [2.0, 3.0]), ())
    assert names(graph) == ["operator.mul", "operator.add"]
    graph = simplified(graph_of(lambda x, y: (x - y, y - x), [2.0, 3.0]), ())
    assert names(graph) == ["operator.sub", "operator.sub"]


def test_what_no_output_needs_is_left_out():
    def function(x):
        fnp.exp(x)
        return fnp.sin(x)

    graph = graph_of(function, [1.0])
    unused = Graph(graph.name, graph.inputs, [node_of(np.exp, graph.inputs[0]), *graph.nodes], graph.outputs)
    assert names(simplified(unused, ())) == ["sin"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (node_of(np.exp, Constant(0.0)), node_of(np.exp, Constant(-0.0))),
        (node_of(np.exp, Constant(1)), node_of(np.exp, Constant(True))),
        (node_of(np.exp, Constant(1.0)), node_of(np.exp, Constant(1))),
        (node_of(np.exp, Constant(np.float32(1))), node_of(np.exp, Constant(np.float64(1)))),
        (node_of(np.exp, Constant(np.zeros(2))), node_of(np.exp, Constant(-np.zeros(2)))),
        (node_of(np.exp, Constant(np.zeros(2))), node_of(np.exp, Constant(np.zeros(2, int)))),
        (node_of(np.exp, Constant(np.zeros(2))), node_of(np.exp, Constant(np.zeros((2, 1))))),
        (node_of(np.sum, Constant(np.ones(2)), axis=0), node_of(np.sum, Constant(np.ones(2)), axis=None)),
        (node_of(np.sum, Constant(np.ones(2)), axis=0), node_of(np.sum, Constant(np.ones(2)), axis=False)),
    ],
)
def test_operations_on_what_differs_in_sign_type_or_shape_are_two(one, other):
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "value", [1.5, np.array([1.0, np.nan]), (slice(0, 2), [1, None]), {"a": np.arange(3)}, np.float32("nan")]
)
def test_equal_constants_make_equal_operations(value):
    copies = [value, value.copy() if isinstance(value, np.ndarray) else value]
    assert len({key_of(node_of(np.exp, Constant(copy))) for copy in copies}) == 1


def test_what_cannot_be_compared_has_no_key():
    assert key_of(node_of(np.exp, Constant({1, 2}))) is None
    nodes = [node_of(np.exp, Constant({1, 2})) for _ in range(2)]
    graph = Graph("f", [], nodes, [node.results[0] for node in nodes])
    assert len(simplified(graph, ()).nodes) == 2


def test_a_rule_may_return_another_atom_a_node_or_several_nodes():
    x = Variable((), FLOAT, "x")

    def to_atom(node, definitions):
        return node.args[0] if node.primitive is PRIMITIVES[operator.pos] else None

    def to_node(node, definitions):
        return node._replace(primitive=PRIMITIVES[np.sin]) if node.primitive is PRIMITIVES[np.cos] else None

    def to_nodes(node, definitions):
        if node.primitive is not PRIMITIVES[np.tan]:
            return None
        between = Variable((), FLOAT)
        return [
            node._replace(primitive=PRIMITIVES[operator.pos], results=(between,)),
            node._replace(primitive=PRIMITIVES[np.cos], args=(between,)),
        ]

    made = node_of(np.tan, x)
    graph = simplified(Graph("f", [x], [made], [made.results[0]]), (to_atom, to_node, to_nodes))
    check(graph)
    assert names(graph) == ["sin"]
    assert graph.nodes[0].args == (x,)
    assert graph.outputs == [made.results[0]]


def test_a_variable_takes_over_the_name_of_what_it_stands_for():
    def function(x):
        first = fnp.sin(x) * 1.0
        again = fnp.sin(x)
        return first + again

    graph = simplified(graph_of(function, [1.0]), ())
    (sine,) = [node.results[0] for node in graph.nodes if node.primitive.name == "sin"]
    assert sine.name in ("first", "again")


def test_a_variable_keeps_its_own_name():
    def function(x):
        y = fnp.sin(x)
        z = fnp.sin(x)
        return y * z

    (sine, _) = simplified(graph_of(function, [1.0]), ()).nodes
    assert sine.results[0].name == "y"


def test_what_takes_over_uses_is_used_as_often():
    """A value that two others come to be has the uses of both: it is no longer of one place alone."""

    def function(x, y):
        return (2.0 * x) * y, 2.0 * x

    graph = graph_of(function, [np.ones(2), np.ones(2)])
    rewriter = Rewriter((), graph)
    for node in graph.nodes:
        rewriter.rewritten(node)
    (shared,) = {rewriter.now(node.results[0]) for node in graph.nodes if node.args[-1] is graph.inputs[0]}
    assert rewriter.definitions.uses[shared] == 2
    assert rewriter.definitions.passing(shared) is None


def test_inputs_decisions_and_the_graph_itself_stay_as_they_are():
    graph = graph_of(lambda x: x * 1.0 if x > 0 else -x, [2.0])
    before = list(graph.nodes)
    after = simplified(graph, ())
    assert graph.nodes == before
    assert (after.name, after.inputs, after.decisions) == (graph.name, graph.inputs, graph.decisions)
