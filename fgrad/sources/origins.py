"""Constants that the user's code computed, as operations again: ``1 - t`` is written so, and ``-X`` too.

What was captured of ``-X @ w`` is a product with a constant that has no name.  It is known how that came
about, of which names; so it can be computed in the code, its signs can cancel, and it is computed once.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.registry import PRIMITIVES
from fgrad.core.same import same_value
from fgrad.core.spec import spec_of
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.numpy.moving.shapes import TRANSPOSE
from fgrad.sources.facts import facts_of

_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: np.matmul,
    ast.USub: operator.neg,
}


def with_origins(graph: Graph) -> Graph:
    """Return a graph in which constants of known origin are computed from what has names."""
    maker = _Maker(graph)
    nodes: list[Node] = []
    for node in graph.nodes:
        args = tuple(maker.made(arg, node, nodes) for arg in node.args)
        nodes.append(node._replace(args=args))
    return Graph(graph.name, graph.inputs, nodes, graph.outputs, graph.decisions)


class _Maker:
    def __init__(self, graph: Graph) -> None:
        self.named: dict[str, Constant] = {c.name: c for c in graph.constants() if c.name is not None}
        self.known: dict[Atom, Atom] = {}
        self.values: dict[Atom, Any] = {}

    def made(self, atom: Atom, reader: Node, nodes: list[Node]) -> Atom:
        """Return what takes the place of an argument; the operations that it takes are added."""
        if type(atom) is not Constant or atom.origin is None:
            return atom
        if atom not in self.known:
            new: list[Node] = []
            try:
                tree = ast.parse(atom.origin.text, mode="eval").body
                found = self.computed(tree, atom.origin.scope, reader, new)
                self.known[atom] = found
                nodes += new
            except _UnknownError:
                self.known[atom] = Constant(atom.value)
        return self.known[atom]

    def computed(self, tree: ast.expr, scope: dict[str, Any], reader: Node, nodes: list[Node]) -> Atom:
        """Return the value of an expression in a graph."""
        if isinstance(tree, ast.Constant):
            return Constant(tree.value)
        if isinstance(tree, ast.Name):
            return self.constant(tree.id, scope[tree.id])
        if isinstance(tree, ast.Attribute) and tree.attr == "T":
            inner = self.computed(tree.value, scope, reader, nodes)
            return self.node(TRANSPOSE, (inner,), {"axes": None}, reader, nodes)
        if isinstance(tree, ast.BinOp):
            parts = [tree.left, tree.right]
        elif isinstance(tree, ast.UnaryOp):
            parts = [tree.operand]
        else:
            raise _UnknownError
        if type(tree.op) not in _OPERATORS:
            raise _UnknownError
        args = tuple(self.computed(part, scope, reader, nodes) for part in parts)
        return self.node(PRIMITIVES[_OPERATORS[type(tree.op)]], args, {}, reader, nodes)

    def constant(self, name: str, value: Any) -> Constant:
        """Return the constant of a name; the one that the graph has, if it is the same."""
        known = self.named.get(name)
        if known is not None and same_value(known.value, value):
            return known
        constant = Constant(value, name)
        self.named.setdefault(name, constant)
        return constant

    def node(
        self, primitive: Any, args: tuple[Atom, ...], params: dict[str, Any], reader: Node, nodes: list[Node]
    ) -> Variable:
        """Add an operation, in the place of what reads it, and return its result."""
        values = [arg.value if type(arg) is Constant else self.values[arg] for arg in args]
        value = primitive.raw(*values, **params)
        variable = Variable(*spec_of(value), None, facts_of(value))
        self.values[variable] = value
        nodes.append(Node(primitive, args, params, (variable,), False, reader.place, reader.is_back))
        return variable


class _UnknownError(Exception):
    """The expression has something in it that there is no operation for."""
