"""Newton's method for as many equations as unknowns, with fgrad's own Jacobian.

A step that does not reduce the residual is halved.  For many unknowns the step comes from GMRES, of which the
Jacobian is only asked for products with vectors.

>>> import numpy as np
>>> newton(lambda x: np.stack([x[0] ** 2 + x[1] ** 2 - 4.0, x[0] - x[1]]), np.array([1.0, 2.0])) ** 2
array([2., 2.])

References
----------
J. E. Dennis and R. B. Schnabel, *Numerical Methods for Unconstrained Optimization and Nonlinear Equations*,
SIAM 1996, https://doi.org/10.1137/1.9781611971200 (algorithm 6.1.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.solvers.dense import FEW
from fgrad.implicit.solvers.krylov import gmres
from fgrad.implicit.solvers.precision import attainable, largest
from fgrad.transforms.jacobian import jacobian
from fgrad.transforms.products import jvp

_norm: Any = np.linalg.norm


def newton(function: Callable[[Any], Any], start: Any, *, max_steps: int = 100) -> Any:
    """Return ``x`` with ``function(x) = 0``.

    Parameters
    ----------
    function : callable
        Of a vector; returns a vector of the same length.  It must be differentiable by fgrad.
    start : array
        Where to begin.
    max_steps : int, default 100
        How many steps may be taken.

    Raises
    ------
    ConvergenceError
        If the residual cannot be reduced, or after ``max_steps``.
    """
    x, value = start, function(start)
    if not np.all(np.isfinite(value)):
        raise ConvergenceError("root: f is not finite at the start x0. Start elsewhere.")
    scale = largest(x)
    for _ in range(max_steps):
        if not value.any():
            return x
        step = newton_step(function, x, value)
        scale = max(scale, largest(x))
        if largest(step) <= attainable(x.dtype) * scale:
            return x + step
        found = reduced(function, x, value, step)
        if found is None:
            if largest(step) <= np.finfo(x.dtype).eps ** 0.5 * scale:  # what is left is rounding
                return x
            raise ConvergenceError(
                f"root: Newton's method came to a point that it cannot leave, where |f(x)| is "
                f"{largest(value):.3g}. {_CURE}"
            )
        x, value = found
    raise ConvergenceError(
        f"root: after {max_steps} steps of Newton's method |f(x)| is {largest(value):.3g}. {_CURE}"
    )


_CURE = "There may be no root nearby, or the Jacobian is singular at it. Start elsewhere, or pass a solver."


def newton_step(function: Callable[[Any], Any], x: Any, value: Any) -> Any:
    """Return the step to the root of the linearized function."""
    if x.size > FEW:
        try:
            return -gmres(lambda v: jvp(function, (x,), (v,))[1], value, 1e-6)
        except (ConvergenceError, SingularError) as error:
            raise ConvergenceError(f"root: no Newton step was found: {error}. {_CURE}") from error
    matrix = jacobian(function)(x)
    if not np.all(np.isfinite(matrix)):
        raise ConvergenceError(f"root: the Jacobian of f is not finite at a point of the iteration. {_CURE}")
    try:
        return -np.linalg.solve(matrix, value)
    except np.linalg.LinAlgError:
        return -np.linalg.lstsq(matrix, value, rcond=None)[0]


def reduced(function: Callable[[Any], Any], x: Any, value: Any, step: Any) -> Any:
    """Return the point along a step, and the function there, where it is smaller; None if nowhere."""
    fraction = 1.0
    size = _norm(value)
    while fraction > 1e-10:
        there = x + fraction * step
        new = function(there)
        if _norm(new) <= (1 - 1e-4 * fraction) * size:
            return there, new
        fraction /= 2
    return None
