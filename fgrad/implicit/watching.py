"""Traces that look for what stands for their boxes, while somebody watches them.

A function can be run with other values in place of the traced ones that it uses, closes over or gets: the
traces of these are watched by way of their class, as a finished one is marked, so what is not watched pays
nothing.  Which values stand for which is known to the thread or task that runs the function; others that use
the same trace at the same time see no difference.

>>> import numpy as np
>>> from fgrad.modes.reverse import ReverseTrace
>>> trace = ReverseTrace("an example")
>>> x = trace.root(3.0)
>>> with standing_in(Environment({key_of(x): 4.0}), [trace]):
...     print(x * x)
16.0
>>> x * x
Box(9.0, traced by an example)
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import Any

from fgrad.core.box import Box, Key, key_of
from fgrad.core.primitive import Primitive
from fgrad.core.trace import FinishedTrace, Trace


class Environment:
    """What stands for which box while a function runs."""

    def __init__(self, values: dict[Key, Any]) -> None:
        self.values = values

    def stand_in(self, box: Box, outer: Any) -> Any:
        """Return what stands for a box, given what stands for it in the function around this one."""
        found = self.values.get(key_of(box), self)
        if found is self and type(outer) is Box:
            found = self.values.get(key_of(outer), self)
        return outer if found is self else found


_environments: ContextVar[tuple[Environment, ...]] = ContextVar("what stands for which box", default=())
_lock = Lock()


def resolve(value: Any) -> Any:
    """Return what stands for a value in the functions that run, the outermost first."""
    if type(value) is Box:
        box = value
        for environment in _environments.get():
            value = environment.stand_in(box, value)
    return value


def level_of(trace: Trace) -> float:
    """Return a trace's own level, watched or not."""
    level: float = vars(trace)["level"]
    return level


class WatchedTrace(Trace):
    """What the class of a watched trace has in front of its own methods.

    While something stands for its boxes, its level is above all others: what an operation is to be done with
    has to be known before it can be seen whose operation it is.
    """

    original: type[Trace]
    watchers: int

    @property
    def level(self) -> float:  # type: ignore[override]
        """The level that dispatch goes by."""
        return math.inf if _environments.get() else vars(self)["level"]  # type: ignore[no-any-return]

    # The shortcuts of elementwise operations lead to ``process`` here.
    unary, left, right, both = Trace.unary, Trace.left, Trace.right, Trace.both

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        if _environments.get():
            return dispatch(primitive, args, params)
        return self.original.process(self, primitive, args, params)


def dispatch(primitive: Primitive, args: Any, params: Any) -> Any:
    """Process a primitive with what stands for its arguments, in the trace whose own level is highest."""
    args = tuple([resolve(arg) for arg in args])
    traces = [arg.owner for arg in args if type(arg) is Box]
    if not traces:
        return primitive.raw(*args, **params)
    top = max(traces, key=level_of)
    kind = top.original if isinstance(top, WatchedTrace) else type(top)
    return kind.process(top, primitive, args, params)


@cache
def watched_class(original: Hashable) -> Any:
    """Return the class of a watched trace.

    It is no class of finished traces: that the trace's values are at hand is what it is watched for.
    """
    base: Any = Trace if original is FinishedTrace else original
    return type(base.__name__, (WatchedTrace, base), {"original": original, "refuse": FinishedTrace.refuse})


@contextmanager
def standing_in(environment: Environment, traces: Sequence[Trace]) -> Iterator[None]:
    """Let an environment be valid, with the traces watched, in this thread or task."""
    with _lock:
        for trace in traces:
            if isinstance(trace, WatchedTrace):
                trace.watchers += 1
            else:
                trace.__class__ = watched_class(type(trace))  # type: ignore[arg-type]
                trace.watchers = 1  # type: ignore[attr-defined]
    token = _environments.set((*_environments.get(), environment))
    try:
        yield
    finally:
        _environments.reset(token)
        with _lock:
            for trace in traces:
                if isinstance(trace, WatchedTrace):  # it has finished otherwise
                    trace.watchers -= 1
                    if not trace.watchers:
                        trace.__class__ = trace.original  # type: ignore[assignment]
