"""Derivatives of determinants, of any order and at matrices of any rank.

The derivative of a determinant is the matrix of cofactors, ``C = det(A) inv(A).T``, and all further ones are
derivatives of that.  The formula is fast, and all that a regular matrix needs.  But a determinant is a
polynomial: a singular matrix has cofactors as well, and these have derivatives of all orders.  Near it the
powers of the inverse cancel, and the more digits are lost the higher the order is.

So a matrix is split that is not regular enough for the order, into a part to invert and a part, ``r`` by
``r``, that need not have an inverse.  The singular value decomposition ``u s vh`` of the values says which,
and its factors are constants from there on.  With ``u1`` and ``v1`` the leading singular vectors, ``u2`` and
``v2`` the ``r`` others, and ``P = v1 inv(u1.H A v1) u1.H``,

    det(A) = det(u vh) det(u1.H A v1) det(S)
    C.T = det(u vh) det(u1.H A v1) (det(S) P + left adj(S) right)
    left = v2 - P A v2,  right = u2.H - u2.H A P,  S = u2.H A left,

which is smooth in ``A``.  ``r`` is the order of the derivative, or the number of singular values that are
almost zero if there are more.  The largest derivatives of an order ``r`` are products of all singular values
but the ``r`` smallest, and no other one is divided by: nothing cancels.  Determinant and cofactors of ``S``
are sums of products (Bird's algorithm).  The errors are those that a change of ``A`` by its own rounding
makes.

The determinant itself may be too large or too small for a floating-point number.  The first derivative must
not be, or the higher ones are lost as well.

References
----------
R. S. Bird, *A simple division-free algorithm for computing determinants*, Information Processing Letters 111
(2011), pp. 1072-1074, https://doi.org/10.1016/j.ipl.2011.08.006.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, decided_by, is_batched, is_captured, moves, still, stilled
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.kinds import custom, linear
from fgrad.numpy.linalg.determinants import DET, SLOGDET
from fgrad.rules.linalg.algebra import adjoint, as_scale, diagonal, is_complex, transpose

#: Up to this condition number a matrix is regular.  The errors of its inverse and of its determinant, which
#: are large before, are the same and cancel in the cofactors.
_WELL_CONDITIONED = 1e6

#: The part that must remain of the terms which the inverse makes higher derivatives of: all digits but one.
_REMAINING = 0.1

#: Singular values up to this part of the largest are almost zero.  What rounding does to the vectors of
#: greater ones is so small that its square is no more than rounding.
_ALMOST_ZERO = 1e-8


def _cofactors(a: Any) -> Any:
    """Return the cofactors, which can be differentiated as often as ``a`` is traced.

    Of a stack, the regular matrices do not wait for the others.
    """
    order = _order(a)
    shape = spec_of(a).shape
    det, inverse, is_regular = _inverses(bottom(a), order)
    decided_by(a)
    if np.all(is_regular):
        if is_captured(a):
            return _cofactors_by_inverse(a, np.linalg.det(still(a)), np.linalg.inv(still(a)))
        return _cofactors_by_inverse(a, stilled(det, a), stilled(inverse, a))
    if not np.any(is_regular):
        return _cofactors_by_parts(a, order)
    if is_batched(a):
        return _cofactors_of_examples(a, order, det, inverse, is_regular)
    places = np.flatnonzero(is_regular), np.flatnonzero(~is_regular)
    regular, others = (np.reshape(a, (-1, *shape[-2:]))[i] for i in places)
    found = [
        _cofactors_by_inverse(regular, det[is_regular], inverse[is_regular]),
        _cofactors_by_parts(others, order),
    ]
    return np.reshape(np.concatenate(found)[np.argsort(np.concatenate(places))], shape)


def _cofactors_of_examples(a: Any, order: int, det: Any, inverse: Any, is_regular: Any) -> Any:
    """Return the cofactors where some examples are regular and others are not: both ways, for all."""
    identity = np.eye(spec_of(a).shape[-1], dtype=spec_of(a).dtype)
    regular = stilled(is_regular, a)
    places = as_scale(regular)
    det, inverse = (stilled(plain, a) for plain in (np.where(is_regular, det, 1), inverse))
    return np.where(
        places,
        _cofactors_by_inverse(np.where(places, a, identity), det, inverse),
        _cofactors_by_parts(a, order),
    )


def _order(a: Any) -> int:
    """Return which derivative of the determinant is asked for: the first, and one more for each trace.

    A trace of power series asks for as many as its order says.
    """
    order = 1
    while type(a) is Box:
        order += getattr(a.owner, "order", 1) if a.owner.differentiates else 0
        a = a.value
    return order


# regular matrices


def _inverses(a: Any, order: int) -> tuple[Any, Any, Any]:
    """Return determinants and inverses of plain matrices, and which are good enough for a derivative."""
    numbers = np.finfo(a.dtype)
    # The determinant may be out of range where the cofactors are not.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        det = np.linalg.det(a)
        size = np.abs(det)
        is_regular = (size >= numbers.tiny) & (size <= numbers.max)
        inverse = np.linalg.inv(np.where(is_regular[..., None, None], a, np.eye(a.shape[-1], dtype=a.dtype)))
        is_regular &= _row_sum_norm(a) * _row_sum_norm(inverse) <= _WELL_CONDITIONED
        if order > 1 and a.size:
            is_regular &= _remaining(inverse, order) >= _REMAINING
    return det, inverse, is_regular


def _row_sum_norm(a: Any) -> Any:
    return np.sum(np.abs(a), axis=-1).max(axis=-1, initial=0)


def _remaining(inverse: Any, order: int) -> Any:
    """Return the size of an order's derivatives, relative to the terms that the inverse makes them of.

    With ``x`` the squares of the inverse's singular values, divided by their sum, its square is ``order!``
    times the sum of the products of ``order`` different ones.  Newton's identities give this from the sums of
    the powers.
    """
    if inverse.shape[-1] < order:
        return np.zeros(inverse.shape[:-2])
    inverse = inverse / as_scale(_row_sum_norm(inverse))
    gram = adjoint(inverse) @ inverse
    gram = gram / as_scale(np.trace(gram, axis1=-2, axis2=-1))
    power, powers, products = gram, [1.0], [1.0, 1.0]
    for k in range(2, order + 1):
        power = power @ gram
        powers.append(np.trace(power, axis1=-2, axis2=-1).real)
        products.append(sum((-1) ** i * products[k - 1 - i] * powers[i] for i in range(k)) / k)
    return np.sqrt(np.maximum(products[order] * math.factorial(order), 0))


def _cofactors_by_inverse(a: Any, det: Any, inverse: Any) -> Any:
    """Return ``det(A) inv(A).T``, from the determinant and the inverse of the values if that is enough."""
    if moves(a):
        inverse = np.linalg.inv(a)
        det = DET_OF_INVERTED(a, inverse)
    return as_scale(det) * transpose(inverse)


def _det_of_inverted(a: Any, inverse: Any) -> Any:
    """Return determinants.  The inverses are there for their derivatives."""
    return np.linalg.det(a)


DET_OF_INVERTED: Primitive = register(_det_of_inverted, "the derivative of numpy.linalg.det", "a", "inverse")

custom(
    DET_OF_INVERTED,
    jvps={0: lambda t, ans, a, inverse: ans * np.sum(transpose(inverse) * t, axis=(-2, -1)), 1: None},
    vjps={0: lambda ans, a, inverse: lambda g: as_scale(g * ans) * transpose(inverse)},
)


# all matrices


def _cofactors_by_parts(a: Any, order: int) -> Any:
    """Return the cofactors, from a part of each matrix that has an inverse and one that need not have one."""
    shape, dtype = spec_of(a)
    if np.finfo(dtype).eps > np.finfo(float).eps:
        # Products that contain values which are zero but for rounding are too small for single precision.
        a = np.astype(a, np.result_type(dtype, float))
    if is_captured(a):
        u, s, vh = _svd(still(a))
    else:
        u, s, vh = (stilled(part, a) for part in _svd(bottom(a)))
    n = shape[-1]
    r = max(min(order, n), int(np.max(np.sum(bottom(s) <= _ALMOST_ZERO * bottom(s)[..., :1], axis=-1))))
    first, last = slice(0, n - r), slice(n - r, n)
    u1, u2 = (adjoint(u[..., columns]) for columns in (first, last))
    v1, v2 = (adjoint(vh[..., rows, :]) for rows in (first, last))
    unit = _power_of_two(s[..., : max(n - r, 1)])
    a = a / as_scale(unit)

    part = u1 @ a @ v1
    inverse = np.linalg.inv(part)
    factor = np.linalg.slogdet(u @ vh)[0] * DET_OF_INVERTED(part, inverse)
    p = v1 @ inverse @ u1

    below = u2 @ a
    left = v2 - p @ (a @ v2)
    right = u2 - below @ p
    det, cofactors = _det_and_cofactors_by_products(below @ left)
    adjugate = as_scale(det) * p + left @ transpose(cofactors) @ right
    return transpose(as_scale(factor) * adjugate) * as_scale(unit ** (n - 1))


def _svd(a: Any) -> tuple[Any, Any, Any]:
    """Return the singular value decompositions of plain matrices.

    LAPACK fails at what is not finite.  Any factors will do there: the cofactors are NaN.
    """
    finite = np.all(np.isfinite(a), axis=(-2, -1), keepdims=True)
    u, s, vh = np.linalg.svd(np.where(finite, a, np.eye(spec_of(a).shape[-1])))
    return u, s, vh


def _power_of_two(s: Any) -> Any:
    """Return the powers of two that are nearest to the geometric means of singular values."""
    return np.exp2(np.round(np.mean(np.log2(np.where(s == 0, 1, s)), axis=-1)))


def _det_and_cofactors_by_products(a: Any) -> tuple[Any, Any]:
    """Return determinant and cofactors by additions and multiplications alone.

    Bird's algorithm multiplies ``F = A`` by ``A`` again and again, each time after a linear step, until the
    first element is the determinant.  The cofactors are its derivative, in reverse mode by hand.  Of a matrix
    that is diagonal but for rounding, with the largest elements first, no sum cancels: all cofactors have
    their digits, however different the elements are.
    """
    r = spec_of(a).shape[-1]
    f, factors = a, []
    for _ in range(r - 1):
        factors.append(BIRD_STEP(f, mirrored=False))
        f = factors[-1] @ a
    g: Any = np.zeros((r, r))
    g[0, 0] = 1
    cofactors: Any = 0.0
    for factor in reversed(factors):
        cofactors = cofactors + transpose(factor) @ g
        g = BIRD_STEP(g @ transpose(a), mirrored=True)
    return f[..., 0, 0], cofactors + g


def _bird_step(f: Any, mirrored: bool) -> Any:
    """Return minus the strictly upper triangle, and in each diagonal place the sum of the diagonal after it.

    ``mirrored`` takes the sum before it: so does the transpose.
    """
    r = f.shape[-1]
    step = -np.triu(f, 1)
    sums = np.cumsum(diagonal(f) if mirrored else diagonal(f)[..., ::-1], axis=-1)[..., :-1]
    places = np.arange(1, r) if mirrored else np.arange(r - 1)[::-1]
    step[..., places, places] = sums
    return step


BIRD_STEP: Primitive = register(_bird_step, "a step of the derivative of numpy.linalg.det", "f")

linear(BIRD_STEP, lambda g, f, mirrored: BIRD_STEP(g, mirrored=not mirrored))


custom(
    DET,
    jvps={0: lambda t, ans, a: np.sum(_cofactors(a) * t, axis=(-2, -1))},
    vjps={0: lambda ans, a: lambda g: as_scale(g) * _cofactors(a)},
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
