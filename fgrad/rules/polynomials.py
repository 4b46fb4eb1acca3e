"""Derivatives of the zeros of a polynomial, and of the characteristic polynomial of a matrix.

Both follow from an equation that holds identically.  A zero ``z`` of ``p`` stays one, so that its tangent is
``-t(z) / p'(z)`` for the tangent ``t`` of the coefficients, taken as a polynomial; where the zero is multiple
there is no derivative, and the result is infinite.  The coefficients of ``det(z - A)`` move with the trace
of ``adj(z - A) dA`` (Jacobi's formula), and the adjugate is a polynomial in ``z`` whose coefficients are
made by Horner's scheme from those of the determinant (Faddeev and LeVerrier): no eigenvalue is divided
by, and a multiple one does no harm.

References
----------
F. R. Gantmacher, *The Theory of Matrices*, vol. 1, Chelsea 1959, chapter IV, sections 3 to 5.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of
from fgrad.kinds import custom
from fgrad.numpy.algebra.polynomials import CHARACTERISTIC, ROOTS
from fgrad.rules.slopes import quotient

custom(ROOTS, jvps={0: lambda t, ans, p: -quotient(np.polyval(t, ans), np.polyval(np.polyder(p), ans))})


def _characteristic_back(ans: Any, a: Any) -> Any:
    """Return the pull to the matrix."""

    def pull(g: Any) -> Any:
        adjugate: Any = np.eye(spec_of(a).shape[0], dtype=spec_of(a).dtype)
        total = g[1] * adjugate
        for k in range(1, spec_of(a).shape[0]):
            adjugate = np.matmul(a, adjugate) + ans[k] * np.eye(spec_of(a).shape[0], dtype=spec_of(a).dtype)
            total = total + g[k + 1] * adjugate
        return -np.matrix_transpose(total)

    return pull


custom(CHARACTERISTIC, vjps={0: _characteristic_back})
