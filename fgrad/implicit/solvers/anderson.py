"""Fixed-point iteration with Anderson's acceleration.

The next iterate is the combination of the last few results whose residuals, combined in the same way, are
smallest.  For a linear function that is as good as GMRES.

>>> import numpy as np
>>> anderson(lambda x: 1.0 - 0.9 * x, np.array([0.0])).round(12)
array([0.52631579])

References
----------
H. F. Walker and P. Ni, "Anderson acceleration for fixed-point iterations", SIAM Journal on Numerical
Analysis 49 (2011), 1715-1735, https://doi.org/10.1137/10078356X (the form with differences, equation 2.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.precision import attainable, largest


def anderson(function: Callable[[Any], Any], start: Any, *, memory: int = 5, max_steps: int = 1000) -> Any:
    """Return ``x`` with ``x = function(x)``.

    Parameters
    ----------
    function : callable
        Of a vector.
    start : array
        The first iterate.
    memory : int, default 5
        How many differences of iterates are combined; 0 is plain iteration.
    max_steps : int, default 1000
        How often the function may be called.

    Raises
    ------
    ConvergenceError
        If the residual is not small after ``max_steps``, or is not finite.
    """
    x = start
    scale = largest(x)
    before: Any = None
    residuals: list[Any] = []
    results: list[Any] = []
    for step in range(max_steps):
        result = function(x)
        residual = result - x
        size = largest(residual)
        if not np.isfinite(size):
            raise ConvergenceError(f"fixed_point: after {step} steps f(x) is not finite. {_CURE}")
        scale = max(scale, largest(result))
        if size <= attainable(x.dtype) * scale:
            return result
        if before is not None:
            if residuals and size > 2 * largest(before[1]):  # the combination was of no use; start it anew
                residuals, results = [], []
            else:
                first = len(residuals) + 1 - memory  # of the differences that are kept
                residuals = [*residuals, residual - before[1]][max(0, first) :]
                results = [*results, result - before[0]][max(0, first) :]
        before = result, residual
        x = result
        if residuals:
            weights = np.linalg.lstsq(np.stack(residuals, -1), residual, rcond=None)[0]
            x = result - np.stack(results, -1) @ weights
    raise ConvergenceError(
        f"fixed_point: after {max_steps} steps f(x) still differs from x by {size:.3g}. {_CURE}"
    )


_CURE = (
    "Near a solution f must be a contraction. Start nearer to it, damp f, (x + f(x)) / 2 for example, solve "
    "f(x) - x = 0 by fgrad.root, or pass a solver."
)
