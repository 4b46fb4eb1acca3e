import unicodedata

import numpy as np
import pytest

from fgrad import grad, graph, hessian, vmap
from fgrad.graphs.table import columns
from tests.graphs.examples import (
    HOSTILE_ARGS,
    LAYERS,
    MATRICES,
    PARAMS,
    W0,
    X,
    chain,
    deep,
    function_of,
    halved,
    hostile,
    linear,
    logistic,
    mlp_loss,
    per_example,
    recurrent,
    targets,
)

DRAWN = {
    "linear regression": (graph(linear), (W0, 0.5)),
    "logistic regression": (graph(logistic), (W0,)),
    "a network": (graph(mlp_loss), (PARAMS,)),
    "its gradient": (graph(grad(mlp_loss)), (PARAMS,)),
    "a recurrent network": (graph(recurrent), MATRICES),
    "its gradient as well": (graph(grad(recurrent)), MATRICES),
    "layers": (graph(deep), (LAYERS, np.ones(2))),
    "layers that are cut": (graph(deep, fold=None, limit=9), (LAYERS, np.ones(2))),
    "a chain": (graph(chain, fold=None, limit=9), (0.5,)),
    "a batched gradient": (graph(vmap(grad(per_example), (None, 0, 0))), (W0, X, targets)),
    "a Hessian": (graph(hessian(per_example)), (W0, X[0], 0.3)),
    "decisions": (graph(halved), (1.5,)),
    "hostile names": (graph(hostile), HOSTILE_ARGS),
    "hostile lines": (graph(hostile, fold="line"), HOSTILE_ARGS),
    "large and small numbers": (graph(lambda x: x * 1e-300 + 1e300), (np.linspace(-1e-5, 1e5, 9),)),
}


def shown_columns(text):
    """Return how many columns a terminal needs, by Unicode's own tables."""
    wide = sum(unicodedata.east_asian_width(c) in ("W", "F") for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


@pytest.mark.parametrize("name", DRAWN)
def test_a_table_is_aligned_in_80_columns(name):
    drawing, args = DRAWN[name]
    drawn = drawing(*args)
    lines = str(drawn).splitlines()
    assert all(shown_columns(line) <= 80 for line in lines)
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    head = next(i for i, line in enumerate(lines) if line.startswith("name  "))
    assert set(lines[head + 1]) == {"-"}
    starts = [
        lines[head].index(word)
        for word in ("computed as", "shape", "value", "adjoint")
        if word in lines[head]
    ]
    rows = lines[head + 2 : head + 2 + len(drawn.view.marks)]
    assert len(rows) == len(drawn.view.marks)
    for row in rows:
        cells = "".join(c + "\0" * (shown_columns(c) - 1) for c in row).ljust(81)
        for start in starts:  # two spaces between columns, wherever they are cut
            assert cells[start - 2 : start] == "  "


def test_a_table_has_a_title_a_head_and_a_row_for_each_mark():
    title, head, line, *rows = str(graph(linear)(W0, 0.5)).splitlines()
    assert title == "linear"
    assert head.split() == ["name", "computed", "as", "shape", "value", "adjoint"]
    assert line == "-" * max(map(len, rows))
    assert rows[0].split()[:3] == ["w", "input", "(3,)"]
    assert [row.split()[0] for row in rows] == "w b X v1 y targets v2 v3 v4".split()


def test_of_numbers_alone_there_is_no_column_of_shapes():
    assert "shape" not in str(graph(chain, fold=None, limit=9)(0.5))


def test_without_adjoints_there_is_no_column_of_them():
    head = str(graph(linear, adjoints=False)(W0, 0.5)).splitlines()[1]
    assert head.split() == ["name", "computed", "as", "shape", "value"]


def test_the_count_of_a_group_is_not_what_is_cut():
    table = str(graph(recurrent)(*MATRICES))
    assert "120 operations: h = " in table
    assert "30 constants" in table


def test_what_is_too_long_ends_in_an_ellipsis():
    key = "k" * 200
    rows = str(graph(lambda d: d[key] * 2)({key: 1.0})).splitlines()
    assert rows[3].startswith("d['kkkkk")
    assert "... " in rows[3]


def test_values_that_do_not_fit_lose_digits_and_are_not_cut():
    def f(weights_of_the_layer, x):
        return np.tanh(x + weights_of_the_layer) @ weights_of_the_layer

    weights = np.linspace(-0.0456789, 0.0345678, 9)
    table = str(graph(f)(weights, weights[::-1] - 0.0123456))
    rows = table.splitlines()[3:]
    assert max(map(len, rows)) <= 80
    assert [row.split("  ")[-2].strip() for row in rows[:2]] == ["-0.0457 to 0.0346", "-0.058 to 0.0222"]
    assert not any(row.endswith("...") for row in rows)


def test_long_titles_and_notes_are_wrapped():
    def f(x):
        return (x, x)

    f.__name__ = "f" * 200
    lines = str(graph(f)(1.0)).splitlines()
    assert lines[:3] == ["f" * 80, "f" * 80, "f" * 40]
    assert lines[-1] == "no adjoints: there are 2 results, and adjoints are those of one number"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", 3), ("入力", 4), ("e\u0301", 1), ("\uff46", 2), ("größe", 5), ("🙂", 2), ("", 0)],
)
def test_columns_are_those_of_a_terminal(text, expected):
    assert columns(text) == expected


def test_wide_characters_are_cut_in_columns_not_in_characters():
    name = "長い名前" * 10
    f = function_of(f"def f({name}):\n    return {name} * {name}\n", "f", "<a long name>")
    lines = str(graph(f)(2.0)).splitlines()
    assert max(map(shown_columns, lines)) == 80
    assert lines[3].split()[0].endswith("...")
