"""Derivatives of linear algebra.

With ``A`` the matrix, ``dA`` its tangent, and cotangents paired as ``Re(sum(g * t))``, so that transposes
are plain transposes for complex matrices too.

References
----------
M. B. Giles, *Collected matrix derivative results for forward and reverse mode algorithmic
differentiation*, Advances in Automatic Differentiation, Springer 2008, pp. 35-44,
https://doi.org/10.1007/978-3-540-68942-3_4 (inverse, determinant, solution).
I. Murray, *Differentiation of the Cholesky decomposition*, 2016, https://arxiv.org/abs/1602.07527.
J. Townsend, *Differentiating the singular value decomposition*, technical report, 2016,
https://j-towns.github.io/papers/svd-derivative.pdf (real matrices).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import MissingRuleError
from fgrad.core.spec import spec_of, unbroadcast
from fgrad.kinds import custom, reduction
from fgrad.numpy.linalg import CHOLESKY, DET, INV, POWER_NORM, SLOGDET, SOLVE, SVD, TWO_NORM
from fgrad.rules.slopes import phase, quotient

_t = np.matrix_transpose


def _trace_of_product(a: Any, b: Any) -> Any:
    """Return ``trace(a @ b)`` of stacked matrices."""
    return np.sum(a * _t(b), axis=(-2, -1))


# inverse and solution

custom(
    INV,
    jvps={0: lambda t, ans, a: -(ans @ t @ ans)},
    vjps={0: lambda ans, a: lambda g: -(_t(ans) @ g @ _t(ans))},
)


def _as_columns(b: Any, is_vector: bool) -> Any:
    return np.expand_dims(b, -1) if is_vector else b


def _solve_back_a(ans: Any, a: Any, b: Any) -> Any:
    """Return the pull to ``a``: ``-(solve(a.T, g)) x.T``."""
    shape, is_vector = spec_of(a).shape, spec_of(b).ndim == 1

    def pull(g: Any) -> Any:
        product = -(np.linalg.solve(_t(a), _as_columns(g, is_vector)) @ _t(_as_columns(ans, is_vector)))
        return unbroadcast(product, spec_of(product).shape, shape)

    return pull


def _solve_back_b(ans: Any, a: Any, b: Any) -> Any:
    """Return the pull to ``b``: ``solve(a.T, g)``."""
    shape, is_vector = spec_of(b).shape, spec_of(b).ndim == 1

    def pull(g: Any) -> Any:
        solved = np.linalg.solve(_t(a), _as_columns(g, is_vector))
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


custom(
    SOLVE,
    jvps={0: _solve_push_a, 1: _solve_push_b},
    vjps={0: _solve_back_a, 1: _solve_back_b},
)


# determinants


def cofactors(a: Any, det: Any) -> Any:
    """Return the derivative of the determinant: the matrix of cofactors.

    That is ``det(a) * inv(a).T``, which needs an inverse.  A singular matrix has cofactors as well; they
    are found from its singular values (``a = u s vh``: ``det(u) det(vh) u diag(products of the other
    s) vh``), which is not differentiated again.
    """
    if np.all(det != 0):
        return np.reshape(det, (*spec_of(det).shape, 1, 1)) * _t(np.linalg.inv(a))
    if type(a) is not np.ndarray:
        raise MissingRuleError(
            "numpy.linalg.det of a singular matrix has a first derivative in fgrad but no second. "
            "For small matrices write the determinant out as sums of products."
        )
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    lacking = np.where(np.eye(n, dtype=bool), 1, np.expand_dims(s, -2))
    others = np.prod(lacking, axis=-1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    result = np.conj(u * np.expand_dims(others, -2) @ vh) * np.reshape(sign, (*sign.shape, 1, 1))
    return result.astype(a.dtype)


def _det_back(ans: Any, a: Any) -> Any:
    return lambda g: np.reshape(g, (*spec_of(g).shape, 1, 1)) * cofactors(a, ans)


custom(
    DET,
    jvps={0: lambda t, ans, a: np.sum(cofactors(a, ans) * t, axis=(-2, -1))},
    vjps={0: _det_back},
)


def _slogdet_push(t: Any, ans: Any, a: Any) -> Any:
    """With ``r = trace(inv(a) dA)``: ``d sign = sign * i Im r`` and ``d log = Re r``."""
    sign, _ = ans
    rate = _trace_of_product(np.linalg.inv(a), t)
    if spec_of(a).dtype.kind != "c":
        return np.zeros_like(sign), rate
    return sign * (1j * np.imag(rate)), np.real(rate)


custom(SLOGDET, jvps={0: _slogdet_push})


# Cholesky


def _cholesky_push(t: Any, ans: Any, a: Any) -> Any:
    """``dL = L half(inv(L) dA inv(L).H)``, with the lower triangle and half of the diagonal.

    NumPy reads the lower triangle of the matrix only (and of a complex diagonal the real part), so its
    tangent is completed from that triangle: entries above the diagonal have derivative zero.
    """
    lower = np.tril(t)
    strictly = np.tril(t, -1)
    if spec_of(a).dtype.kind == "c":
        above = np.conjugate(_t(strictly))
        diagonal = np.real(lower - strictly)
    else:
        above = _t(strictly)
        diagonal = lower - strictly
    whole = strictly + diagonal + above
    inner = np.linalg.solve(ans, whole)
    inner = np.linalg.solve(np.conjugate(ans), _t(inner))
    inner = _t(inner)
    n = spec_of(a).shape[-1]
    weights = np.tril(np.ones((n, n))) - np.eye(n) / 2
    return ans @ (inner * weights.astype(spec_of(a).dtype))


custom(CHOLESKY, jvps={0: _cholesky_push})


# singular values


def _svd_push(t: Any, ans: Any, a: Any) -> tuple[Any, Any, Any]:
    """Return the tangents of ``u``, ``s`` and ``vh``, with ``p = u.H dA v``.

    ``ds = Re diag(p)``.  The factors turn within their own columns, ``du = u w`` and ``dv = v z``, and out of
    them where there are fewer columns than rows.  Townsend's quotients by ``s_j**2 - s_i**2`` are split here
    by the Hermitian and the anti-Hermitian part of ``p``, into quotients by the difference and by the sum:
    the first belong to both factors and cancel in sums over equal singular values, where they are left out.
    Of the phase of a complex pair of columns only the difference is determined; each turns by half.
    """
    u, s, vh = ans
    uh, v = _adjoint(u), _adjoint(vh)
    pushed = t @ v
    p = uh @ pushed
    column, row = np.expand_dims(s, -1), np.expand_dims(s, -2)
    largest = np.expand_dims(s[..., :1], -1)
    noise = largest * (max(spec_of(a).shape[-2:]) * float(np.finfo(spec_of(s).dtype).eps))
    together = (p + _adjoint(p)) / 2 * _reciprocal(row - column, noise)
    apart = (p - _adjoint(p)) / 2 * _reciprocal(row + column, noise)
    inverse = _reciprocal(row, noise)
    du = u @ (together + apart) + (pushed - u @ p) * inverse
    dv = v @ (together - apart) + (_adjoint(t) @ u - v @ _adjoint(p)) * inverse
    return du, np.real(np.diagonal(p, axis1=-2, axis2=-1)), _adjoint(dv)


def _adjoint(a: Any) -> Any:
    return _t(_conjugate(a))


def _reciprocal(x: Any, noise: Any) -> Any:
    """Return ``1 / x``, and 0 where ``x`` is no more than rounding."""
    small = np.abs(x) <= noise
    return np.where(small, 0, 1 / np.where(small, 1, x))


custom(SVD, jvps={0: _svd_push})


# norms


def _conjugate(x: Any) -> Any:
    return np.conjugate(x) if spec_of(x).dtype.kind == "c" else x


reduction(TWO_NORM, lambda x, ans: quotient(_conjugate(x), ans))


def _power_norm_partial(x: Any, ans: Any, power: float) -> Any:
    """Return ``phase(x) * (abs(x) / norm)**(power - 1)``, 0 where the norm is 0."""
    size = np.abs(x)
    return phase(x, size) * quotient(size, ans) ** (power - 1)


reduction(POWER_NORM, _power_norm_partial)
