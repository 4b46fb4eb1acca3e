"""What simplification needs to know of a value: whether it was finite, nowhere zero, and Python's own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import bottom


class Facts(NamedTuple):
    """What was seen of a value.

    Attributes
    ----------
    is_finite : bool
        All elements are.
    has_no_zero : bool
        No element is.
    is_weak : bool
        It is a number of Python's, which takes the dtype of an array that it meets.
    """

    is_finite: bool
    has_no_zero: bool
    is_weak: bool = False


def facts_of(value: Any) -> Facts:
    """Return what is to be known of a value.

    >>> facts_of(np.array([1.0, 0.0]))
    Facts(is_finite=True, has_no_zero=False, is_weak=False)
    """
    value = bottom(value)
    plain = np.asarray(value)
    return Facts(
        bool(np.all(np.isfinite(plain))), bool(np.all(plain != 0)), type(value) in (int, float, complex)
    )
