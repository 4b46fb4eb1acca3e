"""Recording: what was done to some values is noted as a graph, to be done again with others.

What a box carries
    Its variable in the graph.  The value itself is plain, and nobody keeps it.

How a primitive is processed
    The value is computed without what other transforms attached to the arguments, and a node is noted.  A
    traced value from outside, which a closure brings in, becomes an input of the graph, so that no derivative
    is lost.

How it is run
    The nodes that an output needs, in order; see :class:`fgrad.ir.graph.Graph`.  What was decided by a value
    (a branch, a mask, an index) stays as it was decided: unlike in :mod:`fgrad.modes.capture`, what has
    derivative zero is no part of the graph.

>>> import numpy as np
>>> recorder = Recorder("an example")
>>> x = recorder.root(2.0)
>>> graph = recorder.graph_of([np.exp(x) * 3.0])
>>> graph.run([0.0])
[np.float64(3.0)]
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np

from fgrad.core.box import Box, Key, key_of, new_box, snapshot, still
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.core.trace import Trace
from fgrad.custom_rules.function import Handover
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.kinds.constant import Constant as ConstantRule
from fgrad.transforms.arguments import check_alive


class Recorder(Trace):
    """The interpreter that notes what is done.

    Parameters
    ----------
    transform : str
        The name of the transform that runs.
    quiet : bool
        Whether floating-point warnings are held back, where the values stand for others to come.
    """

    mode = "recording"

    def __init__(self, transform: str, *, quiet: bool = False) -> None:
        super().__init__(transform)
        self.quiet = quiet
        self.inputs: list[Variable] = []
        self.given: list[Any] = []
        self.nodes: list[Node] = []
        self.known: dict[Key, Variable] = {}

    def root(self, value: Any) -> Box:
        """Return a box for an input of the graph, with the value that it has for now."""
        return new_box(still(value), self, self.input_of(value))

    def input_of(self, value: Any) -> Variable:
        """Return the variable of a value from outside; the same one if it has come in before."""
        # of a plain value each use is an input: the same array may be asked for twice, as two arguments
        if type(value) is Box:
            variable = self.known.get(key_of(value))
            if variable is not None:
                return variable
        variable = Variable(*spec_of(value))
        self.inputs.append(variable)
        self.given.append(snapshot(value))
        if type(value) is Box:
            self.known[key_of(value)] = variable
        return variable

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        atoms: list[Atom] = []
        values: list[Any] = []
        for arg in args:
            if type(arg) is not Box:
                atoms.append(Constant(arg))
                values.append(arg)
            elif arg.owner is self:
                atoms.append(arg.payload)
                values.append(arg.value)
            else:
                check_alive(arg, primitive.name)
                atoms.append(self.input_of(arg))
                values.append(still(arg))
        with np.errstate(all="ignore") if self.quiet else nullcontext():
            ans = primitive.bind(values, params)
        for value in params.values():
            if type(value) is Handover:
                value.take()
        if isinstance(primitive.rule, ConstantRule):
            return ans
        several = type(ans) is tuple
        parts = ans if several else (ans,)
        results = tuple(Variable(*spec_of(part)) for part in parts)
        self.nodes.append(Node(primitive, tuple(atoms), params, results, several))
        boxes = tuple(new_box(part, self, variable) for part, variable in zip(parts, results, strict=True))
        return boxes if several else boxes[0]

    def graph_of(self, outputs: list[Box]) -> Graph:
        """Return the graph that computes some boxes from what has come in, in the order of ``given``."""
        return Graph(self.transform, self.inputs, self.nodes, [box.payload for box in outputs]).pruned()
