"""Products and quotients in which zero wins.

A cotangent of exactly zero comes from a branch that was not taken, and must stay zero whatever the slope
of that branch is.  With plain arithmetic this derivative would be NaN:

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.where(x > 0, np.sqrt(x), 0.0))(0.0)
0.0

These functions compute first and look at the result, or at the one operand that can spoil it, in one
cheap pass; only where there is something to repair do they repair.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.kinds import elementwise
from fgrad.rules.slopes.declaring import FEW, SCALARS, has_nan, is_moderate, slope


@slope("g", "d")
def quotient(g: Any, d: Any) -> Any:
    """Return ``g / d``, and 0 wherever ``g`` is 0, also over 0, infinity and NaN."""
    if type(d) in SCALARS:
        if d and d == d:
            return g / d
    elif type(d) is np.ndarray and d.size <= FEW and np.count_nonzero(d) == d.size:
        out = np.divide(g, d)
        return zero_where_zero(g, out) if has_nan(out) else out
    with np.errstate(invalid="ignore"):
        out = np.divide(g, d)
    return zero_where_zero(g, out) if has_nan(out) else out


elementwise(
    quotient,
    g=lambda g, d: quotient(g, d),
    d=lambda g, ans, d: -quotient(zero_product(g, ans), d),
)


@slope("u", "v")
def guarded(u: Any, v: Any) -> Any:
    """Return ``u * v``, and 0 wherever ``u`` is 0, also where ``v`` is infinite or NaN."""
    if (type(v) is not np.ndarray or v.size <= FEW) and is_moderate(v):
        return u * v
    with np.errstate(invalid="ignore"):
        out = np.multiply(u, v)
    return zero_where_zero(u, out) if has_nan(out) else out


@slope("u", "v")
def zero_product(u: Any, v: Any) -> Any:
    """Return ``u * v``, and 0 wherever either is 0, also if the other is infinite or NaN.

    The derivatives of the two functions above need this: there the zero of the branch that was not taken
    stands beside a tangent that may be infinite, or the other way round.
    """
    if is_moderate(v) and is_moderate(u):
        return u * v
    with np.errstate(invalid="ignore"):
        out = np.multiply(u, v)
    return zero_where_zero(v, zero_where_zero(u, out)) if has_nan(out) else out


elementwise(guarded, u=lambda g, v: guarded(g, v), v=lambda g, u: zero_product(g, u))
elementwise(zero_product, u=lambda g, v: zero_product(g, v), v=lambda g, u: zero_product(g, u))


def zero_where_zero(g: Any, out: Any) -> Any:
    """Return ``out`` with zeros where ``g`` is 0."""
    return np.where(np.equal(g, 0), out.dtype.type(0), out)[()]
