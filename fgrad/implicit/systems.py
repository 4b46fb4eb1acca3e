"""Linear systems without a matrix: the solution of ``A x = b`` for a function ``v -> A v``.

The derivative of a solution is the solution of another system with the same operator, or with its transpose:

    A dx = db - dA x,        A.T w = g,   b's cotangent: w,   A's: that of  -w @ (A x).

Here that is one primitive whose two rules are written with the primitive itself, so they can be
differentiated again.  All implicit functions are built on it: what linearizes their equation is such an
operator.

References
----------
M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation",
Advances in Automatic Differentiation, Springer 2008, https://doi.org/10.1007/978-3-540-68942-3_4 (section
2.2.5, for matrices).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.pytree import flatten
from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.solvers.dense import FEW, dense_matrix, solve_dense
from fgrad.implicit.solvers.krylov import conjugate_gradients, gmres
from fgrad.implicit.vectors import Layout, as_like, copied, is_finite, mapped, size_of
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defjvp, defvjp
from fgrad.transforms.products import jvp, vjp

Operator = Callable[[Any], Any]


class System:
    """A linear operator between containers that are alike, and what solves for it.

    Parameters
    ----------
    name : str
        What the user called, for messages.
    forward, backward : callable
        From the values that the operator depends on, ``moving``, to the operator, and to its transpose.
    is_symmetric : bool
        Whether the operator is symmetric (Hermitian) and positive definite.
    solver : callable or None
        ``solver(operator, b)``.
    tolerance : float
        How large the residual of the solver's result may be, as part of ``b``.
    check : callable
        Raises if what the operator returned is not plain, where all that it was given is.
    """

    def __init__(
        self,
        name: str,
        forward: Callable[[Any], Operator],
        backward: Callable[[Any], Operator],
        *,
        is_symmetric: bool,
        solver: Callable[..., Any] | None,
        tolerance: float,
        check: Callable[[Any], Any],
    ) -> None:
        self.name = name
        self.forward = forward
        self.backward = backward
        self.is_symmetric = is_symmetric
        self.solver = solver
        self.tolerance = tolerance
        self.check = check
        self.matrix: Any = None
        self.of: list[Any] = []  # the values that the matrix was made for
        self.reverse: System | None = None

    def transposed(self) -> System:
        """Return the system with the transposed operator."""
        if self.reverse is None:
            self.reverse = System(
                self.name,
                self.backward,
                self.forward,
                is_symmetric=self.is_symmetric,
                solver=self.solver,
                tolerance=self.tolerance,
                check=self.check,
            )
            self.reverse.reverse = self
        return self.reverse

    def solve(self, b: Any, moving: Any) -> Any:
        """Return the solution, all values being plain."""
        if not is_finite(b):
            raise ConvergenceError(f"{self.name}: the right-hand side of a linear system is not finite")
        if not size_of(b):
            return mapped(np.zeros_like, b)
        apply = self.forward(moving)

        def operator(v: Any) -> Any:
            return self.check(as_like(apply(v), b, f"{self.name}: the result of the operator", "b"))

        if self.solver is None:
            return self.solve_by_default(operator, b, moving)
        x = as_like(
            self.solver(operator, copied(b)),
            b,
            f"{self.name}: what the given linear solver returned",
            "the right-hand side",
        )
        residual = size_of(mapped(np.subtract, operator(x), b))
        if not residual <= self.tolerance * size_of(b):
            raise ConvergenceError(
                f"{self.name}: what the given linear solver returned is no solution: the residual |A x - b| "
                f"is {residual:.3g}, and |b| is {size_of(b):.3g}. Let it iterate longer, or allow for more "
                f"by tol (it is {self.tolerance:.3g})."
            )
        return x

    def solve_by_default(self, operator: Operator, b: Any, moving: Any) -> Any:
        """Return the solution by elimination for few unknowns, and by iteration for many."""
        layout = Layout(b)

        def on_vectors(v: Any) -> Any:
            return layout.vector(operator(layout.tree(v)))

        try:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                if layout.size <= FEW:
                    return layout.tree(
                        solve_dense(self.matrix_of(on_vectors, layout, moving), layout.vector(b))
                    )
                iterate = conjugate_gradients if self.is_symmetric else gmres
                return layout.tree(iterate(on_vectors, layout.vector(b)))
        except (ConvergenceError, SingularError) as error:
            raise type(error)(f"{self.name}: {error}.") from error

    def matrix_of(self, operator: Operator, layout: Layout, moving: Any) -> Any:
        """Return the operator's matrix, which is kept for other right-hand sides."""
        leaves = flatten(moving)[0]
        if self.matrix is None or not all(a is b for a, b in zip(self.of, leaves, strict=True)):
            self.matrix = dense_matrix(operator, layout.size, layout.dtype)
            self.of = leaves
        return self.matrix


@primitive
def inverse(given: Any, system: System) -> Any:
    """Return the solution of a linear system for ``given``: the right-hand side, and what it depends on."""
    return system.solve(*given)


def _pushed(t: Any, ans: Any, given: Any, system: System) -> Any:
    (tb, t_moving), (_, moving) = t, given
    if flatten(moving)[0]:
        moved = jvp(lambda values: system.forward(values)(ans), (moving,), (t_moving,))[1]
        tb = mapped(np.subtract, tb, moved)
    return inverse((tb, moving), system)


def _pulled(ans: Any, given: Any, system: System) -> Callable[[Any], Any]:
    _, moving = given

    def pull(g: Any) -> Any:
        w = inverse((g, moving), system.transposed())
        if not flatten(moving)[0]:
            return w, moving
        pullback = vjp(lambda values: system.forward(values)(ans), moving)[1]
        return w, pullback(mapped(np.negative, w))[0]

    return pull


defjvp(inverse, _pushed, None)
defvjp(inverse, _pulled, None)
