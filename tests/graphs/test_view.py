import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, graph, vmap
from fgrad.graphs.view import CONSTANT, INPUT, OPERATION, OUTPUT, Mark, printable, shortened
from tests.graphs.examples import (
    PARAMS,
    W0,
    X,
    function_of,
    halved,
    linear,
    logistic,
    mlp_loss,
    per_example,
    targets,
)


def view_of(function, *args):
    return graph(function, fold=None, limit=1000)(*args).view


def made(view):
    return {mark.name: mark.text for mark in view.marks}


def edges_by_name(view):
    return {(view.marks[s].name, view.marks[t].name) for s, t in view.edges}


def test_a_regression_has_the_users_names_and_the_edges_of_its_formula():
    view = view_of(linear, W0, 0.5)
    assert view.title == "linear"
    assert [(mark.name, mark.text.replace(" ", ""), mark.kind) for mark in view.marks] == [
        ("w", "input", INPUT),
        ("b", "input", INPUT),
        ("X", "constant", CONSTANT),
        ("v1", "X@w", OPERATION),
        ("y", "v1+b", OPERATION),
        ("targets", "constant", CONSTANT),
        ("v2", "y-targets", OPERATION),
        ("v3", "v2**2", OPERATION),
        ("v4", "mean(v3)", OUTPUT),
    ]
    assert edges_by_name(view) == {
        ("w", "v1"),
        ("X", "v1"),
        ("v1", "y"),
        ("b", "y"),
        ("y", "v2"),
        ("targets", "v2"),
        ("v2", "v3"),
        ("v3", "v4"),
    }
    assert view.notes == []


def test_the_values_are_those_of_the_run():
    view = view_of(linear, W0, 0.5)
    y = X @ W0 + 0.5
    shown = {mark.name: mark.value for mark in view.marks}
    assert (shown["y"].low, shown["y"].high) == (y.min(), y.max())
    assert shown["v4"].elements == (np.mean((y - targets) ** 2),)


def test_what_the_code_computes_of_constants_is_called_by_its_expression():
    texts = made(view_of(logistic, W0))
    assert texts["-X"] == "constant"
    assert texts["v1"] == "-X @ w"
    assert "(1 - labels) * v7" in texts.values()


def test_inputs_in_containers_are_called_by_their_paths():
    texts = made(view_of(mlp_loss, PARAMS))
    assert texts["params['W']"] == "input"
    assert texts["v1"] == "X @ params['W']"


def test_numbers_are_part_of_the_text_and_no_marks():
    view = view_of(lambda x: 2.0 * x + 1, 3.0)
    assert [mark.text for mark in view.marks] == ["input", "2.0 * x", "v1 + 1"]


def test_a_value_that_is_used_twice_by_an_operation_has_one_edge():
    assert list(view_of(lambda x: x * x, 3.0).edges) == [(0, 1)]


def test_what_writes_into_arrays_says_so():
    def f(x):
        y = fnp.zeros(3)
        y[1:] = x
        return fnp.sum(y)

    assert any(text.endswith("with [1:] = x") for text in made(view_of(f, np.ones(2))).values())
    texts = made(view_of(grad(lambda x: x[0] * 2), np.ones(2))).values()
    assert any(text.startswith("zeros with [0] += ") for text in texts)


def test_an_operation_of_several_results_is_a_mark_for_each_and_counts_once():
    view = view_of(lambda x: fnp.linalg.slogdet(x)[1] * fnp.linalg.slogdet(x)[0], 2 * np.eye(2))
    texts = [mark.text for mark in view.marks]
    assert texts[1:3] == ["slogdet(x)[0]", "slogdet(x)[1]"]
    assert [mark.count for mark in view.marks[1:3]] == [1, 0]


def test_the_way_back_is_marked_and_named_after_what_it_is_of():
    view = view_of(grad(logistic), W0)
    assert [mark.is_back for mark in view.marks if mark.name in ("y", "d_y")] == [False, True]


def test_a_batched_gradient_has_its_own_operations():
    view = view_of(vmap(grad(per_example), (None, 0, 0)), W0, X, targets)
    assert view.title == "vmap_grad_per_example"
    assert view.marks[-1].value.shape == (20, 3)
    assert view.marks[-1].kind == OUTPUT


def test_where_the_function_decided_by_values_a_note_says_so_once_for_each_line():
    notes = view_of(halved, 1.5).notes
    assert len(notes) == 2
    assert notes[0].startswith("holds for this input: the function decided by values (line ")
    assert notes[0].endswith(": y = fnp.exp(x) if x > 0 else -x)")
    assert notes[1].endswith(": while y > 1:")


def test_of_many_lines_that_decide_the_first_are_said():
    lines = "".join(f"    if x > {i}: x = x + 1\n" for i in range(6))
    f = function_of(f"def f(x):\n{lines}    return x\n", "f", "<many decisions>")
    notes = view_of(f, 10.0).notes
    assert [note.rpartition(": if")[0] for note in notes[1:3]] == ["and in line 3", "and in line 4"]
    assert notes[3] == "and in 3 more lines"


@pytest.mark.parametrize(
    ("result", "text"), [(3.0, "3.0"), ("abc", "'abc'"), (2, "2"), (True, "True"), (np.float32(2), "2.0")]
)
def test_a_result_without_an_operation_is_a_mark(result, text):
    *_, last = view_of(lambda x: result, 1.0).marks
    assert (last.name, last.text, last.kind, last.noun) == ("result", text, OUTPUT, "result")


def test_an_array_as_result_is_shown_as_a_constant_is():
    *_, last = view_of(lambda x: np.arange(5.0), 1.0).marks
    assert last.value.text() == "0 to 4"


def test_an_input_that_is_the_result_is_no_mark_more():
    (mark,) = view_of(lambda x: x, 1.0).marks
    assert mark.adjoint.text() == "1"


def test_what_is_not_for_the_eye_becomes_spaces():
    assert printable("a\nb\tc\x00\ud800\u202ed 入é") == "a b c   d 入é"


def test_a_text_is_shortened_to_so_many_characters():
    assert shortened("abcdefgh", 8) == "abcdefgh"
    assert shortened("abcdefghi", 8) == "abcde..."


def test_a_mark_says_how_many_things_it_stands_for():
    assert Mark("x", "x", "sin", None, None).count_text == ""
    assert Mark("x", "x", "sin", None, None, count=5).count_text == "5 operations"
    assert Mark("x", "x", "", None, None, kind=INPUT, count=2).count_text == "2 inputs"
