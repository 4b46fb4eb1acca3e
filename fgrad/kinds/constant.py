"""Piecewise constant operations, whose derivative is zero: comparisons, rounding, indices.

Their results are not boxed in the modes that differentiate, so that ``if x > 0`` and ``range(np.argmax(x))``
see plain values.
"""

from __future__ import annotations

from typing import Any

from fgrad.kinds.rule import Rule
from fgrad.modes.equation import motionless


class Constant(Rule):
    """The rule of an operation with derivative zero."""

    follows_ans = True
    sole = left = right = pair = None

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> None:
        """Return None: no argument has a derivative."""
        return None

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: there is none."""
        return motionless

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> None:
        """Return None: the result does not move."""
        return None
