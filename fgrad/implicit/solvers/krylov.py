"""Linear systems of which only products with vectors are known.

>>> import numpy as np
>>> matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
>>> conjugate_gradients(lambda v: matrix @ v, np.array([3.0, 4.0])).round(12)
array([1., 1.])
>>> gmres(lambda v: matrix @ v, np.array([3.0, 4.0])).round(12)
array([1., 1.])

References
----------
Y. Saad, *Iterative Methods for Sparse Linear Systems*, 2nd edition, SIAM 2003,
https://doi.org/10.1137/1.9780898718003 (algorithms 6.9 and 6.18).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.solvers.precision import attainable

Operator = Callable[[Any], Any]

_MOST_ELEMENTS = 2**22  # of a basis, before a restart
_SHORTEST = 30
_norm: Any = np.linalg.norm


def goal(b: Any, tolerance: float | None) -> float:
    """Return the norm of the residual to arrive at."""
    return float((attainable(b.dtype) if tolerance is None else tolerance) * _norm(b))


def conjugate_gradients(operator: Operator, b: Any, tolerance: float | None = None) -> Any:
    """Return ``x`` with ``operator(x) = b``, for a symmetric positive definite operator.

    Raises
    ------
    SingularError
        If the operator turns out not to be positive definite.
    ConvergenceError
        If the residual is not as small as asked for after many times as many steps as there are unknowns.
    """
    x = np.zeros_like(b)
    target = goal(b, tolerance)
    for _ in range(_REFINEMENTS):
        r = b - operator(x) if x.any() else b
        size = _norm(r)
        if size <= target:
            return x
        p, squared = r, r @ r
        for _ in range(max(200, 10 * b.size)):
            ap = operator(p)
            curvature = p @ ap
            if not curvature > 0:
                raise SingularError(
                    "conjugate gradients came upon a direction v in which the operator A is not positive: "
                    f"v @ A v = {curvature:.3g}"
                )
            step = squared / curvature
            x = x + step * p
            r = r - step * ap
            new = r @ r
            if new**0.5 <= 0.5 * target:
                break
            p = r + (new / squared) * p
            squared = new
    return accepted(operator, b, x, target, "conjugate gradients")


def gmres(operator: Operator, b: Any, tolerance: float | None = None) -> Any:
    """Return ``x`` with ``operator(x) = b``, for any operator that has an inverse.

    Raises
    ------
    ConvergenceError
        If the residual is not as small as asked for after a few restarts.
    """
    x = np.zeros_like(b)
    target = goal(b, tolerance)
    for _ in range(_REFINEMENTS):
        r = b - operator(x) if x.any() else b
        size = _norm(r)
        if size <= target:
            return x
        x = x + krylov_step(operator, r, size, target)
    return accepted(operator, b, x, target, "GMRES")


_REFINEMENTS = 20


def krylov_step(operator: Operator, r: Any, size: Any, target: float) -> Any:
    """Return the vector of the Krylov space of ``r`` whose image is nearest to ``r``."""
    length = min(r.size, max(_SHORTEST, _MOST_ELEMENTS // r.size))
    basis = np.zeros((length + 1, r.size), r.dtype)
    triangle = np.zeros((length, length), r.dtype)
    basis[0] = r / size
    right = np.zeros(length + 1, r.dtype)
    right[0] = size
    rotations: list[tuple[Any, Any]] = []
    for k in range(length):
        v = operator(basis[k])
        height = _norm(v)
        column = np.zeros(k + 1, r.dtype)
        for _ in range(2):  # a second time for what rounding left
            along = basis[: k + 1] @ v
            column += along
            v = v - along @ basis[: k + 1]
        rest = _norm(v)
        for i, (c, s) in enumerate(rotations):  # the rotations that made the columns before triangular
            column[i : i + 2] = c * column[i] + s * column[i + 1], c * column[i + 1] - s * column[i]
        diagonal = np.hypot(column[k], rest)
        if not diagonal > np.finfo(r.dtype).eps * height:
            raise SingularError(f"GMRES found the operator of {r.size} unknowns to be singular")
        c, s = column[k] / diagonal, rest / diagonal
        rotations.append((c, s))
        column[k] = diagonal
        triangle[: k + 1, k] = column
        right[k : k + 2] = c * right[k], -s * right[k]
        if abs(right[k + 1]) <= 0.5 * target or rest <= np.finfo(r.dtype).eps * height:
            break
        basis[k + 1] = v / rest
    used = len(rotations)
    return np.linalg.solve(triangle[:used, :used], right[:used]) @ basis[:used]


def accepted(operator: Operator, b: Any, x: Any, target: float, what: str) -> Any:
    """Return ``x`` if it solves the system as well as rounding allows; raise otherwise."""
    image = operator(x)
    residual = _norm(b - image)
    # A backward error of rounding size: x is exact for an operator that differs by as much.
    growth = _norm(operator(b)) / _norm(b)
    if residual <= max(target, 100 * np.finfo(b.dtype).eps * growth * _norm(x)):
        return x
    raise ConvergenceError(
        f"{what} did not solve a system of {b.size} unknowns: the residual is {residual:.3g}, that of zero "
        f"{_norm(b):.3g}. The operator may be singular, or ill-conditioned"
    )
