"""Simplification of graphs: the same operation once, what is not needed not at all, and less algebra.

Passes are made until nothing changes.  A pass goes through the nodes in order; each is first offered to the
rules (:mod:`fgrad.sources.algebra`), which return what takes its place, and then compared with those before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.ir.graph import Atom, Graph, Node, Variable
from fgrad.sources.matching import ADD, MUL, Definitions, canonical

#: What a rule returns: what the result is instead, other nodes, or None if it has nothing to say.
Rule = Callable[[Node, Definitions], Atom | Node | list[Node] | None]
_COMMUTATIVE = {id(canonical(ADD)), id(canonical(MUL))}
_LIMIT = 50  # passes; each makes the graph smaller or simpler


def simplified(graph: Graph, rules: Sequence[Rule]) -> Graph:
    """Return a graph with the same values, simplified.

    The variables of the result carry the names of those whose place they take.
    """
    for _ in range(_LIMIT):
        rewriter = Rewriter(rules, graph)
        nodes = [new for node in graph.nodes for new in rewriter.rewritten(node)]
        outputs = [rewriter.now(atom) for atom in graph.outputs]
        graph = Graph(graph.name, graph.inputs, nodes, outputs, graph.decisions).pruned()
        if not rewriter.has_changed:
            break
    return graph


class Rewriter:
    """One pass.

    Attributes
    ----------
    instead : dict
        What a variable was replaced by.
    definitions : Definitions
        Which node makes a variable.
    seen : dict
        The results of the operations so far, by what they are.
    """

    def __init__(self, rules: Sequence[Rule], graph: Graph) -> None:
        self.rules = rules
        self.instead: dict[Atom, Atom] = {}
        self.definitions = Definitions(graph)
        self.seen: dict[Any, tuple[Variable, ...]] = {}
        self.has_changed = False

    def now(self, atom: Atom) -> Atom:
        """Return what an atom is by now."""
        return self.instead.get(atom, atom)

    def rewritten(self, node: Node) -> list[Node]:
        """Return the nodes that take the place of one."""
        node = node._replace(args=tuple(map(self.now, node.args)))
        for rule in self.rules:
            found = rule(node, self.definitions)
            if found is None:
                continue
            self.has_changed = True
            if isinstance(found, list):
                return [new for part in found for new in self.rewritten(part)]
            if isinstance(found, Node):
                return self.rewritten(found)
            self.replace(node.results[0], found)
            return []
        key = key_of(node)
        known = None if key is None else self.seen.get(key)
        if known is not None:
            self.has_changed = True
            for old, new in zip(node.results, known, strict=True):
                self.replace(old, new)
            return []
        if key is not None:
            self.seen[key] = node.results
        for variable in node.results:
            self.definitions[variable] = node
        return [node]

    def replace(self, old: Variable, new: Atom) -> None:
        """Let another atom take the place of a variable, and its name if it has none."""
        self.instead[old] = new
        self.definitions.uses[new] += self.definitions.uses[old]
        if new.name is None and type(new) is Variable:
            new.name = old.name


def key_of(node: Node) -> Any:
    """Return what two nodes have in common that compute the same; None if that is not known."""
    try:
        operation = id(canonical(node.primitive))
        args = tuple(map(_atom_key, node.args))
        if operation in _COMMUTATIVE:
            args = tuple(sorted(args, key=repr))
        key = (
            operation,
            args,
            tuple((name, _frozen(value)) for name, value in sorted(node.params.items())),
        )
        hash(key)
    except TypeError:
        return None
    return key


def _atom_key(atom: Atom) -> Any:
    return id(atom) if isinstance(atom, Variable) else _frozen(atom.value)


def _frozen(value: Any) -> Any:
    """Return something hashable that is equal for equal values."""
    kind = type(value)
    if kind is Box:
        return id(value)
    if kind is np.ndarray:
        return (kind, value.shape, value.dtype.str, value.tobytes()) if value.size <= 1000 else id(value)
    if kind in (tuple, list):
        return (kind, *map(_frozen, value))
    if kind is dict:
        return (kind, *((name, _frozen(part)) for name, part in value.items()))
    if kind is slice:
        return (kind, value.start, value.stop, value.step)
    if isinstance(value, int | float | complex | np.generic):
        return (kind, repr(value))  # 0.0 and -0.0 differ, and so do 1 and True
    return value
