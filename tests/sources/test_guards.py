"""Products in which zero wins: with a guard where a value of the run needs it, and only there."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, source
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Graph, Node, Variable
from fgrad.ir.validity import check
from fgrad.kinds.guarded import guarded, zero_product
from fgrad.rules.slopes.zeros import quotient
from fgrad.sources.facts import facts_of
from fgrad.sources.guards import guards
from fgrad.sources.rewriting import simplified

CASES = [
    (guarded, [2.0, 0.0, -1.0], [3.0, 5.0, 0.0], ["operator.mul"]),
    (guarded, [2.0, 0.0, 0.0], [3.0, np.inf, np.nan], ["operator.mul", "operator.eq", "where"]),
    (guarded, [np.inf, 0.0, 1.0], [3.0, 0.0, 1.0], ["operator.mul"]),
    (zero_product, [2.0, 0.0, -1.0], [3.0, 5.0, 0.0], ["operator.mul"]),
    (
        zero_product,
        [np.inf, 0.0, 1.0],
        [0.0, 5.0, 1.0],
        ["operator.mul", "operator.eq", "operator.eq", "operator.or", "where"],
    ),
    (quotient, [2.0, 0.0, 3.0], [3.0, 5.0, -1.0], ["operator.truediv"]),
    (quotient, [2.0, 0.0, 0.0], [3.0, 0.0, np.inf], ["operator.truediv", "operator.eq", "where"]),
]


def graph_of(function, u, v):
    a, b = (Variable(x.shape, x.dtype, None, facts_of(x)) for x in (u, v))
    result = Variable(np.broadcast_shapes(u.shape, v.shape), u.dtype)
    return Graph("f", [a, b], [Node(PRIMITIVES[function], (a, b), {}, (result,))], [result])


@pytest.mark.parametrize(("function", "u", "v", "operations"), CASES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_guard_is_written_only_for_values_that_need_it(function, u, v, operations, dtype):
    u, v = np.array(u, dtype), np.array(v, dtype)
    graph = simplified(graph_of(function, u, v), (guards,))
    check(graph)
    assert [node.primitive.name.rstrip("_") for node in graph.nodes] == operations
    with np.errstate(all="ignore"):
        (found,), expected = graph.run([u, v]), function(u, v)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype


def test_a_guarded_product_is_broadcast_as_before():
    u, v = np.array([[0.0], [1.0]]), np.array([np.inf, 2.0])
    graph = simplified(graph_of(guarded, u, v), (guards,))
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(graph.run([u, v])[0], [[0.0, 0.0], [np.inf, 2.0]])


def test_of_a_value_of_which_nothing_was_seen_nothing_is_assumed():
    graph = graph_of(guarded, np.ones(2), np.ones(2))
    for variable in graph.inputs:
        variable.kept = None
    assert len(simplified(graph, (guards,)).nodes) == 3


def test_the_condition_of_a_branch_is_the_guard():
    x = np.array([4.0, 0.0])
    code = source(grad(lambda x: fnp.sum(fnp.where(x > 0, fnp.sqrt(x), 0.0))), x)
    assert code.text.splitlines()[-1] == "    return np.where(x > 0, 1.0 / (2 * np.sqrt(x)), 0)"


def test_a_branch_that_may_be_zero_itself_has_its_own_guard():
    x = np.array([4.0, 0.0])
    weights = np.array([0.0, 1.0])
    function = grad(lambda x: fnp.sum(weights * fnp.where(x > 0, fnp.sqrt(x), 0.0)))
    code = source(function, x)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(code(x), function(x))
