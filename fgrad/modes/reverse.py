"""Reverse mode: record what was done, then pull cotangents back through it.

What a box carries
    Its index on the tape.

How a primitive is processed
    The value is computed, and one entry is recorded: the function ``pull`` that takes the cotangent of
    the result to the cotangents of the arguments, the arguments' indices, and the residual, which is
    whatever the rule said that ``pull`` needs.  What no rule names is not kept alive.

How it is run
    Forward once, then the entries from the last to the first, each freed when it is done.

The tape is three flat lists instead of linked nodes: nothing for the garbage collector to walk, no
recursion however long the program, and no reference cycles.

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

from fgrad.core.box import Box, new_box
from fgrad.core.primitive import Primitive
from fgrad.core.spec import differing_dtype, differing_spec, fit
from fgrad.core.trace import Trace
from fgrad.modes.pending import PENDING, Parts, accumulate

_new = Box.__new__
_ndarray = np.ndarray


class ReverseTrace(Trace):
    """A tape, and the interpreter that writes it."""

    mode = "reverse"

    def __init__(self, transform: str) -> None:
        super().__init__(transform)
        self.pulls: list[Any] = []
        self.parents: list[Any] = []
        self.residuals: list[Any] = []
        self.roots = 0

    def root(self, value: Any) -> Box:
        """Return a box for a value to differentiate with respect to.  Roots come before all else."""
        self.roots += 1
        return self.record(value, None, None, None)

    def record(self, ans: Any, pull: Any, parents: Any, residual: Any) -> Box:
        """Write one entry.  ``parents`` is an index, or a tuple of them where ``pull`` gives a tuple."""
        box = new_box(ans, self, len(self.pulls))
        self.pulls.append(pull)
        self.parents.append(parents)
        self.residuals.append(residual)
        return box

    def unary(self, primitive: Primitive, x: Any) -> Any:
        value = x.value
        ans = primitive.raw(value) if type(value) is not Box else primitive.bind((value,), {})
        rule = primitive.rule.sole
        if rule is None:
            return ans
        pull, keep = rule
        residual = keep and keep((ans, value))
        if type(value) is _ndarray and type(ans) is _ndarray:
            spec = None if value.dtype is ans.dtype else differing_spec(value, ans)
        elif type(value) is type(ans) is not Box:
            spec = None
        else:
            spec = differing_spec(value, ans)
        if spec is not None:
            pull, residual = pull_fitted, (pull, residual, spec)
        pulls = self.pulls
        box = _new(Box)
        box.value = ans
        box.owner = self
        box.payload = len(pulls)
        pulls.append(pull)
        self.parents.append(x.payload)
        self.residuals.append(residual)
        return box

    def left(self, primitive: Primitive, x: Any, y: Any) -> Any:
        value = x.value
        if type(value) is Box or type(y) is Box:
            ans = primitive.bind((value, y), {})
        else:
            ans = primitive.raw(value, y)
        rule = primitive.rule.left
        if rule is None:
            return ans
        return self.record_fitted(ans, rule, (ans, value, y), x, value)

    def right(self, primitive: Primitive, x: Any, y: Any) -> Any:
        value = y.value
        if type(value) is Box or type(x) is Box:
            ans = primitive.bind((x, value), {})
        else:
            ans = primitive.raw(x, value)
        rule = primitive.rule.right
        if rule is None:
            return ans
        return self.record_fitted(ans, rule, (ans, x, value), y, value)

    def record_fitted(self, ans: Any, rule: Any, named: Any, box: Box, value: Any) -> Box:
        """Write the entry of an elementwise operation on one box and one constant."""
        pull, keep = rule
        residual = keep and keep(named)
        if type(value) is _ndarray and type(ans) is _ndarray:
            same = value.shape == ans.shape and value.dtype is ans.dtype
            spec = None if same else differing_spec(value, ans)
        elif type(value) is type(ans) is not Box:
            spec = None
        else:
            spec = differing_spec(value, ans)
        if spec is not None:
            pull, residual = pull_fitted, (pull, residual, spec)
        pulls = self.pulls
        out = _new(Box)
        out.value = ans
        out.owner = self
        out.payload = len(pulls)
        pulls.append(pull)
        self.parents.append(box.payload)
        self.residuals.append(residual)
        return out

    def both(self, primitive: Primitive, x: Any, y: Any) -> Any:
        u, v = x.value, y.value
        ans = primitive.bind((u, v), {}) if type(u) is Box or type(v) is Box else primitive.raw(u, v)
        rule = primitive.rule.pair
        if rule is None:
            return self.record_elementwise(primitive, ans, (x, y), (u, v))
        pull, keep = rule
        residual = keep and keep((ans, u, v))
        if type(u) is type(v) is type(ans) is not Box:
            if type(ans) is _ndarray and not (
                u.shape == v.shape == ans.shape and u.dtype is v.dtype is ans.dtype
            ):
                specs = (differing_spec(u, ans), differing_spec(v, ans))
                pull, residual = pull_all_fitted, (pull, residual, specs)
        else:
            specs = (differing_spec(u, ans), differing_spec(v, ans))
            if specs != (None, None):
                pull, residual = pull_all_fitted, (pull, residual, specs)
        pulls = self.pulls
        out = _new(Box)
        out.value = ans
        out.owner = self
        out.payload = len(pulls)
        pulls.append(pull)
        self.parents.append((x.payload, y.payload))
        self.residuals.append(residual)
        return out

    def record_elementwise(self, primitive: Primitive, ans: Any, args: Any, values: Any) -> Any:
        """Write the entry of an elementwise operation some of whose arguments have no derivative."""
        entry = primitive.rule.vjp(self.active(args), ans, values, {})
        return ans if entry is None else self.record_entry(primitive, ans, args, values, entry)

    def active(self, args: Any) -> tuple[int, ...]:
        """Return the positions of this trace's boxes."""
        return tuple(i for i, arg in enumerate(args) if type(arg) is Box and arg.owner is self)

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        values = [arg.value if type(arg) is Box and arg.owner is self else arg for arg in args]
        ans = primitive.bind(values, params)
        entry = primitive.rule.vjp(self.active(args), ans, values, params)
        return ans if entry is None else self.record_entry(primitive, ans, args, values, entry)

    def record_entry(self, primitive: Primitive, ans: Any, args: Any, values: Any, entry: Any) -> Any:
        """Write an entry that a rule gave: ``(active, pull, residual)``."""
        active, pull, residual = entry
        if type(ans) is tuple:
            return self.record_parts(ans, pull, tuple(args[i].payload for i in active), residual)
        spec_where_differs = differing_spec if primitive.rule.follows_ans else differing_dtype
        specs = tuple(spec_where_differs(values[i], ans) for i in active)
        parents = tuple(args[i].payload for i in active)
        if len(active) == 1:
            if specs[0] is not None:
                pull, residual = pull_fitted, (pull, residual, specs[0])
            return self.record(ans, pull, parents[0], residual)
        if any(spec is not None for spec in specs):
            pull, residual = pull_all_fitted, (pull, residual, specs)
        return self.record(ans, pull, parents, residual)

    def record_parts(self, ans: tuple[Any, ...], pull: Any, parents: Any, residual: Any) -> tuple[Any, ...]:
        """Write the entry of an operation with several results, and one entry to pick each."""
        whole = self.record(None, pull, parents[0] if len(parents) == 1 else parents, residual).payload
        return tuple(
            self.record(part, pull_part, whole, (position, len(ans))) for position, part in enumerate(ans)
        )

    def pull_back(self, output: Any, g: Any, *, again: bool = False) -> list[Any]:
        """Return the cotangents of the roots for the cotangent ``g`` of ``output``.

        None stands for a root that the output does not depend on.  The tape is consumed, unless it is
        to be pulled ``again``.
        """
        return self.pull_back_all([(output, g)], again=again)

    def pull_back_all(self, seeds: list[tuple[Box, Any]], *, again: bool = False) -> list[Any]:
        """Return the cotangents of the roots for the cotangents of several outputs."""
        tape = (self.pulls, self.parents, self.residuals)
        pulls, parents, residuals = [list(column) for column in tape] if again else tape
        cotangents: list[Any] = [None] * len(pulls)
        last = self.roots - 1
        for output, g in seeds:
            index = output.payload
            last = max(last, index)
            old = cotangents[index]
            cotangents[index] = g if old is None else accumulate(old, g)
        for column in (pulls, parents, residuals, cotangents):
            del column[last + 1 :]
        run_back(pulls, parents, residuals, cotangents, self.roots)
        return [g.resolve() if type(g) in PENDING else g for g in cotangents]


def run_back(pulls: Any, parents: Any, residuals: Any, cotangents: Any, roots: int) -> None:
    """Pull cotangents back from the last entry of the tape to the roots, consuming it."""
    for _ in range(len(pulls) - roots):
        pull = pulls.pop()
        parent = parents.pop()
        residual = residuals.pop()
        g = cotangents.pop()
        if g is None:
            continue
        if type(g) in PENDING:
            g = g.resolve()
        if type(parent) is int:
            old = cotangents[parent]
            new = pull(g, residual)
            cotangents[parent] = new if old is None else accumulate(old, new)
        else:
            for index, new in zip(parent, pull(g, residual), strict=True):
                if new is not None:
                    old = cotangents[index]
                    cotangents[index] = new if old is None else accumulate(old, new)


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


def pull_part(g: Any, residual: Any) -> Parts:
    """Pull the cotangent of one of several results back to all of them."""
    return Parts(g, *residual)
