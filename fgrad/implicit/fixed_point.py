"""Fixed points: ``x = f(x)``, and the derivative of ``x`` by all that ``f`` depends on.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> round(grad(lambda a: fixed_point(lambda x, a: np.sqrt(a + x), 1.0, a))(6.0), 12)
0.2
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.closures import Closed, example
from fgrad.implicit.equations import Equation, solution
from fgrad.implicit.solvers.anderson import anderson
from fgrad.implicit.starting import as_numbers, check_callable, check_tolerance
from fgrad.implicit.vectors import as_like, mapped


def fixed_point(
    f: Callable[..., Any],
    x0: Any,
    *args: Any,
    solver: Callable[..., Any] | None = None,
    linear_solver: Callable[..., Any] | None = None,
    tol: float = 1e-4,
) -> Any:
    """Return ``x`` with ``x = f(x, *args)``.

    The derivative is that of the equation at the solution, ``dx = (1 - df/dx)**-1 df``, whatever found it:
    the iterations are not recorded, so the memory does not grow with their number.  It is there in every
    mode and to any order.

    Parameters
    ----------
    f : callable
        ``f(x, *args)`` returns what is like ``x``: same structure, same shapes.  It may close over traced
        values; the solution's derivative by these is there as well.
    x0 : array or container of arrays
        Where to start; real or complex.  The solution does not depend on it: its derivative is zero.
    *args
        What ``f`` depends on.
    solver : callable, optional
        ``solver(f, x0)`` returns ``x``, with ``f(x)`` of one argument.  It sees plain arrays only and may
        be any code.  With SciPy, for a vector ``x0``::

            solver=lambda f, x0: scipy.optimize.root(lambda x: f(x) - x, x0).x

        and ``fgrad.flattened`` of it for other unknowns.  By default iteration with Anderson's acceleration.
    linear_solver : callable, optional
        ``linear_solver(operator, b)`` solves for the derivative, as in :func:`fgrad.linear_solve`.
    tol : float, default 1e-4
        How large ``|x - f(x)|`` may be at what the given solver returns, as part of the larger of the terms
        that cancel in its linearization and ``|x0 - f(x0)|``.  The default solver goes on to a precision of
        about twelve digits.  The derivative is as accurate as the solution is.

    Returns
    -------
    array or container of arrays
        ``x``, of the structure, shapes and dtypes of ``x0`` (floats for ints).

    Raises
    ------
    ConvergenceError
        If the solver does not arrive at a solution.
    SingularError
        If ``1 - df/dx`` is singular, where a derivative is asked for.
    InputError, ArgumentError, OutputError
        If ``x0`` is not of numbers, or ``f`` or the solver returns what is not like it.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> from fgrad.implicit.fixed_point import fixed_point
    >>> def kepler(E, M, e):  # the eccentric anomaly for a mean anomaly and an eccentricity
    ...     return M + e * np.sin(E)
    >>> E = fixed_point(kepler, 1.0, 1.0, 0.1)
    >>> dE = grad(lambda M: fixed_point(kepler, 1.0, M, 0.1))(1.0)
    >>> bool(abs(dE - 1 / (1 - 0.1 * np.cos(E))) < 1e-12)
    True
    """
    check_callable(f, "fixed_point", "f")
    check_tolerance(tol, "fixed_point")
    x0 = as_numbers(x0, "fixed_point: x0")
    start = mapped(example, x0)
    closed = Closed([f], (start,), args, "fixed_point")

    def function(x: Any, moving: Any) -> Any:
        return as_like(closed.call(f, (x,), moving), x, "fixed_point: the result of f", "x")

    def residual(x: Any, moving: Any) -> Any:
        return mapped(np.subtract, x, function(x, moving))

    as_like(closed.trials[0], start, "fixed_point: the result of f", "x0")
    equation = Equation(
        "fixed_point",
        closed,
        function,
        residual,
        solver=solver,
        default=anderson,
        linear_solver=linear_solver,
        tolerance=tol,
    )
    return solution(x0, closed.moving, equation)
