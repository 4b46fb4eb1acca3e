"""Taylor mode: a power series travels along with each value.

What a box carries
    The coefficients of its value as a function of one variable ``t``, from the value itself on.  They are
    normalized: the ``k``-th is the ``k``-th derivative divided by ``k!``.  None stands for a zero.

How a primitive is processed
    The value is computed.  If the rule has a recurrence (linear operations, products, quotients, powers),
    the coefficients follow from it.  For all others, the rule's own JVP is a differential equation for the
    series; :mod:`fgrad.modes.equation` solves it.  So a rule that is stated once serves all orders.

How it is run
    Once.  Each operation makes all coefficients of its result before the next one starts.

>>> import numpy as np
>>> trace = TaylorTrace("an example", order=3)
>>> x = trace.root(0.0, [1.0])
>>> np.array(trace.terms(np.exp(x)))  # 1 + t + t**2 / 2 + t**3 / 6
array([1.        , 1.        , 0.5       , 0.16666667])

References
----------
A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, chapter 13,
https://doi.org/10.1137/1.9780898717761 (arithmetic of power series, and the differential equations of
elementary functions).
"""

from __future__ import annotations

from typing import Any

from fgrad.core.box import Box, new_box, snapshot
from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of, zeros
from fgrad.core.trace import Trace
from fgrad.modes.equation import Equation, Step, motionless, step_of
from fgrad.modes.forward import conform


class TaylorTrace(Trace):
    """The interpreter that carries power series.

    Parameters
    ----------
    transform : str
        The name of the transform that runs.
    order : int
        The last coefficient that is asked for, at least 1.
    """

    mode = "taylor"

    def __init__(self, transform: str, order: int) -> None:
        super().__init__(transform)
        self.order = order

    def root(self, value: Any, terms: list[Any]) -> Box:
        """Return a box for a value with coefficients from the first on; the missing ones are zero."""
        value = snapshot(value)
        missing = [None] * (self.order - len(terms))
        return new_box(value, self, [value, *map(snapshot, terms), *missing])

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        mine = [type(arg) is Box and arg.owner is self for arg in args]
        values = [arg.value if own else arg for arg, own in zip(args, mine, strict=True)]
        ans = primitive.bind(values, params)
        if self.order == 1:
            tangents = [arg.payload[1] if own else None for arg, own in zip(args, mine, strict=True)]
            return self.moving(*push(primitive, tangents, ans, values, params))
        step = step_of(primitive, mine, ans, values, params)
        if step is motionless:
            return ans
        if step is not None:
            return self.moving(ans, self.followed(step, ans, args, mine))
        equation = Equation(self)
        found = equation.solution(primitive, args, values, ans, params, self.order)
        return self.moving(ans, found if type(ans) is tuple else found[0])

    def followed(self, step: Step, ans: Any, args: Any, mine: list[bool]) -> list[Any]:
        """Return the coefficients that follow by a recurrence, from the first on."""
        series = [arg.payload if own else (arg,) for arg, own in zip(args, mine, strict=True)]
        found = [ans]
        for k in range(1, self.order + 1):
            term = step(k, series, found)
            found.append(None if term is None else conform(term, ans))
        return found[1:]

    def moving(self, ans: Any, terms: Any) -> Any:
        """Return a result, or several, as boxes with coefficients; what does not move stays plain."""
        if type(ans) is tuple:
            return tuple(map(self.moving, ans, terms))
        if all(term is None for term in terms):
            return ans
        return new_box(ans, self, [ans, *terms])

    def terms(self, output: Any) -> list[Any]:
        """Return all the coefficients of an output, from the value on."""
        if type(output) is Box and output.owner is self:
            value, *found = output.payload
        else:
            value, found = output, [None] * self.order
        spec: Spec = spec_of(value)
        return [value, *(zeros(spec) if term is None else term for term in found)]


def push(primitive: Primitive, tangents: Any, ans: Any, values: Any, params: Any) -> tuple[Any, Any]:
    """Return a result and, for each part of it, the list of its first coefficient alone.

    This is forward mode: a rule may be of code that takes plain arrays only.
    """
    several = type(ans) is tuple
    if several and primitive.rule.choice is not None:
        ans = primitive.rule.choice.chosen(ans, tangents)
    moved = primitive.rule.jvp(tangents, ans, values, params)
    if not several:
        return ans, [None if moved is None else conform(moved, ans)]
    if moved is None:
        return ans, [[None] for _ in ans]
    return ans, [[None if t is None else conform(t, part)] for t, part in zip(moved, ans, strict=True)]
