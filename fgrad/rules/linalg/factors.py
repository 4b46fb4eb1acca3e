"""Derivatives of Cholesky and QR factors, and of the Hermitian matrix that one triangle stands for."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import custom, linear
from fgrad.numpy.linalg.factors import CHOLESKY, HERMITIAN, QR
from fgrad.rules.linalg.algebra import (
    adjoint,
    conjugate,
    divide_right,
    identity_mask,
    is_complex,
    transpose,
)


def _hermitian_back(g: Any, a: Spec, lower: bool) -> Any:
    """Return the cotangents of both mirrored elements where the one was read; of the diagonal once."""
    mirrored = g + adjoint(g)
    strictly = np.tril(mirrored, -1) if lower else np.triu(mirrored, 1)
    return strictly + np.where(identity_mask(a.shape[-1]), np.real(g), 0)


linear(HERMITIAN, _hermitian_back)


# Cholesky: with P = inv(L) dA inv(L).H, dL = L (lower triangle of P, with half of the diagonal)


def _lower_half(a: Any) -> Any:
    n = spec_of(a).shape[-1]
    weights = np.tril(np.ones((n, n))) - np.eye(n) / 2
    return a * weights.astype(spec_of(a).dtype)


def _cholesky_push(t: Any, ans: Any, a: Any) -> Any:
    inverse = np.linalg.inv(ans)
    return ans @ _lower_half(inverse @ t @ adjoint(inverse))


def _cholesky_back(ans: Any, a: Any) -> Any:
    def pull(g: Any) -> Any:
        inverse = np.linalg.inv(ans)
        return transpose(inverse) @ _lower_half(transpose(ans) @ g) @ conjugate(inverse)

    return pull


custom(CHOLESKY, jvps={0: _cholesky_push}, vjps={0: _cholesky_back})


# QR


def _qr_push(t: Any, ans: Any, a: Any, mode: str) -> tuple[Any, Any]:
    """Return the tangents of ``q`` and ``r``.

    ``Q.H dA = W R + dR`` with ``W = Q.H dQ`` anti-Hermitian and ``dR`` triangular with a real diagonal,
    as LAPACK gives ``R``.  The first columns, ``R1`` of them square, determine ``W``: below the diagonal
    it is ``Q.H dA1 inv(R1)``.  Columns that ``mode="complete"`` adds turn with the others and not among
    themselves.  ``R1`` must have an inverse: where the columns depend on each other there is no derivative.
    """
    q, r = ans
    m, n = spec_of(a).shape[-2:]
    k = min(m, n)
    first, square = q[..., :k], r[..., :k, :k]
    inner = adjoint(q) @ t
    quotient = divide_right(inner[..., :k], square)
    turn = _anti_hermitian(quotient[..., :k, :])
    dr = np.triu(inner[..., :k, :] - turn @ r[..., :k, :])
    dq = first @ turn
    if m == k:
        return dq, dr
    if mode == "reduced":
        return dq + divide_right(t, square) - q @ quotient, dr
    others, beyond = q[..., k:], quotient[..., k:, :]
    dq = np.concatenate([dq + others @ beyond, -(first @ adjoint(beyond))], -1)
    return dq, np.concatenate([dr, np.zeros_like(inner[..., k:, :])], -2)


def _anti_hermitian(a: Any) -> Any:
    """Return the anti-Hermitian matrix with the elements of ``a`` below the diagonal."""
    below = np.tril(a, -1)
    turn = below - adjoint(below)
    if not is_complex(a):
        return turn
    return turn + np.where(identity_mask(spec_of(a).shape[-1]), 1j * np.imag(a), 0)


custom(QR, jvps={0: _qr_push})
