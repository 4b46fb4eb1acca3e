"""The power series of an operation's result, by the differential equation that its rule states.

``y' = jvp(x; x')`` holds for power series ``x``, ``x'`` and ``y`` of one variable ``t``.  So the rule's own
JVP is run on the series, and the coefficient ``k - 1`` of what it returns is ``k`` times the ``k``-th of
``y``.  For the exponential the JVP is ``y * x'``, and

    y[k] = (y[0] k x[k] + y[1] (k - 1) x[k - 1] + ... + y[k - 1] x[1]) / k

Here ``y`` is needed while it is computed, but never further than it is known.  That is why series are
computed on demand.

An equation is an interpreter, one for each operation, in which the series of the arguments are boxes.  What
it computes is forgotten with it: no state is shared between operations or threads.

References
----------
A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, section 13.2,
https://doi.org/10.1137/1.9780898717761.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from fgrad.core.box import Box, new_box, snapshot
from fgrad.core.errors import FgradError
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of, zeros
from fgrad.core.trace import FinishedTrace, Trace
from fgrad.modes.forward import conform

#: How the ``k``-th coefficient of a result follows: ``step(k, series, found)``.  ``series[i]`` has the
#: coefficients of the argument ``i`` up to the ``k``-th (of a constant its value alone), ``found`` those of
#: the result before the ``k``-th.
Step = Callable[[int, Sequence[Sequence[Any]], Sequence[Any]], Any]


def motionless(k: int, series: Any, found: Any) -> None:
    """Return the coefficients of a result that does not move, as a step: none, so that it stays plain."""
    return None


def step_of(primitive: Primitive, mine: list[bool], ans: Any, values: Any, params: Any) -> Step | None:
    """Return how the coefficients of a result follow from its rule's recurrence, None if it has none."""
    recurrence = primitive.rule.recurrence
    step: Step | None = recurrence and recurrence(mine, ans, values, params)
    return step


class Series:
    """Coefficients that are made when they are asked for.

    Attributes
    ----------
    known : list
        Those that have been made, from the value on.
    make : callable
        Returns the ``k``-th, given ``k``; may ask for those before it.
    """

    __slots__ = ("known", "make")

    def __init__(self, known: list[Any], make: Callable[[int], Any]) -> None:
        self.known = known
        self.make = make

    def term(self, k: int) -> Any:
        """Return the ``k``-th coefficient."""
        known = self.known
        while len(known) <= k:
            known.append(self.make(len(known)))
        return known[k]


class Equation(Trace):
    """The interpreter that solves the differential equation of one operation of a Taylor trace.

    The sine's rule asks for the cosine of the same argument and the cosine's for the sine.  So an operation
    on the same arguments is done once, and the time is polynomial in the order.

    Attributes
    ----------
    parent : TaylorTrace
        Whose operation it is.
    made : dict
        By primitive and arguments, with which parameters results were made, and the results.
    series : list
        All series of results, in the order in which they were begun.
    owned : dict
        The series of the parent's boxes, by the identity of their coefficients.
    slopes : dict
        The series of derivatives that have been asked for, by the identity of the series.
    """

    mode = "the equation of a Taylor series"

    def __init__(self, parent: Any) -> None:
        # Not one of the transforms that were started.  Its level is between its parent's and all later ones.
        self.parent = parent
        self.transform = parent.transform
        self.level = parent.level + 0.25
        self.made: dict[Any, list[tuple[Any, Any, Any]]] = {}
        self.slopes: dict[int, Series] = {}
        self.owned: dict[int, Series] = {}
        self.series: list[Series] = []

    def solution(
        self, primitive: Primitive, args: Any, values: Any, ans: Any, params: Any, order: int
    ) -> list[list[Any]]:
        """Return the coefficients of each part of the operation's result, from the first on.

        Where derivatives are ever new functions, each is asked for by the one before, and the last by a long
        way of calls.  So all take each step together, the last one first.
        """
        made = self.solved_by(primitive, [self.own(arg) for arg in args], values, ans, params)
        for k in range(1, order + 1):
            for series, length in [(series, len(series.known)) for series in reversed(self.series)]:
                if length > 1:
                    series.term(length)
            for series in made:
                series.term(k)
        self.finish()
        return [series.known[1:] for series in made]

    def finish(self) -> None:
        """End, and forget at once what the garbage collector would have to find: series know each other."""
        for series in self.series:
            series.make = _exhausted
        self.made, self.slopes, self.owned = {}, {}, {}
        self.__class__ = FinishedTrace  # type: ignore[assignment]

    def own(self, arg: Any) -> Any:
        """Return an argument of the parent's as a box of the equation; others as they are."""
        if type(arg) is not Box or arg.owner is not self.parent:
            return snapshot(arg)
        series = self.owned.get(id(arg.payload))
        if series is None:
            series = self.owned[id(arg.payload)] = Series(arg.payload, arg.payload.__getitem__)
        return new_box(arg.value, self, series)

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        args = [self.own(arg) for arg in args]
        made = self.made.setdefault((primitive, *map(self.identity, args)), [])
        known = (result for result, _, others in made if _are_alike(params, others))
        result = next(known, None)
        if result is None:
            result = self.result(primitive, args, params)
            made.append((result, args, params))  # kept, so that no other object has their identities
        return tuple(map(snapshot, result)) if type(result) is tuple else snapshot(result)

    def identity(self, arg: Any) -> Any:
        """Return what is the same for equal arguments; constants that are not the same object may differ."""
        if type(arg) is Box and arg.owner is self:
            return id(arg.payload)
        return ("int", arg) if type(arg) is int else id(arg)

    def result(self, primitive: Primitive, args: Any, params: Any) -> Any:
        """Return a result that has not been made before."""
        mine = [type(arg) is Box and arg.owner is self for arg in args]
        values = [arg.value if own else arg for arg, own in zip(args, mine, strict=True)]
        ans = primitive.bind(values, params)
        step = step_of(primitive, mine, ans, values, params)
        if step is motionless:
            return ans
        if step is not None:
            series = followed(step, ans, args, mine)
            self.series.append(series)
            return new_box(ans, self, series)
        made = self.solved_by(primitive, args, values, ans, params)
        if type(ans) is tuple:
            return tuple(new_box(part, self, series) for part, series in zip(ans, made, strict=True))
        return new_box(ans, self, made[0])

    def solved_by(self, primitive: Primitive, args: Any, values: Any, ans: Any, params: Any) -> list[Series]:
        """Return the series, one for each part of the result, that solve the equation of the rule's JVP."""
        several = type(ans) is tuple
        parts = ans if several else (ans,)
        pushed: list[Any] = []

        def push() -> Any:
            if not pushed:
                boxes = tuple(new_box(part, self, series) for part, series in zip(parts, made, strict=True))
                tangents = [self.slope(arg) for arg in args]
                if several and primitive.rule.choice is not None:
                    boxes = primitive.rule.choice.chosen(boxes, tangents)
                moved = self.pushed(primitive, tangents, boxes if several else boxes[0], args, params)
                pushed.append((None,) * len(parts) if moved is None else moved if several else (moved,))
            return pushed[0]

        def maker(position: int) -> Callable[[int], Any]:
            def make(k: int) -> Any:
                term = self.term(push()[position], k - 1)
                return None if term is None else conform(term / k if k > 1 else term, parts[position])

            return make

        made = [Series([part], maker(i)) for i, part in enumerate(parts)]
        self.series += made
        return made

    @staticmethod
    def pushed(primitive: Primitive, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return what the rule's JVP gives; an error of code that takes plain arrays only is explained."""
        try:
            return primitive.rule.jvp(tangents, ans, args, params)
        except FgradError as error:
            if not hasattr(error, "__notes__"):
                error.add_note(
                    f"Beyond the first order the rule of {primitive.name} is itself differentiated: write it "
                    "with functions of NumPy, and what else it calls as primitives with rules of their own."
                )
            raise

    def slope(self, arg: Any) -> Any:
        """Return the derivative of an argument by ``t``, as a box; None for a constant."""
        if type(arg) is not Box or arg.owner is not self:
            return None
        series: Series = arg.payload
        slope = self.slopes.get(id(series))
        if slope is None:
            first = series.term(1)

            def make(k: int) -> Any:
                term = series.term(k + 1)
                return None if term is None else term * (k + 1)

            slope = Series([zeros(spec_of(arg.value)) if first is None else first], make)
            self.slopes[id(series)] = slope
        return new_box(slope.known[0], self, slope)

    def term(self, value: Any, k: int) -> Any:
        """Return a coefficient of a box or of a constant, None for zero."""
        if type(value) is Box:
            value = self.own(value)
            if value.owner is self:
                return value.payload.term(k)
        return value if k == 0 else None


def _exhausted(k: int) -> NoReturn:
    raise IndexError(f"a power series has no coefficient of order {k}")


def followed(step: Step, ans: Any, args: Any, mine: list[bool]) -> Series:
    """Return the series that follows by a recurrence from those of the arguments."""
    moving = [arg.payload for arg, own in zip(args, mine, strict=True) if own]
    series = [arg.payload.known if own else (arg,) for arg, own in zip(args, mine, strict=True)]
    found = [ans]

    def make(k: int) -> Any:
        for each in moving:
            each.term(k)
        term = step(k, series, found)
        return None if term is None else conform(term, ans)

    return Series(found, make)


def _are_alike(params: Any, others: Any) -> bool:
    """Return whether parameters are the same; a call of a user's primitive takes over what is known of it."""
    for name, value in params.items():
        other = others[name]
        if value is not other:
            adopt = getattr(value, "adopt", None)
            if adopt is None or not adopt(other):
                return False
    return True
