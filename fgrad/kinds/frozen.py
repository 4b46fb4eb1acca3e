"""Operations that are linear once a choice has been made from the values: a maximum, a sort.

The choice (weights, indices) is found once, by comparisons and other operations of derivative zero, so
it does not change under a small step.  With it, ``apply(t, choice, **params)`` is the linear operation and
``transpose(g, choice, x, **params)`` its transpose, with the spec of the argument for ``x``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.box import is_variable, still
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds.rule import Rule
from fgrad.modes.batching import all_in_front
from fgrad.modes.equation import motionless


class Frozen(Rule):
    """The rule of a primitive of one array that is linear for a frozen choice.

    A choice is made by plain code.  Where it differs between examples that are computed at once, the linear
    operation and its transpose are primitives of their own.  All three work on stacked arrays:
    ``behind(params, ndim)`` returns the parameters for examples of ``ndim`` axes along a first axis.
    """

    def __init__(
        self,
        primitive: Primitive,
        choose: Callable[..., Any],
        apply: Callable[..., Any],
        transpose: Callable[..., Any],
        behind: Callable[..., Any],
    ) -> None:
        self.primitive = primitive
        self.choose = choose
        self.apply = apply
        self.transpose = transpose
        self.forth = Primitive(f"the derivative of {primitive.name}", self.apply_to, ("t", "ans", "x"))
        self.back = Primitive(f"the pullback of {primitive.name}", self.transpose_of, ("g", "ans", "x"))
        self.forth.rule = Mapped(self.forth, self.back, behind)
        self.back.rule = Mapped(self.back, self.forth, behind)

    def apply_to(self, t: Any, ans: Any, x: Any, **params: Any) -> Any:
        """Choose, and apply the linear operation."""
        return self.apply(t, self.choose(ans, x, **params), **params)

    def transpose_of(self, g: Any, ans: Any, x: Any, **params: Any) -> Any:
        """Choose, and transpose the linear operation."""
        return self.transpose(g, self.choose(ans, x, **params), spec_of(x), **params)

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        if is_variable(ans):
            return active, self.pull_examples, (still(ans), still(args[0]), params)
        choice = self.choose(ans, args[0], **params)
        return active, self.pull, (choice, spec_of(args[0]), params)

    def pull(self, g: Any, residual: Any) -> Any:
        """Transpose with the frozen choice."""
        choice, spec, params = residual
        return self.transpose(g, choice, spec, **params)

    def pull_examples(self, g: Any, residual: Any) -> Any:
        """Transpose with the choice of each example."""
        ans, x, params = residual
        return self.back.bind((g, ans, x), params)

    def linearized(self, ans: Any, x: Any, params: Any) -> Callable[[Any], Any]:
        """Return the linear operation."""
        if is_variable(ans):
            quiet = still(ans), still(x)
            return lambda t: self.forth.bind((t, *quiet), params)
        choice = self.choose(ans, x, **params)
        return lambda t: self.apply(t, choice, **params)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: the operation on the argument's."""
        apply = self.linearized(ans, args[0], params)

        def step(k: int, series: Any, found: Any) -> Any:
            term = series[0][k]
            return None if term is None else apply(term)

        return step

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Apply the linear operation with the frozen choice."""
        return self.linearized(ans, args[0], params)(tangents[0])


class Mapped(Rule):
    """The rule of an operation that is linear in its first argument; by the others it chooses."""

    def __init__(self, primitive: Primitive, transpose: Primitive, behind: Callable[..., Any]) -> None:
        self.primitive = primitive
        self.transpose = transpose
        self.behind = behind

    def batch(self, primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        """Choose for all examples at once."""
        stacked = all_in_front(values, mine, size)
        return primitive.bind(stacked, self.behind(params, spec_of(stacked[2]).ndim - 1))

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        return ((0,), self.pull, (args[1:], params)) if active[0] == 0 else None

    def pull(self, g: Any, residual: Any) -> Any:
        """Transpose."""
        chosen_by, params = residual
        return self.transpose.bind((g, *chosen_by), params)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: the operation on the argument's."""
        if not mine[0]:
            return motionless

        def step(k: int, series: Any, found: Any) -> Any:
            return self.jvp((series[0][k],), ans, args, params)

        return step

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Apply the operation."""
        return None if tangents[0] is None else self.primitive.bind((tangents[0], *args[1:]), params)
