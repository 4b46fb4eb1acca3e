"""One operation while it is watched: what is noted of it, and what is said if it makes a NaN.

What a rule computes on its way is its own business: a partial derivative may be infinite where the cotangent
is zero, and the product zero nonetheless.  So while a rule runs, the transforms that were there before look
only at what it returns, not at the operations that it consists of.  Transforms that a rule starts itself (a
checkpointed function, a custom rule) look at all of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from fgrad.core.box import Box, snapshot
from fgrad.core.places import Place
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import flatten
from fgrad.core.trace import new_level
from fgrad.debugging.nonfinite import (
    Checks,
    Flaw,
    NonFiniteError,
    flaw_of,
    holds_nan,
    layers,
    report,
)
from fgrad.kinds.elementwise import Elementwise
from fgrad.modes.pending import Parts, Scatter, Total

#: The rule that runs.
_current: ContextVar[Running | None] = ContextVar("the rule that runs", default=None)


#: Where an operation was recorded that is done again now.
_replayed: ContextVar[Place | None] = ContextVar("where the operation was recorded", default=None)

#: What may turn out to be wrong: infinite derivatives of parts of a rule, which another part may set to zero.
suspects: ContextVar[list[NonFiniteError]] = ContextVar("errors to raise if a result is not finite")

_NUMBERS = (float, complex, np.ndarray, np.generic)


class Call:
    """What is noted of one operation.

    Attributes
    ----------
    args : list
        The arguments, as the level below sees them.  They are kept for the message.
    mine : list of bool
        Which of them the trace differentiates.
    ans : array or box
        The result, as the level below sees it.
    around : Running or None
        The rule that was running.
    whole : Call or None
        The operation whose derivative this one is a part of; None if it is done in the function itself, or in
        a transform that a rule started.
    """

    __slots__ = (
        "ans",
        "args",
        "around",
        "checks",
        "mine",
        "mode",
        "params",
        "place",
        "primitive",
        "transform",
        "whole",
    )

    def __init__(self, trace: Any, checks: Checks, primitive: Primitive, args: Any, params: Any) -> None:
        self.primitive, self.params, self.checks = primitive, params, checks
        self.transform, self.mode = trace.transform, trace.mode
        self.mine = [type(arg) is Box and arg.owner is trace for arg in args]
        self.args = [arg.value if own else snapshot(arg) for arg, own in zip(args, self.mine, strict=True)]
        around = self.around = _current.get()
        self.whole: Call | None = around.call if around is not None and trace.level < around.level else None
        self.place: Place | None = self.whole.place if self.whole else _replayed.get() or Place.of_caller()
        self.ans: Any = None

    def running(self) -> Running:
        """Return the context in which this operation's rule runs."""
        return Running(self)

    @property
    def name(self) -> str:
        """What messages call the operation."""
        if not self.whole:
            return self.primitive.name
        return f"{self.primitive.name} (a part of the derivative of {self.whole.name})"

    def name_of(self, position: int) -> str:
        """Return the name of an argument."""
        names = self.primitive.argnames
        if position < len(names) and not names[position].startswith("*"):
            return names[position]
        return f"{names[-1].lstrip('*')}[{position - len(names) + 1}]"

    def flaw(self, value: Any, inputs: Sequence[Any]) -> Flaw | None:
        """Return what is wrong with a value that was computed from the arguments and ``inputs``."""
        constants = [leaf for leaf in flatten(self.params)[0] if isinstance(leaf, _NUMBERS)]
        by_element = isinstance(self.primitive.declared_rule(), Elementwise)
        return flaw_of(value, self.checks, (*self.args, *constants, *inputs), by_element=by_element)

    def error(self, what: str, values: Sequence[tuple[str, Any]] = ()) -> NonFiniteError:
        """Return the error that says ``what`` of this operation, and shows its arguments and other values."""
        named = [(self.name_of(i), arg) for i, arg in enumerate(self.args)]
        return report(f"{self.name}: {what}", self.place, [*named, *values])

    def check_value(self, ans: Any) -> None:
        """Raise if the result is not finite, and note it."""
        self.ans = ans
        if self.whole:
            return
        for part in self.results():
            flaw = self.flaw(part, ())
            if flaw is None:
                continue
            spoilt = [i for i, arg in enumerate(self.args) if flaw.kind == "NaN" and holds_nan(arg)]
            if not spoilt:
                raise self.error(f"its value became {flaw.kind}{flaw.where()}")
            name, own = self.name_of(spoilt[0]), self.mine[spoilt[0]]
            origin = (
                f"it came in with the arguments of the function given to {self.transform}"
                if own
                else "it is a constant, made where nothing was being differentiated"
            )
            raise self.error(f"its value is NaN because {name} holds NaN already; {origin}{flaw.where()}")

    def check_derivatives(
        self, found: Sequence[Any], moved: Sequence[Any], position: Callable[[int], int | None], moving: str
    ) -> None:
        """Raise if derivatives that the rule computed from those of ``moved`` are not finite.

        Parameters
        ----------
        found : sequence
            What the rule returned, None for zero.
        moved : sequence
            The tangents or cotangents that it was given, None for zero.
        position : callable
            ``position(i)`` returns the position of the argument that the ``i``-th of ``found`` is with
            respect to, None for all that move.
        moving : str
            What ``moved`` is, for the message.
        """
        moved = [layer for g in moved for piece in pieces(g) for layer, _ in layers(piece)]
        mode = f"{self.mode} mode of {self.transform}"
        for i, derivative in enumerate(found):
            for layer, further in (pair for piece in pieces(derivative) for pair in layers(piece)):
                flaw = self.flaw(layer, (*moved, *self.results()))
                if flaw is None:
                    continue
                values = [(moving, g) for g in moved]
                if flaw.kind == "NaN" and any(map(holds_nan, moved)):
                    cancel = ", or infinite contributions to it cancel" if self.mode == "reverse" else ""
                    raise self.error(
                        f"the {moving} that arrived holds NaN; it was given so{cancel} ({mode})", values
                    )
                place = position(i)
                places = [j for j, own in enumerate(self.mine) if own] if place is None else [place]
                names = " and ".join(map(self.name_of, places))
                again = f", differentiated again by {further}," if further else ""
                what = f"its derivative with respect to {names}{again}"
                error = self.error(f"{what} became {flaw.kind}{flaw.where()} ({mode})", values)
                if not self.whole:
                    raise error
                suspects.get().append(error)

    def results(self) -> Sequence[Any]:
        """Return the parts of the result."""
        return self.ans if type(self.ans) is tuple else (self.ans,)


class Running:
    """The context in which an operation's rule runs.

    Attributes
    ----------
    call : Call
        The operation.
    level : int
        Lower than those of the traces that the rule starts, and higher than those that were there before.
    """

    __slots__ = ("call", "level", "token")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.level = new_level()

    def __enter__(self) -> None:
        self.token = _current.set(self)

    def __exit__(self, *error: Any) -> None:
        _current.reset(self.token)


class WatchedPrimitive(Primitive):
    """Stands for a primitive in a trace's own ``process``, and looks at the value."""

    __slots__ = ("call",)

    def __init__(self, call: Call) -> None:
        primitive = call.primitive
        super().__init__(primitive.name, self.compute, primitive.argnames)
        self.call = call
        self.rule, self.batch = primitive.declared_rule(), primitive.batch

    def compute(self, *args: Any, **params: Any) -> Any:
        """Compute the value."""
        return self.bind(args, params)

    def bind(self, args: Any, params: Any) -> Any:
        call = self.call
        token = _current.set(call.around)  # this is not the rule yet
        try:
            ans = call.primitive.bind(args, params)
        finally:
            _current.reset(token)
        call.check_value(ans)
        return ans


class Placed(Primitive):
    """Stands for a primitive in a recorded program, and knows where it was recorded."""

    __slots__ = ("place", "primitive")

    def __init__(self, call: Call) -> None:
        primitive = call.primitive
        super().__init__(primitive.name, primitive.raw, primitive.argnames)
        self.primitive, self.place = primitive, call.place

    def bind(self, args: Any, params: Any) -> Any:
        token = _replayed.set(self.place)
        try:
            return self.primitive.bind(args, params)
        finally:
            _replayed.reset(token)


def pieces(g: Any) -> list[Any]:
    """Return the arrays and boxes of a derivative: several where there are several results.

    What is still being added up is looked at where it is: it is not finished before its time.
    """
    if g is None:
        return []
    if type(g) is tuple:
        return [piece for part in g for piece in pieces(part)]
    if type(g) is Parts:
        return pieces(tuple(g.gs))
    if type(g) is Scatter:
        return [piece for piece in (*g.gs, g.buffer, g.dense) if piece is not None]
    return [g.buffer] if type(g) is Total else [g]
