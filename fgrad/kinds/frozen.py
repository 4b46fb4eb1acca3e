"""Operations that are linear once a choice has been made from the values: a maximum, a sort.

The choice (weights, indices) is found once, by comparisons and other operations of derivative zero, so
it does not change under a small step.  With it, ``apply(t, choice, **params)`` is the linear operation and
``transpose(g, choice, x, **params)`` its transpose, with the spec of the argument for ``x``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of


class Frozen:
    """The rule of a primitive of one array that is linear for a frozen choice."""

    follows_ans = False

    def __init__(
        self,
        primitive: Primitive,
        choose: Callable[..., Any],
        apply: Callable[..., Any],
        transpose: Callable[..., Any],
    ) -> None:
        self.primitive = primitive
        self.choose = choose
        self.apply = apply
        self.transpose = transpose

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        choice = self.choose(ans, args[0], **params)
        return active, self.pull, (choice, spec_of(args[0]), params)

    def pull(self, g: Any, residual: Any) -> Any:
        """Transpose with the frozen choice."""
        choice, spec, params = residual
        return self.transpose(g, choice, spec, **params)

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Apply the linear operation with the frozen choice."""
        choice = self.choose(ans, args[0], **params)
        return self.apply(tangents[0], choice, **params)
