"""A graph in the language of Graphviz.

References
----------
https://graphviz.org/doc/info/lang.html and https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

from html import escape

from fgrad.graphs.colors import ADJOINT, FILLS, LINE, TEXT, VALUE
from fgrad.graphs.view import CONSTANT, INPUT, Mark, View, printable, shortened

_LONGEST, _LONGEST_NOTE = 44, 110  # characters in one line
_SHAPES = {
    INPUT: ', shape="ellipse", style="filled", margin="0"',
    CONSTANT: ', shape="note", style="filled"',
}


def dot_of(view: View) -> str:
    """Return a view as a digraph: values flow downwards."""
    lines = [
        f"digraph {_quoted(view.title)} {{",
        '  graph [bgcolor="transparent", rankdir="TB", ranksep="0.35", nodesep="0.3", margin="0.05"];',
        f'  node [shape="box", style="rounded,filled", fontname="Helvetica,Arial,sans-serif", fontsize="11", '
        f'fontcolor="{TEXT}", margin="0.08,0.04", height="0.3"];',
        f'  edge [color="{LINE}", arrowsize="0.6"];',
    ]
    lines += [f"  n{i} [{_attributes(mark)}];" for i, mark in enumerate(view.marks)]
    lines += [f"  n{source} -> n{target};" for source, target in view.edges]
    if view.notes:
        text = "<BR/>".join(_html(part, _LONGEST_NOTE) for part in view.notes)
        font = f'fontcolor="{LINE}", fontname="Helvetica,Arial,sans-serif", fontsize="10", labelloc="b"'
        lines.append(f"  graph [label=<{text}>, {font}];")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(mark: Mark) -> str:
    fill, border = FILLS[mark.kind]
    shape = _SHAPES.get(mark.kind, "")
    tip = mark.place.source() if mark.place is not None else mark.text or mark.name
    return f'label=<{_label(mark)}>, fillcolor="{fill}", color="{border}"{shape}, tooltip={_quoted(tip)}'


def _label(mark: Mark) -> str:
    """Return the lines of a label: what it is, and below it the value and the adjoint."""
    if mark.kind in (INPUT, CONSTANT):
        lines = [f"<B>{_html(mark.name)}</B>"]
    else:  # what begins with a space loses it in SVG
        name = f"<B>{_html(mark.name)}</B>&#160;= " if not mark.count_text and mark.name != mark.text else ""
        lines = [name + _html(mark.text)]
    if mark.count_text:
        lines.append(f"<I>{mark.count_text}</I>")
    if mark.value is not None:
        shape = mark.value.type_text()
        about = f"{_html(shape)} &#160;" if shape else ""
        lines.append(f'<FONT COLOR="{VALUE}" POINT-SIZE="10">{about}{_html(mark.value.text())}</FONT>')
    if mark.adjoint is not None:
        text = _html(mark.adjoint.text())
        lines.append(f'<FONT COLOR="{ADJOINT}" POINT-SIZE="10">adjoint {text}</FONT>')
    rows = "".join(f"<TR><TD>{line}</TD></TR>" for line in lines)
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}</TABLE>'


def _html(text: str, longest: int = _LONGEST) -> str:
    """Return a text as Graphviz' HTML, cut where it is too long for a label."""
    text = escape(shortened(printable(text), longest))
    return text.replace("\\", "\\\u200b")  # before what has no width a backslash means nothing


def _quoted(text: str) -> str:
    """Return a text as a string of Graphviz', with backslashes that only look like some.

    How many of them are replaced by one depends on where the string stands, and on Graphviz' version.
    """
    text = printable(text).replace("&", "&amp;").replace('"', "&quot;")
    return '"' + text.replace("\\", "\u29f5") + '"'
