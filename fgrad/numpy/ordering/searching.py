"""The search in sorted rows, for keys of each row's own: ``np.searchsorted`` with many tables at once.

All keys are searched for in lockstep.  A step halves the part of its row in which a key can be, so there are
as many steps as a row's length has binary digits.  In a row that is not sorted, what NumPy finds is not
specified, and neither is what is found here.

>>> tables = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
>>> search_rows(tables, np.array([[2.0, 9.0], [2.0, 20.0]]), "left")
array([[1, 3],
       [0, 1]])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def search_rows(tables: Any, keys: Any, side: str) -> Any:
    """Return where keys would have to be inserted to keep rows in order.

    Parameters
    ----------
    tables : (s, n) array
        Each row in NumPy's order, in which NaN is last.
    keys : (s, ...) array
    side : {'left', 'right'}
        Whether before or after the elements that are equal to a key.

    Returns
    -------
    (s, ...) array of int
    """
    count, n = tables.shape
    dtype = np.result_type(tables, keys)
    rows = keys.reshape(count, math.prod(keys.shape[1:])).astype(dtype, copy=False)
    starts = np.arange(0, count * n, n, dtype=np.intp)[:, None] if n else np.zeros((count, 1), np.intp)
    places = np.repeat(starts, rows.shape[1], axis=1)
    elements = np.ravel(tables).astype(dtype, copy=False)
    is_passed = _comparison(elements, rows, side)
    length = n
    while length > 1:
        half = length // 2
        places += is_passed(elements[places + (half - 1)], rows) * half
        length -= half
    if length:
        places += is_passed(elements[places], rows)
    return (places - starts).reshape(keys.shape)


def _comparison(elements: Any, keys: Any, side: str) -> Any:
    """Return the function that says whether the place of a key is behind an element."""
    kind = keys.dtype.kind
    # Between real numbers an element that is NaN answers as it should.
    has_nan = kind in "fc" and (np.isnan(keys).any() or (kind == "c" and np.isnan(elements).any()))
    if side == "left":
        return _is_before if has_nan else np.less
    return _is_not_after if has_nan else np.less_equal


def _is_before(x: Any, y: Any) -> Any:
    """Return whether numbers come before others in NumPy's order, in which NaN is last.

    Complex numbers are in order of which of their parts are NaN, then of the real, then of the imaginary one.
    """
    if x.dtype.kind != "c":
        return (x < y) | (np.isnan(y) & ~np.isnan(x))
    absent_x, absent_y = (2 * np.isnan(z.real) + np.isnan(z.imag) for z in (x, y))
    is_less = (x.real < y.real) | (~(y.real < x.real) & (x.imag < y.imag))
    return (absent_x < absent_y) | ((absent_x == absent_y) & is_less)


def _is_not_after(x: Any, y: Any) -> Any:
    return ~_is_before(y, x)
