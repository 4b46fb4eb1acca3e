"""What a graph must be: assigned once, defined before use, of primitives.

>>> import numpy as np
>>> from fgrad.ir.graph import Graph, Variable
>>> check(Graph("f", [], [], [Variable((), np.dtype(float))]))
Traceback (most recent call last):
    ...
fgrad.ir.validity.InvalidGraphError: graph f: output 0 is a variable that nothing assigns
"""

from __future__ import annotations

from fgrad.core.errors import FgradError
from fgrad.core.primitive import Primitive
from fgrad.ir.graph import Constant, Graph, Node, Variable


class InvalidGraphError(FgradError, ValueError):
    """A graph that is none: a variable without a value, or with two."""


def check(graph: Graph) -> None:
    """Raise if a graph is not valid.

    Inputs are variables, each once.  Every node has a primitive, as many arguments as that takes, and
    variables among them that were assigned before; it assigns variables that were not.  Outputs are constants
    or have been assigned.

    Raises
    ------
    InvalidGraphError
        The message names the first node that is wrong.
    """
    known: set[Variable] = set()
    for i, variable in enumerate(graph.inputs):
        if type(variable) is not Variable or variable in known:
            raise InvalidGraphError(f"graph {graph.name}: input {i} is no variable of its own")
        known.add(variable)
    for i, node in enumerate(graph.nodes):
        fault = _fault_of(node, known)
        if fault is not None:
            raise InvalidGraphError(f"graph {graph.name}: node {i} {fault}")
        known.update(node.results)
    for i, atom in enumerate(graph.outputs):
        if type(atom) is Variable and atom not in known:
            raise InvalidGraphError(f"graph {graph.name}: output {i} is a variable that nothing assigns")
        if type(atom) is not Variable and type(atom) is not Constant:
            raise InvalidGraphError(f"graph {graph.name}: output {i} is neither a variable nor a constant")


def _fault_of(node: Node, known: set[Variable]) -> str | None:
    """Return what is wrong with a node, None if nothing is."""
    if not isinstance(node.primitive, Primitive):
        return f"has {node.primitive!r} where a primitive must be"
    name, argnames = node.primitive.name, node.primitive.argnames
    for i, arg in enumerate(node.args):
        if type(arg) is not Constant and (type(arg) is not Variable or arg not in known):
            return f"({name}): argument {i} is a variable that nothing before it assigns"
    open_ended = argnames[-1:] and argnames[-1].startswith("*")
    own = "call" not in node.params  # of a user's primitive the leaves are the arguments
    if own and not open_ended and len(node.args) != len(argnames):
        return f"({name}) has {len(node.args)} arguments; it takes {len(argnames)}"
    if len(set(node.results)) != len(node.results) or not known.isdisjoint(node.results):
        return f"({name}) assigns a variable that has a value already"
    if not node.several and len(node.results) != 1:
        return f"({name}) has {len(node.results)} results; it must have one"
    if not all(type(name) is str for name in node.params):
        return f"({name}) has a parameter without a name"
    return None
