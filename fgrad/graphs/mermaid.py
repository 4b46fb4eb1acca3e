"""A graph in the language of Mermaid, which JupyterLab and GitHub draw by themselves.

References
----------
https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from fgrad.graphs.colors import FILLS, LINE, TEXT
from fgrad.graphs.view import CONSTANT, INPUT, Mark, View

_LONGEST = 44
_BRACKETS = {INPUT: ("([", "])"), CONSTANT: ("[/", "/]")}


def mermaid_of(view: View) -> str:
    """Return a view as a flowchart: values flow downwards."""
    lines = ["flowchart TD"]
    for i, mark in enumerate(view.marks):
        left, right = _BRACKETS.get(mark.kind, ("(", ")"))
        lines.append(f'    n{i}{left}"{_label(mark)}"{right}:::{mark.kind}')
    lines += [f"    n{source} --> n{target}" for source, target in view.edges]
    if view.notes:
        lines.append(f'    notes["{"<br/>".join(_text(note, 90) for note in view.notes)}"]:::notes')
        lines.append(f"    classDef notes fill:none,stroke:none,color:{LINE}")
    kinds = dict.fromkeys(mark.kind for mark in view.marks)
    for kind in kinds:
        fill, border = FILLS[kind]
        lines.append(f"    classDef {kind} fill:{fill},stroke:{border},color:{TEXT}")
    if view.edges:
        lines.append(f"    linkStyle default stroke:{LINE}")
    return "\n".join(lines) + "\n"


def _label(mark: Mark) -> str:
    if mark.kind in (INPUT, CONSTANT):
        lines = [f"<b>{_text(mark.name)}</b>"]
    else:
        name = f"<b>{_text(mark.name)}</b> = " if mark.count == 1 and mark.name != mark.text else ""
        count = f" ({mark.count} operations)" if mark.count > 1 and mark.name != "..." else ""
        lines = [f"{name}{_text(mark.text)}{count}"]
    if mark.value is not None:
        shape = mark.value.type_text()
        lines.append(_text(f"{shape}  {mark.value.text()}" if shape else mark.value.text()))
    if mark.adjoint is not None:
        lines.append(f"adjoint {_text(mark.adjoint.text())}")
    return "<br/>".join(lines)


#: What means something in a label of Mermaid's, or in the HTML that it makes of it; as an entity it does not.
_SPECIAL = frozenset('"#&<>`\\;[](){}|*_')


def _text(text: str, longest: int = _LONGEST) -> str:
    text = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return "".join(f"#{ord(c)};" if c in _SPECIAL or not c.isprintable() else c for c in text)
