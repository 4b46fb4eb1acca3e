import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, defvjp, grad, jvp, primitive
from fgrad.core.box import Box
from fgrad.core.places import Place
from fgrad.ir.graph import Constant
from fgrad.modes.capture import CaptureTrace
from fgrad.modes.reverse import ReverseTrace

X = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def trace():
    trace = CaptureTrace("an example")
    yield trace
    trace.finish()


def names_of(nodes):
    return [node.primitive.name.removeprefix("operator.") for node in nodes]


def lines_of(graph):
    return [None if node.place is None else node.place.source() for node in graph.nodes]


# what a box carries, and how a primitive is processed


def test_a_box_carries_its_variable_and_its_value(trace):
    x = trace.root(X, "x")
    y = fnp.sin(x)
    assert [v.name for v in trace.inputs] == ["x"]
    assert x.payload is trace.inputs[0]
    assert y.value is not x.value
    np.testing.assert_array_equal(y.value, np.sin(X))
    assert (y.payload.shape, y.payload.dtype) == ((3,), np.dtype(float))


def test_a_node_is_noted_for_each_operation_in_order(trace):
    x = trace.root(2.0)
    y = fnp.sin(x) * x + 1.0
    assert names_of(trace.nodes) == ["sin", "mul", "add"]
    sine, product, total = trace.nodes
    assert sine.args == (x.payload,)
    assert product.args == (*sine.results, x.payload)
    assert total.args[0] is product.results[0]
    assert total.args[1].value == 1.0
    assert total.results == (y.payload,)


def test_parameters_and_several_results_are_noted(trace):
    q, r = fnp.linalg.qr(trace.root(np.eye(2)))
    (node,) = trace.nodes
    assert node.several
    assert node.results == (q.payload, r.payload)
    fnp.sum(r, axis=1, keepdims=True)
    assert trace.nodes[1].params == {"axis": 1, "keepdims": True}


def test_what_has_derivative_zero_is_part_of_the_graph_too(trace):
    x = trace.root(X)
    fnp.where(x > 1.5, fnp.floor(x), fnp.argsort(x))
    assert names_of(trace.nodes)[:3] == ["gt", "floor", "argsort"]
    assert [node.results[0].dtype.kind for node in trace.nodes[:3]] == ["b", "f", "i"]


def test_what_does_not_depend_on_an_input_is_no_node(trace):
    trace.root(X)
    fnp.sin(X)
    assert trace.nodes == []


def test_what_is_kept_of_each_value_can_be_said():
    trace = CaptureTrace("an example", keep=lambda value: float(np.sum(value)))
    y = trace.root(X) * 2.0
    assert trace.inputs[0].kept == 6.0
    assert y.payload.kept == 12.0
    trace.finish()


def test_a_constant_is_the_same_as_long_as_the_array_is(trace):
    x, a = trace.root(X), np.ones(3)
    _ = x * a + a
    a[0] = 5.0
    _ = x * a
    first, second, third = (node.args[1] for node in trace.nodes)
    assert first is second
    assert third is not first
    np.testing.assert_array_equal(first.value, [1, 1, 1])
    np.testing.assert_array_equal(third.value, [5, 1, 1])


def test_an_index_is_noted_as_it_was(trace):
    x, index = trace.root(X), np.array([0, 1])
    _ = x[index]
    index[:] = 2
    (node,) = trace.nodes
    (ans,) = node.compute([X])
    np.testing.assert_array_equal(ans, [1.0, 2.0])


def test_boxes_of_outer_transforms_are_constants(trace):
    outer = ReverseTrace("grad")
    inner = CaptureTrace("capture")
    y = outer.root(3.0)
    _ = inner.root(2.0) * y
    (node,) = inner.nodes
    assert type(node.args[1]) is Constant
    assert node.args[1].value.owner is outer
    inner.finish()
    outer.finish()


def test_values_of_other_kinds_are_returned_beside_arrays_and_noted():
    @primitive
    def labelled(x):
        return 2 * x, "twice"

    def f(x):
        doubled, label = labelled(x)
        assert label == "twice"
        return doubled + 1.0, label

    graph = capture(f)(X)
    ans, label = graph(2 * X)
    np.testing.assert_array_equal(ans, 4 * X + 1)
    assert label == "twice"


def test_a_text_alone_is_a_decision():
    @primitive
    def size(x):
        return "large" if x > 1 else "small"

    graph = capture(lambda x: 2 * x if size(x) == "large" else x)(3.0)
    assert len(graph.decisions) == 1
    assert graph.decisions[0].variable is graph.inputs[0]


def test_a_primitive_without_a_rule_is_captured():
    @primitive
    def cube(x):
        return float(x) ** 3

    assert capture(cube)(2.0)(3.0) == 27.0


# the user's lines, and the way back


def test_a_node_knows_the_users_line():
    def f(x):
        y = fnp.sin(x)
        return y * y

    graph = capture(f)(X)
    assert lines_of(graph) == ["y = fnp.sin(x)", "return y * y"]
    assert [node.place.line for node in graph.nodes] == [
        f.__code__.co_firstlineno + 1,
        f.__code__.co_firstlineno + 2,
    ]
    assert all(node.place.code is f.__code__ for node in graph.nodes)


def test_the_way_back_has_the_lines_that_it_goes_back_through():
    def f(x):
        y = fnp.exp(x)
        return fnp.sum(y**3)

    nodes = capture(grad(f))(X).nodes
    back = [(node.primitive.name, node.place.source()) for node in nodes if node.is_back]
    assert {line for _, line in back} == {"y = fnp.exp(x)", "return fnp.sum(y**3)"}
    assert back[-1][1] == "y = fnp.exp(x)"
    assert not nodes[0].is_back


def test_the_way_back_is_over_when_the_users_code_goes_on(trace):
    trace.back = Place.of_caller()
    fnp.sin(trace.root(1.0))
    assert trace.back is None
    assert not trace.nodes[0].is_back


def test_forward_mode_has_no_way_back():
    nodes = capture(lambda x, t: jvp(fnp.sin, (x,), (t,))[1])(0.5, 1.0).nodes
    assert not any(node.is_back for node in nodes)


def test_a_constant_cotangent_is_part_of_the_graph():
    names = names_of(capture(grad(lambda x: fnp.sum(x * X)))(X).nodes)
    assert names[0] == "broadcast_to"


def test_what_a_solver_differentiates_for_itself_is_left_alone():
    slopes = []

    @primitive
    def newton(a):
        x = 1.0
        for _ in range(60):
            slope = grad(lambda z: z**3)(x)
            slopes.append(type(slope))
            x = x - (x**3 - a) / slope
        return x

    defvjp(newton, lambda ans, a: lambda g: g / (3 * ans**2))
    graph = capture(grad(newton))(8.0)
    assert Box not in slopes
    assert graph(27.0) == pytest.approx(1 / 27, rel=1e-12)


def test_rules_in_foreign_code_become_operations():
    @primitive
    def cube(x):
        return x**3

    defvjp(cube, lambda ans, x: lambda g: g * 3 * float(x) ** 2)
    graph = capture(grad(cube))(2.0)
    assert graph(3.0) == pytest.approx(27.0, rel=1e-15)
    assert not graph.decisions
