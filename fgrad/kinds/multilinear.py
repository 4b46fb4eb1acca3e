"""Operations that are linear in each argument alone: products of two arrays, or of any number.

The tangent is the sum over the arguments of the operation with that argument's tangent in its place.
The cotangent of an argument is a transpose that the rule gives.  In it, the argument's own name stands
for its shape and dtype only, so that a product with a constant keeps just the constant alive:

    bilinear(np.outer, a=lambda g, a, b: ..., b=lambda g, a, b: ...)

For a primitive of any number of arrays there is one function, ``transpose(g, position, operands,
**params)``, with a spec at ``operands[position]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds.rule import Rule
from fgrad.kinds.series import cauchy_product

Transpose = Callable[..., Any]


class Multilinear(Rule):
    """The rule of a primitive that is linear in each of its arguments."""

    def __init__(self, primitive: Primitive, transposes: Mapping[str, Transpose] | Transpose) -> None:
        self.primitive = primitive
        if callable(transposes):
            self.transpose = transposes
        else:
            each = [transposes[name] for name in primitive.argnames]
            self.transpose = lambda g, position, operands, **params: each[position](g, *operands, **params)

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        if len(active) == 1:
            (position,) = active
            operands = list(args)
            operands[position] = spec_of(args[position])
            return active, self.pull, (position, operands, params)
        return active, self.pull_all, (active, args, params)

    def pull(self, g: Any, residual: Any) -> Any:
        """Transpose with respect to one argument."""
        position, operands, params = residual
        return self.transpose(g, position, operands, **params)

    def pull_all(self, g: Any, residual: Any) -> Any:
        """Transpose with respect to each active argument."""
        active, args, params = residual
        cotangents = []
        for position in active:
            operands = list(args)
            operands[position] = spec_of(args[position])
            cotangents.append(self.transpose(g, position, operands, **params))
        return tuple(cotangents)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows: Cauchy's product of the arguments'."""

        def step(k: int, series: Any, found: Any) -> Any:
            return cauchy_product(lambda *operands: self.primitive.bind(operands, params), k, series)

        return step

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Add up the operation with each tangent in its argument's place."""
        total = None
        for position, tangent in enumerate(tangents):
            if tangent is not None:
                operands = list(args)
                operands[position] = tangent
                term = self.primitive.bind(operands, params)
                total = term if total is None else total + term
        return total
