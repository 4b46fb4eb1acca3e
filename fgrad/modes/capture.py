"""Capture: a run is recorded as a graph.

What a box carries
    Its variable in the graph.  The value itself is plain, or of the level below.

How a primitive is processed
    The value is computed, and a node is noted: the primitive, the variables of its arguments, and what was
    constant.  What has derivative zero, a comparison or an index, is part of the graph as well.

How it is run
    Once, outside of the transforms that the function calls, whose own operations come to be nodes too: so the
    graph of ``grad(f)`` is captured like that of ``f``.  What the function decides by a value (an ``if``, an
    ``int``) is decided by the value that is there, and noted.

>>> import numpy as np
>>> from fgrad.ir.text import text_of
>>> def f(x):
...     y = np.exp(x)
...     return y * 3.0
>>> trace = CaptureTrace("an example")
>>> print(text_of(trace.graph_of("f", [f(trace.root(2.0, "x"))])))
f(x: float64[]):
    y: float64[] = exp(x)  # y = np.exp(x)
    v1: float64[] = mul(y, 3.0)  # return y * 3.0
    return v1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import numpy as np

from fgrad.core.box import Box, decided_by, new_box, snapshot
from fgrad.core.places import Place, user_frame
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.core.trace import FinishedTrace, Trace
from fgrad.ir.graph import Atom, Constant, Decision, Graph, Node, Origin, Variable
from fgrad.modes.outside import OutsideArrays, kept_value
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.tape import ON_TRIAL, decline
from fgrad.modes.usernames import UserNames, name_of_constant

_NUMBERS = (int, float, complex, np.generic)


class CaptureTrace(Trace):
    """The interpreter that records a graph.

    Parameters
    ----------
    transform : str
        The name of the transform that runs.
    keep : callable, optional
        Returns what is to be kept of a value that a variable has in this run.
    """

    mode = "capture"
    differentiates = False

    def __init__(self, transform: str, keep: Callable[[Any], Any] | None = None) -> None:
        super().__init__(transform)
        self.keep = keep
        self.inputs: list[Variable] = []
        self.nodes: list[Node] = []
        self.decisions: list[Decision] = []
        self.arrays = OutsideArrays(transform)
        self.constants: dict[int, Constant] = {}  # by the identity of the array that is kept
        self.numbers: dict[int, Constant] = {}  # by the identity of the number, of those that have a name
        self.names = UserNames(self)
        self.outside = user_frame()
        self.back: Place | None = None  # where the way back stands

    def describe(self) -> str:
        return f"captured by {self.transform}"

    def variable(self, value: Any, name: str | None = None) -> Variable:
        """Return a new variable for a value."""
        return Variable(*spec_of(value), name, None if self.keep is None else self.keep(value))

    def root(self, value: Any, name: str | None = None) -> Box:
        """Return a box for an input of the graph."""
        variable = self.variable(value, name)
        self.inputs.append(variable)
        return new_box(snapshot(value), self, variable)

    def constant(self, value: Any, position: int, frame: FrameType | None) -> Constant:
        """Return the constant for an argument from outside, the same one if it has come up before."""
        if type(value) is Box:
            return Constant(snapshot(value))
        if not isinstance(value, np.ndarray):
            return self.number(value, frame)
        kept = self.arrays.kept(value)
        constant = self.constants.get(id(kept))
        if constant is None:
            constant = Constant(kept, name_of_constant(value, frame, self.outside))
            if constant.name is None and value.ndim:
                constant.origin = self.origin(value, position, frame) or self.transposed(value)
            self.constants[id(kept)] = constant
        return constant

    def number(self, value: Any, frame: FrameType | None) -> Constant:
        """Return the constant for what is no array; one that had a name is known by its identity."""
        known = self.numbers.get(id(value))
        if known is not None and known.value is value:
            return known
        constant = Constant(kept_value(value), name_of_constant(value, frame, self.outside))
        if constant.name is not None and constant.value is value:
            self.numbers[id(value)] = constant
        return constant

    def origin(self, value: Any, position: int, frame: FrameType | None) -> Origin | None:
        """Return the expression for an argument, with the arrays in it as they are now."""
        found = self.names.origin_of(value, position, frame)
        if found is None:
            return None
        scope = {
            name: self.arrays.kept(known) if isinstance(known, np.ndarray) else known
            for name, known in found.scope.items()
        }
        return Origin(found.text, scope)

    def transposed(self, value: Any) -> Origin | None:
        """Return where a matrix comes from that is the transpose of one that is known."""
        known = self.constants.get(id(self.arrays.find(value.base)))
        if known is None or value.ndim != 2 or value.shape != known.value.shape[::-1]:
            return None
        if value.strides != value.base.strides[::-1] or value.size != value.base.size:
            return None
        if known.name is not None:
            return Origin(f"{known.name}.T", {known.name: known.value})
        return known.origin and Origin(f"({known.origin.text}).T", known.origin.scope)

    def seen(self, g: Any) -> Any:
        """Return a cotangent that is constant as a box too, so that the graph has what is done with it."""
        is_constant = type(g) is not Box and isinstance(g, float | np.ndarray | np.generic)
        return new_box(g, self, Constant(g)) if is_constant else g

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        if getattr(type(primitive.rule), "is_transparent", False):
            return primitive.raw(*args, **params)
        frame = self.frame()
        self.names.look(frame)
        atoms: list[Atom] = []
        values = []
        for arg in args:
            if type(arg) is Box and arg.owner is self:
                atoms.append(arg.payload)
                values.append(arg.value)
            else:
                atoms.append(self.constant(arg, len(atoms), frame))
                values.append(arg)
        ans = primitive.bind(values, params)
        several = type(ans) is tuple
        parts = ans if several else (ans,)
        if not any(map(_is_numeric, parts)):
            for arg in args:
                decided_by(arg)
            return ans  # a text, a dtype: nothing that the graph could compute with
        variables = tuple(map(self.variable, parts))
        if frame is not None:
            self.back = None
        place, is_back = (self.back, self.back is not None) if frame is None else (Place.of(frame), False)
        kept = {name: kept_value(value) for name, value in params.items()}
        self.nodes.append(Node(primitive, tuple(atoms), kept, variables, several, place, is_back))
        boxes = tuple(
            new_box(part, self, variable) if _is_numeric(part) else part
            for part, variable in zip(parts, variables, strict=True)
        )
        return boxes if several else boxes[0]

    def frame(self) -> FrameType | None:
        """Return the user's frame in the function; None on the way back, which is no line of it."""
        frame = user_frame()
        return None if frame is self.outside else frame

    def watch(self, before: Callable[[Trace], None] | None) -> Callable[[Trace], None]:
        """Return what is to look at the traces that start, after what has looked at them before."""

        def look(trace: Trace) -> None:
            if before is not None:
                before(trace)
            self.follow(trace)

        return look

    def follow(self, trace: Trace) -> None:
        """Have a trace of reverse mode that starts in the function remember the lines, for its way back.

        One that has none of our values, since a solver runs it to find a plain one, is left alone.
        """
        if not isinstance(trace, ReverseTrace):
            return
        root, write = trace.root, trace.write

        def rooted(value: Any) -> Box:
            if self.is_under(value):
                trace.write = located  # type: ignore[method-assign]
            return root(value)

        def located(pull: Any, parents: Any, residual: Any) -> int:
            frame = self.frame()
            if pull is None or frame is None:
                return write(pull, parents, residual)
            entry = Located(self, trace, pull, residual, Place.of(frame))
            entry.index = write(pull_located, parents, entry)
            return entry.index

        trace.root = rooted  # type: ignore[method-assign]

    def is_under(self, value: Any) -> bool:
        """Return whether a value is a box of this trace, or one around it."""
        while type(value) is Box:
            if value.owner is self:
                return True
            value = value.value
        return False

    def finish(self) -> None:
        """End the trace, and forget the frames: a box that is left over must not keep their values alive."""
        self.names.forget()
        super().finish()

    def decide(self, box: Box) -> None:
        if type(box.payload) is Constant:
            return
        frame = self.frame()
        self.decisions.append(Decision(None if frame is None else Place.of(frame), box.payload))

    def atom_of(self, output: Any) -> Atom:
        """Return the variable of an output, or a constant."""
        return output.payload if type(output) is Box and output.owner is self else Constant(output)

    def graph_of(self, name: str, outputs: Sequence[Any]) -> Graph:
        """Return the graph that computes some values from the inputs."""
        self.names.name_all()
        self.arrays.check()
        atoms = [self.atom_of(output) for output in outputs]
        return Graph(name, self.inputs, self.nodes, atoms, self.decisions)


class Located:
    """An entry of a tape, and the line that it came from."""

    __slots__ = ("capture", "index", "place", "pull", "residual", "tape_of")

    def __init__(self, capture: CaptureTrace, tape_of: Trace, pull: Any, residual: Any, place: Place) -> None:
        self.capture, self.tape_of, self.place = capture, tape_of, place
        self.pull, self.residual = pull, residual
        self.index = -1


def pull_located(g: Any, entry: Located) -> Any:
    """Pull a cotangent back, and tell the capture through what."""
    capture = entry.capture
    if isinstance(capture, FinishedTrace):
        capture.refuse("the way back")
    capture.names.name_cotangent(g, entry.tape_of, entry.index)
    capture.back = entry.place
    return entry.pull(capture.seen(g), entry.residual)


ON_TRIAL[pull_located] = decline


def _is_numeric(value: Any) -> bool:
    """Return whether a value is a number, an array of numbers, or a box for one."""
    kind = type(value)
    if kind is Box or (kind is np.ndarray and value.dtype.kind in "fciub"):
        return True
    return isinstance(value, _NUMBERS) and spec_of(value).dtype.kind in "fciub"
