"""Derivatives of singular values, and of the vectors that belong to them.

Equal and zero singular values: see :mod:`fgrad.rules.linalg.limits`.  References are in
:mod:`fgrad.rules.linalg`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of
from fgrad.kinds import custom
from fgrad.modes.infinitesimal import family_of, part
from fgrad.numpy.linalg.spectra import SVD, SVDVALS
from fgrad.rules.linalg.algebra import (
    adjoint,
    antihermitian,
    as_column,
    as_row,
    conjugate,
    diagonal,
    identity_mask,
    reciprocal,
    rounding,
    transpose,
)
from fgrad.rules.linalg.limits import EqualSingularValues, along, quotients


def _svd_push(t: Any, ans: Any, a: Any, full_matrices: bool) -> tuple[Any, Any, Any]:
    """Return the tangents of ``u``, ``s`` and ``vh``, with ``p = u.H dA v``.

    ``ds = Re diag(p)``.  The factors turn within their own columns, ``du = u w`` and ``dv = v z``, and out of
    them where there are fewer columns than rows.  Townsend's quotients by ``s_j**2 - s_i**2`` are split here
    by the Hermitian and the anti-Hermitian part of ``p``, into quotients by the difference and by the sum.
    Where these are zero the basis was chosen so that the quotients are too.
    Of the phase of a complex pair of columns only the difference is determined; each turns by half.
    """
    u, s, vh = ans
    v = adjoint(vh)
    k = spec_of(s).shape[-1]
    first_u, first_v = u[..., :k], v[..., :k]
    pushed, pushed_back = t @ first_v, adjoint(t) @ first_u
    p = adjoint(first_u) @ pushed
    noise = rounding(s, *spec_of(a).shape[-2:])
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


def _svd_back(ans: Any, a: Any, full_matrices: bool) -> Any:
    """Return the transpose of :func:`_svd_push`, with the limits of its quotients."""
    u, s, vh = ans
    k = spec_of(s).shape[-1]

    def pull(g: Any) -> Any:
        of_u, of_s, of_vh = g
        v, of_v = adjoint(vh), adjoint(of_vh)
        first_u, first_v = u[..., :k], v[..., :k]
        column, row = as_column(s), as_row(s)
        turned_u, turned_v = transpose(first_u) @ of_u[..., :k], transpose(first_v) @ of_v[..., :k]
        divided = quotients(s, *spec_of(a).shape[-2:])
        together = divided(antihermitian(turned_u + turned_v), row - column)
        apart = divided(antihermitian(turned_u - turned_v), row + column)
        family = family_of(s)
        left, right, of_s = (part(x, family, 0) for x in (first_u, first_v, of_s))
        inner = together + apart + identity_mask(k) * as_row(of_s)
        cotangent = conjugate(left) @ inner @ transpose(right)
        beyond_u, beyond_v = _beyond(u, of_u, s, divided), _beyond(v, of_v, s, divided)
        if beyond_u is not None:
            cotangent = cotangent + beyond_u @ transpose(right)
        if beyond_v is not None:
            cotangent = cotangent + conjugate(left) @ adjoint(beyond_v)
        return cotangent

    return pull


def _beyond(q: Any, of_q: Any, s: Any, divided: Any) -> Any:
    """Return the cotangent of ``pushed`` in :func:`_turned`, or None if the columns of ``q`` span all."""
    rows, columns = spec_of(q).shape[-2:]
    k = spec_of(s).shape[-1]
    first, of_first = q[..., :k], of_q[..., :k]
    if rows == k:
        return None
    if columns == k:
        return divided(of_first - conjugate(first) @ (transpose(first) @ of_first), as_row(s))
    others = q[..., k:]
    turned = transpose(others) @ of_first - adjoint(transpose(first) @ of_q[..., k:])
    return conjugate(part(others, family_of(s), 0)) @ divided(turned, as_row(s))


def _svdvals_push(t: Any, ans: Any, a: Any) -> tuple[Any]:
    u, _, vh = along(EqualSingularValues(), np.linalg.svd(a, full_matrices=False), t)
    return (np.sum(np.real(conjugate(u) * (t @ adjoint(vh))), axis=-2),)


def _svdvals_back(ans: Any, a: Any) -> Any:
    (s,) = ans

    def pull(g: Any) -> Any:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        return conjugate(u) * as_row(part(g[0], family_of(s), 0)) @ conjugate(vh)

    return pull


custom(SVD, jvps={0: _svd_push}, vjps={0: _svd_back}, choice=EqualSingularValues())
custom(SVDVALS, jvps={0: _svdvals_push}, vjps={0: _svdvals_back}, choice=EqualSingularValues())
