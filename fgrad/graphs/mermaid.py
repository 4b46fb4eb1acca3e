"""A graph in the language of Mermaid, which JupyterLab and GitHub draw by themselves.

References
----------
https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from fgrad.graphs.colors import FILLS, LINE, TEXT
from fgrad.graphs.view import CONSTANT, INPUT, Mark, View, printable, shortened

_LONGEST, _LONGEST_NOTE = 44, 110  # characters in one line
_SPACING = '%%{init: {"flowchart": {"nodeSpacing": 35, "rankSpacing": 50, "wrappingWidth": 320}}}%%'
_BRACKETS = {INPUT: ("([", "])"), CONSTANT: ("[/", "/]")}


def mermaid_of(view: View) -> str:
    """Return a view as a flowchart: values flow downwards."""
    lines = [_SPACING, "flowchart TD"]
    for i, mark in enumerate(view.marks):
        left, right = _BRACKETS.get(mark.kind, ("(", ")"))
        lines.append(f'    n{i}{left}"{_label(mark)}"{right}:::{mark.kind}')
    lines += [f"    n{source} --> n{target}" for source, target in view.edges]
    if view.notes:
        lines.append(
            f'    notes["{"<br/>".join(_text(note, _LONGEST_NOTE) for note in view.notes)}"]:::notes'
        )
        lines += [f"    n{i} ~~~ notes" for i in _ends(view)]  # so that they come last
        lines.append(f"    classDef notes fill:none,stroke:none,color:{LINE}")
    kinds = dict.fromkeys(mark.kind for mark in view.marks)
    for kind in kinds:
        fill, border = FILLS[kind]
        lines.append(f"    classDef {kind} fill:{fill},stroke:{border},color:{TEXT}")
    if view.edges:
        lines.append(f"    linkStyle default stroke:{LINE}")
    return "\n".join(lines) + "\n"


def _ends(view: View) -> list[int]:
    """Return the marks from which no value flows."""
    sources = {source for source, target in view.edges if source != target}
    return [i for i in range(len(view.marks)) if i not in sources]


def _label(mark: Mark) -> str:
    if mark.kind in (INPUT, CONSTANT):
        lines = [f"<b>{_text(mark.name)}</b>"]
    else:
        name = f"<b>{_text(mark.name)}</b> = " if not mark.count_text and mark.name != mark.text else ""
        lines = [name + _text(mark.text)]
    if mark.count_text:
        lines.append(f"<i>{mark.count_text}</i>")
    if mark.value is not None:
        shape = mark.value.type_text()
        lines.append(_text(f"{shape}  {mark.value.text()}" if shape else mark.value.text()))
    if mark.adjoint is not None:
        lines.append(f"adjoint {_text(mark.adjoint.text())}")
    return "<br/>".join(lines)


#: What means something in a label of Mermaid's, or in the HTML that it makes of it; as an entity it does not.
_ENTITIES = str.maketrans({c: f"#{ord(c)};" for c in '"#&<>`;:$~[](){}|*_'})
#: Mermaid makes a new line of a backslash and n even then, so what has no width stands between.
_ENTITIES |= str.maketrans({"\\": "#92;#8203;"})


def _text(text: str, longest: int = _LONGEST) -> str:
    return shortened(printable(text), longest).translate(_ENTITIES)
