"""The explicit Runge-Kutta method of Dormand and Prince, of order five, with steps of adapted size.

The difference to an embedded method of order four estimates the error of a step.  Steps end at the times that
are asked for, so nothing is interpolated.

>>> import numpy as np
>>> dormand_prince(lambda y, t: -y, np.array([1.0]), np.array([0.0, 1.0]), 1e-10, 1e-10)[-1].round(9)
array([0.36787944])

References
----------
E. Hairer, S. P. Norsett and G. Wanner, *Solving Ordinary Differential Equations I*, 2nd edition, Springer
1993, https://doi.org/10.1007/978-3-540-78862-1 (table II.5.2; section II.4 for the size of the steps).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from fgrad.implicit.errors import ConvergenceError

#: Where the stages are, and how they are combined.  The last row is the result of order five.
NODES = (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
STAGES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
#: The difference of the results of orders five and four.
ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)

_MATRICES = [np.array(row) for row in STAGES]
_ERROR = np.array(ERROR)


def dormand_prince(
    function: Callable[[Any, Any], Any],
    start: Any,
    times: Any,
    rtol: float,
    atol: float,
    *,
    max_steps: int = 100_000,
) -> Any:
    """Return the solution of ``dy/dt = function(y, t)`` at some times.

    Parameters
    ----------
    function : callable
        Of a vector and a time.
    start : array
        The vector at the first time.
    times : array
        Increasing or decreasing.
    rtol, atol : float
        The error of a step may be ``atol + rtol * abs(y)``, element by element.
    max_steps : int, default 100000
        How many steps may be tried between two times.

    Returns
    -------
    array
        One row for each time.

    Raises
    ------
    ConvergenceError
        If the steps become too small or too many, or the function is not finite.
    """
    rows = [start]
    if len(times) > 1:
        sign = 1.0 if times[-1] > times[0] else -1.0
        slope = function(start, times[0])
        step = sign * min(
            first_step(function, start, times[0], slope, sign, rtol, atol), abs(times[-1] - times[0])
        )
        y = start
        for t, end in pairwise(times):
            y, slope, step = advance(function, y, t, end, slope, step, rtol, atol, max_steps)
            rows.append(y)
    return np.stack(rows)


def advance(
    function: Callable[[Any, Any], Any],
    y: Any,
    t: float,
    end: float,
    slope: Any,
    step: float,
    rtol: float,
    atol: float,
    max_steps: int,
) -> tuple[Any, Any, float]:
    """Return the solution at ``end``, its slope there, and the step to go on with."""
    begin = t
    error_before = 1e-4
    for _ in range(max_steps):
        is_last = abs(end - t) <= abs(step) * (1 + 1e-9)
        h = end - t if is_last else step
        if t + h / 16 == t:
            raise ConvergenceError(
                f"odeint: at t = {t:.6g} the steps have become as small as rounding allows. The solution may "
                "have a singularity there, or the function is not smooth or not finite."
            )
        new, new_slope, difference = stages(function, y, t, h, slope)
        allowed = atol + rtol * np.maximum(np.abs(y), np.abs(new))
        error = float(np.max(np.abs(difference) / allowed, initial=0.0))
        if not np.isfinite(error):
            step = 0.1 * h
            continue
        if error > 1:
            step = h * max(0.2, 0.9 * error**-0.2)
            continue
        # Hairer's stabilized control: what the step before allowed counts as well.
        factor = min(10.0, max(0.2, 0.9 * max(error, 1e-10) ** -0.17 * error_before**0.04))
        error_before = max(error, 1e-4)
        proposed = h * factor
        y, slope = new, new_slope
        if is_last:
            # A step that was cut short to end here says nothing against the step that was planned.
            return y, slope, max(proposed, step, key=abs)
        t, step = t + h, proposed
    raise ConvergenceError(
        f"odeint: {max_steps} steps from t = {begin:.6g} came only to {t:.6g} of {end:.6g}. The equation may "
        "be stiff: pass an implicit solver, solve_ivp of SciPy with method='Radau' for example; or allow a "
        "larger rtol and atol."
    )


def stages(
    function: Callable[[Any, Any], Any], y: Any, t: float, h: float, slope: Any
) -> tuple[Any, Any, Any]:
    """Return the result of a step, the slope there, and the estimate of the error."""
    slopes = np.empty((7, y.size), y.dtype)
    slopes[0] = slope
    new = y
    for i, row in enumerate(_MATRICES):
        new = y + (h * row) @ slopes[: i + 1]
        slopes[i + 1] = function(new.astype(y.dtype), t + NODES[i + 1] * h)
    return new.astype(y.dtype), slopes[6], (h * _ERROR) @ slopes


def first_step(
    function: Callable[[Any, Any], Any], y: Any, t: float, slope: Any, sign: float, rtol: float, atol: float
) -> float:
    """Return a guess at the size of the first step, from the size of the first two derivatives."""
    allowed = atol + rtol * np.abs(y)

    def size(vector: Any) -> float:
        return float(np.max(np.abs(vector) / allowed, initial=0.0))

    if not np.isfinite(size(slope)):
        raise ConvergenceError(f"odeint: the function is not finite at the start, t = {t:.6g}")
    d0, d1 = size(y), size(slope)
    h0 = 1e-6 if min(d0, d1) < 1e-5 else 0.01 * d0 / d1
    d2 = size(function((y + sign * h0 * slope).astype(y.dtype), t + sign * h0) - slope) / h0
    if not np.isfinite(d2):
        return h0
    h1 = max(1e-6, 1e-3 * h0) if max(d1, d2) <= 1e-15 else (0.01 / max(d1, d2)) ** 0.2
    return min(100 * h0, h1)
