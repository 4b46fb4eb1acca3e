"""Recording: what was done to some values is noted, to be done again with others.

What a box carries
    Its slot: the place of the value in the program.  The value itself is plain, and nobody keeps it.

How a primitive is processed
    The value is computed without what other transforms attached to the arguments, and a step is noted: the
    primitive, the slots of its arguments, and what was constant.  A traced value from outside, which a
    closure brings in, becomes an input of the program, so that no derivative is lost.

How it is run
    The steps that an output needs, in order.  Each primitive is dispatched anew: a program can be
    differentiated, batched and recorded like the code that it came from.  What was decided by a value (a
    branch, a mask, an index) stays as it was decided.

>>> import numpy as np
>>> recorder = Recorder("an example")
>>> x = recorder.root(2.0)
>>> program = recorder.program_of([np.exp(x) * 3.0])
>>> program([0.0])
[np.float64(3.0)]
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box, new_box, snapshot, still
from fgrad.core.primitive import Primitive
from fgrad.core.trace import Trace
from fgrad.custom_rules.function import Handover
from fgrad.kinds.constant import Constant
from fgrad.transforms.arguments import check_alive


class Slot(int):
    """The place of a value in a program."""


class Step(NamedTuple):
    """One operation.

    Attributes
    ----------
    args : tuple
        Slots and constants.
    results : Slot or tuple of Slot
        As the primitive returns one value or several.
    """

    primitive: Primitive
    args: tuple[Any, ...]
    params: dict[str, Any]
    results: Any


class Program:
    """A function of a list of values that returns a list of values.

    Attributes
    ----------
    inputs, outputs : list of Slot
        Where its arguments go and its results come from.
    steps : list of (Step, list of Slot)
        What is done, each with the slots that nothing reads afterwards.
    """

    def __init__(self, inputs: list[Slot], outputs: list[Slot], steps: list[Step]) -> None:
        self.inputs, self.outputs = inputs, outputs
        self.steps: list[tuple[Step, list[Slot]]] = []
        needed = set(outputs)
        for step in reversed(steps):
            results = [step.results] if type(step.results) is Slot else step.results
            if needed.isdisjoint(results):
                continue
            read = {arg for arg in step.args if type(arg) is Slot}
            self.steps.append((step, [slot for slot in (*read, *results) if slot not in needed]))
            needed |= read
        self.steps.reverse()

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """Return the outputs for the values of the inputs."""
        at = dict(zip(self.inputs, values, strict=True))
        for (primitive, args, params, results), done in self.steps:
            ans = primitive.bind([at[arg] if type(arg) is Slot else arg for arg in args], params)
            if type(results) is Slot:
                at[results] = ans
            else:
                at.update(zip(results, ans, strict=True))
            for slot in done:
                del at[slot]
        return [at[slot] for slot in self.outputs]


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
        self.count = 0
        self.inputs: list[Slot] = []
        self.given: list[Any] = []
        self.steps: list[Step] = []
        self.slots: dict[tuple[int, int, int] | None, Slot] = {}

    def new_slot(self) -> Slot:
        """Return the next free slot."""
        self.count += 1
        return Slot(self.count - 1)

    def root(self, value: Any) -> Box:
        """Return a box for an input of the program, with the value that it has for now."""
        return new_box(still(value), self, self.input_of(value))

    def input_of(self, value: Any) -> Slot:
        """Return the slot of a value from outside; the same one if it has come in before."""
        kept = snapshot(value)
        # of a plain value each use is an input: the same array may be asked for twice, as two arguments
        key = (id(kept.owner), id(kept.value), id(kept.payload)) if type(kept) is Box else None
        if key in self.slots:
            return self.slots[key]
        slot = self.new_slot()
        self.inputs.append(slot)
        self.given.append(kept)
        if key is not None:
            self.slots[key] = slot
        return slot

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        places: list[Any] = []
        values: list[Any] = []
        for arg in args:
            if type(arg) is not Box:
                places.append(arg)
                values.append(arg)
            elif arg.owner is self:
                places.append(arg.payload)
                values.append(arg.value)
            else:
                check_alive(arg, primitive.name)
                places.append(self.input_of(arg))
                values.append(still(arg))
        with np.errstate(all="ignore") if self.quiet else nullcontext():
            ans = primitive.bind(values, params)
        for value in params.values():
            if type(value) is Handover:
                value.take()
        if isinstance(primitive.rule, Constant):
            return ans
        results: Any = tuple(self.new_slot() for _ in ans) if type(ans) is tuple else self.new_slot()
        self.steps.append(Step(primitive, tuple(places), params, results))
        if type(ans) is tuple:
            return tuple(new_box(part, self, slot) for part, slot in zip(ans, results, strict=True))
        return new_box(ans, self, results)

    def program_of(self, outputs: list[Box]) -> Program:
        """Return the program that computes some boxes from what has come in, in the order of ``given``."""
        return Program(self.inputs, [box.payload for box in outputs], self.steps)
