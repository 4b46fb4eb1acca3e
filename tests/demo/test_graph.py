"""Recorded graphs: every value, and every adjoint, against formulas and finite differences."""

import math

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, OutputError, grad
from fgrad.demo.graph import adjoints, record
from fgrad.demo.models import logistic_loss, squared_loss

W, B, X, T = np.array([0.3, -0.2]), 0.1, np.array([1.5, 2.0]), 1.0


def named(function, **inputs):
    graph = record(function, **inputs)
    slopes = adjoints(graph)
    return {n.name: n for n in graph}, {n.name: s for n, s in zip(graph, slopes, strict=True)}


def test_logistic_graph_has_the_operations_of_the_lecture():
    nodes, _ = named(logistic_loss, w=W, b=B, x=X, t=T)
    assert [node.expression for node in nodes.values()] == [
        *["input"] * 4,
        *("x @ w", "v1 + b", "-v2", "exp(v3)", "1 + v4", "1 / v5", "log(v6)", "t * v7"),
        *("1 - t", "1 - v6", "log(v10)", "v9 * v11", "v8 + v12", "sum(v13)", "-v14"),
    ]
    assert list(nodes) == ["w", "b", "x", "t", *(f"v{i}" for i in range(1, 16))]


def test_logistic_values_and_adjoints_are_those_derived_by_hand():
    nodes, slopes = named(logistic_loss, w=W, b=B, x=X, t=T)
    z = 1.5 * 0.3 - 2.0 * 0.2 + 0.1
    e = math.exp(-z)
    y = 1 / (1 + e)
    p, q = math.log(y), math.log(1 - y)
    values = [z - B, z, -z, e, 1 + e, y, p, p, 0.0, 1 - y, q, 0.0, p, p, -p]
    by_hand = [y - 1, y - 1, e * y, y, y, -1 / y, -1.0, -1.0, -q, 0.0, 0.0, -1.0, -1.0, -1.0, 1.0]
    for i, (value, slope) in enumerate(zip(values, by_hand, strict=True), 1):
        assert nodes[f"v{i}"].value == pytest.approx(value, rel=1e-14), i
        assert slopes[f"v{i}"] == pytest.approx(slope, rel=1e-14), i
    assert slopes["b"] == pytest.approx(y - 1, rel=1e-14)
    assert slopes["t"] == pytest.approx(-z, rel=1e-14)
    np.testing.assert_allclose(slopes["w"], (y - 1) * X, rtol=1e-14)
    np.testing.assert_allclose(slopes["x"], (y - 1) * W, rtol=1e-14)


def replayed(graph, nudged, amount):
    """Return the result when one node's value is moved, with the operations written out again."""
    operations = {
        "operator.add": lambda a, b: a + b,
        "operator.sub": lambda a, b: a - b,
        "operator.mul": lambda a, b: a * b,
        "operator.truediv": lambda a, b: a / b,
        "operator.pow": lambda a, b: a**b,
        "operator.neg": lambda a: -a,
        "matmul": np.dot,
        "exp": np.exp,
        "log": np.log,
        "sum": np.sum,
    }
    values = []
    for i, node in enumerate(graph):
        if node.primitive is None:
            value = node.value
        else:
            args = [values[arg.index] if hasattr(arg, "index") else arg for arg in node.args]
            value = operations[node.primitive.name](*args)
        values.append(value + amount if i == nudged else value)
    return values[-1]


@pytest.mark.parametrize("loss", [logistic_loss, squared_loss], ids=lambda loss: loss.__name__)
def test_every_adjoint_agrees_with_finite_differences(loss):
    graph = record(loss, w=W, b=B, x=X, t=0.25)
    for i, slope in enumerate(adjoints(graph)):
        basis = np.eye(2) if np.shape(slope) else [1.0]
        for direction, component in zip(basis, np.atleast_1d(slope), strict=True):
            ahead, behind = (replayed(graph, i, sign * 1e-6 * direction) for sign in (1, -1))
            assert component == pytest.approx((ahead - behind) / 2e-6, rel=1e-8, abs=1e-9), graph[i].name


def test_a_node_used_twice_has_the_sum_of_its_uses():
    _, slopes = named(lambda x: (x * 2) * (x * 2) + x, x=3.0)
    assert (slopes["v1"], slopes["v2"], slopes["x"]) == (6.0, 6.0, 25.0)


def test_constants_and_parameters_stand_in_expressions():
    nodes, slopes = named(lambda x: fnp.sum(fnp.sum(x, axis=0) * 2.5), x=np.ones((2, 3)))
    assert [node.expression for node in nodes.values()] == ["input", "sum(x, axis=0)", "v1 * 2.5", "sum(v2)"]
    np.testing.assert_array_equal(slopes["x"], np.full((2, 3), 2.5))


def test_operations_after_the_result_are_left_out():
    nodes, _ = named(lambda x: [x * 2, fnp.exp(x)][0], x=1.0)
    assert list(nodes) == ["x", "v1"]


def test_a_result_that_does_not_depend_on_the_inputs_is_refused():
    with pytest.raises(OutputError, match="depends on the inputs; got 3"):
        record(lambda x: 3, x=1.0)


def test_an_operation_of_several_results_is_refused_by_name():
    with pytest.raises(OutputError, match="slogdet has 2"):
        record(lambda x: fnp.linalg.slogdet(x)[1], x=np.eye(2))


def test_a_box_that_outlives_the_recording_raises():
    kept = []
    record(lambda x: kept.append(x) or x * 2, x=1.0)
    with pytest.raises(LeakedBoxError, match="computational graph"):
        kept[0] + 1


def test_recording_inside_a_gradient_keeps_the_derivative():
    def through(w):
        return record(lambda x: x * w, x=2.0)[-1].value

    assert grad(through)(3.0) == 2.0
