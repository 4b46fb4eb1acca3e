"""The product of a cotangent and a partial derivative, in which a zero of the cotangent wins.

A cotangent of exactly zero comes from a branch that was not taken, and must stay zero whatever the slope of
that branch is.  With plain arithmetic this derivative would be NaN, which is 0 times infinity:

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> with np.errstate(divide="ignore", invalid="ignore"):
...     grad(lambda x: np.where(x > 0, x * np.log(x), 0.0))(0.0)
0.0

These functions look at the operand that can spoil the product, or compute first and look at the result, in
one cheap pass; only where there is something to repair do they repair.  They are primitives; their rules
are declared in :mod:`fgrad.rules.slopes.zeros`.  Through a long tape even the cheap pass is spared, by
:func:`plain_times`; see :mod:`fgrad.modes.tape`.
"""

from __future__ import annotations

import cmath
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.finite import FEW, is_surely_finite
from fgrad.core.registry import slope

#: Types whose arithmetic is Python's or as quick as it, and for which a comparison is the cheapest test.
SCALARS = frozenset({float, int, complex, np.float64, np.float32, np.complex128})


def times(g: Any, d: Any) -> Any:
    """Return ``g * d``, and 0 wherever ``g`` is 0: the common cases of :func:`guarded` at once."""
    return g * d if is_surely_finite(d) else guarded(g, d)


def plain_times(g: Any, d: Any) -> Any:
    """Return ``g * d``, guarded only where ``d`` is traced: the derivative of the product will need it."""
    return guarded(g, d) if type(d) is Box else g * d


@slope("u", "v")
def guarded(u: Any, v: Any) -> Any:
    """Return ``u * v``, and 0 wherever ``u`` is 0, also where ``v`` is infinite or NaN."""
    if is_surely_finite(v):
        return u * v
    with np.errstate(invalid="ignore"):
        out = np.multiply(u, v)
    return zero_where_zero(u, out) if has_nan(out) else out


@slope("u", "v")
def zero_product(u: Any, v: Any) -> Any:
    """Return ``u * v``, and 0 wherever either is 0, also if the other is infinite or NaN.

    The derivatives of :func:`guarded` and of quotients need this: there the zero of the branch that was not
    taken stands beside a tangent that may be infinite, or the other way round.
    """
    if is_surely_finite(v) and is_surely_finite(u):
        return u * v
    with np.errstate(invalid="ignore"):
        out = np.multiply(u, v)
    return zero_where_zero(v, zero_where_zero(u, out)) if has_nan(out) else out


def zero_where_zero(g: Any, out: Any) -> Any:
    """Return ``out`` with zeros where ``g`` is 0."""
    return np.where(np.equal(g, 0), out.dtype.type(0), out)[()]


def is_moderate(x: Any) -> bool:
    """Return whether all of ``x`` is finite, and its squares too; a no may be wrong.

    A sum of squares is finite only if all its terms are, and for small arrays it is a cheap test:
    ``np.vdot`` raises no floating-point warnings.  For large ones BLAS would start its threads.
    """
    if type(x) is float or type(x) is np.float64:
        return -1e150 < x < 1e150
    if type(x) is not np.ndarray:
        return False
    if x.size <= FEW:
        return cmath.isfinite(np.vdot(x, x))
    if x.dtype.kind != "f":
        return False
    limit = float(np.finfo(x.dtype).max) ** 0.49
    return bool(-limit < x.min() and x.max() < limit)


def has_nan(x: Any) -> bool:
    """Return whether there is a NaN in ``x``; a yes may be wrong for infinite and huge numbers."""
    if is_surely_finite(x):
        return False
    if type(x) is np.float64:
        return bool(x != x)
    worst = np.vdot(x, x) if np.size(x) <= FEW else x.max()
    return bool(worst != worst)
