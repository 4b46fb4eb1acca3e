"""Reverse mode: record what was done, then pull cotangents back through it.

What a box carries
    Its index on the tape.

How a primitive is processed
    The value is computed, and one entry is recorded: the function ``pull`` that takes the cotangent of
    the result to the cotangents of the arguments, the arguments' indices, and the residual, which is
    whatever the rule said that ``pull`` needs.  What no rule names is not kept alive.

How it is run
    Forward once, then the tape is pulled back from its last entry to its first; see
    :mod:`fgrad.modes.tape`.

>>> import numpy as np
>>> trace = ReverseTrace("an example")
>>> x = trace.root(np.array([1.0, 2.0]))
>>> y = np.sum(x * x)
>>> trace.pull_back(y, 1.0)
[array([2., 4.])]
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box, snapshot
from fgrad.core.primitive import Primitive
from fgrad.core.spec import differing_dtype, differing_spec, fit
from fgrad.core.trace import Trace
from fgrad.modes.infinitesimal import standards
from fgrad.modes.pending import Parts
from fgrad.modes.tape import ON_TRIAL, Pull, Tape

_new = Box.__new__
_ndarray = np.ndarray
_FIRST = (0,)


class ReverseTrace(Trace):
    """The interpreter that writes a tape."""

    mode = "reverse"

    def __init__(self, transform: str) -> None:
        self.tape = Tape()
        self.write = self.tape.write
        self.roots = 0
        super().__init__(transform)  # last: who watches traces may look at the tape

    def root(self, value: Any) -> Box:
        """Return a box for a value to differentiate with respect to.  Roots come before all else."""
        self.roots += 1
        return self.record(snapshot(value), None, None, None)

    def record(self, ans: Any, pull: Any, parents: Any, residual: Any) -> Box:
        """Write one entry and return the box of its result."""
        box = _new(Box)
        box.value = ans
        box.owner = self
        box.payload = self.write(pull, parents, residual)
        return box

    # elementwise operations: the arguments' own cases, without a loop over them

    def unary(self, primitive: Primitive, x: Any) -> Any:
        value = x.value
        ans = primitive.raw(value) if type(value) is not Box else primitive.bind((value,), {})
        rule = primitive.rule.sole
        if rule is None:
            return ans
        return self.record_one(ans, rule, (ans, value), x.payload, value)

    def left(self, primitive: Primitive, x: Any, y: Any) -> Any:
        value = x.value
        if type(value) is Box or type(y) is Box:
            y = snapshot(y)
            ans = primitive.bind((value, y), {})
        else:
            ans = primitive.raw(value, y)
        rule = primitive.rule.left
        if rule is None:
            return ans
        return self.record_one(ans, rule, (ans, value, y), x.payload, value)

    def right(self, primitive: Primitive, x: Any, y: Any) -> Any:
        value = y.value
        if type(value) is Box or type(x) is Box:
            x = snapshot(x)
            ans = primitive.bind((x, value), {})
        else:
            ans = primitive.raw(x, value)
        rule = primitive.rule.right
        if rule is None:
            return ans
        return self.record_one(ans, rule, (ans, x, value), y.payload, value)

    def record_one(self, ans: Any, rule: Any, named: Any, parent: int, value: Any) -> Box:
        """Write the entry of an elementwise operation with one traced argument."""
        pull, keep = rule
        residual = keep and keep(named)
        if not alike(value, ans):
            spec = differing_spec(value, ans)
            if spec is not None:
                pull, residual = pull_fitted, (pull, residual, spec)
        box = _new(Box)
        box.value = ans
        box.owner = self
        box.payload = self.write(pull, parent, residual)
        return box

    def both(self, primitive: Primitive, x: Any, y: Any) -> Any:
        u, v = x.value, y.value
        ans = primitive.bind((u, v), {}) if type(u) is Box or type(v) is Box else primitive.raw(u, v)
        rule = primitive.rule.pair
        if rule is None:
            return self.record_entry(primitive, ans, (x, y), (u, v), {})
        pull, keep = rule
        residual = keep and keep((ans, u, v))
        if not (alike(u, ans) and alike(v, ans)):
            specs = (differing_spec(u, ans), differing_spec(v, ans))
            if specs != (None, None):
                pull, residual = pull_all_fitted, (pull, residual, specs)
        box = _new(Box)
        box.value = ans
        box.owner = self
        box.payload = self.write(pull, (x.payload, y.payload), residual)
        return box

    # any operation

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        if len(args) == 1:
            return self.process_one(primitive, args[0], params)
        values = [self.value_of(arg) if type(arg) is Box else arg for arg in args]
        ans = primitive.bind(values, params)
        return self.record_entry(primitive, ans, args, values, params)

    def value_of(self, box: Box) -> Any:
        """Return the value of a box of this trace; a constant to keep for another."""
        return box.value if box.owner is self else snapshot(box)

    def process_one(self, primitive: Primitive, x: Any, params: Any) -> Any:
        """Process a primitive of one argument, which is a box of this trace."""
        value = x.value
        values = (value,)
        ans = primitive.raw(value, **params) if type(value) is not Box else primitive.bind(values, params)
        if type(ans) is tuple:
            return self.record_parts(primitive, ans, (x,), values, params)
        entry = primitive.rule.vjp(_FIRST, ans, values, params)
        if entry is None:
            return ans
        _, pull, residual = entry
        spec = (differing_spec if primitive.rule.follows_ans else differing_dtype)(value, ans)
        if spec is not None:
            pull, residual = pull_fitted, (pull, residual, spec)
        return self.record(ans, pull, x.payload, residual)

    def record_entry(self, primitive: Primitive, ans: Any, args: Any, values: Any, params: Any) -> Any:
        """Write the entry that the primitive's rule gives."""
        if type(ans) is tuple:
            return self.record_parts(primitive, ans, args, values, params)
        active = tuple([i for i, arg in enumerate(args) if type(arg) is Box and arg.owner is self])
        entry = primitive.rule.vjp(active, ans, values, params)
        if entry is None:
            return ans
        active, pull, residual = entry
        parents = tuple([args[i].payload for i in active])
        differing = differing_spec if primitive.rule.follows_ans else differing_dtype
        specs = tuple([differing(values[i], ans) for i in active])
        if len(active) == 1:
            if specs[0] is not None:
                pull, residual = pull_fitted, (pull, residual, specs[0])
            return self.record(ans, pull, parents[0], residual)
        if any(spec is not None for spec in specs):
            pull, residual = pull_all_fitted, (pull, residual, specs)
        return self.record(ans, pull, parents, residual)

    def record_parts(self, primitive: Primitive, ans: Any, args: Any, values: Any, params: Any) -> Any:
        """Write the entry of an operation with several results, and one entry to pick each."""
        if primitive.rule.choice is not None:
            ans = primitive.rule.choice.moved_apart(ans, self)
        active = tuple([i for i, arg in enumerate(args) if type(arg) is Box and arg.owner is self])
        entry = primitive.rule.vjp(active, ans, values, params)
        if entry is None:
            return ans
        active, pull, residual = entry
        parents = tuple([args[i].payload for i in active])
        whole = self.write(pull, parents[0] if len(parents) == 1 else parents, residual)
        return tuple(
            self.record(part, pull_part, whole, (position, len(ans))) for position, part in enumerate(ans)
        )

    # the way back

    def pull_back(self, output: Any, g: Any) -> list[Any]:
        """Return the cotangents of the roots for the cotangent ``g`` of ``output``, consuming the tape.

        None stands for a root that the output does not depend on.
        """
        cotangents = self.tape.pull_back([(output.payload, g)], self.roots)
        return standards(cotangents, self)

    def pull_back_all(self, seeds: list[tuple[Box, Any]], *, again: bool = False) -> list[Any]:
        """Return the cotangents of the roots for the cotangents of several outputs."""
        entries = [(output.payload, g) for output, g in seeds]
        cotangents = self.tape.pull_back(entries, self.roots, again=again)
        return standards(cotangents, self)


def alike(value: Any, ans: Any) -> Any:
    """Say, for the common cases at once, whether a cotangent of ``ans`` fits ``value`` as it is."""
    kind = type(ans)
    if kind is not type(value) or kind is Box:
        return False
    return kind is not _ndarray or (value.shape == ans.shape and value.dtype is ans.dtype)


def pull_fitted(g: Any, residual: Any) -> Any:
    """Pull, then bring the cotangent back to its argument's shape and dtype."""
    pull, inner, spec = residual
    return fit(pull(g, inner), spec)


def pull_all_fitted(g: Any, residual: Any) -> Any:
    """Pull, then bring each cotangent back to its argument's shape and dtype."""
    pull, inner, specs = residual
    return tuple(
        new if spec is None or new is None else fit(new, spec)
        for new, spec in zip(pull(g, inner), specs, strict=True)
    )


def fitting_on_trial(fitted: Pull) -> Pull:
    """Return what stands on trial for a pull that fits what another gives: it fits what stands for that."""

    def pull_on_trial(g: Any, residual: Any) -> Any:
        pull, *rest = residual
        return fitted(g, (ON_TRIAL.get(pull, pull), *rest))

    return pull_on_trial


ON_TRIAL[pull_fitted] = fitting_on_trial(pull_fitted)
ON_TRIAL[pull_all_fitted] = fitting_on_trial(pull_all_fitted)


def pull_part(g: Any, residual: Any) -> Parts:
    """Pull the cotangent of one of several results back to all of them."""
    return Parts(g, *residual)
