import itertools
import operator
import weakref

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, grad, jvp, vmap
from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import Spec
from fgrad.ir.graph import Constant, Graph, Node, Variable

EXP, MUL, ADD, SIN = (PRIMITIVES[f] for f in (np.exp, operator.mul, operator.add, np.sin))
FLOAT = np.dtype(float)


def example():
    """Return the graph of x exp(x) + 2 y, and its variables."""
    x, y, e, p, d, s = (Variable((), FLOAT) for _ in range(6))
    nodes = [
        Node(EXP, (x,), {}, (e,)),
        Node(MUL, (x, e), {}, (p,)),
        Node(MUL, (Constant(2.0), y), {}, (d,)),
        Node(ADD, (p, d), {}, (s,)),
    ]
    return Graph("f", [x, y], nodes, [s, p]), (x, y, e, p, d, s)


def test_it_runs():
    graph, _ = example()
    s, p = graph.run([0.5, 3.0])
    assert p == pytest.approx(0.5 * np.exp(0.5), rel=1e-15)
    assert s == pytest.approx(0.5 * np.exp(0.5) + 6.0, rel=1e-15)


def test_values_are_needed_for_all_inputs():
    graph, _ = example()
    with pytest.raises(ValueError, match="shorter"):
        graph.run([1.0])


def test_it_can_be_differentiated_batched_and_captured():
    graph, _ = example()

    def f(x):
        return graph.run([x, 3.0])[0]

    x = 0.7
    slope = (1 + x) * np.exp(x)
    assert grad(f)(x) == pytest.approx(slope, rel=1e-14)
    assert jvp(f, (x,), (2.0,))[1] == pytest.approx(2 * slope, rel=1e-14)
    assert grad(grad(f))(x) == pytest.approx((2 + x) * np.exp(x), rel=1e-14)
    xs = np.array([0.1, -0.4])
    np.testing.assert_allclose(vmap(f)(xs), xs * np.exp(xs) + 6, rtol=1e-15)
    assert capture(f)(x)(0.2) == pytest.approx(0.2 * np.exp(0.2) + 6, rel=1e-15)


def test_pruning_leaves_what_the_outputs_need():
    graph, (x, y, e, p, d, _) = example()
    only_p = Graph("f", [x, y], graph.nodes, [p]).pruned()
    assert [node.results for node in only_p.nodes] == [(e,), (p,)]
    assert only_p.inputs == [x, y]
    assert graph.pruned().nodes == graph.nodes
    assert Graph("f", [x, y], graph.nodes, [x]).pruned().nodes == []
    assert [node.results for node in Graph("f", [x, y], graph.nodes, [d]).pruned().nodes] == [(d,)]


def test_a_node_stays_if_one_of_its_results_is_needed():
    q_and_r = capture(lambda x: fnp.linalg.qr(x)[1])(np.eye(2))
    (node,) = q_and_r.nodes
    assert node.several
    assert len(node.results) == 2
    assert q_and_r.outputs == [node.results[1]]


def test_last_uses_name_each_value_once_and_never_an_output():
    graph, (x, y, e, p, d, s) = example()
    assert graph.outputs == [s, p]
    assert graph.last_uses() == [[], [x, e], [y], [d]]


def test_a_result_that_nothing_reads_is_forgotten_at_once():
    x, unused = Variable((), FLOAT), Variable((), FLOAT)
    assert Graph("f", [x], [Node(EXP, (x,), {}, (unused,))], [x]).last_uses() == [[unused]]


def test_a_value_is_forgotten_as_soon_as_nothing_needs_it():
    alive = []
    peak = 0

    def step(x):
        nonlocal peak
        ans = np.ones(3)
        alive.append(weakref.ref(ans))
        peak = max(peak, sum(ref() is not None for ref in alive))
        return ans

    primitive = Primitive("step", step, ("x",))
    variables = [Variable((3,), FLOAT) for _ in range(20)]
    nodes = [Node(primitive, (before,), {}, (after,)) for before, after in itertools.pairwise(variables)]
    Graph("f", variables[:1], nodes, variables[-1:]).run([np.ones(3)])
    assert len(alive) == 19
    assert peak <= 3  # the argument, the result, and the one that was before


def test_constants_come_up_once_in_order():
    a, b, c = Constant(1.0), Constant(np.ones(2)), Constant("c")
    x, y, z = (Variable((2,), FLOAT) for _ in range(3))
    nodes = [Node(ADD, (b, x), {}, (y,)), Node(MUL, (a, b), {}, (z,))]
    assert Graph("f", [x], nodes, [z, c, a]).constants() == [b, a, c]


def test_a_node_tells_the_variables_that_it_reads():
    x, y = Variable((), FLOAT), Variable((), FLOAT)
    assert list(Node(ADD, (x, Constant(1.0)), {}, (y,)).reads()) == [x]
    assert list(Node(ADD, (x, x), {}, (y,)).reads()) == [x, x]


def test_a_node_computes_one_result_or_several():
    x = Variable((2, 2), FLOAT)
    (ans,) = Node(SIN, (x,), {}, (Variable((2, 2), FLOAT),)).compute([np.eye(2)])
    np.testing.assert_array_equal(ans, np.sin(np.eye(2)))
    graph = capture(lambda x: fnp.linalg.slogdet(x))(2 * np.eye(2))
    parts = graph.nodes[0].compute([3 * np.eye(2)])
    assert len(parts) == len(graph.nodes[0].results)


def test_a_variable_has_a_shape_and_a_dtype():
    assert Variable((2, 3), np.dtype("float32")).spec == Spec((2, 3), np.dtype("float32"))


def test_variables_of_the_same_type_are_not_the_same():
    assert len({Variable((), FLOAT), Variable((), FLOAT)}) == 2


def test_a_graph_with_1e5_nodes_runs_in_a_moment():
    variables = [Variable((), FLOAT) for _ in range(100_001)]
    nodes = [
        Node(ADD, (before, Constant(1.0)), {}, (after,)) for before, after in itertools.pairwise(variables)
    ]
    assert Graph("f", variables[:1], nodes, variables[-1:]).pruned().run([0.5]) == [100_000.5]
