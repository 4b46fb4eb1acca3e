"""A trace that only writes down which primitives it was given, and in which arguments.

What a case exercises is found out in this way, instead of declared.
"""

from __future__ import annotations

from typing import Any

from fgrad.core.box import Box, new_box
from fgrad.core.primitive import Primitive
from fgrad.core.trace import Trace
from fgrad.kinds.constant import Constant


class RecordingTrace(Trace):
    """An interpreter that computes values, and boxes those that have a derivative."""

    def __init__(self) -> None:
        super().__init__("a recording")
        self.seen: set[tuple[Primitive, int]] = set()

    def box(self, value: Any) -> Box:
        return new_box(value, self, None)

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        traced = [type(arg) is Box and arg.owner is self for arg in args]
        self.seen |= {(primitive, position) for position, mine in enumerate(traced) if mine}
        values = [arg.value if mine else arg for arg, mine in zip(args, traced, strict=True)]
        ans = primitive.bind(values, params)
        if isinstance(primitive.rule, Constant):
            return ans
        return tuple(map(self.box, ans)) if type(ans) is tuple else self.box(ans)


def recorded(function: Any, values: Any) -> set[tuple[Primitive, int]]:
    """Return the primitives that a function of traced values uses, with the positions that are traced."""
    trace = RecordingTrace()
    function(*map(trace.box, values))
    return trace.seen
