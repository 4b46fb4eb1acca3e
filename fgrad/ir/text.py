"""A graph as text, one line for each node; the user's line stands behind the first node that it led to.

The grammar, in extended Backus-Naur form::

    graph    = title "(" [ typed { ", " typed } ] "):" newline { equation newline } return ;
    equation = indent typed { ", " typed } " = " title "(" [ arg { ", " arg } ] ")" [ "  # " line ] ;
    return   = indent "return" [ " " atom { ", " atom } ] ;
    typed    = name ": " dtype "[" [ length { "," length } ] "]" ;
    arg      = atom | name "=" literal ;
    atom     = name | literal ;
    indent   = "    " ;

A name is a Python identifier; it is assigned once, and before it is used.  Those of constants, arrays from
outside, are not assigned.  A title, that of the function or of a primitive, is a text without a round
bracket; a dtype is NumPy's name for it, a length a natural number, and a line one of the user's code.  A
literal is a text without a newline whose brackets and quotes are closed: what Python writes for the value;
for an array its dtype and shape, and for what else has no such text its type in ``<>``.

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

#: Characters of a text that stands for itself.
LONGEST = 60


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
    if isinstance(value, np.dtype):
        return str(value)
    if isinstance(value, Spec):
        return type_of(*value)
    if isinstance(value, np.ndarray):
        return str(value.tolist()) if value.size <= 4 else type_of(value.shape, value.dtype)
    if isinstance(value, np.generic):
        return str(value) if value.dtype.kind in "fciub" else repr(str(value))
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
    is_text = isinstance(value, str | bytes | int | float | complex | None) and len(text) <= LONGEST
    return text if is_text else f"<{type(value).__name__}>"


def _slice_text(part: slice) -> str:
    bounds = ["" if bound is None else parameter_text(bound) for bound in (part.start, part.stop)]
    step = "" if part.step is None else f":{parameter_text(part.step)}"
    return f"{bounds[0]}:{bounds[1]}{step}"
