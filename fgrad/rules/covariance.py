"""The derivative of the factor of a covariance: of its principal axes, scaled by standard deviations.

With ``C = A A.T`` and the columns of ``A`` orthogonal, their squared lengths are the variances ``s``.  The
tangent is ``dA = A (B * K)`` with ``B = A.T dC A`` and, from the first-order perturbation of eigenvectors,
``K[i, j] = 1 / (s[i] (s[j] - s[i]))`` off the diagonal and ``1 / (2 s[i]**2)`` on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import anywhere, moves, still
from fgrad.core.errors import MissingRuleError
from fgrad.core.spec import spec_of
from fgrad.kinds import custom
from fgrad.numpy.reducing.covariance import FACTOR


def _factor_push(t: Any, ans: Any, cov: Any, method: str, right: bool, tol: float) -> Any:
    """Return ``dA``, for the symmetric part of ``dC``.

    The axes that belong to equal variances are not determined, and what NumPy takes for them has no
    derivative.  There ``K[i, j]`` is ``1 / (2 s[i] s[j])``: then ``dA A.T + A dA.T = dC`` as elsewhere, so
    that draws follow their distribution, and derivatives of expectations are right.

    Along an axis of variance zero draws do not move, unless ``dC`` takes the variance away from zero; that
    has no finite derivative and is left out.
    """
    t = (t + np.matrix_transpose(t)) / 2
    s = np.sum(ans * ans, axis=-2)
    spec = spec_of(ans)
    largest = np.max(still(s), axis=-1, keepdims=True, initial=0)
    noise = largest * spec.shape[-1] * float(np.finfo(spec.dtype).eps)
    inverse = _reciprocal(s, noise)
    rows, columns = np.expand_dims(inverse, -1), np.expand_dims(inverse, -2)
    gaps = np.expand_dims(s, -2) - np.expand_dims(s, -1)
    noise = np.expand_dims(noise, -1)
    equal = np.abs(still(gaps)) <= noise
    if moves(ans):
        _refuse_equal(equal & (still(rows) * still(columns) > 0))
    pushed = t @ ans
    inner = np.matrix_transpose(ans) @ pushed
    within = ans @ (inner * rows * np.where(equal, columns / 2, _reciprocal(gaps, noise)))
    beyond = (pushed - ans @ (inner * rows)) * columns  # for axes of variance zero, which ans does not show
    return within + beyond


def _reciprocal(x: Any, noise: Any) -> Any:
    """Return ``1 / x``, and 0 where ``x`` is no more than rounding."""
    small = np.abs(still(x)) <= noise
    return np.where(small, 0, 1 / np.where(small, 1, x))


def _refuse_equal(equal: Any) -> None:
    """Raise for a second derivative where two variances are equal."""
    if anywhere(equal & ~np.eye(spec_of(equal).shape[-1], dtype=bool)):
        raise MissingRuleError(
            "multivariate_normal: where two variances along principal axes are equal, draws have a first "
            "derivative in the covariance but no second. Use a Generator with method='cholesky'."
        )


custom(FACTOR, jvps={0: _factor_push})
