"""One evaluation of a primitive, as a rule that is given by functions sees it.

>>> run = Evaluation(6.0, [2.0, 3.0], {})
>>> run.args, run.ans
((2.0, 3.0), 6.0)
"""

from __future__ import annotations

from typing import Any

from fgrad.core.box import is_variable
from fgrad.core.spec import Spec, spec_of
from fgrad.kinds.call import ArrayCall, Call


class Evaluation:
    """One evaluation of a primitive, as its rules see it: arguments, result, and what shape they have."""

    def __init__(self, ans: Any, leaves: Any, params: Any) -> None:
        self.several = several = type(ans) is tuple
        params = dict(params)
        self.call: Call = params.pop("call", None) or ArrayCall(len(leaves), len(ans) if several else None)
        self.leaves = leaves
        self.params = params
        args, kwargs = self.call.arguments(leaves)
        self.args = args
        self.kwargs = {**kwargs, **params}
        out_leaves = ans if several else (ans,)
        self.ans = self.call.returned(out_leaves)
        self.out_leaves = out_leaves
        self.out_specs = [spec_of(part) for part in out_leaves]

    @property
    def is_variable(self) -> bool:
        """Whether the values stand for others too, of other examples or other runs."""
        return any(map(is_variable, (*self.out_leaves, *self.leaves)))

    def at(self, values: list[Any]) -> Evaluation:
        """Return the same with other values, the leaves of the result and then those of the arguments."""
        count = len(self.out_specs)
        outs, leaves = values[:count], values[count:]
        ans = tuple(outs) if self.several else outs[0]
        return Evaluation(ans, leaves, {**self.params, "call": self.call})

    def specs(self, position: int) -> list[Spec]:
        """Return the specs of the leaves of an argument."""
        return [spec_of(self.leaves[i]) for i in self.call.places(position)]
