"""Rematerialisation: what a function computes on its way is forgotten, and computed again when it is needed.

The function is recorded as a program of primitives, with its values kept by nobody.  The program is then one
primitive, whose derivatives run it again under the mode that asks.  A derivative of such a primitive is one
in its turn, of the program that computes the derivative: so nothing is kept at any order.

The program is that of one run.  What the function decides by a value, draws at random or reads from a
variable that changes later is the same when it is computed again.

References
----------
A. Griewank and A. Walther, "Algorithm 799: revolve", ACM Transactions on Mathematical Software 26 (2000),
https://doi.org/10.1145/347837.347846.
T. Chen, B. Xu, C. Zhang and C. Guestrin, "Training deep nets with sublinear memory cost",
https://arxiv.org/abs/1604.06174 (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fgrad.core.box import Box, is_variable
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import flatten, unflatten
from fgrad.core.spec import Spec, spec_of, zeros
from fgrad.custom_rules.function import Handover
from fgrad.kinds.rule import Rule
from fgrad.modes.batching import BatchTrace, in_front
from fgrad.modes.forward import ForwardTrace
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.slate import is_slate, plain
from fgrad.modes.tape import ON_TRIAL, decline
from fgrad.modes.taylor import TaylorTrace
from fgrad.transforms.base import Transformed
from fgrad.transforms.recording import Recorder
from fgrad.transforms.running import run

#: A function of a list of values that returns a list of values.
Computation = Callable[[Sequence[Any]], list[Any]]

_KEEPING = frozenset({ReverseTrace.mode, Recorder.mode})


class checkpoint(Transformed):  # noqa: N801 - used as a function
    """Return a function of the same values and derivatives that keeps only its arguments for them.

    In reverse mode, everything that a function computes is kept until the way back.  Of this function only
    the arguments are, and the way back computes the rest again: more time for less memory.

    Parameters
    ----------
    function : callable
        Takes and returns arrays or containers of them, or anything else, which passes through.

    Returns
    -------
    callable
        Does what ``function`` does, in all modes, at all orders and nested.  Traced values that ``function``
        closes over keep their derivatives; what is computed from these alone, without an argument, is kept
        as it would be without ``checkpoint``.  So are masks and indices, which are the same on the way back,
        like anything else that a run decides by values or draws at random.

    Raises
    ------
    InputError
        If it is given something else than a function.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import checkpoint, grad
    >>> layer = checkpoint(lambda w, x: np.tanh(w * np.sin(x)))
    >>> grad(lambda w: layer(w, layer(w, 1.0)))(0.0)
    0.0
    """

    transform = "checkpoint"
    summary = "Rematerialised"

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)

    def describe(self) -> None:
        super().describe()
        self.__doc__ = getattr(self.function, "__doc__", None)

    def apply(self, args: Any, kwargs: Any) -> Any:
        leaves, structure = flatten((args, kwargs))
        if not any(map(is_kept, leaves)):
            return self.function(*args, **kwargs)
        recorder = Recorder(self.transform)
        try:
            args, kwargs = unflatten(
                structure, [recorder.root(x) if type(x) is Box and not is_slate(x) else x for x in leaves]
            )
            outputs, result = flatten(run(self.function, args, kwargs))
            outputs = [plain(out) for out in outputs]
            places = [i for i, out in enumerate(outputs) if type(out) is Box and out.owner is recorder]
            program = recorder.graph_of([outputs[i] for i in places]).run
        finally:
            recorder.finish()
        first = Handover()
        if not any(map(is_variable, recorder.given)):
            first.content = [outputs[i].value for i in places]
        if places:
            ans = _CHECKPOINT.bind(recorder.given, {"program": program, "first": first})
            for i, value in zip(places, ans if len(places) > 1 else (ans,), strict=True):
                outputs[i] = value
        return unflatten(result, outputs)


def is_kept(value: Any) -> bool:
    """Return whether a transform that looks back has something to do with a value, or with its tangent."""
    while type(value) is Box:
        if value.owner.mode in _KEEPING or is_kept(value.payload):
            return True
        value = value.value
    return False


def _compute(*leaves: Any, program: Computation, first: Handover | None = None) -> Any:
    """Run a program; the first time, its results are those of the recording."""
    results = (first and first.take()) or program(leaves)
    return results[0] if len(results) == 1 else tuple(results)


class Rematerialised(Rule):
    """The rule of a program that is run again for each derivative."""

    sole = None
    is_transparent = True  # to a capture: its graph has what the program does

    def __init__(self, primitive: Primitive) -> None:
        self.primitive = primitive
        ON_TRIAL[self.pull] = decline  # it is not to be run twice

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        specs = [spec_of(part) for part in (ans if type(ans) is tuple else (ans,))]
        return active, self.pull, (active, args, params["program"], specs)

    def pull(self, g: Any, residual: Any) -> Any:
        """Pull back through the program, as a program."""
        active, args, program, specs = residual
        parts = g if type(g) is tuple else (g,)
        gs = [zeros(spec) if part is None else part for part, spec in zip(parts, specs, strict=True)]
        return self.primitive.bind([*args, *gs], {"program": Pulled(program, active, len(args))})

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Push forward through the program, as a program if it is kept."""
        moving = tuple(i for i, t in enumerate(tangents) if t is not None)
        program = Pushed(params["program"], moving, len(args))
        values = [*args, *(tangents[i] for i in moving)]
        if any(map(is_kept, values)):
            return self.primitive.bind(values, {"program": program})
        results = program(values)
        return results[0] if len(results) == 1 else tuple(results)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: by the program on the series that far.

        The equation of the JVP would be right too, but each order would run the program of all below it.
        """
        if type(ans) is tuple:
            return None

        def step(k: int, series: Any, found: Any) -> Any:
            known = [
                [j for j in range(1, k + 1) if own and terms[j] is not None]
                for own, terms in zip(mine, series, strict=True)
            ]
            coefficients = [terms[j] for terms, orders in zip(series, known, strict=True) for j in orders]
            program = Expanded(params["program"], known, k)
            return self.primitive.bind([*args, *coefficients], {"program": program})

        return step

    @staticmethod
    def batch(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        """Run the program for many examples at once."""
        return primitive.bind(values, {"program": Batched(params["program"], tuple(mine), size)})


class Pulled:
    """The program of the cotangents of a program's arguments."""

    def __init__(self, program: Computation, active: tuple[int, ...], count: int) -> None:
        self.program, self.active, self.count = program, active, count

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        args, gs = list(values[: self.count]), values[self.count :]
        specs: list[Spec] = [spec_of(args[i]) for i in self.active]
        trace = ReverseTrace("checkpoint")
        try:
            for i in self.active:
                args[i] = trace.root(args[i])
            outputs = self.program(args)
            seeds = [
                (out, g)
                for out, g in zip(outputs, gs, strict=True)
                if type(out) is Box and out.owner is trace
            ]
            found = trace.pull_back_all(seeds)
        finally:
            trace.finish()
        return [zeros(spec) if g is None else g for g, spec in zip(found, specs, strict=True)]


class Pushed:
    """The program of the tangents of a program's results."""

    def __init__(self, program: Computation, moving: tuple[int, ...], count: int) -> None:
        self.program, self.moving, self.count = program, moving, count

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        args = list(values[: self.count])
        trace = ForwardTrace("checkpoint")
        try:
            for i, t in zip(self.moving, values[self.count :], strict=True):
                args[i] = trace.root(args[i], t)
            return [trace.tangent(out) for out in self.program(args)]
        finally:
            trace.finish()


class Expanded:
    """The program of the last coefficient of a program's results, for arguments that are power series."""

    def __init__(self, program: Computation, known: list[list[int]], order: int) -> None:
        self.program, self.known, self.order = program, known, order

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        count = len(self.known)
        args, coefficients = list(values[:count]), iter(values[count:])
        trace = TaylorTrace("checkpoint", self.order)
        try:
            for i, orders in enumerate(self.known):
                if orders:
                    terms: list[Any] = [None] * self.order
                    for j in orders:
                        terms[j - 1] = next(coefficients)
                    args[i] = trace.root(args[i], terms)
            return [trace.terms(out)[self.order] for out in self.program(args)]
        finally:
            trace.finish()


class Batched:
    """The program of a program's results for many examples."""

    def __init__(self, program: Computation, mine: tuple[bool, ...], size: int) -> None:
        self.program, self.mine, self.size = program, mine, size

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        trace = BatchTrace("checkpoint", self.size)
        try:
            args = [trace.root(x) if own else x for x, own in zip(values, self.mine, strict=True)]
            outputs = self.program(args)
            return [in_front(*trace.examples(out), self.size) for out in outputs]
        finally:
            trace.finish()


_CHECKPOINT = Primitive("checkpoint", _compute, ("*values",))
_CHECKPOINT.rule = Rematerialised(_CHECKPOINT)
