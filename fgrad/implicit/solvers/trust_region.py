"""Newton's method for minima, within a region in which the quadratic model is trusted.

The model's minimum is found by conjugate gradients on Hessian-vector products, which end at the border of
the region or follow a direction of negative curvature there; so it takes memory for a few vectors only, and
is not attracted by saddle points.

>>> import numpy as np
>>> trust_region(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, np.array([-1.2, 1.0])).round(12)
array([1., 1.])

References
----------
J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd edition, Springer 2006,
https://doi.org/10.1007/978-0-387-40065-5 (algorithms 4.1 and 7.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.precision import attainable, largest
from fgrad.transforms.gradient import grad, value_and_grad
from fgrad.transforms.products import jvp

_norm: Any = np.linalg.norm


def trust_region(function: Callable[[Any], Any], start: Any, *, max_steps: int = 1000) -> Any:
    """Return a local minimum of a function of a vector.

    Parameters
    ----------
    function : callable
        Returns a real scalar.  It must be twice differentiable by fgrad.
    start : array
        Where to begin.
    max_steps : int, default 1000
        How many steps may be tried.

    Raises
    ------
    ConvergenceError
        If the gradient is not small after ``max_steps``, or the function is not finite at the start.
    """
    differentiated = value_and_grad(function)
    gradient_of = grad(function)
    x = start
    value, g = differentiated(x)
    if not np.isfinite(value) or not np.all(np.isfinite(g)):
        raise ConvergenceError("minimize: f or its gradient is not finite at the start x0. Start elsewhere.")
    first = _norm(g)
    radius = _norm(x) or 1.0
    scale = largest(x)
    for _ in range(max_steps):
        if not g.any():
            return x
        scale = max(scale, largest(x))
        forcing = min(0.1, _norm(g) / first) * _norm(g)
        step, curved = model_step(lambda v: jvp(gradient_of, (x,), (v,))[1], g, radius, forcing)
        if largest(step) <= attainable(x.dtype) * scale:
            return x + step
        new_value, new_g = differentiated(x + step)
        predicted = -(g @ step + curved / 2)
        gained = value - new_value
        if predicted <= 100 * np.finfo(x.dtype).eps * abs(value):  # too small to be seen in the value
            if not _norm(new_g) < _norm(g):
                return x
            ratio = 1.0
        else:
            ratio = gained / predicted if np.isfinite(new_value) else -1.0
        if ratio > 1e-4 and np.all(np.isfinite(new_g)):
            x, value, g = x + step, new_value, new_g
        if ratio < 0.25:
            radius = 0.25 * _norm(step)
        elif ratio > 0.75 and _norm(step) > 0.99 * radius:
            radius *= 2
    raise ConvergenceError(
        f"minimize: after {max_steps} steps the gradient of f is still {largest(g):.3g}. There may be no "
        "minimum (f falls without end), or f is not smooth there. Start elsewhere, or pass a solver."
    )


def model_step(hessian: Callable[[Any], Any], g: Any, radius: float, forcing: float) -> tuple[Any, Any]:
    """Return a step to a low point of ``g @ p + p @ hessian(p) / 2``, and ``p @ hessian(p)`` of it."""
    p, image = np.zeros_like(g), np.zeros_like(g)
    r, d = g, -g
    for _ in range(10 * g.size + 10):
        along = hessian(d)
        curvature = d @ along
        squared = r @ r
        if curvature <= 0:
            return ended(p, image, d, along, radius)
        length = squared / curvature
        if _norm(p + length * d) >= radius:
            return ended(p, image, d, along, radius)
        p, image = p + length * d, image + length * along
        r = r + length * along
        if _norm(r) <= forcing:
            break
        d = -r + (r @ r / squared) * d
    return p, p @ image


def ended(p: Any, image: Any, d: Any, along: Any, radius: float) -> tuple[Any, Any]:
    """Return the point where ``p`` moved along ``d`` leaves the region, and its curvature."""
    a, b, c = d @ d, 2 * (p @ d), p @ p - radius**2
    root = (b * b - 4 * a * c) ** 0.5
    length = (-b + root) / (2 * a) if b <= 0 else -2 * c / (b + root)
    p, image = p + length * d, image + length * along
    return p, p @ image
