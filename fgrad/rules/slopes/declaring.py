"""What the files of slopes share: how one is declared, and the questions they ask of numbers."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from fgrad.core.spec import spec_of


def quiet() -> Any:
    """Return a context in which the limits at infinity and at poles raise no warnings."""
    return np.errstate(over="ignore", divide="ignore", invalid="ignore")


def is_complex(x: Any) -> bool:
    """Return whether a value, which may be traced, is complex."""
    return spec_of(x).dtype.kind == "c"


@functools.cache
def normal_range(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return the smallest and the largest normal number of a type."""
    info = np.finfo(dtype)
    return float(info.tiny), float(info.max)


def all_within(x: Any, low: float, high: float) -> bool:
    """Return whether all of ``x`` is from ``low`` to ``high``, or all of its sizes; NaN is not."""
    if type(x) is not np.ndarray or not x.ndim:
        return bool(low <= x <= high or low <= -x <= high)
    if x.size == 0 or (x.min() >= low and x.max() <= high):
        return True
    size = np.abs(x)
    return bool(size.min() >= low and size.max() <= high)


def two_sum(x: Any, y: Any) -> tuple[Any, Any]:
    """Return ``x + y`` rounded, and exactly what the rounding took (Knuth; Higham 2002, section 4.3)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)
