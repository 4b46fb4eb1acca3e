"""What the modes ask of every rule, beside its derivatives."""

from __future__ import annotations

from typing import Any, Protocol


class Choice(Protocol):
    """What an operation of several results, of which one choice of many was returned, lets each mode do."""

    def moved_apart(self, ans: Any, trace: Any) -> Any:
        """Return the results with infinitesimals of a reverse trace in them, for limits to be taken with."""

    def chosen(self, ans: Any, tangents: Any) -> Any:
        """Return the results that belong to the tangents of the arguments."""


class Rule:
    """What a kind answers that does not say otherwise.

    Attributes
    ----------
    follows_ans : bool
        Whether its cotangents have the shape of the result, to which the argument was broadcast.
    batch : callable or None
        The rule for many examples at once; None if one example is done after the other.
    choice : Choice or None
        For several results that are one choice of many: what each mode does to it.
    """

    follows_ans = False
    batch: Any = None
    choice: Choice | None = None
