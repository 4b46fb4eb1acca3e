"""The text of the drawing for Mermaid, read by a small parser of what is used of its language."""

import html
import re

import numpy as np
import pytest

from fgrad import graph
from tests.graphs.examples import (
    HOSTILE_ARGS,
    KEY,
    LAYERS,
    MATRICES,
    W0,
    chain,
    deep,
    halved,
    hostile,
    linear,
    recurrent,
)

_NODE = re.compile(r'    (n\d+|notes)(\(\["|\[/"|\("|\[")([^"]*)("\]\)|"/\]|"\)|"\]):::(\w+)')
_CLOSES = {'(["': '"])', '[/"': '"/]', '("': '")', '["': '"]'}
_STYLES = re.compile(r"    (classDef \w+ [\w:#,]+|linkStyle default stroke:#\w+)")


def parsed(text):
    """Return the lines of the labels, the brackets and the class of each node, and the visible edges."""
    first, second, *lines = text.splitlines()
    assert re.fullmatch(r"%%\{init: \{[^%]*\}\}%%", first)
    assert second == "flowchart TD"
    nodes, edges, classes = {}, [], set()
    for line in lines:
        edge = re.fullmatch(r"    (n\d+) (-->|~~~) (n\d+|notes)", line)
        node = _NODE.fullmatch(line)
        if edge:
            if edge[2] == "-->":
                edges.append((edge[1], edge[3]))
        elif node:
            name, left, label, right, kind = node.groups()
            assert _CLOSES[left] == right
            nodes[name] = ([shown(part) for part in label.split("<br/>")], left, kind)
        else:
            assert _STYLES.fullmatch(line), line
            classes.update(re.findall(r"classDef (\w+)", line))
    assert {kind for _, _, kind in nodes.values()} == classes
    return nodes, edges


def shown(part):
    """Return a line of a label as it is shown."""
    bare = re.sub(r"</?[bi]>", "", part)
    assert not set('"<>&`\\;:$~[](){}|*_').intersection(re.sub(r"#\d+;", "", bare))
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", bare)).replace("\u200b", "")


def test_a_drawing_has_a_node_for_each_mark_and_the_edges_between_them():
    drawn = graph(linear)(W0, 0.5)
    nodes, edges = parsed(drawn.mermaid)
    assert list(nodes) == [f"n{i}" for i in range(len(drawn.view.marks))]
    assert edges == [(f"n{s}", f"n{t}") for s, t in drawn.view.edges]


def test_a_label_says_what_a_value_is_and_its_shape_range_and_adjoint():
    nodes, _ = parsed(graph(linear)(W0, 0.5).mermaid)
    assert nodes["n0"][0][:2] == ["w", "(3,)  [0.1 -0.2 0.3]"]
    assert nodes["n0"][0][2].startswith("adjoint [")
    assert nodes["n3"][0][0] == "v1 = X @ w"
    assert nodes["n8"][0][0] == "v4 = mean(v3)"
    assert nodes["n8"][0][2] == "adjoint 1"


def test_kinds_differ_in_shape_not_in_colour_alone():
    nodes, _ = parsed(graph(linear)(W0, 0.5).mermaid)
    assert {kind: left for _, left, kind in nodes.values()} == {
        "input": '(["',
        "constant": '[/"',
        "operation": '("',
        "output": '("',
    }


def test_groups_have_their_count_and_their_loop():
    nodes, edges = parsed(graph(recurrent)(*MATRICES).mermaid)
    (name,) = (name for name, (lines, _, _) in nodes.items() if "120 operations" in lines)
    assert nodes[name][0][:2] == ["h = fnp.tanh(W @ h + U @ x)", "120 operations"]
    assert (name, name) in edges
    nodes, _ = parsed(graph(deep)(LAYERS, np.ones(2)).mermaid)
    assert nodes["n0"][0][:2] == ["layers[...]['w']", "40 inputs"]


def test_notes_are_a_node_below_the_last():
    text = graph(halved)(1.5).mermaid
    nodes, _ = parsed(text)
    assert nodes["notes"][0][0].startswith("holds for this input: the function decided by values (line ")
    assert nodes["notes"][0][1].endswith("while y > 1:")
    assert re.findall(r"(n\d+) ~~~ notes", text) == ["n4"]


def test_what_was_left_out_is_a_node():
    nodes, edges = parsed(graph(chain, fold=None, limit=9)(0.5).mermaid)
    assert nodes["n4"][0] == ["... 93 operations"]
    assert edges == [(f"n{i}", f"n{i + 1}") for i in range(8)]


@pytest.mark.parametrize("fold", [None, "line"])
def test_what_means_something_to_mermaid_markdown_or_html_is_escaped(fold):
    text = graph(hostile, fold=fold)(*HOSTILE_ARGS).mermaid
    nodes, _ = parsed(text)
    assert nodes["n0"][0][0] == "入力"
    assert nodes["n1"][0][0] == f"d[{KEY!r}]"[:41] + "..."
    assert nodes["n3"][0][0] == "d['- x']"
    assert "script>" not in text
    assert "```" not in text  # it stands in a fence of Markdown
    assert text.count("%%") == 2
    if fold == "line":
        assert any(lines[0].startswith('y = np.exp(入力) * len("</pre><') for lines, _, _ in nodes.values())


def test_a_backslash_makes_no_new_line():
    assert "#92;#8203;n" in graph(hostile, fold=None)(*HOSTILE_ARGS).mermaid


def test_a_single_value_is_a_drawing():
    nodes, edges = parsed(graph(lambda x: x)(1.0).mermaid)
    assert nodes == {"n0": (["x", "1", "adjoint 1"], '(["', "input")}
    assert edges == []


def test_a_result_that_is_no_number_is_drawn():
    nodes, _ = parsed(graph(lambda x: '"<b>')(1.0).mermaid)
    assert nodes["n1"] == (["result = '\"<b>'"], '("', "output")
