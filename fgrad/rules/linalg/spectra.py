"""Derivatives of eigenvalues, and of the vectors that belong to them.

Equal eigenvalues of Hermitian matrices: see :mod:`fgrad.rules.linalg.limits`.  Of other matrices with equal
eigenvalues the quotients by their differences are left out, so that all derivatives are finite; right are the
first ones of symmetric functions of the values, as long as the matrix has a basis of eigenvectors.

References are in :mod:`fgrad.rules.linalg`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import everywhere, still
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds import constant, custom
from fgrad.modes.infinitesimal import family_of, part
from fgrad.numpy.linalg.spectra import EIG, EIGH, EIGVALS, EIGVALSH, pick_columns
from fgrad.rules.linalg.algebra import (
    adjoint,
    antihermitian,
    as_column,
    as_row,
    conjugate,
    diagonal,
    gaps,
    identity_mask,
    is_complex,
    reciprocal_gaps,
    transpose,
)
from fgrad.rules.linalg.limits import EqualEigenvalues, along, quotients

# Hermitian matrices: with m = v.H dA v, dw = diag(m) and dv = v (m / gaps)
#
# A complex vector has a phase, which does not turn: v.H dv has a diagonal of zeros.


def _eigh_push(t: Any, ans: Any, a: Any, triangle: str) -> tuple[Any, Any]:
    w, v = ans
    m = adjoint(v) @ t @ v
    return np.real(diagonal(m)), v @ (m * reciprocal_gaps(w))


def _eigh_back(ans: Any, a: Any, triangle: str) -> Any:
    """``conj(v) (diag(gw) + (v.T gv) / gaps) v.T``, of whose quotient the Hermitian part counts."""
    w, v = ans

    def pull(g: Any) -> Any:
        of_values, of_vectors = g
        n = spec_of(w).shape[-1]
        turned = quotients(w)(antihermitian(transpose(v) @ of_vectors), gaps(w))
        family = family_of(w)
        basis, of_values = part(v, family, 0), part(of_values, family, 0)
        return conjugate(basis) @ (turned + identity_mask(n) * as_row(of_values)) @ transpose(basis)

    return pull


def _eigvalsh_push(t: Any, ans: Any, a: Any, triangle: str) -> tuple[Any]:
    v = along(EqualEigenvalues(), np.linalg.eigh(a), t)[1]
    return (np.sum(np.real(conjugate(v) * (t @ v)), axis=-2),)


def _eigvalsh_back(ans: Any, a: Any, triangle: str) -> Any:
    (w,) = ans

    def pull(g: Any) -> Any:
        v = np.linalg.eigh(a)[1]
        return conjugate(v) * as_row(part(g[0], family_of(w), 0)) @ transpose(v)

    return pull


custom(EIGH, jvps={0: _eigh_push}, vjps={0: _eigh_back}, choice=EqualEigenvalues())
custom(EIGVALSH, jvps={0: _eigvalsh_push}, vjps={0: _eigvalsh_back}, choice=EqualEigenvalues())


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
        largest = _largest_real(still(v))
        turning = np.sum(largest * np.imag(moved), axis=-2) / np.sum(largest * np.real(v), axis=-2)
        factor = factor - 1j * turning
    return diagonal(m), moved + v * as_row(factor)


def _largest_real(v: Any) -> Any:
    """Return which component LAPACK made real: the largest of those without an imaginary part."""
    size = np.where(np.imag(v) == 0, np.abs(v), 0)
    first = np.argmax(size, axis=-2, keepdims=True)
    return np.arange(spec_of(v).shape[-1])[:, None] == first


def eigenvectors_of(values: Any, a: Any) -> Any:
    """Return eigenvectors in the order of eigenvalues that were found without them.

    LAPACK's order depends on how it deflates, which differs between the two.
    """
    w, v = np.linalg.eig(a)
    found, wanted = still(w), still(values)
    nearby = 1e-6 * np.max(np.abs(wanted), axis=-1, initial=0, keepdims=True)
    if everywhere(np.abs(found - wanted) <= nearby):
        return v
    return pick_columns(v, ORDER(found, wanted))


def _order_of(found: Any, wanted: Any) -> Any:
    """Return which of the values that were found is which of those that are wanted, the nearest first."""
    order = np.empty(wanted.shape, int)
    distances = np.abs(as_column(wanted) - as_row(found))
    for i in range(wanted.shape[-1]):
        nearest = np.argmin(distances[..., i, :], axis=-1, keepdims=True)
        order[..., i] = nearest[..., 0]
        np.put_along_axis(distances, as_row(nearest), np.inf, axis=-1)
    return order


ORDER = Primitive("the order of eigenvalues", _order_of, ("found", "wanted"))
constant(ORDER)


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
