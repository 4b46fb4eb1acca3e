"""Traces and their levels: the whole of dispatch.

A transform that starts makes a trace, whose level comes from one counter: later means inner.  A
primitive hands itself to the trace of the highest level among its arguments; boxes of lower levels are
constants there.  There is no stack of active traces, so an exception, a thread, a generator or an async
task has nothing to leave in a wrong state, and perturbations cannot be confused:

>>> from fgrad import grad
>>> grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0)
1.0
"""

from __future__ import annotations

import itertools
from contextvars import ContextVar
from typing import Any, NoReturn
from weakref import ref

from fgrad.core.errors import LeakedBoxError

_levels = itertools.count(1)

#: The traces that were started in this thread or task, as ``(last, those before)``.  Dispatch does not look
#: at them; they say whether a new array may come to be written into with traced values.  A trace that was
#: left behind, by a generator that nobody resumed, is dead or finished and counts for nothing.
_started: ContextVar[Any] = ContextVar("traces that were started", default=None)

#: What is called with each trace that starts in this thread or task; see :mod:`fgrad.debugging.context`.
watcher: ContextVar[Any] = ContextVar("what looks at the traces that start", default=None)


def new_level() -> int:
    """Return a number between the levels of the traces that were there before and those of all later ones."""
    return next(_levels)


def is_tracing() -> bool:
    """Return whether the code that runs is being differentiated."""
    return _living(_started.get()) is not None


def _living(started: Any) -> Any:
    """Return what is left of the traces that were started when those that are over are taken off the end."""
    while started is not None:
        trace = started[0]()
        if trace is not None and type(trace) is not FinishedTrace:
            return started
        started = started[1]
    return None


class Trace:
    """What every mode's trace has.  A mode defines how a primitive is processed.

    Attributes
    ----------
    level : int
        Greater than that of every trace that was there before.
    transform : str
        The name of the transform that runs, for messages.
    batched : int
        How many axes the values have in front that their boxes do not show: 1 in batching, else 0.
    differentiates : bool
        Whether boxes carry derivatives.  If not, what has derivative zero stays boxed too.
    infinitesimals : tuple
        What a rule of reverse mode moved values by; see :mod:`fgrad.modes.infinitesimal`.
    """

    mode = "a trace"
    batched = 0
    differentiates = True
    infinitesimals: tuple[Any, ...] = ()
    level: float

    def __init__(self, transform: str) -> None:
        self.level = next(_levels)
        self.transform = transform
        _started.set((ref(self), _started.get()))
        watch = watcher.get()
        if watch is not None:
            watch(self)

    def describe(self) -> str:
        """Return the words for this trace in a box's repr."""
        return f"traced by {self.transform}"

    def unary(self, primitive: Any, x: Any) -> Any:
        """Process an elementwise primitive of one argument, which is a box of this trace."""
        return self.process(primitive, (x,), {})

    def left(self, primitive: Any, x: Any, y: Any) -> Any:
        """Process an elementwise primitive whose first argument alone is a box of this trace."""
        return self.process(primitive, (x, y), {})

    def right(self, primitive: Any, x: Any, y: Any) -> Any:
        """Process an elementwise primitive whose second argument alone is a box of this trace."""
        return self.process(primitive, (x, y), {})

    def both(self, primitive: Any, x: Any, y: Any) -> Any:
        """Process an elementwise primitive of two boxes of this trace."""
        return self.process(primitive, (x, y), {})

    def process(self, primitive: Any, args: Any, params: Any) -> Any:
        """Process any primitive: arrays in ``args``, what is not differentiated in ``params``."""
        raise TypeError(f"{type(self).__name__} does not say how it processes a primitive")

    def decide(self, box: Any) -> None:
        """Take note that what happens next was decided by the value of a box of this trace."""

    def finish(self) -> None:
        """End the trace.  From here on its boxes raise instead of recording to no purpose.

        Changing the class costs the operations of a living trace nothing: no flag to look at.
        """
        self.__class__ = FinishedTrace  # type: ignore[assignment]
        _started.set(_living(_started.get()))


class FinishedTrace(Trace):
    """A trace whose transform has returned."""

    def describe(self) -> str:
        """Return the words for this trace in a box's repr."""
        return f"left over from {self.transform}, which has returned"

    def process(self, primitive: Any, args: Any, params: Any) -> NoReturn:
        """Refuse."""
        self.refuse(primitive.name)

    def refuse(self, receiver: str) -> NoReturn:
        """Raise for a box of this trace that came to ``receiver``."""
        raise LeakedBoxError(
            f"{receiver} received a traced value of {self.transform}, which has already returned. "
            "The value was kept in a global, an attribute, a closure or a container beyond the call, and "
            "no derivative can flow through it any more. Return it from the differentiated function "
            "instead (value_and_grad, jacobian and vjp return values beside derivatives)."
        )
