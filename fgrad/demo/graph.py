"""The computational graph of a function: its elementary operations, their values and their adjoints.

The graph is recorded by an interpreter of the same shape as fgrad's modes.

What a box carries
    The index of its node.

How a primitive is processed
    It is computed, and a node notes the operation, its arguments and the value.

How it is run
    Once to record.  The adjoint of a node is the derivative of the result with respect to a small
    quantity that is added to the node's value.  So the program is played again with a zero added at each
    node, and one call of ``grad``, with respect to all those zeros, is the backward pass.

>>> import numpy as np
>>> graph = record(lambda w, x: np.exp(w * x), w=2.0, x=0.0)
>>> for node, adjoint in zip(graph, adjoints(graph)):
...     print(node.name, "=", node.expression, "=", node.value, " adjoint", adjoint)
w = input = 2.0  adjoint 0.0
x = input = 0.0  adjoint 2.0
v1 = w * x = 0.0  adjoint 1.0
v2 = exp(v1) = 1.0  adjoint 1.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fgrad.core.box import Box, new_box
from fgrad.core.errors import OutputError
from fgrad.core.primitive import Primitive
from fgrad.core.trace import Trace
from fgrad.transforms.gradient import grad

INFIX = {
    "operator.add": "{} + {}",
    "operator.sub": "{} - {}",
    "operator.mul": "{} * {}",
    "operator.truediv": "{} / {}",
    "operator.pow": "{} ** {}",
    "operator.neg": "-{}",
    "matmul": "{} @ {}",
}


@dataclass(frozen=True)
class Ref:
    """An argument that is the value of an earlier node."""

    index: int


@dataclass(frozen=True)
class Node:
    """An input (then ``primitive`` is None) or one elementary operation."""

    name: str
    expression: str
    value: Any
    primitive: Primitive | None = None
    args: tuple[Any, ...] = ()
    params: Any = None


class RecordTrace(Trace):
    """The interpreter that notes every operation."""

    mode = "recording"

    def __init__(self, transform: str) -> None:
        super().__init__(transform)
        self.nodes: list[Node] = []

    def root(self, name: str, value: Any) -> Box:
        """Return a box for an input.  Inputs come before all else."""
        return self.add(Node(name, "input", value))

    def add(self, node: Node) -> Box:
        """Append a node and return the box that stands for its value."""
        self.nodes.append(node)
        return new_box(node.value, self, len(self.nodes) - 1)

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        mine = [type(arg) is Box and arg.owner is self for arg in args]
        value = primitive.bind(
            [arg.value if own else arg for arg, own in zip(args, mine, strict=True)], params
        )
        if type(value) is tuple:
            raise OutputError(f"a graph has operations of one result each; {primitive.name} has {len(value)}")
        refs = tuple(Ref(arg.payload) if own else arg for arg, own in zip(args, mine, strict=True))
        operations = sum(node.primitive is not None for node in self.nodes)
        name = f"v{operations + 1}"
        return self.add(Node(name, self.express(primitive, refs, params), value, primitive, refs, params))

    def express(self, primitive: Primitive, refs: tuple[Any, ...], params: Any) -> str:
        """Return the operation as it is written, by the names of its arguments."""
        names = [self.nodes[ref.index].name if type(ref) is Ref else str(ref) for ref in refs]
        if primitive.name in INFIX:
            return INFIX[primitive.name].format(*names)
        named = [
            f"{key}={param}" for key, param in params.items() if param is not None and param is not False
        ]
        return f"{primitive.name}({', '.join(names + named)})"


def values_of(args: tuple[Any, ...], values: list[Any]) -> list[Any]:
    """Return the arguments with the nodes' values in the places of references."""
    return [values[arg.index] if type(arg) is Ref else arg for arg in args]


def record(function: Callable[..., Any], /, **inputs: Any) -> list[Node]:
    """Return the nodes of a function, in the order of computation; the last is its result.

    Parameters
    ----------
    function : callable
        Takes the inputs by position, in the order given, and returns a scalar that depends on them.
    **inputs : float or array
        Where to compute, by the names that expressions use.

    Returns
    -------
    list of Node
        The inputs, then the operations.

    Raises
    ------
    OutputError
        If the result does not depend on the inputs, or an operation has several results.
    """
    trace = RecordTrace("the computational graph")
    try:
        result = function(*[trace.root(name, value) for name, value in inputs.items()])
    finally:
        trace.finish()
    if type(result) is not Box or result.owner is not trace:
        raise OutputError(f"a graph ends in a value that depends on the inputs; got {result!r}")
    nodes: list[Node] = trace.nodes
    return nodes[: result.payload + 1]


def adjoints(graph: list[Node]) -> list[Any]:
    """Return the derivative of the last node, a scalar, with respect to every node."""

    def replay(nudges: list[Any]) -> Any:
        values: list[Any] = []
        for node, nudge in zip(graph, nudges, strict=True):
            value = node.value
            if node.primitive is not None:
                value = node.primitive.bind(values_of(node.args, values), node.params)
            values.append(value + nudge)
        return values[-1]

    return list(grad(replay)([np.zeros_like(node.value, dtype=float)[()] for node in graph]))
