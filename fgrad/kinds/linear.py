"""Linear operations of one array, or of any number of them taken together (a concatenation).

The tangent goes through the operation itself.  The cotangent goes through its transpose, which the rule
gives and which sees only the argument's shape and dtype: ``transpose(g, x, **params)`` with a
:class:`~fgrad.core.spec.Spec` for ``x`` returns the cotangent of ``x``.  For a primitive of any number of
arrays it receives the tuple of their specs and returns the tuple of their cotangents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of, zeros
from fgrad.kinds.rule import Rule


class Linear(Rule):
    """The rule of a linear primitive."""

    def __init__(self, primitive: Primitive, transpose: Callable[..., Any]) -> None:
        self.primitive = primitive
        self.transpose = transpose
        self.variadic = primitive.argnames[-1].startswith("*")

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        if not self.variadic:
            return active, self.pull, (spec_of(args[0]), params)
        return active, self.pull_all, (active, tuple(spec_of(arg) for arg in args), params)

    def pull(self, g: Any, residual: Any) -> Any:
        """Transpose, for one array."""
        spec, params = residual
        return self.transpose(g, spec, **params)

    def pull_all(self, g: Any, residual: Any) -> Any:
        """Transpose, for any number of arrays of which some are active."""
        active, specs, params = residual
        cotangents = self.transpose(g, specs, **params)
        return cotangents[active[0]] if len(active) == 1 else tuple(cotangents[i] for i in active)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: the operation on the arguments'."""

        def step(k: int, series: Any, found: Any) -> Any:
            terms = [terms[k] if own else None for terms, own in zip(series, mine, strict=True)]
            if all(term is None for term in terms):
                return None
            return self.jvp(terms, ans, args, params)

        return step

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Apply the operation to the tangents."""
        moving = [zeros(spec_of(arg)) if t is None else t for t, arg in zip(tangents, args, strict=True)]
        return self.primitive.bind(moving, params)
