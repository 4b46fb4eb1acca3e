"""Graphs: straight-line programs of primitives, in which each variable is assigned once.

A graph is a list of nodes in the order in which they were done.  A node applies a primitive to variables and
constants, with parameters that are not differentiated, and assigns its results.  There are no branches and no
loops: what the function decided by values is decided.

>>> import numpy as np
>>> from fgrad.core.registry import PRIMITIVES
>>> x, y = Variable((), np.dtype(float)), Variable((), np.dtype(float))
>>> graph = Graph("f", [x], [Node(PRIMITIVES[np.exp], (x,), {}, (y,), several=False)], [y])
>>> graph.run([0.0])
[np.float64(1.0)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.places import Place
from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec


class Variable:
    """A value that a graph computes, or is given.  Two are the same only if they are one object.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    name : str or None
        What the user calls it.
    kept : object
        What was kept of its value in the run that was captured; None if nothing was.
    """

    __slots__ = ("dtype", "kept", "name", "shape")

    def __init__(
        self, shape: tuple[int, ...], dtype: np.dtype[Any], name: str | None = None, kept: Any = None
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.name = name
        self.kept = kept

    @property
    def spec(self) -> Spec:
        """Shape and dtype."""
        return Spec(self.shape, self.dtype)


class Origin(NamedTuple):
    """An expression in the user's code, ``-X``, and the values of the names in it."""

    text: str
    scope: dict[str, Any]


class Constant:
    """A value that does not depend on the inputs: a number in the code, an array from outside of it.

    Attributes
    ----------
    value : object
    name : str or None
        What the user calls it.
    origin : Origin or None
        How the user's code computes it from what has names.
    """

    __slots__ = ("name", "origin", "value")

    def __init__(self, value: Any, name: str | None = None, origin: Origin | None = None) -> None:
        self.value = value
        self.name = name
        self.origin = origin


Atom = Variable | Constant


class Node(NamedTuple):
    """One operation.

    Attributes
    ----------
    primitive : Primitive
    args : tuple of Variable and Constant
    params : dict
        What is not differentiated: an axis, an index.
    results : tuple of Variable
    several : bool
        Whether the primitive returns a tuple; if not, there is one result.
    place : Place or None
        The user's line that led to it.
    is_back : bool
        Whether it is of a way back, through what that line did.
    """

    primitive: Primitive
    args: tuple[Atom, ...]
    params: dict[str, Any]
    results: tuple[Variable, ...]
    several: bool = False
    place: Place | None = None
    is_back: bool = False

    def reads(self) -> Iterator[Variable]:
        """Yield the variables that it needs."""
        return (arg for arg in self.args if type(arg) is Variable)

    def compute(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Return the results for the values of the arguments."""
        ans = self.primitive.bind(values, self.params)
        return ans if self.several else (ans,)


class Decision(NamedTuple):
    """A place where the function looked at a value to decide what to do: a graph holds for this outcome."""

    place: Place | None
    variable: Variable


class Graph:
    """A function of a list of values that returns a list of values.

    Attributes
    ----------
    name : str
    inputs : list of Variable
    nodes : list of Node
    outputs : list of Variable and Constant
    decisions : list of Decision
        On what the function branched.
    """

    def __init__(
        self,
        name: str,
        inputs: Sequence[Variable],
        nodes: Sequence[Node],
        outputs: Sequence[Atom],
        decisions: Sequence[Decision] = (),
    ) -> None:
        self.name = name
        self.inputs = list(inputs)
        self.nodes = list(nodes)
        self.outputs = list(outputs)
        self.decisions = list(decisions)
        self._last: list[list[Variable]] | None = None

    def pruned(self) -> Graph:
        """Return the graph without the nodes that no output needs."""
        needed = {atom for atom in self.outputs if type(atom) is Variable}
        kept = []
        for node in reversed(self.nodes):
            if not needed.isdisjoint(node.results):
                kept.append(node)
                needed.update(node.reads())
        return Graph(self.name, self.inputs, kept[::-1], self.outputs, self.decisions)

    def last_uses(self) -> list[list[Variable]]:
        """Return for each node the variables that nothing reads after it."""
        if self._last is None:
            seen = {atom for atom in self.outputs if type(atom) is Variable}
            last = []
            for node in reversed(self.nodes):
                ending = list(dict.fromkeys(v for v in (*node.reads(), *node.results) if v not in seen))
                seen.update(ending)
                last.append(ending)
            self._last = last[::-1]
        return self._last

    def run(self, values: Sequence[Any], through: Callable[[Variable, Any], Any] | None = None) -> list[Any]:
        """Return the outputs for the values of the inputs.

        Each primitive is dispatched anew: a graph can be differentiated, batched and captured like the code
        that it came from.  A value is forgotten as soon as nothing needs it.  With ``through`` the run goes
        on with what that returns for each variable and its value.
        """
        found: Iterable[Any] = values if through is None else map(through, self.inputs, values)
        at = dict(zip(self.inputs, found, strict=True))
        for node, ending in zip(self.nodes, self.last_uses(), strict=True):
            args = [at[arg] if isinstance(arg, Variable) else arg.value for arg in node.args]
            found = node.compute(args)
            if through is not None:
                found = map(through, node.results, found)
            at.update(zip(node.results, found, strict=True))
            for variable in ending:
                at.pop(variable, None)
        return [at[atom] if isinstance(atom, Variable) else atom.value for atom in self.outputs]

    def constants(self) -> list[Constant]:
        """Return the constants, each once, in the order in which they come up."""
        atoms = [arg for node in self.nodes for arg in node.args] + self.outputs
        return list(dict.fromkeys(atom for atom in atoms if type(atom) is Constant))
