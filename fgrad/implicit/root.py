"""Roots: ``f(x) = 0`` for as many equations as unknowns, and the derivative of ``x``.

>>> from fgrad import grad
>>> grad(lambda a: root(lambda x, a: x**2 - a, 1.0, a))(4.0)
0.25
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import ArgumentError
from fgrad.core.pytree import flatten
from fgrad.core.spec import spec_of
from fgrad.implicit.closures import Closed, example
from fgrad.implicit.equations import Equation, solution
from fgrad.implicit.solvers.newton import newton
from fgrad.implicit.starting import as_numbers, check_callable, check_tolerance
from fgrad.implicit.vectors import Layout, as_like, mapped


def root(
    f: Callable[..., Any],
    x0: Any,
    *args: Any,
    solver: Callable[..., Any] | None = None,
    linear_solver: Callable[..., Any] | None = None,
    tol: float = 1e-4,
) -> Any:
    """Return ``x`` with ``f(x, *args) = 0``, near ``x0``.

    The derivative is that of the equation at the solution, ``df/dx dx = -df``, whatever found it: the
    iterations are not recorded, so the memory does not grow with their number.  It is there in every mode and
    to any order.

    Parameters
    ----------
    f : callable
        ``f(x, *args)`` returns as many numbers as there are unknowns, in any container of arrays.  It may
        close over traced values; the solution's derivative by these is there as well.
    x0 : array or container of arrays
        Where to start; real or complex.  The derivative of the solution by it is zero.
    *args
        What ``f`` depends on.
    solver : callable, optional
        ``solver(f, x0)`` returns ``x``, with ``f(x)`` of one argument, whose result is like ``x0``.  It sees
        plain arrays only and may be any code.  With SciPy, for a vector ``x0``::

            solver=lambda f, x0: scipy.optimize.root(f, x0, jac=fgrad.jacobian(f)).x
            solver=scipy.optimize.fsolve
            solver=lambda f, x0: scipy.optimize.newton_krylov(f, x0, f_tol=1e-12)

        and ``fgrad.flattened`` of it for other unknowns.  By default Newton's method with fgrad's own
        Jacobian, or with GMRES for more than 128 unknowns.
    linear_solver : callable, optional
        ``linear_solver(operator, b)`` solves for the derivative, as in :func:`fgrad.linear_solve`.
    tol : float, default 1e-4
        How large ``|f(x)|`` may be at what the given solver returns, as part of ``|f(x0)|`` or of the terms
        that cancel in its linearization.  The default solver goes on to a precision of about twelve digits.
        The derivative is as accurate as the solution is.

    Returns
    -------
    array or container of arrays
        ``x``, of the structure, shapes and dtypes of ``x0`` (floats for ints).

    Raises
    ------
    ConvergenceError
        If the solver does not arrive at a solution.
    SingularError
        If the Jacobian is singular at the solution, where a derivative is asked for.
    InputError, ArgumentError, OutputError
        If ``x0`` is not of numbers, ``f`` returns other than as many numbers as unknowns, or the solver
        returns what is not like ``x0``.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import jacobian
    >>> from fgrad.implicit.root import root
    >>> def circle_and_line(p, r):
    ...     return p["x"] ** 2 + p["y"] ** 2 - r**2, p["x"] - p["y"]
    >>> def corner(r):
    ...     return root(circle_and_line, {"x": 1.0, "y": 2.0}, r)["x"]
    >>> abs(jacobian(corner)(2.0) - 0.5**0.5) < 1e-12
    True
    """
    check_callable(f, "root", "f")
    check_tolerance(tol, "root")
    x0 = as_numbers(x0, "root: x0")
    start = mapped(example, x0)
    closed = Closed([f], (start,), args, "root")
    arranged = arrangement(closed.trials[0], start)

    def function(x: Any, moving: Any) -> Any:
        return as_like(arranged(closed.call(f, (x,), moving)), x, "root: the result of f", "x")

    equation = Equation(
        "root",
        closed,
        function,
        function,
        solver=solver,
        default=newton,
        linear_solver=linear_solver,
        tolerance=tol,
    )
    return solution(x0, closed.moving, equation)


def arrangement(result: Any, start: Any) -> Callable[[Any], Any]:
    """Return what arranges a result like the unknowns; raise if they are not as many.

    >>> arrangement((1.0, 2.0), {"a": 0.0, "b": 0.0})((3.0, 4.0))
    {'a': np.float64(3.0), 'b': np.float64(4.0)}
    """
    equations, unknowns = as_numbers(result, "root: the result of f"), Layout(start)
    given = [spec_of(leaf).shape for leaf in flatten(equations)[0]]
    if flatten(equations)[1] == unknowns.structure and given == [spec.shape for spec in unknowns.specs]:
        return lambda result: result
    layout = Layout(equations)
    if layout.size != unknowns.size:
        raise ArgumentError(
            f"root: f must return as many numbers as there are unknowns; x0 has {unknowns.size}, and f "
            f"returned {layout.size}. For fewer equations choose a solution by fgrad.minimize; for more, "
            "minimize their sum of squares."
        )
    return lambda result: unknowns.tree(layout.vector(result))
