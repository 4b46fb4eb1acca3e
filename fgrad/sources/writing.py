"""A simplified graph as the text of a Python function.

Each line of the user's stands as a comment above what became of it.  What a line computes on the way to its
result is written as one expression, where it is needed once and the line stays short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from fgrad.core.places import Place
from fgrad.core.pytree import LEAF, unflatten
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.ir.names import RESERVED, names_of
from fgrad.ir.text import type_of
from fgrad.modes.pending import is_basic
from fgrad.sources.expressions import Expression, parsed
from fgrad.sources.literals import index_text, literal
from fgrad.sources.spelling import helper_name, is_spelled, raw_name, repeats_arguments, spell

#: Expressions up to this length are written into the one that needs them.
INLINE = 50
RETURNED = 90
_INDENT = "    "


class Writer:
    """Writes one function.

    Parameters
    ----------
    graph : Graph
        Simplified.
    name : str
        Of the function.
    parameters : sequence of str
        The names of its parameters.
    result : structure
        Of what it returns.

    Attributes
    ----------
    namespace : dict
        What the code needs beside NumPy: constants, and operations that NumPy has no word for.
    lines : list of str
        The body.
    """

    def __init__(self, graph: Graph, name: str, parameters: Sequence[str], result: Any) -> None:
        self.graph, self.name, self.parameters, self.result = graph, name, parameters, result
        self.namespace: dict[str, Any] = {"np": np}
        self.lines: list[str] = []
        self.pending: dict[Atom, Expression] = {}
        self.place: tuple[Place | None, bool] = (None, False)
        self.uses = Counter(atom for node in graph.nodes for atom in node.reads())
        self.uses.update(atom for atom in graph.outputs if type(atom) is Variable)
        self.readers: dict[Variable, Node] = {v: node for node in graph.nodes for v in node.reads()}
        self.made: dict[Atom, Node] = {v: node for node in graph.nodes for v in node.results}
        self.continued: set[Variable] = set()  # the later states of an array that is written into
        self.name_values()

    def text(self) -> str:
        """Return the text of the function."""
        self.read_inputs()
        for node in self.graph.nodes:
            self.write(node)
        for atom in self.graph.outputs:
            if atom in self.pending:
                self.remark(self.made[atom])
        outputs = iter([self.expression(atom).text for atom in self.graph.outputs])
        self.lines.append(f"return {self.returned(self.result, outputs)}")
        head = [f"def {self.name}({', '.join(self.parameters)}):"]
        if any(node.primitive.name == "where" and node.is_back for node in self.graph.nodes):
            # what is computed beside a guard may be infinite, and is not used there
            head.insert(0, '@np.errstate(divide="ignore", invalid="ignore")')
        body = [f"{_INDENT}{line}".rstrip() for line in self.lines]
        return "\n".join([*self.remarks(), *head, *body]) + "\n"

    def remarks(self) -> list[str]:
        """Return comments on what the function takes from outside, and for which inputs it holds."""
        outside = [
            f"{name}: {type_of(np.shape(value), np.asarray(value).dtype)}"
            for name, value in self.namespace.items()
            if isinstance(value, np.ndarray)
        ]
        remarks = [f"# constants: {', '.join(outside)}"] if outside else []
        places = dict.fromkeys(d.place for d in self.graph.decisions if d.place is not None)
        for place in places:
            source = place.source()
            remarks.append(f"# holds while line {place.line} decides as it did: {source}")
        return remarks

    def read_inputs(self) -> None:
        """Write the lines that take the inputs out of containers."""
        for variable in self.graph.inputs:
            if self.names[variable] != variable.name and self.uses[variable]:
                self.lines.append(f"{self.names[variable]} = {variable.name}")

    def name_values(self) -> None:
        """Name what the user has names for, and constants; the others are numbered when they are written."""
        taken = RESERVED | set(self.parameters) - {v.name or "" for v in self.graph.inputs}
        self.names = names_of(self.graph, taken)
        self.numbers = {"v": 0, "g": 0}
        for variable in [v for node in self.graph.nodes for v in node.results if v.name is None]:
            del self.names[variable]
        self.used = {*taken, *self.names.values()}
        self.write_in_place()

    def write_in_place(self) -> None:
        """Give one name to the states of an array that is written into, where no other state is needed."""
        fresh = {v for node in self.graph.nodes if raw_name(node.primitive) in _WRITING for v in node.results}
        for node in reversed(self.graph.nodes):
            before = node.args[0] if node.args else None
            if raw_name(node.primitive) not in ("_setitem", "_set_at") or type(before) is not Variable:
                continue
            if before in fresh and self.uses[before] == 1:
                (after,) = node.results
                if after not in self.names:
                    self.names[after] = self.new_name("g" if node.is_back else "v")
                self.names[before] = self.names[after]
                self.continued.add(after)

    def new_name(self, letter: str) -> str:
        """Return the next name for a value without one."""
        while True:
            self.numbers[letter] += 1
            name = f"{letter}{self.numbers[letter]}"
            if name not in self.used:
                self.used.add(name)
                return name

    def target(self, node: Node, variable: Variable) -> str:
        """Return the name that a node assigns."""
        if variable not in self.names:
            self.names[variable] = self.new_name("g" if node.is_back else "v")
        return self.names[variable]

    # expressions

    def expression(self, atom: Atom) -> Expression:
        """Return how a value is written where it is needed."""
        if atom in self.pending:
            return self.pending[atom]
        if type(atom) is Constant:
            return self.constant(atom)
        return Expression(self.names[atom])

    def constant(self, atom: Constant) -> Expression:
        """Return the name of a constant, which becomes part of the namespace, or its literal."""
        text = literal(atom.value)
        if atom.name is None and text is not None:
            return Expression(text, 15 if text.startswith("-") else 20)
        if atom.origin is not None and all(
            self.namespace.setdefault(name, value) is value for name, value in atom.origin.scope.items()
        ):
            return parsed(atom.origin.text)
        name = self.names.get(atom)
        if name is None or (
            text is not None and not isinstance(atom.value, np.ndarray) and atom.name is None
        ):
            return Expression(text or repr(atom.value))
        self.namespace[name] = atom.value
        return Expression(name)

    def named(self, atom: Atom) -> Expression:
        """Return a value that is written several times: by its name."""
        expression = self.pending.pop(atom, None)
        if expression is not None and type(atom) is Variable:
            self.lines.append(f"{self.target(self.made[atom], atom)} = {expression.text}")
        return self.expression(atom)

    # statements

    def write(self, node: Node) -> None:
        """Write a node: as a statement, or to be put into the expression that needs it."""
        statement = _WRITING.get(raw_name(node.primitive))
        arguments = [
            (self.named if repeats_arguments(node.primitive) else self.expression)(arg) for arg in node.args
        ]
        if statement is not None:
            lines = statement(self.target(node, node.results[0]), [a.text for a in arguments], node)
            if lines is not None:
                self.remark(node)
                self.lines += lines[node.results[0] in self.continued :]
                self.forget(node)
                return
        expression = self.spelled(node, arguments)
        if len(expression.text) <= (self.goes_inline(node) or 0):
            self.pending[node.results[0]] = expression
            self.forget(node)
            return
        self.remark(node)
        self.forget(node)
        targets = ", ".join(self.target(node, v) if self.uses[v] else "_" for v in node.results)
        # what NumPy returns as one result is written so; the others return tuples
        comma = "," if node.several and len(node.results) == 1 and not self.is_numpys(node) else ""
        self.lines.append(f"{targets}{comma} = {expression.text}")

    def forget(self, node: Node) -> None:
        """Forget the expressions that were written into one."""
        for arg in node.args:
            self.pending.pop(arg, None)

    def is_numpys(self, node: Node) -> bool:
        """Return whether a node is written with NumPy alone."""
        return is_spelled(node.primitive, len(node.args), node.params)

    def spelled(self, node: Node, arguments: list[Expression]) -> Expression:
        """Return the code of a node; what NumPy has no word for becomes part of the namespace."""
        if self.is_numpys(node):
            return spell(node.primitive, arguments, node.params)
        name, number = helper_name(node.primitive), 1
        helper = partial(node.primitive.raw, **node.params)
        while name in self.namespace and not _is_same(self.namespace[name], helper):
            number += 1
            name = f"{helper_name(node.primitive)}_{number}"
        self.namespace.setdefault(name, helper)
        return Expression(f"{name}({', '.join(a.text for a in arguments)})")

    def goes_inline(self, node: Node) -> int:
        """Return up to which length a result, needed once, is written into what becomes of the same line."""
        if node.several:
            return 0
        (result,) = node.results
        if result.name is not None or self.uses[result] != 1:
            return 0
        reader = self.readers.get(result)
        if reader is None:  # it is returned
            return INLINE if len(self.graph.outputs) > 1 else RETURNED
        return INLINE if _line(reader) == _line(node) else 0

    def remark(self, node: Node) -> None:
        """Write the user's line as a comment, if it is another than before."""
        line = _line(node)
        if line == self.place or node.place is None:
            return
        self.place = line
        source = node.place.source()
        if source:
            self.lines.append(f"# back through: {source}" if node.is_back else f"# {source}")

    def returned(self, structure: Any, texts: Iterator[str]) -> str:
        """Return the container that the function returns."""
        if structure is LEAF:
            return next(texts)
        children = [self.returned(child, texts) for child in structure.children]
        kind = structure.kind
        if kind is dict:
            return "{" + ", ".join(f"{k!r}: {v}" for k, v in zip(structure.meta, children, strict=True)) + "}"
        if kind is list:
            return f"[{', '.join(children)}]"
        if kind is tuple:
            return f"({children[0]},)" if len(children) == 1 else f"({', '.join(children)})"
        if kind is type(None):
            return "None"
        name = f"make_{kind.__name__}"
        self.namespace[name] = lambda *parts: _rebuilt(structure, parts)
        return f"{name}({', '.join(children)})"


def _rebuilt(structure: Any, parts: Sequence[Any]) -> Any:
    flat = type(structure)(structure.kind, structure.meta, (LEAF,) * len(parts))
    return unflatten(flat, parts)


def _line(node: Node) -> tuple[Any, bool]:
    return (None if node.place is None else (node.place.code, node.place.line)), node.is_back


def _is_same(known: Any, helper: Any) -> bool:
    return (
        isinstance(known, partial)
        and known.func is helper.func
        and known.keywords.keys() == helper.keywords.keys()
        and all(known.keywords[name] is value for name, value in helper.keywords.items())
    )


def _scattered(target: str, args: list[str], node: Node) -> list[str] | None:
    """Return the lines that add arrays at indices of an array of zeros."""
    indices = node.params["indices"]
    texts = [index_text(index) for index in indices]
    return None if None in texts else _added(target, args, texts, map(is_basic, indices), node)


def _added(target: str, args: list[str], texts: Any, basic: Any, node: Node) -> list[str]:
    spec = node.params["spec"]
    lines = [f"{target} = {literal(np.zeros(spec.shape, spec.dtype)) or f'np.zeros({spec.shape})'}"]
    for g, text, plain in zip(args, texts, basic, strict=True):
        lines.append(f"{target}[{text}] += {g}" if plain else f"np.add.at({target}, np.s_[{text}], {g})")
    return lines


def _added_at(target: str, args: list[str], node: Node) -> list[str] | None:
    text = index_text(node.params["template"], iter(args[1:]))
    return None if text is None else _added(target, args[:1], [text], [False], node)


def _copied(target: str, array: str) -> str:
    is_new = array.startswith(("np.zeros(", "np.ones(", "np.full("))
    return f"{target} = {array}" if is_new else f"{target} = np.array({array})"


def _set(target: str, args: list[str], node: Node) -> list[str] | None:
    text = index_text(node.params["index"])
    return None if text is None else [_copied(target, args[0]), f"{target}[{text}] = {args[1]}"]


def _set_at(target: str, args: list[str], node: Node) -> list[str] | None:
    text = index_text(node.params["template"], iter(args[2:]))
    return None if text is None else [_copied(target, args[0]), f"{target}[{text}] = {args[1]}"]


_WRITING = {"_scatter_add": _scattered, "_add_at": _added_at, "_setitem": _set, "_set_at": _set_at}
