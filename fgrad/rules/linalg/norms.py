"""Derivatives of the norms that are sums of powers.  The others are written with other operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.kinds import constant, reduction
from fgrad.numpy.linalg.norms import MATRIX_RANK, POWER_NORM, TWO_NORM
from fgrad.rules.linalg.algebra import conjugate
from fgrad.rules.slopes import phase, quotient

reduction(TWO_NORM, lambda x, ans: quotient(conjugate(x), ans))


def _power_norm_partial(x: Any, ans: Any, power: float) -> Any:
    """Return ``phase(x) * (abs(x) / norm)**(power - 1)``, 0 where the norm is 0."""
    size = np.abs(x)
    return phase(x, size) * quotient(size, ans) ** (power - 1)


reduction(POWER_NORM, _power_norm_partial)

constant(MATRIX_RANK)
