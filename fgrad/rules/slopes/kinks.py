"""The choices where there is no derivative: a subgradient, and an equal share for ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import anywhere
from fgrad.core.registry import slope
from fgrad.kinds import constant
from fgrad.rules.slopes.declaring import is_complex
from fgrad.rules.slopes.zeros import quotient


def phase(x: Any, ans: Any) -> Any:
    """Return the derivative of the absolute value: the sign, or ``conj(x) / abs(x)``; 0 at 0."""
    return quotient(np.conjugate(x), ans) if is_complex(x) else np.sign(x)


@slope("x", "y")
def floored_quotient(x: Any, y: Any) -> Any:
    """Return ``floor(x / y)``: how many ``y`` are missing from ``x`` in ``np.remainder(x, y)``."""
    with np.errstate(invalid="ignore"):
        return np.floor_divide(x, y)


@slope("x", "y")
def truncated_quotient(x: Any, y: Any) -> Any:
    """Return ``trunc(x / y)``: how many ``y`` are missing from ``x`` in ``np.fmod(x, y)``."""
    with np.errstate(invalid="ignore"):
        whole = np.copysign(np.floor_divide(abs(x), abs(y)), x)
        return np.where(np.signbit(y), -whole, whole)[()]


constant(floored_quotient, truncated_quotient)


def pull_winner(g: Any, wins: Any, ties: Any) -> Any:
    """Return ``g`` where an argument wins over the other, half of it at a tie, else 0."""
    scalar = type(wins) is bool or type(wins) is np.bool
    if scalar and (ties or wins):
        return g * 0.5 if ties else g
    won = np.where(wins, g, 0)
    return won if scalar or not anywhere(ties) else np.where(ties, g * 0.5, won)
