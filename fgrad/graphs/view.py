"""What is drawn of a graph: a mark for each value, with what it is called, how it is made, and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.places import Place
from fgrad.graphs.summary import Summary, summary_of
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.ir.names import is_literal, names_of
from fgrad.ir.text import atom_text, operation_name, parameters
from fgrad.sources.expressions import Expression, parsed
from fgrad.sources.literals import index_text
from fgrad.sources.spelling import is_spelled, raw_name, spell

#: What kind of thing a mark is; each form draws them in its own way.
INPUT, CONSTANT, OPERATION, GROUP, OUTPUT = "input", "constant", "operation", "group", "output"


@dataclass
class Mark:
    """One thing that is drawn.

    Attributes
    ----------
    name : str
        Of the value.
    text : str
        How it is made, by the names of what it is made of.
    operation : str
        What its primitive is called; of a constant, what the user calls it.
    value, adjoint : Summary or None
    place : Place or None
    kind : str
    count : int
        How many operations, inputs or constants it stands for; none if it is one more result of the
        operation before.
    is_back : bool
        Whether it is of a way back.
    """

    name: str
    text: str
    operation: str
    value: Summary | None
    adjoint: Summary | None
    place: Place | None = None
    kind: str = OPERATION
    count: int = 1
    is_back: bool = False

    @property
    def noun(self) -> str:
        """What it is one of."""
        if self.kind in (INPUT, CONSTANT):
            return self.kind
        return OPERATION if self.operation else "result"  # that is a constant

    @property
    def count_text(self) -> str:
        """How many things it stands for, as text; nothing if it is one."""
        return f"{self.count} {self.noun}s" if self.count > 1 else ""


@dataclass
class View:
    """Marks, and between which of them values flow.

    Attributes
    ----------
    title : str
    marks : list of Mark
        In the order of computation: inputs, constants where they are first needed, operations.
    edges : dict
        Pairs of positions in ``marks``.
    notes : list of str
        What is to be known beside: where the function decided by values, what was left out.
    """

    title: str
    marks: list[Mark] = field(default_factory=list)
    edges: dict[tuple[int, int], None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def connect(self, source: int, target: int) -> None:
        """Note that a value flows from one mark to another."""
        self.edges.setdefault((source, target))

    @property
    def has_adjoints(self) -> bool:
        """Whether any value has one."""
        return any(mark.adjoint is not None for mark in self.marks)


def printable(text: str) -> str:
    """Return a text on one line, without what is not for the eye."""
    return "".join(c if c.isprintable() else " " for c in text)


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many characters, with an ellipsis where it was longer."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def view_of(graph: Graph, adjoints: dict[Variable, Summary]) -> View:
    """Return the view in which each node is one mark for each of its results.

    The variables of the graph have summaries as what was kept of their values.
    """
    names = names_of(graph, ())
    names.update({v: v.name for v in graph.inputs if v.name is not None})  # the paths themselves
    view = View(printable(graph.name))
    at: dict[Atom, int] = {}

    def add(atom: Atom, mark: Mark) -> None:
        at[atom] = len(view.marks)
        view.marks.append(mark)

    for variable in graph.inputs:
        add(
            variable,
            Mark(names[variable], "input", "", variable.kept, adjoints.get(variable), kind=INPUT),
        )
    for node in graph.nodes:
        for arg in node.args:
            if type(arg) is Constant and arg not in at and _is_drawn(arg):
                add(arg, _constant(arg, names))
        text = _text(node, names)
        for i, variable in enumerate(node.results):
            shown = text if len(node.results) == 1 else f"{text}[{i}]"
            add(
                variable,
                Mark(
                    names[variable],
                    shown,
                    operation_name(node),
                    variable.kept,
                    adjoints.get(variable),
                    node.place,
                    count=int(i == 0),
                    is_back=node.is_back,
                ),
            )
            for arg in node.args:
                if arg in at:
                    view.connect(at[arg], at[variable])
    for atom in graph.outputs:
        if atom in at and view.marks[at[atom]].kind == OPERATION:
            view.marks[at[atom]].kind = OUTPUT
        elif atom not in at:
            add(atom, Mark("result", atom_text(atom, names), "", _summary(atom), None, kind=OUTPUT))
    view.notes += list(_notes(graph))
    return view


def _summary(atom: Atom) -> Summary | None:
    is_number = type(atom) is Constant and np.asarray(bottom(atom.value)).dtype.kind in "fciub"
    return summary_of(atom.value) if is_number else None  # type: ignore[union-attr]


def _is_drawn(constant: Constant) -> bool:
    """Return whether a constant has a mark of its own; numbers stand in the text of what needs them."""
    return constant.name is not None or not is_literal(constant)


def _constant(constant: Constant, names: dict[Atom, str]) -> Mark:
    name = names[constant] if constant.origin is None else constant.origin.text
    called = constant.name or (constant.origin.text if constant.origin is not None else "")
    return Mark(name, "constant", called, summary_of(constant.value), None, kind=CONSTANT)


def _text(node: Node, names: dict[Atom, str]) -> str:
    """Return how a node computes its result."""
    args = [_argument(arg, names) for arg in node.args]
    writing = _WRITING.get(raw_name(node.primitive))
    if writing is not None:
        return writing([arg.text for arg in args], node.params)
    if is_spelled(node.primitive, len(args), node.params):
        return spell(node.primitive, args, node.params).text.replace("np.linalg.", "").replace("np.", "")
    inner = [arg.text for arg in args] + [f"{key}={value}" for key, value in parameters(node)]
    return f"{operation_name(node)}({', '.join(inner)})"


def _put(args: list[str], params: dict[str, Any]) -> str:
    index = (
        index_text(params["index"]) if "index" in params else index_text(params["template"], iter(args[2:]))
    )
    return f"{args[0]} with [{index or '...'}] = {args[1]}"


def _scattered(args: list[str], params: dict[str, Any]) -> str:
    parts = [f"[{index_text(i) or '...'}] += {g}" for i, g in zip(params["indices"], args, strict=True)]
    return f"zeros with {', '.join(parts)}"


def _added_at(args: list[str], params: dict[str, Any]) -> str:
    return f"zeros with [{index_text(params['template'], iter(args[1:])) or '...'}] += {args[0]}"


#: What writes into a copy or into zeros; code does it by statements.
_WRITING = {"_setitem": _put, "_set_at": _put, "_scatter_add": _scattered, "_add_at": _added_at}


def _argument(atom: Atom, names: dict[Atom, str]) -> Expression:
    if type(atom) is Constant and atom.origin is not None:
        return parsed(atom.origin.text)
    text = atom_text(atom, names)
    return Expression(text, 15 if text.startswith("-") else 20)


def _notes(graph: Graph) -> Iterator[str]:
    """Yield where the function decided by values."""
    if not graph.decisions:
        return
    places = [decision.place for decision in graph.decisions if decision.place is not None]
    lines = {(place.code, place.line): place for place in places}.values()
    where = [f"line {place.line}: {place.source()}" for place in lines]
    yield "holds for this input: the function decided by values" + (f" ({where[0]})" if where else "")
    for text in where[1:3]:
        yield f"and in {text}"
    if len(where) > 3:
        yield f"and in {len(where) - 3} more lines"
