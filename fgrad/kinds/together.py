"""Many examples of an operation, as one operation: for batching rules that need plain arrays.

A batching rule of plain code (a compiled routine, LAPACK on a stack of matrices) cannot be handed the boxes
of a transform that differentiates ``vmap`` from outside.  What it computes is then a primitive of its own,
and its derivatives are those of the one operation, taken for all examples at once: the operation's own rule,
run under batching.

>>> import numpy as np
>>> from fgrad import defbatch, defvjp, grad, primitive, vmap
>>> @primitive
... def largest(a):
...     return float(np.linalg.eigvalsh(a)[-1])
>>> defbatch(largest, lambda a: np.linalg.eigvalsh(a)[:, -1])
>>> defvjp(largest, lambda ans, a: lambda g: g * np.outer(*[np.linalg.eigh(a)[1][:, -1]] * 2))
>>> grad(lambda a: np.sum(vmap(largest)(a)))(np.array([np.eye(2), np.diag([3.0, 1.0])]))[1]
array([[1., 0.],
       [0., 0.]])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds.rule import Rule
from fgrad.modes.batching import BatchTrace, in_front
from fgrad.modes.tape import ON_TRIAL, decline

#: A batching rule of plain arrays: from values that all have the axis of examples, and parameters.
PlainRule = Callable[..., Any]


def together(primitive: Primitive, rule: PlainRule, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Return what a batching rule of plain arrays gives; traced values go by the operation's own rules.

    Parameters
    ----------
    rule : callable
        ``rule(size, *values, **params)``.  Every value of numbers has the axis of examples in front; others,
        texts and objects, are as they were given.
    values, mine, size, params
        As a batching rule gets them.
    """
    whole = [
        in_front(value, own, size) if own or _is_numeric(value) else value
        for value, own in zip(values, mine, strict=True)
    ]
    if not any(type(value) is Box for value in whole):
        return rule(size, *whole, **params)

    def raw(*arrays: Any, **params: Any) -> Any:
        return rule(size, *arrays, **params)

    operation = Primitive(f"{primitive.name} of {size} examples", raw, ("*values",))
    operation.rule = Together(operation, primitive, rule, size)
    return operation.bind(whole, params)


def _is_numeric(value: Any) -> bool:
    return spec_of(value).dtype.kind in "fciub"


class Together(Rule):
    """The rule of many examples of an operation."""

    sole = None

    def __init__(self, operation: Primitive, single: Primitive, rule: PlainRule, size: int) -> None:
        self.operation = operation
        self.single = single
        self.rule = rule
        self.size = size
        ON_TRIAL[self.pull] = decline

    def batch(self, primitive: Primitive, values: Any, mine: Any, count: int, params: Any) -> Any:
        """Take examples of examples as one row of examples."""
        size = count * self.size
        whole = []
        for value, own in zip(values, mine, strict=True):
            if own or _is_numeric(value):
                value = in_front(value, own, count)
                value = np.reshape(value, (size, *spec_of(value).shape[2:]))
            whole.append(value)
        found = together(self.single, self.rule, whole, [True] * len(whole), size, params)
        if type(found) is not tuple:
            return self._rows(found, count)
        return tuple(self._rows(part, count) for part in found)

    def _rows(self, part: Any, count: int) -> Any:
        return np.reshape(part, (count, self.size, *spec_of(part).shape[1:]))

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return what the operation's own rule says, with values that have examples."""
        trace = BatchTrace.aside("vmap", self.size)
        entry = self.single.rule.vjp(active, _over(ans, trace), _over(tuple(args), trace), params)
        if entry is None:
            return None
        moving, pull, residual = entry
        return moving, self.pull, (trace, pull, residual)

    def pull(self, g: Any, residual: Any) -> Any:
        """Pull the cotangents of all examples back."""
        trace, pull, inner = residual
        return self._under(pull(_over(g, trace), inner), trace)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return None: the series follow from the tangents."""
        return None

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Push the tangents of all examples forward."""
        trace = BatchTrace.aside("vmap", self.size)
        over = [_over(part, trace) for part in (tuple(tangents), ans, tuple(args))]
        return self._under(self.single.rule.jvp(*over, params), trace)

    def _under(self, found: Any, trace: BatchTrace) -> Any:
        """Return plain derivatives for the boxed ones of the examples."""
        if type(found) in (tuple, list):
            return tuple(self._under(part, trace) for part in found)
        return None if found is None else in_front(*trace.examples(found), self.size)


def _over(value: Any, trace: BatchTrace) -> Any:
    """Return boxes of examples for values, several or one; None and what is no array stay."""
    if type(value) is tuple:
        return tuple(_over(part, trace) for part in value)
    if value is None or not _is_numeric(value):
        return value
    return trace.root(value)
