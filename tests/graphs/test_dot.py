"""The text for Graphviz, read by a small parser of its language; ``test_graphviz`` has it drawn."""

import html
import re
from xml.etree import ElementTree

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import graph
from tests.graphs.examples import (
    HOSTILE_ARGS,
    KEY,
    LAYERS,
    MATRICES,
    W0,
    chain,
    deep,
    hostile,
    linear,
    recurrent,
)

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_MARKUP = r"<(?:[^<>]|<[^<>]*>)*>"  # tags are not nested, and other angles are entities
_ATTRIBUTES = re.compile(rf"(\w+)=({_QUOTED}|{_MARKUP})(?:, |$)")


def parsed(dot):
    """Return the name of a digraph, the attributes of its nodes, its edges, and its own attributes."""
    lines = dot.splitlines()
    name = re.fullmatch(rf"digraph ({_QUOTED}) {{", lines[0])[1]
    assert lines[-1] == "}"
    nodes, edges, own = {}, [], {}
    for line in lines[1:-1]:
        edge = re.fullmatch(r"  (n\d+) -> (n\d+);", line)
        if edge:
            edges.append(edge.groups())
            continue
        kind, inner = re.fullmatch(r"  (\w+) \[(.*)\];", line).groups()
        attributes = dict(_ATTRIBUTES.findall(inner))
        assert "".join(f"{k}={v}, " for k, v in attributes.items())[:-2] == inner  # nothing in between
        if kind == "graph":
            own.update(attributes)
        elif kind.startswith("n") and kind[1:].isdigit():
            nodes[kind] = attributes
    return name, nodes, edges, own


def label_lines(attributes):
    """Return the lines of a label, as an XML parser reads them."""
    root = ElementTree.fromstring(attributes["label"][1:-1])
    texts = ["".join(row.itertext()).replace("\u00a0", " ") for row in root.iter("TR")]
    return [without_escapes(text) for text in texts]


def unquoted(text):
    """Return the text of a string; for backslashes it has a character that looks like one."""
    assert "\\" not in text
    return html.unescape(text[1:-1]).replace("\u29f5", "\\")


def without_escapes(text):
    """Return a text without what stands behind its backslashes, so that these mean nothing."""
    assert text.count("\\") == text.count("\\\u200b")
    return text.replace("\u200b", "")


def test_a_drawing_has_a_node_for_each_mark_and_the_edges_between_them():
    drawn = graph(linear)(W0, 0.5)
    name, nodes, edges, own = parsed(drawn.dot)
    assert name == '"linear"'
    assert list(nodes) == [f"n{i}" for i in range(len(drawn.view.marks))]
    assert edges == [(f"n{s}", f"n{t}") for s, t in drawn.view.edges]
    assert own["bgcolor"] == '"transparent"'
    assert "label" not in own


def test_a_label_says_what_a_value_is_and_its_shape_range_and_adjoint():
    drawn = graph(linear)(W0, 0.5)
    _, nodes, _, _ = parsed(drawn.dot)
    by_name = {label_lines(a)[0].partition(" = ")[0]: label_lines(a) for a in nodes.values()}
    assert by_name["w"][:2] == ["w", "(3,)  [0.1 -0.2 0.3]"]
    assert by_name["w"][2].startswith("adjoint [")
    assert by_name["X"][0] == "X"
    assert len(by_name["X"]) == 2  # a constant has no adjoint
    assert by_name["v1"][0] == "v1 = X @ w"
    assert by_name["v4"] == ["v4 = mean(v3)", drawn.view.marks[-1].value.text(), "adjoint 1"]


def test_kinds_differ_in_shape_not_in_colour_alone():
    _, nodes, _, _ = parsed(graph(linear)(W0, 0.5).dot)
    shapes = {label_lines(a)[0].partition(" = ")[0]: a.get("shape") for a in nodes.values()}
    assert (shapes["w"], shapes["X"], shapes["y"]) == ('"ellipse"', '"note"', None)


def test_hovering_shows_the_line():
    _, nodes, _, _ = parsed(graph(linear)(W0, 0.5).dot)
    assert unquoted(nodes["n4"]["tooltip"]) == "y = X @ w + b"


def test_a_group_has_its_line_and_its_count_and_no_name():
    _, nodes, edges, own = parsed(graph(recurrent)(*MATRICES).dot)
    (group,) = (label_lines(a) for a in nodes.values() if "120 operations" in a["label"])
    assert group[:2] == ["h = fnp.tanh(W @ h + U @ x)", "120 operations"]
    assert any(source == target for source, target in edges)
    assert own["label"] == "<122 operations, folded by line>"


def test_inputs_that_are_one_mark_have_their_count():
    _, nodes, _, _ = parsed(graph(deep)(LAYERS, np.ones(2)).dot)
    assert label_lines(nodes["n0"])[:2] == ["layers[...]['w']", "40 inputs"]


def test_what_was_left_out_is_a_node():
    _, nodes, _, _ = parsed(graph(chain, fold=None, limit=9)(0.5).dot)
    assert [label_lines(a) for a in nodes.values()][4] == ["... 93 operations"]


@pytest.mark.parametrize("fold", [None, "line"])
def test_what_means_something_to_graphviz_or_xml_is_escaped(fold):
    drawn = graph(hostile, fold=fold)(*HOSTILE_ARGS)
    name, nodes, _, _ = parsed(drawn.dot)
    assert unquoted(name) == 'größe <i>"\\N" &amp;   '
    labels = [label_lines(a) for a in nodes.values()]
    assert labels[0][0] == "入力"
    assert labels[1][0] == f"d[{KEY!r}]"[:41] + "..."
    tips = [unquoted(a["tooltip"]) for a in nodes.values()]
    assert any('</script> &lt; \\\\N \\\\l %%{init: {}}%% ```")' in tip for tip in tips)
    if fold == "line":
        assert any(label[0].startswith('y = np.exp(入力) * len("</pre><script>') for label in labels)


def test_a_long_text_is_cut():
    def f(d):
        return d["k" * 100] * 2

    _, nodes, _, _ = parsed(graph(f)({"k" * 100: 1.0}).dot)
    assert label_lines(nodes["n0"])[0] == "d['" + "k" * 38 + "..."


def test_a_result_that_is_no_number_is_drawn():
    _, nodes, edges, own = parsed(graph(lambda x: '"<b>')(1.0).dot)
    assert [label_lines(a)[0] for a in nodes.values()] == ["x", "result = '\"<b>'"]
    assert edges == []
    assert "does not depend" in own["label"]


def test_notes_stand_below():
    def f(x):
        return fnp.exp(x) if x > 0 else x

    _, _, _, own = parsed(graph(f)(1.0).dot)
    assert own["label"].startswith("<holds for this input: the function decided by values (line ")
    assert own["label"].endswith("x &gt; 0 else x)>")
    assert own["labelloc"] == '"b"'
