"""Piecewise linear interpolation of tabulated values.

In which interval a point falls is piecewise constant; the rest is arithmetic, so there are derivatives by
the points, the table's positions and its values.  At a position of the table the slope is that of the
interval to its right (to its left at the last), and outside the table it is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import anywhere
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.places.indexing import read
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements


def _intervals(x: Any, xp: Any) -> tuple[Any, ...]:
    """Return where points of any number of axes fall in one table."""
    found = intervals(np.reshape(x, -1), xp, np.searchsorted)
    return tuple(np.reshape(part, np.shape(x)) for part in found)


def intervals(x: Any, xp: Any, search: Callable[..., Any]) -> tuple[Any, ...]:
    """Return where rows of points fall in tables.

    Parameters
    ----------
    x : (..., m) array
    xp : (..., n) array
        The positions in each table.
    search : callable
        ``search(tables, points, side)``, as ``np.searchsorted`` does it for one table.

    Returns
    -------
    base, low, high : (..., m) arrays of int
        The position in the table from which the value is found, and those between which the slope is.
    below, above : (..., m) arrays of bool
        Which points are outside.
    """
    last = xp.shape[-1] - 1
    smallest, largest = xp[..., :1], xp[..., -1:]
    base = np.clip(search(xp, x, "right") - 1, 0, last)
    end_of_rise = search(xp, largest, "left")  # the last position may be there several times
    low = np.maximum(np.where(x >= largest, end_of_rise - 1, np.minimum(base, last - 1)), 0)
    return base, low, np.minimum(low + 1, last), x < smallest, x > largest


INTERVALS = register(_intervals, "the intervals of interp", "x", "xp")


@implements(np.interp)
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    x, xp, fp = as_traced(x), as_traced(xp), as_traced(fp)
    for name, value in (("x", x), ("xp", xp)):
        if spec_of(value).dtype.kind == "c":
            raise TypeError(f"numpy.interp: {name} must be real; got {spec_of(value).dtype}")
    x, xp = as_dtype(x, np.float64), as_dtype(xp, np.float64)
    dtype = np.complex128 if spec_of(fp).dtype.kind == "c" else np.float64
    fp = as_dtype(fp, dtype)
    if spec_of(xp).ndim != 1 or spec_of(fp).ndim != 1:
        raise ValueError("Data points must be 1-D sequences")
    if spec_of(xp).shape != spec_of(fp).shape:
        raise ValueError("fp and xp are not of the same length")
    if not spec_of(xp).size:
        raise ValueError("array of sample points is empty")
    if period is not None:
        x, xp, fp = _periodic(x, xp, fp, as_traced(period))
        left = right = None
    base, low, high, below, above = INTERVALS(x, xp)
    width = read(xp, high) - read(xp, low)
    slope = (read(fp, high) - read(fp, low)) / np.where(width == 0, 1.0, width)
    inside = read(fp, base) + slope * (x - read(xp, base))
    left = fp[0] if left is None else as_dtype(as_traced(left), dtype)
    right = fp[-1] if right is None else as_dtype(as_traced(right), dtype)
    return np.where(below, left, np.where(above, right, inside))[()]


def _periodic(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """Return the points within one period, and a table that reaches beyond it on both sides."""
    if anywhere(period == 0):
        raise ValueError("period must be a non-zero value")
    period = abs(period)
    x, xp = x % period, xp % period
    order = np.argsort(xp)
    xp, fp = read(xp, order), read(fp, order)
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, np.concatenate([fp[-1:], fp, fp[:1]])
