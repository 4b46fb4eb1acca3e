"""Equal eigenvalues, and equal or zero singular values: the limits that derivatives have there.

The vectors of equal values are one basis of many, and a function that does not depend on the choice, such as
``v @ diag(f(w)) @ v.H``, has derivatives like any other.  But the rules divide by differences of values.

In reverse mode
    The cotangent of the matrix is a quotient ``n / d`` with ``n`` and ``d`` both zero.  Where values are
    equal they are moved apart by an infinitesimal (:mod:`fgrad.modes.infinitesimal`); with ``n[r]`` the
    coefficients of what comes back, and ``d = d[0] + d[1] e``, the function independent of the basis says
    that ``n(e) = d(e) q(e)``.  Solved for the beginning of ``q``,

        q[0] = n[1] / d[1] - d[0] n[2] / d[1]**2 + d[0]**2 n[3] / d[1]**3 - ...

    Here ``d[0]`` is zero, and its derivatives are not: each outer transform needs one term more.

In forward mode
    The basis is chosen along the tangent, as the first order of perturbation theory does: within equal
    values the tangent of the matrix becomes diagonal, and nothing is divided.  Of a tangent that is itself
    differentiated the basis would have to follow the derivatives too; there ``jvp`` runs the function again,
    in reverse mode (:mod:`fgrad.transforms.pushforward`), and ``jet`` refuses.

A function that does depend on the choice has no derivative; what it gets is finite.

References
----------
T. Kato, *Perturbation Theory for Linear Operators*, Springer 1995, chapter II,
https://doi.org/10.1007/978-3-642-66282-9 (the choice of a basis along a perturbation).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from fgrad.core.box import anywhere, bottom, moves, still, stilled
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds import constant
from fgrad.modes.forward import NeedsReverseError
from fgrad.modes.infinitesimal import family_of, moved_apart, part, taylor
from fgrad.numpy.linalg.equal_values import nearness_of, noise_of, runs_of, steps_of
from fgrad.rules.linalg.algebra import adjoint, as_row, reciprocal, rounding


def quotients(values: Any, *sides: int) -> Callable[[Any, Any], Any]:
    """Return the function that divides by differences of some values of a matrix, or takes the limit.

    Where a difference is rounding, the quotient is the limit; and zero if there are no infinitesimals to take
    one with.  Where it is small, the quotient has lost digits: there the limit is taken too, if the numerator
    differs by no more than rounding from what the limit says that it should be.
    """
    noise, near = rounding(values, *sides), as_row(nearness_of(values))
    precision = float(np.finfo(spec_of(values).dtype).eps)

    def divided(numerator: Any, denominator: Any) -> Any:
        family = family_of(denominator)
        if not family:
            return numerator * reciprocal(denominator, noise)
        regular, *terms = taylor(numerator, family)
        d, slope = taylor(denominator, family)[:2]
        size = np.abs(still(d))
        moving = (size <= near) & (still(slope) != 0)
        step = 1 / np.where(moving, slope, 1)
        limit: Any = 0
        for term in reversed(terms):
            limit = term * step - limit * d * step
        expected = np.abs(still(regular) - still(d) * still(limit))
        largest = np.max(np.abs(still(terms[0])) + np.abs(still(regular)), initial=0)
        taken = moving & ((size <= noise) | (expected <= 100 * precision * largest))
        return np.where(taken, limit, regular * reciprocal(d, noise))

    return divided


class EqualEigenvalues:
    """What each mode does to ``(w, v)``, or ``(w,)``, of a Hermitian matrix with equal eigenvalues."""

    def moved_apart(self, ans: Any, trace: Any) -> Any:
        """Return the decomposition with its eigenvalues moved apart, in rising order."""
        w, *vectors = ans
        steps = steps_of(w, nearness_of(w))
        return (_move(w, steps, trace), *vectors) if steps.any() else ans

    def chosen(self, ans: Any, tangents: Any) -> Any:
        """Return the decomposition with the basis that belongs to a tangent of the matrix."""
        w, *vectors = ans
        noise = noise_of(w)
        if not vectors or not steps_of(w, noise).any():
            return ans
        (vectors,) = vectors
        _check_once("eigh", tangents[0], vectors)
        return w, BASIS(tangents[0], w, vectors, noise)


def _basis_along(tangent: Any, w: Any, vectors: Any, noise: Any) -> Any:
    """Return eigenvectors that are chosen by the tangent where eigenvalues are equal."""
    t, v = _listed(tangent, vectors)
    for matrices, run in runs_of(*_rows(w, noise)):
        basis = v[matrices, :, run]
        v[matrices, :, run] = basis @ np.linalg.eigh(adjoint(basis) @ t[matrices] @ basis)[1]
    return v.reshape(vectors.shape)


BASIS = Primitive("the basis of equal eigenvalues", _basis_along, ("tangent", "w", "vectors", "noise"))


class EqualSingularValues:
    """What each mode does to ``(u, s, vh)``, or ``(s,)``, of a matrix with equal or zero singular values."""

    def moved_apart(self, ans: Any, trace: Any) -> Any:
        """Return the decomposition with its singular values moved apart, in falling order, and off zero."""
        s = ans[len(ans) // 2]
        near = nearness_of(s)
        steps = (bottom(s) <= bottom(near)) * (spec_of(s).shape[-1] + 1) - steps_of(s, near)
        if not steps.any():
            return ans
        moved = _move(s, steps, trace)
        return (moved,) if len(ans) == 1 else (ans[0], moved, ans[2])

    def chosen(self, ans: Any, tangents: Any) -> Any:
        """Return the decomposition with the bases that belong to a tangent of the matrix."""
        if len(ans) == 1:
            return ans
        u, s, vh = ans
        noise = noise_of(s, spec_of(u).shape[-2], spec_of(vh).shape[-1])
        if not (anywhere(still(s) <= noise) or steps_of(s, noise).any()):
            return ans
        _check_once("svd", tangents[0], u, vh)
        u, vh = BASES(tangents[0], u, s, vh, noise)
        return u, s, vh


def _bases_along(tangent: Any, u: Any, s: Any, vh: Any, noise: Any) -> tuple[Any, Any]:
    """Return singular vectors that are chosen by the tangent where singular values are equal or zero."""
    shapes = u.shape, vh.shape
    t, u, vh = _listed(tangent, u, vh)
    v = adjoint(vh).copy()
    s, noise = _rows(s, noise)
    zero = s <= noise
    for matrices, run in runs_of(s, noise):
        matrices = matrices[~zero[matrices, run].any(axis=-1)]
        left, right = u[matrices, :, run], v[matrices, :, run]
        p = adjoint(left) @ t[matrices] @ right
        turn = np.linalg.eigh(p + adjoint(p))[1][..., ::-1]
        u[matrices, :, run], v[matrices, :, run] = left @ turn, right @ turn
    ranks = np.count_nonzero(~zero, axis=-1)
    for rank in sorted(set(ranks[zero.any(axis=-1)].tolist())):
        matrices = np.flatnonzero(ranks == rank)
        u[matrices], v[matrices] = _with_kernels(u[matrices], v[matrices], t[matrices], rank)
    return u.reshape(shapes[0]), adjoint(v).reshape(shapes[1])


BASES = Primitive("the bases of equal singular values", _bases_along, ("tangent", "u", "s", "vh", "noise"))
constant(BASIS, BASES)


def _with_kernels(u: Any, v: Any, t: Any, rank: int) -> tuple[Any, Any]:
    """Return matrices whose columns beyond the rank are turned so that ``u.H t v`` is diagonal in them."""
    left, right = (np.linalg.qr(q[..., :rank], "complete")[0][..., rank:] for q in (u, v))
    turn_left, _, turn_right = np.linalg.svd(adjoint(left) @ t @ right)
    for q, kernel, turn in ((u, left, turn_left), (v, right, adjoint(turn_right))):
        q[..., rank:] = (kernel @ turn)[..., : q.shape[-1] - rank]
    return u, v


def _move(values: Any, steps: Any, trace: Any) -> Any:
    """Return sorted values moved apart; those that have been moved already, in the same order, further."""
    moved = np.abs(bottom(part(values, family_of(values), 1))) if family_of(values) else 0
    direction = (steps * (1 + np.max(moved))).astype(spec_of(values).dtype)
    return moved_apart(values, stilled(direction, values), trace)


def along(choice: Any, ans: Any, tangent: Any) -> Any:
    """Return a decomposition with the basis that belongs to a tangent, if nothing else differentiates either.

    For derivatives of the values alone: their sums over equal ones are right in any basis.
    """
    return ans if any(map(moves, (tangent, *ans))) else choice.chosen(ans, [tangent])


def _check_once(name: str, *values: Any) -> None:
    """Raise for what is differentiated again."""
    if any(map(moves, values)):
        _refuse(name)


def _listed(tangent: Any, *factors: Any) -> list[Any]:
    """Return a tangent for each of some stacked factors, and copies of these, all as lists of matrices."""
    stack = factors[0].shape[:-2]
    tangent = np.broadcast_to(tangent, (*stack, *tangent.shape[-2:]))
    count = math.prod(stack)
    return [np.array(part).reshape(count, *part.shape[-2:]) for part in (tangent, *factors)]


def _rows(*values: Any) -> list[Any]:
    """Return values of stacked matrices as lists of rows."""
    return [part.reshape(math.prod(part.shape[:-1]), part.shape[-1]) for part in values]


def _refuse(name: str) -> NoReturn:
    raise NeedsReverseError(
        f"numpy.linalg.{name}: at equal or zero values, jet does not go beyond order one, nor is there a "
        "derivative of a tangent by forward mode alone. Take reverse mode (grad, vjp, hessian) for the inner "
        "derivatives."
    )
