"""What the files of slopes share: how one is declared, and the questions they ask of numbers."""

from __future__ import annotations

import cmath
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of

#: Types whose arithmetic is Python's or as quick as it, and for which a comparison is the cheapest test.
SCALARS = frozenset({float, int, complex, np.float64, np.float32, np.complex128})

#: The size up to which an array is small, for the choice of the cheaper of two tests.
FEW = 2048


def slope(*argnames: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a plain function an elementwise primitive and return its front."""

    def decorate(raw: Callable[..., Any]) -> Callable[..., Any]:
        primitive = Primitive(raw.__name__, raw, argnames)
        front = (unary_front if len(argnames) == 1 else binary_front)(primitive)
        front.__name__, front.__doc__ = raw.__name__, raw.__doc__
        PRIMITIVES[front] = primitive
        return front

    return decorate


def quiet() -> Any:
    """Return a context in which the limits at infinity and at poles raise no warnings."""
    return np.errstate(over="ignore", divide="ignore", invalid="ignore")


def is_complex(x: Any) -> bool:
    """Return whether a value, which may be traced, is complex."""
    return spec_of(x).dtype.kind == "c"


def is_moderate(x: Any) -> bool:
    """Return whether all of ``x`` is finite, and its squares too; a no may be wrong.

    A sum of squares is finite only if all its terms are, and for small arrays it is the cheapest test:
    BLAS raises no floating-point warnings.  For large ones BLAS would start its threads.
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
    """Return whether there is a NaN in ``x``; a yes may be wrong for infinite complex numbers."""
    if np.size(x) <= FEW:
        squares = np.vdot(x, x)
        return bool(squares != squares)
    largest = x.max()
    return bool(largest != largest)


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
