"""Whether two values are the same to a program that was written down with one of them."""

from __future__ import annotations

from typing import Any

import numpy as np


def same_value(known: Any, given: Any) -> bool:
    """Return whether two values are of one type and equal; arrays by dtype, shape and elements.

    NaN is the same as NaN in an array; ``True`` is not ``1``, by which one indexes otherwise.

    >>> same_value(np.array([1.0, np.nan]), np.array([1.0, np.nan])), same_value(1, True)
    (True, False)
    """
    if known is given:
        return True
    if type(known) is not type(given):
        return False
    if isinstance(known, np.ndarray):
        is_float = known.dtype.kind in "fc"
        return known.dtype == given.dtype and np.array_equal(known, given, equal_nan=is_float)
    return bool(known == given)
