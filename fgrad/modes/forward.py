"""Forward mode: a tangent travels along with each value.

What a box carries
    Its tangent, of the value's shape and dtype.  A value without a tangent is not boxed at all, so a
    zero is never computed with.

How a primitive is processed
    The value is computed, and the rule pushes the arguments' tangents forward to the result's.

How it is run
    Once; there is nothing to go back for.

>>> import numpy as np
>>> trace = ForwardTrace("an example")
>>> x = trace.root(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
>>> trace.tangent(np.sum(x * x))
np.float64(2.0)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box, new_box, snapshot
from fgrad.core.errors import MissingRuleError
from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, cast, spec_of, zeros
from fgrad.core.trace import Trace


class NeedsReverseError(MissingRuleError):
    """Tangents do not tell what the derivatives of a tangent need; the rule has them in reverse mode."""


class ForwardTrace(Trace):
    """The interpreter that carries tangents."""

    mode = "forward"

    def root(self, value: Any, tangent: Any) -> Box:
        """Return a box for a value that moves along ``tangent``."""
        return new_box(snapshot(value), self, snapshot(tangent))

    def unary(self, primitive: Primitive, x: Any) -> Any:
        value = x.value
        ans = primitive.raw(value) if type(value) is not Box else primitive.bind((value,), {})
        rule = primitive.rule.sole
        if rule is None:
            return ans
        pull, keep = rule
        tangent = pull(x.payload, keep and keep((ans, value)))
        return new_box(ans, self, conform(tangent, ans))

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        boxed = [type(arg) is Box and arg.owner is self for arg in args]
        values = [arg.value if mine else arg for arg, mine in zip(args, boxed, strict=True)]
        tangents = [arg.payload if mine else None for arg, mine in zip(args, boxed, strict=True)]
        ans = primitive.bind(values, params)
        if type(ans) is tuple and primitive.rule.choice is not None:
            ans = primitive.rule.choice.chosen(ans, tangents)
        pushed = primitive.rule.jvp(tangents, ans, values, params)
        if type(ans) is tuple:
            if pushed is None:
                return ans
            return tuple(
                part if t is None else new_box(part, self, conform(t, part))
                for part, t in zip(ans, pushed, strict=True)
            )
        return ans if pushed is None else new_box(ans, self, conform(pushed, ans))

    def tangent(self, output: Any) -> Any:
        """Return the tangent of an output; zeros if it does not depend on the roots."""
        if type(output) is Box and output.owner is self:
            return output.payload
        return zeros(spec_of(output))


def conform(tangent: Any, ans: Any) -> Any:
    """Return the tangent with the shape and dtype of the result that it belongs to."""
    if type(tangent) is type(ans) is np.ndarray:
        if tangent.shape == ans.shape and tangent.dtype is ans.dtype:
            return tangent
    elif type(tangent) is type(ans) is not Box:
        return tangent
    return conform_to(tangent, spec_of(ans))


def conform_to(tangent: Any, spec: Spec) -> Any:
    """Return the tangent broadcast and converted to a shape and dtype."""
    shape, dtype = spec_of(tangent)
    if shape != spec.shape:
        tangent = np.broadcast_to(tangent, spec.shape)
    return tangent if dtype == spec.dtype else cast(tangent, spec.dtype)
