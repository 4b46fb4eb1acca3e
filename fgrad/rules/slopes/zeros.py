"""Quotients in which zero wins, and the rules of the products of :mod:`fgrad.kinds.guarded`.

A cotangent of exactly zero comes from a branch that was not taken, and must stay zero whatever the slope
of that branch is.  With plain arithmetic this derivative would be NaN:

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.where(x > 0, np.sqrt(x), 0.0))(0.0)
0.0

"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.finite import FEW
from fgrad.core.registry import slope
from fgrad.kinds import elementwise, series
from fgrad.kinds.guarded import SCALARS, guarded, has_nan, zero_product, zero_where_zero


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
    series.quotient,
    g=lambda g, d: quotient(g, d),
    d=lambda g, ans, d: -quotient(zero_product(g, ans), d),
)


elementwise(guarded, series.product, u=lambda g, v: guarded(g, v), v=lambda g, u: zero_product(g, u))
elementwise(
    zero_product, series.product, u=lambda g, v: zero_product(g, v), v=lambda g, u: zero_product(g, u)
)
