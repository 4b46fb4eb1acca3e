import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, graph
from fgrad.core.errors import ArgumentError
from fgrad.graphs.folding import folded
from fgrad.graphs.view import CONSTANT, GROUP, INPUT, OUTPUT, View
from tests.graphs.examples import (
    LAYERS,
    MATRICES,
    W0,
    chain,
    deep,
    function_of,
    linear,
    logistic,
    recurrent,
    series,
)


def drawn(function, *args, **options):
    return graph(function, **options)(*args).view


def named(view, name):
    (mark,) = (mark for mark in view.marks if mark.name == name)
    return mark


def edges_by_name(view):
    return {(view.marks[s].name, view.marks[t].name) for s, t in view.edges}


def test_what_fits_is_not_folded():
    view = drawn(linear, W0, 0.5)
    assert all(mark.count == 1 for mark in view.marks)
    assert view.notes == []


def test_the_steps_of_a_recurrent_network_are_one_mark_with_a_loop():
    view = drawn(recurrent, *MATRICES)
    assert [mark.name for mark in view.marks] == ["W", "U", "c1", "h", "x", "v121"]
    h = named(view, "h")
    assert (h.kind, h.count, h.text) == (GROUP, 120, "h = fnp.tanh(W @ h + U @ x)")
    assert edges_by_name(view) == {
        *((name, "h") for name in ("W", "U", "c1", "x", "h")),
        ("h", "v121"),
    }
    assert view.notes == ["122 operations, folded by line"]


def test_a_group_has_the_value_and_the_adjoint_of_its_last_operation():
    h = np.zeros(2)
    for x in series:
        h = np.tanh(MATRICES[0] @ h + MATRICES[1] @ x)
    mark = named(drawn(recurrent, *MATRICES), "h")
    np.testing.assert_allclose(mark.value.elements, h, rtol=1e-12)
    np.testing.assert_allclose(mark.adjoint.elements, 2 * h, rtol=1e-12)


def test_the_constants_of_a_loop_are_one_mark_with_the_range_of_all():
    x = named(drawn(recurrent, *MATRICES), "x")
    assert (x.kind, x.count, x.count_text) == (CONSTANT, 30, "30 constants")
    assert (x.value.shape, x.value.low, x.value.high) == ((2,), series.min(), series.max())


def test_inputs_alike_are_one_mark_with_the_range_of_all():
    view = drawn(deep, LAYERS, np.ones(2))
    layers = named(view, "layers[...]['w']")
    values = np.array([layer["w"] for layer in LAYERS])
    assert (layers.kind, layers.count) == (INPUT, 40)
    assert (layers.value.low, layers.value.high) == (values.min(), values.max())
    assert layers.adjoint.shape == (2,)
    assert len(view.marks) == 4


def test_inputs_of_different_lines_stay_apart():
    def f(pair):
        a = fnp.sin(pair[0])
        b = fnp.cos(pair[1])
        return a * b

    names = [mark.name for mark in drawn(f, (1.0, 2.0), fold="line").marks if mark.kind == INPUT]
    assert names == ["pair[0]", "pair[1]"]


def test_the_way_back_is_apart_from_the_way_forward():
    view = drawn(grad(recurrent), *MATRICES)
    texts = [mark.text for mark in view.marks if mark.count > 1 and mark.kind in (GROUP, OUTPUT)]
    line = "h = fnp.tanh(W @ h + U @ x)"
    assert texts == [line, "back through return fnp.sum(h**2)", f"back through {line}"]


def test_a_line_that_is_run_once_has_no_loop():
    view = drawn(logistic, W0, fold="line")
    assert all(source != target for source, target in view.edges)
    view = drawn(grad(logistic), W0, fold="line")
    assert all(source != target for source, target in view.edges)


def test_a_loop_over_one_operation_is_seen():
    view = drawn(chain, 0.5, fold="line")
    assert edges_by_name(view) == {("x", "x_2"), ("x_2", "x_2")}


def test_a_call_over_several_lines_is_no_loop():
    source = "def f(x):\n    return np.arctan2(\n        x * 2,\n        x + 1,\n    )\n"
    view = drawn(function_of(source, "f", "<a call over lines>"), 1.0, fold="function")
    assert [mark.name for mark in view.marks] == ["x", "v3"]
    assert list(view.edges) == [(0, 1)]


def test_folding_by_function_makes_one_mark_of_each_function():
    def inner(x):
        y = fnp.sin(x)
        return y * y

    def outer(x):
        a = inner(x)
        b = inner(a + 1)
        return a * b

    view = drawn(outer, 0.5, fold="function")
    assert [(mark.text, mark.count) for mark in view.marks] == [("input", 1), ("inner", 4), ("outer", 2)]
    assert view.notes == ["6 operations, folded by function"]


def test_automatic_folding_folds_by_as_little_as_is_needed():
    source = "def f(x):\n" + "".join(f"    x = np.sin(x) + {i}\n" for i in range(20)) + "    return x\n"
    f = function_of(source, "f", "<twenty lines>")
    assert len(drawn(f, 0.5, limit=41).marks) == 41
    assert drawn(f, 0.5, limit=40).notes == ["40 operations, folded by line"]
    assert len(drawn(f, 0.5, limit=40).marks) == 21
    assert drawn(f, 0.5, limit=20).notes == ["40 operations, folded by function"]


@pytest.mark.parametrize("limit", [4, 5, 9, 50, 100])
def test_what_is_left_out_is_counted(limit):
    view = drawn(chain, 0.5, fold=None, limit=limit)
    assert len(view.marks) == limit
    gone = 101 - (limit - 1)
    assert view.marks[limit // 2].text == f"... {gone} operations"
    assert view.notes == [f"left out, because limit={limit}: {gone} of 100 operations"]
    # a chain stays one chain, through the gap
    assert list(view.edges) == [(i, i + 1) for i in range(limit - 1)]


def test_inputs_and_constants_that_are_left_out_are_counted_apart():
    view = drawn(deep, LAYERS, np.ones(2), fold=None, limit=10)
    assert view.notes == ["left out, because limit=10: 36 of 41 inputs, 77 of 81 operations"]
    view = drawn(recurrent, *MATRICES, fold=None, limit=10)
    assert view.notes[-1].count(" of ") == 2
    assert "28 of 31 constants" in view.notes[-1] or "29 of 31 constants" in view.notes[-1]


def test_a_folded_graph_that_is_still_too_large_is_cut():
    source = "def f(x):\n" + "".join(f"    x = np.sin(x) + {i}\n" for i in range(20)) + "    return x\n"
    view = drawn(function_of(source, "f", "<twenty lines>"), 0.5, fold="line", limit=7)
    assert len(view.marks) == 7
    assert view.notes == [
        "40 operations, folded by line",
        "left out, because limit=7: 30 of 40 operations",
    ]


@pytest.mark.parametrize("function", [recurrent, grad(recurrent)])
@pytest.mark.parametrize("fold", ["auto", None, "line", "function"])
@pytest.mark.parametrize("limit", [4, 6, 30, 1000])
def test_edges_join_marks_that_are_there_and_operations_are_accounted_for(function, fold, limit):
    found = graph(function, fold=fold, limit=limit)(*MATRICES)
    view = found.view
    assert len(view.marks) <= limit
    assert all(0 <= s < len(view.marks) and 0 <= t < len(view.marks) for s, t in view.edges)
    if limit == 1000:
        operations = [mark.count for mark in view.marks if mark.noun == "operation"]
        assert sum(operations) == len(found.captured.nodes)


@pytest.mark.parametrize("fold", ["lines", 3, "Line", True])
def test_another_fold_is_refused(fold):
    with pytest.raises(ArgumentError, match="fold must be 'auto', 'line', 'function' or None; got"):
        folded(View("f"), fold, 10)


@pytest.mark.parametrize("limit", [3, 0, -1, 10.0, True, None, "60"])
def test_another_limit_is_refused(limit):
    with pytest.raises(ArgumentError, match="limit must be an int, at least 4; got"):
        folded(View("f"), None, limit)


def test_a_wrong_fold_is_refused_before_the_function_is_run():
    with pytest.raises(ArgumentError, match="fold"):
        graph(lambda x: x, fold="lines")
