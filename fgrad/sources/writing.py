"""A simplified graph as the text of a Python function.

Each statement of the user's stands as a comment above what became of it.  What it computes on the way to its
result is written as one expression, where it is needed once and the line stays short.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.ir.text import type_of
from fgrad.numpy.places.indexing import PLACE
from fgrad.sources.containers import Layout, leaves_of
from fgrad.sources.expressions import Expression, parsed
from fgrad.sources.idioms import idiom
from fgrad.sources.lines import Statements
from fgrad.sources.literals import index_text, literal
from fgrad.sources.matching import HALF_PRECISE, WHERE, dtype_of, facts_about
from fgrad.sources.naming import Names
from fgrad.sources.spelling import helper_name, index_of, is_spelled, repeats_arguments, spell
from fgrad.sources.statements import is_statement, statement

#: Expressions up to this length are written into the one that needs them.
INLINE = 50
WIDTH = 92  # of lines
_EXPRESSION = 76  # characters of one expression, beside what it is assigned to
_INDENT = "    "


class Writer:
    """Writes one function.

    Parameters
    ----------
    graph : Graph
        Simplified.
    name : str
        Of the function.
    parameters : mapping of str to list
        The names of its parameters, and how the leaves of each are reached, in order; None for those that
        cannot be reached by keys and attributes.
    inputs : sequence of (str, int)
        Of each of the graph's inputs, the parameter and the position among its leaves.
    result : structure
        Of what it returns.
    scope : mapping of str to array
        What the user's code calls arrays from outside.

    Attributes
    ----------
    namespace : dict
        What the code needs beside NumPy: constants, and operations that NumPy has no word for.
    lines : list of str
        The body.
    """

    def __init__(
        self,
        graph: Graph,
        name: str,
        parameters: Mapping[str, list[str | None]],
        inputs: Sequence[tuple[str, int]],
        result: Any,
        scope: Mapping[str, Any],
    ) -> None:
        self.graph, self.name, self.parameters, self.inputs = graph, name, parameters, inputs
        self.result = result
        self.uses: Counter[Atom] = Counter(atom for node in graph.nodes for atom in node.reads())
        self.uses.update(atom for atom in graph.outputs if type(atom) is Variable)
        self.names = Names(graph, {name, *parameters}, self.uses, scope)
        for variable, (parameter, i) in zip(graph.inputs, inputs, strict=True):
            if None not in parameters[parameter]:
                self.names.of[variable] = str(parameters[parameter][i])
        self.namespace = self.names.namespace
        self.lines: list[str] = []
        self.pending: dict[Atom, Expression] = {}
        self.statements = Statements()
        self.place: Any = None
        self.readers: dict[Variable, Node] = {v: node for node in graph.nodes for v in node.reads()}
        self.made: dict[Atom, Node] = {v: node for node in graph.nodes for v in node.results}

    def text(self) -> str:
        """Return the text of the function."""
        self.read_inputs()
        for node in self.graph.nodes:
            self.write(node)
        last = {self.line(node)[0]: node for node in map(self.made.get, self.pending) if node is not None}
        if len(last) == 1:
            self.remark(*last.values())
        outputs = [self.expression(atom).text for atom in self.graph.outputs]
        returned = Layout(self.names.helper, WIDTH).statement(self.result, outputs, _INDENT)
        body = [f"{_INDENT}{line}".rstrip() for line in [*self.lines, returned]]
        head = self.head()
        if any(map(self.is_guard, self.graph.nodes)):
            # what is computed beside a guard may be infinite, and is not used there
            head.insert(0, '@np.errstate(divide="ignore", invalid="ignore")')
        return "\n".join([*self.remarks(), *head, *body]) + "\n"

    def head(self) -> list[str]:
        """Return the line that the definition starts with; lines, where it is long."""
        line = f"def {self.name}({', '.join(self.parameters)}):"
        if len(line) <= WIDTH:
            return [line]
        return [f"def {self.name}(", *(f"{_INDENT}{parameter}," for parameter in self.parameters), "):"]

    def remarks(self) -> list[str]:
        """Return comments on what the function takes from outside, and for which inputs it holds."""
        outside = [
            f"{name}: {type_of(value.shape, value.dtype)}"
            if isinstance(value, np.ndarray)
            else f"{name} = {literal(value)}"
            for name, value in self.namespace.items()
            if isinstance(value, np.ndarray | np.number | int | float | complex)
        ]
        remarks = _comment(f"constants: {', '.join(outside)}") if outside else []
        places = [d.place for d in self.graph.decisions if d.place is not None]
        said = [f"holds while line {p.line} decides as it did: {self.statements.at(p)[1]}" for p in places]
        return remarks + [line for text in dict.fromkeys(said) for line in _comment(text)]

    def is_guard(self, node: Node) -> bool:
        """Return whether a choice on the way back is there to leave out what is infinite or NaN."""
        return (
            node.primitive is WHERE
            and node.is_back
            and not all(facts_about(arg).is_finite for arg in node.args[1:])
        )

    def read_inputs(self) -> None:
        """Write the lines that take leaves out of containers that have no keys."""
        for parameter, texts in self.parameters.items():
            mine = {i: v for v, (p, i) in zip(self.graph.inputs, self.inputs, strict=True) if p == parameter}
            if None not in texts or not any(self.uses[v] for v in mine.values()):
                continue
            targets = [
                self.names.of[mine[i]] if i in mine and self.uses[mine[i]] else "_" for i in range(len(texts))
            ]
            left = f"({targets[0]},)" if len(targets) == 1 else ", ".join(targets)
            self.lines.append(f"{left} = {self.names.helper('leaves_of', leaves_of)}({parameter})")

    # expressions

    def expression(self, atom: Atom) -> Expression:
        """Return how a value is written where it is needed."""
        if atom in self.pending:
            return self.pending[atom]
        return self.constant(atom) if type(atom) is Constant else Expression(self.names.of[atom])

    def argument(self, node: Node, atom: Atom) -> Expression:
        """Return how an argument is written; of NumPy's types a number, where Python's would be too weak."""
        if repeats_arguments(node.primitive):
            return self.named(atom)
        value = atom.value if type(atom) is Constant else None
        is_literal = isinstance(value, np.float64 | np.complex128) and atom.name is None
        if is_literal and any(dtype_of(other).name in HALF_PRECISE for other in node.args):
            return Expression(f"np.{dtype_of(atom).name}({literal(value)})")
        return self.expression(atom)

    def constant(self, atom: Constant) -> Expression:
        """Return the name of a constant, which becomes part of the namespace, or its literal."""
        text = literal(atom.value)
        if atom.name is None and text is not None:
            return parsed(text)
        name = self.names.of.get(atom)
        if name is None:
            return Expression(self.names.helper("c", atom.value))
        self.namespace[name] = atom.value
        return Expression(name)

    def named(self, atom: Atom) -> Expression:
        """Return a value that is written several times: by its name."""
        expression = self.pending.pop(atom, None)
        if expression is not None and type(atom) is Variable:
            self.remark(self.made[atom])
            self.lines.append(f"{self.names.target(self.made[atom], atom)} = {expression.text}")
        return self.expression(atom)

    def index(self, index: Any, arrays: Sequence[str] = ()) -> str | None:
        """Return an index as text, with the names of the arrays in it."""
        given = iter(arrays)
        parts, names = [], []
        for part in index if type(index) is tuple else (index,):
            if part is PLACE:
                names.append(next(given))
            elif isinstance(bottom(part), np.ndarray) and literal(part) is None:
                names.append(self.names.index(bottom(part)))
                part = PLACE
            parts.append(part)
        return index_text(tuple(parts), iter(names))

    # statements

    def write(self, node: Node) -> None:
        """Write a node: as a statement, or to be put into the expression that needs it."""
        arguments = [self.argument(node, arg) for arg in node.args]
        if is_statement(node):
            target = self.names.target(node, node.results[0])
            lines = statement(node, target, arguments, self.index)
            if lines is not None:
                self.remark(node)
                self.lines += lines[node.results[0] in self.names.continued :]
                self.forget(node)
                return
        expression = self.spelled(node, arguments)
        while len(expression.text) > _EXPRESSION and any(arg in self.pending for arg in node.args):
            self.named(
                max(node.args, key=lambda arg: len(self.pending[arg].text) if arg in self.pending else 0)
            )
            expression = self.spelled(node, [self.argument(node, arg) for arg in node.args])
        self.forget(node)
        if len(expression.text) <= self.goes_inline(node):
            self.pending[node.results[0]] = expression
            return
        self.remark(node)
        targets = ", ".join(self.names.target(node, v) if self.uses[v] else "_" for v in node.results)
        # what NumPy returns as one result is written so; the others return tuples
        is_tuple = node.several and len(node.results) == 1 and not self.is_numpys(node)
        self.lines.append(
            f"({targets},) = {expression.text}" if is_tuple else f"{targets} = {expression.text}"
        )

    def forget(self, node: Node) -> None:
        """Forget the expressions that were written into one."""
        for arg in node.args:
            self.pending.pop(arg, None)

    def is_numpys(self, node: Node) -> bool:
        """Return whether a node is written with NumPy alone."""
        return is_spelled(node.primitive, len(node.args), node.params)

    def spelled(self, node: Node, arguments: list[Expression]) -> Expression:
        """Return the code of a node; what NumPy has no word for becomes part of the namespace."""
        found = idiom(node, arguments, self.made)
        if found is None and (index := index_of(node.primitive, node.params)) is not None:
            text = self.index(index, [arg.text for arg in arguments[1:]])
            found = None if text is None else Expression(f"{arguments[0].within(20)}[{text}]")
        if found is not None:
            return found
        if self.is_numpys(node):
            return spell(node.primitive, arguments, node.params)
        helper = node.primitive.raw if not node.params else partial(node.primitive.raw, **node.params)
        name = self.names.helper(helper_name(node.primitive), helper)
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
            return INLINE if len(self.graph.outputs) > 1 else WIDTH
        if repeats_arguments(reader.primitive):
            return 0
        return INLINE if self.line(reader)[0] == self.line(node)[0] else 0

    # comments

    def line(self, node: Node) -> tuple[Any, str]:
        """Return the statement of a node: what tells it from others, and its text."""
        return (None, "") if node.place is None else self.statements.at(node.place)

    def remark(self, node: Node) -> None:
        """Write the user's statement as a comment, if it is another than before."""
        key, source = self.line(node)
        if (key, node.is_back) == self.place or node.place is None:
            return
        self.place = key, node.is_back
        if source:
            comment = f"# back through: {source}" if node.is_back else f"# {source}"
            self.lines.append(_cut(comment))


def _cut(comment: str) -> str:
    """Return a comment that fits into a line."""
    room = WIDTH - len(_INDENT)
    cut = comment[: room - len(" ...")]
    return comment if len(comment) <= room else f"{cut[: max(cut.rfind(' '), room // 2)].rstrip()} ..."


def _comment(text: str) -> list[str]:
    """Return the lines of a comment above the function."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent="# ",
        subsequent_indent="#     ",
        break_long_words=False,
        break_on_hyphens=False,
    )
