"""Minima: ``argmin f``, and its derivative by all that ``f`` depends on.

>>> from fgrad import grad
>>> grad(lambda a: minimize(lambda x, a: (x - a**2) ** 2, 0.0, a))(3.0)
6.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import InputError, OutputError
from fgrad.core.pytree import flatten, paths
from fgrad.core.spec import spec_of
from fgrad.implicit.closures import Closed, example
from fgrad.implicit.equations import Equation, solution
from fgrad.implicit.solvers.trust_region import trust_region
from fgrad.implicit.starting import as_numbers, check_callable, check_tolerance
from fgrad.implicit.vectors import mapped
from fgrad.transforms.gradient import grad
from fgrad.transforms.outputs import is_array_like


def minimize(
    f: Callable[..., Any],
    x0: Any,
    *args: Any,
    solver: Callable[..., Any] | None = None,
    linear_solver: Callable[..., Any] | None = None,
    tol: float = 1e-4,
) -> Any:
    """Return a local minimum of ``f(x, *args)`` over ``x``: the ``x``, not the value.

    The derivative is that of the condition that the gradient vanishes, ``H dx = -d(grad f)`` with the Hessian
    ``H``, of which only products with vectors are taken.  The iterations are not recorded, so the memory
    does not grow with their number.  It is there in every mode and to any order.

    Parameters
    ----------
    f : callable
        ``f(x, *args)`` returns a real scalar.  It may close over traced values; the minimum's derivative by
        these is there as well.
    x0 : array or container of arrays
        Where to start; real.  The derivative of the minimum by it is zero.
    *args
        What ``f`` depends on.
    solver : callable, optional
        ``solver(f, x0)`` returns ``x``, with ``f(x)`` of one argument.  It sees plain arrays only and may
        be any code.  With SciPy, for a vector ``x0``::

            solver=lambda f, x0: scipy.optimize.minimize(fgrad.value_and_grad(f), x0, jac=True, tol=1e-10).x

        and ``fgrad.flattened`` of it for other unknowns.  By default Newton's method with a trust region, by
        conjugate gradients on Hessian-vector products.
    linear_solver : callable, optional
        ``linear_solver(operator, b)`` solves for the derivative, as in :func:`fgrad.linear_solve`; by default
        elimination for up to 128 unknowns, conjugate gradients for more.
    tol : float, default 1e-4
        How large the gradient may be at what the given solver returns, as part of that at ``x0`` or of the
        terms that cancel in it, the Hessian times ``x``.  The default solver goes on to a precision of about
        twelve digits.  The derivative is as accurate as the solution is.

    Returns
    -------
    array or container of arrays
        ``x``, of the structure, shapes and dtypes of ``x0`` (floats for ints).

    Raises
    ------
    ConvergenceError
        If the solver does not arrive at a minimum.
    SingularError
        If the Hessian is singular at the minimum, where a derivative is asked for.
    InputError, ArgumentError, OutputError
        If ``x0`` is not of real numbers, ``f`` does not return a real scalar, or the solver returns what is
        not like ``x0``.

    Examples
    --------
    The weights of ridge regression, and how they move with the penalty:

    >>> import fgrad.numpy as np
    >>> from fgrad import jacobian
    >>> from fgrad.implicit.minimize import minimize
    >>> X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 2.0])
    >>> def ridge(w, penalty):
    ...     return np.sum((X @ w - y) ** 2) + penalty * np.sum(w**2)
    >>> minimize(ridge, np.zeros(2), 1.0).round(6)
    array([0.8, 0.6])
    >>> jacobian(lambda penalty: minimize(ridge, np.zeros(2), penalty))(3.0).round(6)
    array([-0.074293, -0.039448])
    """
    check_callable(f, "minimize", "f")
    check_tolerance(tol, "minimize")
    x0 = as_numbers(x0, "minimize: x0")
    leaves, structure = flatten(x0)
    for leaf, path in zip(leaves, paths(structure, "x0"), strict=True):
        if spec_of(leaf).dtype.kind == "c":
            raise InputError(
                f"minimize: {path} is complex. Make the real and the imaginary parts unknowns of their own."
            )
    closed = Closed([f], (mapped(example, x0),), args, "minimize")
    check_scalar(closed.trials[0])

    def function(x: Any, moving: Any) -> Any:
        return closed.call(f, (x,), moving)

    def residual(x: Any, moving: Any) -> Any:
        return grad(function)(x, moving)

    equation = Equation(
        "minimize",
        closed,
        function,
        residual,
        solver=solver,
        default=trust_region,
        linear_solver=linear_solver,
        tolerance=tol,
        is_symmetric=True,
        is_scalar=True,
    )
    return solution(x0, closed.moving, equation)


def check_scalar(value: Any) -> None:
    """Raise unless a value is a real number."""
    if not is_array_like(value):
        raise OutputError(f"minimize: f must return a real scalar; it returned a {type(value).__name__}")
    shape, dtype = spec_of(value)
    if shape or dtype.kind not in "fiub":
        raise OutputError(
            f"minimize: f must return a real scalar; it returned an array of shape {shape} and dtype "
            f"{dtype}. Add up what is to be small, np.sum of squares for example."
        )
