import operator

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, capture, hessian, primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant, Graph, Node, Variable
from fgrad.ir.validity import InvalidGraphError, check

EXP, MUL = PRIMITIVES[np.exp], PRIMITIVES[operator.mul]


def variable():
    return Variable((), np.dtype(float))


X, Y, Z = variable(), variable(), variable()


@pytest.mark.parametrize(
    ("inputs", "nodes", "outputs", "message"),
    [
        ([X, X], [], [], "graph f: input 1 is no variable of its own"),
        ([Constant(1.0)], [], [], "graph f: input 0 is no variable of its own"),
        ([X], [Node(np.exp, (X,), {}, (Y,))], [Y], "node 0 has <ufunc 'exp'> where a primitive must be"),
        ([X], [Node(EXP, (Y,), {}, (Z,))], [Z], r"node 0 \(exp\): argument 0 is a variable that nothing"),
        ([X], [Node(EXP, (1.0,), {}, (Z,))], [Z], r"node 0 \(exp\): argument 0 is a variable that nothing"),
        ([X], [Node(EXP, (X, X), {}, (Y,))], [Y], r"node 0 \(exp\) has 2 arguments; it takes 1"),
        ([X], [Node(MUL, (X,), {}, (Y,))], [Y], r"\(operator.mul\) has 1 arguments; it takes 2"),
        ([X], [Node(EXP, (X,), {}, (X,))], [X], r"\(exp\) assigns a variable that has a value already"),
        (
            [X],
            [Node(EXP, (X,), {}, (Y,)), Node(EXP, (X,), {}, (Y,))],
            [Y],
            r"node 1 \(exp\) assigns a variable that has a value already",
        ),
        (
            [X],
            [Node(EXP, (X,), {}, (Y, Y), several=True)],
            [Y],
            "assigns a variable that has a value already",
        ),
        ([X], [Node(EXP, (X,), {}, (Y, Z))], [Y], r"\(exp\) has 2 results; it must have one"),
        ([X], [Node(EXP, (X,), {}, ())], [X], r"\(exp\) has 0 results; it must have one"),
        ([X], [Node(EXP, (X,), {1: 2}, (Y,))], [Y], r"\(exp\) has a parameter without a name"),
        ([X], [], [Y], "output 0 is a variable that nothing assigns"),
        ([X], [], [X, 1.0], "output 1 is neither a variable nor a constant"),
        (
            [X],
            [Node(EXP, (Y,), {}, (Z,)), Node(EXP, (X,), {}, (Y,))],
            [Z],
            "node 0 .* that nothing before it assigns",
        ),
    ],
)
def test_what_is_no_graph_is_refused_with_the_first_fault(inputs, nodes, outputs, message):
    with pytest.raises(InvalidGraphError, match=message):
        check(Graph("f", inputs, nodes, outputs))


def test_the_error_is_one_of_ours_and_a_value_error():
    assert issubclass(InvalidGraphError, FgradError)
    assert issubclass(InvalidGraphError, ValueError)


def test_graphs_with_constants_several_results_and_unused_inputs_are_valid():
    check(Graph("f", [], [], []))
    check(Graph("f", [X, Y], [Node(MUL, (X, Constant(2.0)), {}, (Z,))], [Z, X, Constant("a")]))
    check(Graph("f", [X], [Node(EXP, (X,), {"axis": 0}, (Y, Z), several=True)], [Z]))


def test_captured_graphs_are_valid_and_so_are_their_parts():
    def f(x):
        q, r = fnp.linalg.qr(x)
        return fnp.sum(fnp.stack([q @ r, x]))

    graph = capture(hessian(f))(np.array([[2.0, 1.0], [0.5, 3.0]]))
    check(graph)
    check(graph.pruned())
    for i in range(len(graph.nodes)):
        check(Graph("part", graph.inputs, graph.nodes[:i], ()))


def test_a_captured_graph_without_one_of_its_nodes_is_not_valid():
    graph = capture(lambda x: fnp.sum(fnp.sin(x) * fnp.exp(x)))(np.arange(3.0))
    for i in range(len(graph.nodes)):
        with pytest.raises(InvalidGraphError, match="nothing"):
            check(Graph("f", graph.inputs, [*graph.nodes[:i], *graph.nodes[i + 1 :]], graph.outputs))


def test_a_primitive_of_any_number_of_arguments_may_have_any():
    @primitive
    def total(*xs):
        return sum(xs)

    check(capture(lambda x: total(x, x, 1.0))(2.0))
    check(capture(lambda x: fnp.concatenate([x] * 5))(np.ones(2)))
