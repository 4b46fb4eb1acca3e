"""Implicit functions: the solution ``x`` of ``r(x, m) = 0`` as a function of the values ``m``.

By the implicit function theorem the derivative is that of the linearized equation:

    J dx = -dr,  where  J  is the Jacobian of  r  by  x  at the solution and  dr  that of  r  by  m  along
    dm.

How ``x`` was found does not enter.  So the solver runs on plain values, as a primitive whose two rules
evaluate ``r`` at the solution.  They are written with :func:`fgrad.implicit.systems.inverse` and with
``vjp`` and ``jvp``, on the values of the level below, so they can be differentiated again: all modes
follow, and all orders.

References
----------
M. Blondel et al., "Efficient and modular implicit differentiation", NeurIPS 2022,
https://arxiv.org/abs/2105.15183 (section 2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import OutputError
from fgrad.implicit.closures import Closed
from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.systems import System, inverse
from fgrad.implicit.vectors import as_like, copied, flattened, is_finite, mapped, size_of
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defjvp, defvjp
from fgrad.transforms.products import jvp, vjp


class SolversFunction:
    """The user's function as a solver sees it: of plain values alone, and giving plain values.

    A solver may use fgrad to differentiate it.

    Attributes
    ----------
    is_scalar : bool
        Whether the function returns a number, not unknowns.
    """

    def __init__(self, call: Callable[[Any], Any], *, is_scalar: bool) -> None:
        self.call = call
        self.is_scalar = is_scalar

    def __call__(self, x: Any) -> Any:
        return self.call(x)


class Equation:
    """An equation with as many unknowns, and what solves it.

    Parameters
    ----------
    name : str
        What the user called, for messages.
    closed : Closed
        The user's function.
    function : callable
        ``function(x, moving)`` is what the solver is given, as a function of ``x``.
    residual : callable
        ``residual(x, moving)`` is zero at the solution; like ``x``.
    solver : callable or None
        The user's ``solver(function, x0)``.
    default : callable
        The same on vectors, for None.
    linear_solver : callable or None
        Solves for the linearized equation.
    tolerance : float
        How large the residual may be at what the solver returns.
    relative_to : callable
        From ``x`` and ``moving`` to what is compared with the residual, beside the residual at the start.
    is_symmetric : bool
        Whether the Jacobian is symmetric and positive definite.
    is_scalar : bool
        Whether ``function`` returns a number.
    """

    def __init__(
        self,
        name: str,
        closed: Closed,
        function: Callable[[Any, Any], Any],
        residual: Callable[[Any, Any], Any],
        *,
        solver: Callable[..., Any] | None,
        default: Callable[..., Any],
        linear_solver: Callable[..., Any] | None,
        tolerance: float,
        is_symmetric: bool = False,
        is_scalar: bool = False,
    ) -> None:
        self.name = name
        self.closed = closed
        self.function = function
        self.residual = residual
        self.solver = solver
        self.default = default
        self.linear_solver = linear_solver
        self.tolerance = tolerance
        self.is_symmetric = is_symmetric
        self.is_scalar = is_scalar

    def solve(self, x0: Any, moving: Any) -> Any:
        """Return the solution, all values being plain."""
        check = self.closed.check_plain
        function = SolversFunction(lambda x: check(self.function(x, moving)), is_scalar=self.is_scalar)
        if self.solver is None:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                found = flattened(self.default)(function, x0)
        else:
            found = self.solver(function, copied(x0))
        what = f"{self.name}: what the {'given ' if self.solver else ''}solver returned"
        if type(found) is not type(x0) and hasattr(found, "x"):
            raise OutputError(f"{what} is an {type(found).__name__}; return its .x")
        x = as_like(found, x0, what, "x0")
        if not is_finite(x):
            raise ConvergenceError(f"{what} is not finite")
        if self.solver is not None:
            self.check(x, x0, moving, what)
        return x

    def check(self, x: Any, x0: Any, moving: Any, what: str) -> None:
        """Raise if the equation is not solved, measured by the terms that add up to nothing."""
        residual = size_of(self.closed.check_plain(self.residual(x, moving)))
        if residual == 0.0:
            return
        scale = max(
            size_of(self.residual(x0, moving)),
            size_of(jvp(lambda x: self.residual(x, moving), (x,), (x,))[1]),
        )
        if not residual <= self.tolerance * scale:
            raise ConvergenceError(
                f"{what} is no solution: the residual there is {residual:.3g}, where its terms are as large "
                f"as {scale:.3g}. Let the solver iterate longer, start it elsewhere, or allow for more by "
                f"tol (it is {self.tolerance:.3g})."
            )

    def linearized(self) -> System:
        """Return the linear system of the Jacobian at a solution, for ``moving = (x, m)``."""

        def forward(moving: Any) -> Callable[[Any], Any]:
            x, m = moving
            return lambda v: jvp(lambda x: self.residual(x, m), (x,), (v,))[1]

        def backward(moving: Any) -> Callable[[Any], Any]:
            x, m = moving
            if self.is_symmetric:
                return forward(moving)
            pullback = vjp(lambda x: self.residual(x, m), x)[1]
            return lambda v: pullback(v)[0]

        return System(
            f"{self.name}, its derivative",
            forward,
            backward,
            is_symmetric=self.is_symmetric,
            solver=self.linear_solver,
            tolerance=self.tolerance,
            check=self.closed.check_plain,
        )


@primitive
def solution(x0: Any, moving: Any, equation: Equation) -> Any:
    """Return the solution of an equation that depends on ``moving``, as found from ``x0``."""
    return equation.solve(x0, moving)


def _pushed(t: Any, ans: Any, x0: Any, moving: Any, equation: Equation) -> Any:
    moved = jvp(lambda m: equation.residual(ans, m), (moving,), (t,))[1]
    return inverse((mapped(np.negative, moved), (ans, moving)), equation.linearized())


def _pulled(ans: Any, x0: Any, moving: Any, equation: Equation) -> Callable[[Any], Any]:
    system = equation.linearized()

    def pull(g: Any) -> Any:
        w = inverse((g, (ans, moving)), system.transposed())
        pullback = vjp(lambda m: equation.residual(ans, m), moving)[1]
        return pullback(mapped(np.negative, w))[0]

    return pull


defjvp(solution, None, _pushed, None)
defvjp(solution, None, _pulled, None)
