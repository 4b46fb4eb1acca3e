"""Derivatives of determinants, those of singular matrices among them.

The derivative of a determinant is the matrix of cofactors, ``det(A) inv(A).T``.  A singular matrix has
cofactors as well, and cofactors have derivatives there: all are polynomials.  So they are an operation of
their own, computed from the singular value decomposition where the inverse would not do, with a
derivative that divides by nothing that can be zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.errors import MissingRuleError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.kinds import custom
from fgrad.numpy.linalg.determinants import DET, SLOGDET
from fgrad.rules.linalg.algebra import (
    adjoint,
    as_column,
    as_row,
    as_scale,
    diagonal,
    identity_mask,
    is_complex,
    transpose,
)

#: Up to this condition number the cofactors are found from the inverse, with ten digits where two singular
#: values are small, with all of them where one is; beyond it they have no second derivative.
_WELL_CONDITIONED = 1e6


def _condition(a: Any, inverse: Any) -> Any:
    """Return the condition numbers in the norm of the largest row sum."""
    return np.prod([np.sum(np.abs(x), axis=-1).max(axis=-1, initial=0) for x in (a, inverse)], axis=0)


def _cofactors(a: Any) -> Any:
    """Return the cofactors of plain matrices."""
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return _cofactors_by_svd(a)
    if np.all(_condition(a, inverse) <= _WELL_CONDITIONED):
        return as_scale(np.linalg.det(a)) * transpose(inverse)
    return _cofactors_by_svd(a)


def _cofactors_by_svd(a: Any) -> Any:
    """Return the cofactors of ``a = u s vh``.

    The cofactors of a product are the product of the factors' cofactors.  Those of a unitary matrix are its
    determinant times its conjugate; those of a diagonal one are the products of the other elements.
    """
    u, s, vh = _svd_in_double(a)
    total, s, zero, zeros = _without_zeros(s)
    others = np.where(zeros == zero, total / s, 0)
    return (_phase(u, vh) * np.conjugate(u * as_row(others)) @ np.conjugate(vh)).astype(a.dtype)


def _svd_in_double(a: Any) -> Any:
    """Return the singular value decomposition with all its digits.

    Products that contain values which are zero but for rounding would be too small for single precision.
    """
    return np.linalg.svd(a.astype(np.result_type(a, float)))


def _phase(u: Any, vh: Any) -> Any:
    """Return the determinant of the unitary factors."""
    return as_scale(np.linalg.det(u) * np.linalg.det(vh))


def _without_zeros(s: Any) -> tuple[Any, Any, Any, Any]:
    """Return the product of what is not zero, ones for zeros, where these are and how many."""
    zero = s == 0
    s = np.where(zero, 1, s)
    return np.prod(s, axis=-1, keepdims=True), s, zero, np.sum(zero, axis=-1, keepdims=True)


COFACTORS: Primitive = register(_cofactors, "the second derivative of numpy.linalg.det", "a")


def _cofactors_push(t: Any, ans: Any, a: Any) -> Any:
    """Return the tangent of the cofactors.

    With ``m = u.H dA v`` and ``e[i, j]`` the product of all singular values but two, that of the
    diagonal's cofactors is ``sum_k e[i, k] m[k, k]`` on the diagonal and ``-e[i, j] m[j, i]`` beside it.
    It holds for matrices of any rank.  To be differentiated again it is written with the inverse.
    """
    if type(a) is not np.ndarray:
        return _cofactors_push_by_inverse(t, ans, a)
    u, s, vh = _svd_in_double(a)
    total, s, zero, zeros = _without_zeros(s)
    counted = zeros[..., None] == as_row(zero).astype(int) + as_column(zero)
    pairs = np.where(counted, total[..., None] / s[..., None] / as_row(s), 0)
    pairs = np.where(identity_mask(s.shape[-1]), 0, pairs)
    moved = adjoint(u) @ t @ adjoint(vh)
    along = (pairs @ as_column(diagonal(moved)))[..., 0]
    inner = identity_mask(s.shape[-1]) * as_row(along) - pairs * transpose(moved)
    return _phase(u, vh) * (np.conjugate(u) @ inner @ np.conjugate(vh))


def _cofactors_push_by_inverse(t: Any, ans: Any, a: Any) -> Any:
    """Return the tangent of ``C = det(A) inv(A).T``: ``sum(C * dA) inv(A).T - C dA.T inv(A).T``."""
    refusal = MissingRuleError(
        "numpy.linalg.det of an almost singular matrix has a first and a second derivative in fgrad but no "
        "third. For small matrices write the determinant out as sums of products."
    )
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        raise refusal from None
    if np.any(_condition(bottom(a), bottom(inverse)) > _WELL_CONDITIONED):
        raise refusal
    inverse = transpose(inverse)
    return as_scale(np.sum(ans * t, axis=(-2, -1))) * inverse - ans @ transpose(t) @ inverse


custom(COFACTORS, jvps={0: _cofactors_push})


custom(
    DET,
    jvps={0: lambda t, ans, a: np.sum(COFACTORS(a) * t, axis=(-2, -1))},
    vjps={0: lambda ans, a: lambda g: as_scale(g) * COFACTORS(a)},
)


# logarithm: with r = trace(inv(A) dA), d sign = sign * i Im r and d log = Re r


def _slogdet_push(t: Any, ans: Any, a: Any) -> Any:
    sign, _ = ans
    rate = np.sum(transpose(np.linalg.inv(a)) * t, axis=(-2, -1))
    if not is_complex(a):
        return np.zeros_like(sign), rate
    return sign * (1j * np.imag(rate)), np.real(rate)


def _slogdet_back(ans: Any, a: Any) -> Any:
    sign, _ = ans

    def pull(g: Any) -> Any:
        of_sign, of_log = g
        if is_complex(a):
            of_log = of_log + 1j * np.imag(of_sign * sign)
        return as_scale(of_log) * transpose(np.linalg.inv(a))

    return pull


custom(SLOGDET, jvps={0: _slogdet_push}, vjps={0: _slogdet_back})
