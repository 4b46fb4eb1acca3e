"""A graph as text, one line for each node; the user's line stands behind the first node that it led to.

The grammar, in extended Backus-Naur form::

    graph    = name "(" [ input { "," input } ] ")" ":" newline { "    " line newline } ;
    input    = name ":" type ;
    line     = equation | return ;
    equation = result { "," result } "=" primitive "(" [ arg { "," arg } ] ")" [ "  #" place ] ;
    result   = name ":" type ;
    arg      = name | literal | name "=" parameter ;
    return   = "return" [ ( name | literal ) { "," ( name | literal ) } ] ;
    type     = dtype "[" [ length { "," length } ] "]" ;

Names are assigned once, and before they are used; those of constants, arrays from outside, are not assigned.

>>> import numpy as np
>>> from fgrad.core.registry import PRIMITIVES
>>> from fgrad.ir.graph import Graph, Node, Variable
>>> x, y = Variable((3,), np.dtype(float), "x"), Variable((3,), np.dtype(float))
>>> print(text_of(Graph("f", [x], [Node(PRIMITIVES[np.exp], (x,), {}, (y,), several=False)], [y])))
f(x: float64[3]):
    v1: float64[3] = exp(x)
    return v1
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.spec import Spec
from fgrad.ir.graph import Atom, Constant, Graph, Node
from fgrad.ir.names import names_of

#: Parameters that only say how the arguments make up containers.
HIDDEN = frozenset({"call", "fgrad_handover", "first", "program"})


def text_of(graph: Graph) -> str:
    """Return a graph as text."""
    names = names_of(graph)
    inputs = ", ".join(f"{names[v]}: {type_of(v.shape, v.dtype)}" for v in graph.inputs)
    lines = [f"{graph.name}({inputs}):"]
    before = ""
    for node in graph.nodes:
        source = node.place.source() if node.place is not None else ""
        note = f"  # {source}" if source and source != before else ""
        lines.append(f"    {_equation(node, names)}{note}")
        before = source
    outputs = ", ".join(atom_text(atom, names) for atom in graph.outputs)
    return "\n".join([*lines, f"    return {outputs}".rstrip()])


def _equation(node: Node, names: dict[Atom, str]) -> str:
    results = ", ".join(f"{names[v]}: {type_of(v.shape, v.dtype)}" for v in node.results)
    args = [atom_text(arg, names) for arg in node.args]
    args += [f"{name}={value}" for name, value in parameters(node)]
    return f"{results} = {operation_name(node)}({', '.join(args)})"


def operation_name(node: Node) -> str:
    """Return what a node's operation is called: its primitive's name, without the module of an operator."""
    return node.primitive.name.removeprefix("operator.")


def parameters(node: Node) -> list[tuple[str, str]]:
    """Return the parameters that say something about an operation, as text."""
    return [(name, parameter_text(value)) for name, value in node.params.items() if name not in HIDDEN]


def atom_text(atom: Atom, names: dict[Atom, str]) -> str:
    """Return the name of a value, or the literal that it is."""
    if atom in names:
        return names[atom]
    return parameter_text(atom.value) if type(atom) is Constant else "?"


def type_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    """Return a dtype and a shape as text: ``float64[2,3]``."""
    return f"{dtype}[{','.join(map(str, shape))}]"


def parameter_text(value: Any) -> str:
    """Return a parameter or a literal as text; of a large array its type."""
    value = bottom(value)
    if isinstance(value, Spec):
        return type_of(*value)
    if isinstance(value, np.ndarray):
        return str(value.tolist()) if value.size <= 4 else type_of(value.shape, value.dtype)
    if isinstance(value, np.generic):
        return str(value)
    if type(value) is tuple:
        inner = ", ".join(map(parameter_text, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if type(value) is list:
        return f"[{', '.join(map(parameter_text, value))}]"
    if type(value) is dict:
        return "{" + ", ".join(f"{k!r}: {parameter_text(v)}" for k, v in value.items()) + "}"
    if type(value) is slice:
        return _slice_text(value)
    if value is Ellipsis:
        return "..."
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _slice_text(part: slice) -> str:
    bounds = ["" if bound is None else parameter_text(bound) for bound in (part.start, part.stop)]
    step = "" if part.step is None else f":{parameter_text(part.step)}"
    return f"{bounds[0]}:{bounds[1]}{step}"
