"""Special functions, the window with a parameter, phases unwrapped, and faulty values replaced."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box
from fgrad.core.errors import DetachedError
from fgrad.core.primitive import Primitive, unary_front
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.places.assignment import assign
from fgrad.numpy.reducing.masks import as_dtype, converted
from fgrad.numpy.wrap import as_traced, implements


def _i0(x: Any) -> Any:
    """Return the modified Bessel function of order 0; a scalar for a scalar."""
    return np.i0(x)[()]


I0: Primitive = register(_i0, "i0", "x")
SINC: Primitive = register(np.sinc, "sinc", "x")
_i0_front, _sinc_front = unary_front(I0), unary_front(SINC)


@implements(np.i0)
def i0(x: Any) -> Any:
    x = as_traced(x)
    if spec_of(x).dtype.kind == "c":
        raise TypeError("numpy.i0 takes real arguments only; got a complex one")
    return _i0_front(x)


@implements(np.sinc)
def sinc(x: Any) -> Any:
    return _sinc_front(as_traced(x))


@implements(np.kaiser)
def kaiser(M: Any, beta: Any) -> Any:
    count = np.arange(0, float(M))
    beta = converted(beta, np.result_type(spec_of(beta).dtype, np.float64))
    if M == 1:
        return np.ones(1)
    middle = (M - 1) / 2
    return np.i0(beta * np.sqrt(1 - ((count - middle) / middle) ** 2)) / np.i0(beta)


def _turns(p: Any, period: Any, discont: Any, *, axis: int) -> Any:
    """Return how many periods ``np.unwrap`` adds to each element.

    The period, and the step that counts as a jump, may differ between elements that do not follow each other.
    """
    axis = normalize_axis_index(axis, np.ndim(p))
    steps = np.diff(p, axis=axis)
    dtype = np.result_type(steps, period)
    half = period // 2 if dtype.kind in "iu" else period / 2
    short = np.mod(steps + half, period) - half
    # Half a period goes the way that it went; of an odd number of integers there is no half.
    short = np.where((short == -half) & (steps > 0) & (2 * half == period), half, short)
    added = np.where(np.abs(steps) < discont, 0, np.rint((short - steps) / period))
    start = [(0, 0)] * np.ndim(p)
    start[axis] = (1, 0)
    return np.pad(np.cumsum(added, axis=axis), start).astype(dtype)


TURNS: Primitive = register(_turns, "turns of unwrap", "p", "period", "discont")


@implements(np.unwrap)
def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * np.pi) -> Any:
    p, period = as_traced(p), as_traced(period)
    discont = period / 2 if discont is None else as_traced(discont)
    return p + TURNS(p, period, discont, axis=axis) * period


@implements(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    x = as_traced(x)
    if spec_of(x).dtype.kind == "c":
        real, imag = (_replaced(part, nan, posinf, neginf) for part in (np.real(x), np.imag(x)))
        result = real + 1j * imag
    else:
        result = _replaced(x, nan, posinf, neginf)
    if copy:
        return result
    if type(x) is not Box:
        raise DetachedError(
            "numpy.nan_to_num: copy=False would write a traced value into a plain array; leave it out"
        )
    assign(x, ..., result)
    return x


def _replaced(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    """Return a real array with other values for what is no finite number."""
    dtype = spec_of(x).dtype
    limits = np.finfo(dtype)
    kept = np.where(np.isnan(x), as_traced(nan), x)
    for infinite, value, limit in (
        (np.isposinf(x), posinf, limits.max),
        (np.isneginf(x), neginf, limits.min),
    ):
        kept = np.where(infinite, limit if value is None else as_traced(value), kept)
    return as_dtype(kept, dtype)
