"""The interpreters that look at every number: those of :mod:`fgrad.modes`, each with a check around it.

A trace that starts while :func:`fgrad.debug_nans` is on becomes one of these, by a change of its class.  So
the interpreters themselves know nothing of it and spend no time on it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.core.trace import Trace
from fgrad.debugging.nonfinite import Checks, NonFiniteError, flaw_of, holds_nan, layers
from fgrad.debugging.watched import Call, Placed, WatchedPrimitive, pieces, suspects
from fgrad.ir.graph import Node
from fgrad.modes.batching import BatchTrace
from fgrad.modes.forward import ForwardTrace
from fgrad.modes.reverse import ReverseTrace, pull_part
from fgrad.modes.tape import ON_TRIAL, Tape, decline
from fgrad.modes.taylor import TaylorTrace
from fgrad.modes.transpose import TransposeTrace
from fgrad.transforms.recording import Recorder


class CheckedTrace(Trace):
    """What they have in common: each operation is noted, and its value is looked at.

    Attributes
    ----------
    checks : Checks
        What is looked for.
    """

    checks: Checks

    # The shortcuts of elementwise operations lead to ``process`` here.
    unary, left, right, both = Trace.unary, Trace.left, Trace.right, Trace.both

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        call = Call(self, self.checks, primitive, args, params)
        with call.running(), self.checks.quiet():
            result = super().process(WatchedPrimitive(call), args, params)
        self.look(call, args, result)
        return result

    def look(self, call: Call, args: Any, result: Any) -> None:
        """Look at what the trace attached to a result, or see to it that it will be looked at."""

    def boxes_of(self, result: Any) -> list[Box]:
        """Return the parts of a result that the trace differentiates."""
        parts = result if type(result) is tuple else (result,)
        return [part for part in parts if type(part) is Box and part.owner is self]


class CheckedForward(CheckedTrace):
    """Looks at tangents."""

    def look(self, call: Call, args: Any, result: Any) -> None:
        if call.whole:
            return
        tangents = [arg.payload if own else None for arg, own in zip(args, call.mine, strict=True)]
        found = [box.payload for box in self.boxes_of(result)]
        call.check_derivatives(found, tangents, lambda _: spoiler_of(call, tangents), "tangent")


def spoiler_of(call: Call, tangents: list[Any]) -> int | None:
    """Return the argument whose tangent alone gives a result that is not finite, None if none does."""
    for position, tangent in enumerate(tangents):
        if tangent is None:
            continue
        alone = [t if i == position else None for i, t in enumerate(tangents)]
        with call.running(), call.checks.quiet():
            pushed = call.primitive.rule.jvp(alone, call.ans, call.args, call.params)
        if any(call.flaw(piece, [tangent]) for piece in pieces(pushed)):
            return position
    return None


class CheckedTaylor(CheckedTrace):
    """Looks at the coefficients of power series."""

    def look(self, call: Call, args: Any, result: Any) -> None:
        if call.whole:
            return
        terms = [term for box in self.boxes_of(result) for term in box.payload[1:]]
        moved = [t for arg, own in zip(args, call.mine, strict=True) if own for t in arg.payload[1:]]
        call.check_derivatives(terms, moved, lambda i: None, "coefficient")


class CheckedValues(CheckedTrace):
    """Looks at values alone, where a trace attaches nothing else: batching and recording."""

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        # Not as a watched one: a batching rule computes in as many steps as it likes, and a recorder notes
        # the primitive.
        call = Call(self, self.checks, primitive, args, params)
        with self.checks.quiet():
            result = super(CheckedTrace, self).process(primitive, args, params)
        call.args = list(args)
        call.check_value(result)
        self.look(call, args, result)
        return result


class CheckedRecorder(CheckedValues):
    """Looks at values, unless they only stand for others to come, and notes the lines of the nodes."""

    quiet: bool
    nodes: list[Node]

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        if self.quiet:
            return super(CheckedTrace, self).process(primitive, args, params)
        return super().process(primitive, args, params)

    def look(self, call: Call, args: Any, result: Any) -> None:
        if self.boxes_of(result):
            self.nodes[-1] = self.nodes[-1]._replace(primitive=Placed(call))


class CheckedReverse(CheckedTrace):
    """Has every cotangent looked at on the way back."""

    tape: Tape

    def root(self, value: Any) -> Box:
        if type(self.tape) is Tape:  # it had not been made when this trace became a checked one
            self.tape = CheckedTape(self.checks)
            self.write = self.tape.write
        box: Box = super().root(value)  # type: ignore[misc]
        return box

    def look(self, call: Call, args: Any, result: Any) -> None:
        pulls, parents, residuals = self.tape.pulls, self.tape.parents, self.tape.residuals
        written = [box.payload for box in self.boxes_of(result)]
        entries = {parents[entry] if pulls[entry] is pull_part else entry for entry in written}
        for entry in entries:
            places = parents[entry] if type(parents[entry]) is tuple else (parents[entry],)
            positions = _positions(places, args, call.mine)
            residuals[entry] = (pulls[entry], residuals[entry], call, positions)
            pulls[entry] = pull_checked


def _positions(places: tuple[int, ...], args: Any, mine: list[bool]) -> list[int]:
    """Return the positions of the arguments that entries of a tape belong to, in order."""
    left = [(i, arg.payload) for i, (arg, own) in enumerate(zip(args, mine, strict=True)) if own]
    positions = []
    for place in places:
        at = next(n for n, (_, payload) in enumerate(left) if payload == place)
        positions.append(left[at][0])
        del left[: at + 1]
    return positions


def pull_checked(g: Any, residual: Any) -> Any:
    """Pull, and look at the cotangents."""
    pull, inner, call, positions = residual
    with call.running(), call.checks.quiet():
        new = pull(g, inner)
    found = new if type(new) is tuple else (new,)
    call.check_derivatives(found, [g], positions.__getitem__, "cotangent")
    return new


ON_TRIAL[pull_checked] = decline


class CheckedTape(Tape):
    """A tape that looks at the cotangents of the roots, too: no operation's pull sees them."""

    __slots__ = ("checks",)

    def __init__(self, checks: Checks) -> None:
        super().__init__()
        self.checks = checks

    def pull_back(self, seeds: list[tuple[int, Any]], roots: int, *, again: bool = False) -> list[Any]:
        suspected: list[NonFiniteError] = []
        token = suspects.set(suspected)
        try:
            with self.checks.quiet():
                cotangents = super().pull_back(seeds, roots, again=again)
        finally:
            suspects.reset(token)
        found = [layer for g in cotangents if g is not None for layer, _ in layers(g)]
        if suspected and any(flaw_of(g, self.checks) for g in found):
            raise suspected[0]
        if self.checks.nan and any(map(holds_nan, found)):
            raise NonFiniteError(
                "the sum of the contributions to a derivative is NaN: infinite ones cancel, or the cotangent "
                "that was given is NaN"
            )
        return cotangents


_CHECKED: dict[type, type | None] = {
    TransposeTrace: None,  # part of a rule
    ReverseTrace: CheckedReverse,
    ForwardTrace: CheckedForward,
    TaylorTrace: CheckedTaylor,
    BatchTrace: CheckedValues,
    Recorder: CheckedRecorder,
}


def check(trace: Trace, checks: Checks) -> None:
    """Make a trace one that is checked, if it is of a kind that can be."""
    kind = checked(type(trace))  # type: ignore[arg-type]
    if kind is not None:
        trace.__class__ = kind
        trace.checks = checks  # type: ignore[attr-defined]


@cache
def checked(kind: Any) -> Any:
    """Return the class of traces that does what ``kind`` does and checks it; None if there is none."""
    mixin = next((_CHECKED[base] for base in kind.__mro__ if base in _CHECKED), None)
    return None if mixin is None else type(f"Checked{kind.__name__}", (mixin, kind), {})
