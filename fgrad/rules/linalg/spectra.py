"""Derivatives of eigenvalues and singular values, and of the vectors that belong to them.

Where values are equal
    The vectors turn into each other by quotients of the differences of values.  Where two are equal, but
    for rounding, that quotient is left out: the values are differentiated within the basis that LAPACK
    gives, and this basis does not turn.  So all derivatives are finite.  The first ones are right for
    symmetric functions of the values (a trace, a determinant, a nuclear norm), for functions of the
    subspaces (a projector on all vectors of some equal values), and for a polar factor ``u @ vh``.

    They cannot be right for every function that does not depend on the choice of a basis.  In
    ``v @ diag(w - 1) @ v.H`` at the identity matrix, the cotangents of ``w`` are the diagonal of what the
    cotangent of ``A`` should be, and those of ``v`` are zero; nothing tells the other elements.  A rule of
    order two or more needs the differences of first derivatives between equal values, and is right only
    where these play no role: for all singular values' sum, when they are not zero.

References are in :mod:`fgrad.rules.linalg`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.spec import spec_of
from fgrad.kinds import custom
from fgrad.numpy.linalg.spectra import EIG, EIGH, EIGVALS, EIGVALSH, SVD, SVDVALS, pick_columns
from fgrad.rules.linalg.algebra import (
    adjoint,
    as_column,
    as_row,
    conjugate,
    diagonal,
    identity_mask,
    is_complex,
    reciprocal,
    reciprocal_gaps,
    rounding,
    transpose,
)

# Hermitian matrices: with m = v.H dA v, dw = diag(m) and dv = v (m / gaps)
#
# A complex vector has a phase, which does not turn: v.H dv has a diagonal of zeros.


def _eigh_push(t: Any, ans: Any, a: Any, triangle: str) -> tuple[Any, Any]:
    w, v = ans
    m = adjoint(v) @ t @ v
    return np.real(diagonal(m)), v @ (m * reciprocal_gaps(w))


def _eigh_back(ans: Any, a: Any, triangle: str) -> Any:
    """``conj(v) (diag(gw) + (v.T gv) / gaps) v.T``."""
    w, v = ans

    def pull(g: Any) -> Any:
        of_values, of_vectors = g
        turned = (transpose(v) @ of_vectors) * reciprocal_gaps(w)
        inner = turned + identity_mask(spec_of(w).shape[-1]) * as_row(of_values)
        return conjugate(v) @ inner @ transpose(v)

    return pull


def _eigvalsh_push(t: Any, ans: Any, a: Any, triangle: str) -> Any:
    v = np.linalg.eigh(a)[1]
    return np.sum(np.real(conjugate(v) * (t @ v)), axis=-2)


def _eigvalsh_back(ans: Any, a: Any, triangle: str) -> Any:
    def pull(g: Any) -> Any:
        v = np.linalg.eigh(a)[1]
        return conjugate(v) * as_row(g) @ transpose(v)

    return pull


custom(EIGH, jvps={0: _eigh_push}, vjps={0: _eigh_back})
custom(EIGVALSH, jvps={0: _eigvalsh_push}, vjps={0: _eigvalsh_back})


# any matrix: with m = inv(v) dA v, dw = diag(m) and dv = v (m / gaps) + v diag(c)


def _eig_push(t: Any, ans: Any, a: Any) -> tuple[Any, Any]:
    """Return the tangents of eigenvalues and eigenvectors.

    The factors ``c`` keep the vectors as LAPACK gives them: of length one, and with the largest
    component of a complex one real.
    """
    w, v = ans
    m = np.linalg.solve(v, t @ v)
    moved = v @ (m * reciprocal_gaps(w))
    factor = -np.sum(np.real(conjugate(v) * moved), axis=-2)
    if is_complex(v):
        largest = _largest_real(bottom(v))
        turning = np.sum(largest * np.imag(moved), axis=-2) / np.sum(largest * np.real(v), axis=-2)
        factor = factor - 1j * turning
    return diagonal(m), moved + v * as_row(factor)


def _largest_real(v: Any) -> Any:
    """Return which component LAPACK made real: the largest of those without an imaginary part."""
    size = np.where(v.imag == 0, np.abs(v), 0)
    first = np.argmax(size, axis=-2, keepdims=True)
    return np.arange(v.shape[-1])[:, None] == first


def eigenvectors_of(values: Any, a: Any) -> Any:
    """Return eigenvectors in the order of eigenvalues that were found without them.

    LAPACK's order depends on how it deflates, which differs between the two.
    """
    w, v = np.linalg.eig(a)
    found, wanted = bottom(w), bottom(values)
    if np.all(np.abs(found - wanted) <= 1e-6 * np.max(np.abs(wanted), axis=-1, initial=0, keepdims=True)):
        return v
    order = np.empty(wanted.shape, int)
    for stack in np.ndindex(wanted.shape[:-1]):
        distances = np.abs(wanted[stack][:, None] - found[stack])
        for i in range(wanted.shape[-1]):
            order[(*stack, i)] = nearest = np.argmin(distances[i])
            distances[:, nearest] = np.inf
    return pick_columns(v, order)


def _eigvals_push(t: Any, ans: Any, a: Any) -> Any:
    v = eigenvectors_of(ans, a)
    return np.sum(transpose(np.linalg.inv(v)) * (t @ v), axis=-2)


def _eigvals_back(ans: Any, a: Any) -> Any:
    def pull(g: Any) -> Any:
        v = eigenvectors_of(ans, a)
        return transpose(np.linalg.inv(v)) * as_row(g) @ transpose(v)

    return pull


custom(EIG, jvps={0: _eig_push})
custom(EIGVALS, jvps={0: _eigvals_push}, vjps={0: _eigvals_back})


# singular values


def _svd_push(t: Any, ans: Any, a: Any, full_matrices: bool) -> tuple[Any, Any, Any]:
    """Return the tangents of ``u``, ``s`` and ``vh``, with ``p = u.H dA v``.

    ``ds = Re diag(p)``.  The factors turn within their own columns, ``du = u w`` and ``dv = v z``, and out of
    them where there are fewer columns than rows.  Townsend's quotients by ``s_j**2 - s_i**2`` are split here
    by the Hermitian and the anti-Hermitian part of ``p``, into quotients by the difference and by the sum:
    the first belong to both factors and cancel in sums over equal singular values, where they are left out.
    Of the phase of a complex pair of columns only the difference is determined; each turns by half.
    """
    u, s, vh = ans
    v = adjoint(vh)
    k = spec_of(s).shape[-1]
    first_u, first_v = u[..., :k], v[..., :k]
    pushed, pushed_back = t @ first_v, adjoint(t) @ first_u
    p = adjoint(first_u) @ pushed
    noise = rounding(s, max(spec_of(a).shape[-2:]))
    column, row = as_column(s), as_row(s)
    together = (p + adjoint(p)) / 2 * reciprocal(row - column, noise)
    apart = (p - adjoint(p)) / 2 * reciprocal(row + column, noise)
    inverse = reciprocal(row, noise)
    du = _turned(u, first_u, together + apart, pushed, inverse)
    dv = _turned(v, first_v, together - apart, pushed_back, inverse)
    return du, np.real(diagonal(p)), adjoint(dv)


def _turned(q: Any, first: Any, turn: Any, pushed: Any, inverse: Any) -> Any:
    """Return the tangent of ``q``, whose ``first`` columns belong to singular values.

    These turn among each other by ``turn`` and out of their space by what ``pushed`` has beyond it.  Other
    columns turn with them, and not among themselves.
    """
    rows, columns = spec_of(q).shape[-2:]
    k = spec_of(first).shape[-1]
    moved = first @ turn
    if rows == k:
        return moved
    if columns == k:
        return moved + (pushed - first @ (adjoint(first) @ pushed)) * inverse
    others = q[..., k:]
    beyond = (adjoint(others) @ pushed) * inverse
    return np.concatenate([moved + others @ beyond, -(first @ adjoint(beyond))], -1)


def _svdvals_push(t: Any, ans: Any, a: Any) -> Any:
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.real(conjugate(u) * (t @ adjoint(vh))), axis=-2)


def _svdvals_back(ans: Any, a: Any) -> Any:
    def pull(g: Any) -> Any:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        return conjugate(u) * as_row(g) @ conjugate(vh)

    return pull


custom(SVD, jvps={0: _svd_push})
custom(SVDVALS, jvps={0: _svdvals_push}, vjps={0: _svdvals_back})
