"""Derivatives of inverses and solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of, unbroadcast
from fgrad.kinds import custom
from fgrad.kinds.series import convolved, minus
from fgrad.numpy.linalg.solving import INV, LSTSQ, PINV, SOLVE
from fgrad.rules.linalg.algebra import adjoint, conjugate, transpose

custom(
    INV,
    jvps={0: lambda t, ans, a: -(ans @ t @ ans)},
    vjps={0: lambda ans, a: lambda g: -(transpose(ans) @ g @ transpose(ans))},
)


# solutions


def _as_columns(b: Any, is_vector: bool) -> Any:
    return np.expand_dims(b, -1) if is_vector else b


def _solve_back_a(ans: Any, a: Any, b: Any) -> Any:
    """Return the pull to ``a``: ``-(solve(a.T, g)) x.T``."""
    shape, is_vector = spec_of(a).shape, spec_of(b).ndim == 1

    def pull(g: Any) -> Any:
        solved = np.linalg.solve(transpose(a), _as_columns(g, is_vector))
        product = -(solved @ transpose(_as_columns(ans, is_vector)))
        return unbroadcast(product, spec_of(product).shape, shape)

    return pull


def _solve_back_b(ans: Any, a: Any, b: Any) -> Any:
    """Return the pull to ``b``: ``solve(a.T, g)``."""
    shape, is_vector = spec_of(b).shape, spec_of(b).ndim == 1

    def pull(g: Any) -> Any:
        solved = np.linalg.solve(transpose(a), _as_columns(g, is_vector))
        if is_vector:
            solved = solved[..., 0]
        return unbroadcast(solved, spec_of(solved).shape, shape)

    return pull


def _solve_push_a(t: Any, ans: Any, a: Any, b: Any) -> Any:
    is_vector = spec_of(b).ndim == 1
    moved = -np.linalg.solve(a, t @ _as_columns(ans, is_vector))
    return moved[..., 0] if is_vector else moved


def _solve_push_b(t: Any, ans: Any, a: Any, b: Any) -> Any:
    return np.linalg.solve(a, t)


def _solve_series(primitive: Any, mine: Any, ans: Any, args: Any) -> Any:
    """Return the step of a power series ``x``, in which ``b[k]`` is the sum of ``a[j] x[k - j]``."""
    is_vector = spec_of(args[1]).ndim == 1

    def multiply(a: Any, x: Any) -> Any:
        product = a @ _as_columns(x, is_vector)
        return product[..., 0] if is_vector else product

    def step(k: int, series: Any, found: Any) -> Any:
        a, b = series
        known = convolved(k, a, found, 1, multiply) if mine[0] else None
        total = minus(b[k] if mine[1] else None, known)
        if total is None:
            return None
        solved = np.linalg.solve(a[0], _as_columns(total, is_vector))
        return solved[..., 0] if is_vector else solved

    return step


custom(
    SOLVE,
    series=_solve_series,
    jvps={0: _solve_push_a, 1: _solve_push_b},
    vjps={0: _solve_back_a, 1: _solve_back_b},
)


# pseudo-inverse: Golub and Pereyra (1973), equation 4.12, for matrices near which the rank is the same


def _pinv_push(t: Any, ans: Any, a: Any, rcond: Any, hermitian: bool) -> Any:
    """``dP = -P dA P + P P.H dA.H (1 - A P) + (1 - P A) dA.H P.H P``."""
    th, ph = adjoint(t), adjoint(ans)
    below = ans @ (ph @ (th - (th @ a) @ ans))
    beside = ((th - ans @ (a @ th)) @ ph) @ ans
    return below + beside - ans @ t @ ans


custom(PINV, jvps={0: _pinv_push})


# least squares: x = P b, and what it leaves, r = b - A x, has no part in the range of A


def _lstsq_push_a(t: Any, ans: Any, a: Any, b: Any, rcond: float) -> tuple[Any, Any, Any]:
    x, residuals, rank = ans
    is_vector = spec_of(b).ndim == 1
    x = _as_columns(x, is_vector)
    left = _as_columns(b, is_vector) - a @ x
    p = PINV(a, rcond=rcond, hermitian=False)
    th, ph = adjoint(t), adjoint(p)
    moved = t @ x
    dx = p @ (ph @ (th @ left) - moved) + (th - p @ (a @ th)) @ (ph @ x)
    return dx[..., 0] if is_vector else dx, _shrink(left, -moved, residuals), rank


def _lstsq_push_b(t: Any, ans: Any, a: Any, b: Any, rcond: float) -> tuple[Any, Any, Any]:
    x, residuals, rank = ans
    is_vector = spec_of(b).ndim == 1
    left = _as_columns(b, is_vector) - a @ _as_columns(x, is_vector)
    dx = PINV(a, rcond=rcond, hermitian=False) @ t
    return dx, _shrink(left, _as_columns(t, is_vector), residuals), rank


def _shrink(left: Any, moved: Any, residuals: Any) -> Any:
    """Return the tangent of the squared lengths of what is left; of none, where NumPy gives none."""
    if spec_of(residuals).size == 0:
        return np.zeros_like(residuals)
    return 2 * np.sum(np.real(conjugate(left) * moved), axis=0)


custom(LSTSQ, jvps={0: _lstsq_push_a, 1: _lstsq_push_b})
