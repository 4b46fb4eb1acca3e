"""Evenly spaced numbers between traced ends, and grids of them.

How many there are is a count and does not move; where they are does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import anywhere, bottom, still
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.numpy.elements.predicates import result_type
from fgrad.numpy.moving.shapes import isscalar
from fgrad.numpy.places.examples import agreed_count
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import PUBLIC, as_traced, holds_box, implements


@implements(np.arange)
def arange(start: Any = None, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    if stop is None:  # what comes first is then where it ends
        start, stop = None, start
    start, step = 0 if start is None else start, 1 if step is None else step
    count, dtype = _count(still(start), still(stop), still(step), dtype)
    first, second = as_dtype(start, dtype), as_dtype(start + step, dtype)
    return first + (second - first) * np.arange(count).astype(dtype)  # as NumPy rounds it


def _count(start: Any, stop: Any, step: Any, dtype: Any) -> tuple[int, Any]:
    """Return how many numbers a range has, and their dtype; raise what NumPy raises."""
    ends = start, stop, step
    if not holds_box(ends):
        plain = np.arange(*ends, dtype=dtype)
        return plain.size, plain.dtype
    # NumPy's own formula, for what may differ between examples (_calc_length in ctors.c).
    dtype = np.arange(*map(_like, ends, (0, 0, 1)), dtype=dtype).dtype
    length = stop - start
    quotient = length / step
    if spec_of(quotient).dtype == np.complex128:
        count = np.minimum(_ceil(np.real(quotient)), _ceil(np.imag(quotient)))
    else:
        quotient = np.real(quotient)
        is_tiny = (quotient == 0) & (length != 0)  # it has underflowed
        count = np.where(is_tiny, ~np.signbit(quotient), _ceil(quotient))
    count = agreed_count("arange", np.maximum(count, 0))
    np.arange(min(count, 3), dtype=dtype)  # raises for more truth values than there are
    return count, dtype


def _like(value: Any, number: int) -> Any:
    """Return a number of the dtype that a value has, or as many numbers."""
    return np.full(spec_of(value).shape, number, spec_of(value).dtype)[()]


def _ceil(quotient: Any) -> Any:
    """Return a quotient rounded up; raise what NumPy raises for one that is no length."""
    plain = np.ravel(bottom(quotient)).astype(np.float64)
    for wrong in plain[~(np.abs(plain) < 2.0**63)][:1]:
        np.arange(0.0, wrong)
    return np.ceil(quotient.astype(np.float64))


def _fractions(num: int, endpoint: bool, ndim: int) -> Any:
    """Return how far each point is from the first end to the other, along an axis before ``ndim`` others."""
    return np.linspace(0.0, 1.0, num, endpoint).reshape((num,) + (1,) * ndim)


def _common_dtype(*ends: Any) -> np.dtype[Any]:
    """Return the floating dtype of the points; a Python number among the ends does not decide it."""
    dtype: np.dtype[Any] = result_type(*ends, 1.0)
    return dtype


@implements(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    start, stop = as_traced(start), as_traced(stop)
    ndim = max(spec_of(start).ndim, spec_of(stop).ndim)
    fractions = _fractions(num, endpoint, ndim).astype(_common_dtype(start, stop))
    points = np.moveaxis(start * (1 - fractions) + stop * fractions, 0, axis)
    if dtype is not None:
        points = np.astype(np.floor(points) if np.dtype(dtype).kind in "iu" else points, dtype)
    if not retstep:
        return points
    gaps = num - 1 if endpoint else num
    return points, (stop - start) / gaps if gaps > 0 else np.nan


@implements(np.logspace)
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    start, stop, base = as_traced(start), as_traced(stop), as_traced(base)
    ndim = spec_of(base).ndim
    if ndim:
        ndim = max(ndim, spec_of(start).ndim, spec_of(stop).ndim)
        start, stop, base = (_with_axes(a, ndim) for a in (start, stop, base))
        base = np.expand_dims(base, normalize_axis_index(axis, ndim + 1))
    powers = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return powers if dtype is None else np.astype(powers, dtype)


def _with_axes(a: Any, ndim: int) -> Any:
    shape = spec_of(a).shape
    return np.reshape(a, (1,) * (ndim - len(shape)) + shape)


@implements(np.geomspace)
def geomspace(
    start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    start, stop = as_traced(start), as_traced(stop)
    if anywhere(start == 0) or anywhere(stop == 0):
        raise ValueError("numpy.geomspace: a geometric sequence cannot include zero")
    common = np.result_type(_common_dtype(start, stop), np.dtype(float if dtype is None else dtype))
    start, stop = as_dtype(start, common), as_dtype(stop, common)
    turn = np.sign(start)  # the logarithms are those of the first end turned to a positive number
    first, last = start / turn, stop / turn
    fractions = _fractions(num, endpoint, max(spec_of(start).ndim, spec_of(stop).ndim)).astype(common)
    points = np.exp(np.log(first) * (1 - fractions) + np.log(last) * fractions) * turn
    points = np.where(fractions == 0, start, np.where(fractions == 1, stop, points))  # without rounding
    points = np.moveaxis(points, 0, axis)
    return points if dtype is None else np.astype(points, dtype)


@implements(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    arrays = [np.reshape(as_traced(x), -1) for x in xi]
    n = len(arrays)
    shaped = [np.reshape(x, (1,) * i + (-1,) + (1,) * (n - 1 - i)) for i, x in enumerate(arrays)]
    if indexing == "xy" and n > 1:
        shaped = [np.swapaxes(x, 0, 1) for x in shaped]
    return tuple(shaped) if sparse else np.broadcast_arrays(*shaped)


# objects that are indexed with ranges


def _range_of(item: slice) -> Any:
    """Return the numbers that a slice stands for; an imaginary step is their count."""
    start = 0 if item.start is None else item.start
    step = 1 if item.step is None else item.step
    if isinstance(step, complex):
        return IMPLEMENTATIONS[np.linspace](start, item.stop, int(abs(step)))
    return arange(start, item.stop, step)


def _is_traced(item: Any) -> bool:
    return holds_box((item.start, item.stop, item.step) if isinstance(item, slice) else (item,))


class Grid:
    """``np.mgrid`` and ``np.ogrid``, whose slices may have traced ends."""

    def __init__(self, original: Any, sparse: bool) -> None:
        self.original = original
        self.sparse = sparse

    def __getitem__(self, key: Any) -> Any:
        items = key if isinstance(key, tuple) else (key,)
        if not any(map(_is_traced, items)):
            return self.original[key]
        bounds = [
            bound for item in items for bound in (item.start, item.stop, item.step) if bound is not None
        ]
        dtype = result_type(0, *(abs(b) if isinstance(b, complex) else b for b in bounds))
        axes = [as_dtype(_range_of(item), dtype) for item in items]
        if not isinstance(key, tuple):
            return axes[0]
        grids = np.meshgrid(*axes, sparse=self.sparse, indexing="ij")
        return grids if self.sparse else np.stack(grids)


class Joiner:
    """``np.r_`` and ``np.c_``, with traced parts.

    Parameters
    ----------
    original : object
        NumPy's.
    axis, ndmin, place : int
        Where it joins, how many axes the parts have at least, and where a part's own axes are among them.
    """

    def __init__(self, original: Any, axis: int, ndmin: int, place: int) -> None:
        self.original = original
        self.directive = (axis, ndmin, place)

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: Any) -> Any:
        items = list(key) if isinstance(key, tuple) else [key]
        if not any(map(_is_traced, items)):
            return self.original[key]
        axis, ndmin, place = self.directive
        if isinstance(items[0], str):
            axis, ndmin, place = self._directive(items.pop(0))
        parts = [self._part(item) for item in items]
        dtype = result_type(*(part if isscalar(part) else spec_of(part).dtype for part in parts))
        lifted = [_with_leading_axes(as_dtype(part, dtype), ndmin, place) for part in parts]
        return np.concatenate(lifted, axis=axis)

    def _directive(self, text: str) -> tuple[int, int, int]:
        """Return what a first item such as ``"0,2"`` says."""
        if text in ("r", "c"):
            raise ValueError(
                f"numpy.r_ with {text!r} makes a matrix, which a traced value cannot be; use np.stack"
            )
        numbers = [int(part) for part in text.split(",")]
        return tuple(numbers + list(self.directive)[len(numbers) :])  # type: ignore[return-value]

    @staticmethod
    def _part(item: Any) -> Any:
        if isinstance(item, str):
            raise ValueError("special directives must be the first entry.")
        return _range_of(item) if isinstance(item, slice) else as_traced(item)


def _with_leading_axes(part: Any, ndmin: int, place: int) -> Any:
    """Return a part with at least ``ndmin`` axes, its own ones at ``place``, as ``np.r_`` counts it."""
    shape = spec_of(part).shape
    missing = ndmin - len(shape)
    if missing <= 0:
        return part
    if place < 0:
        place += missing + 1
    if not shape:
        return np.reshape(part, (1,) * ndmin)
    order = list(range(ndmin))
    order = order[:place] + order[missing:] + order[place:missing]
    return np.transpose(np.reshape(part, (1,) * missing + shape), order)


_OBJECTS: dict[str, Any] = {
    "r_": Joiner(np.r_, 0, 1, -1),
    "c_": Joiner(np.c_, -1, 2, 0),
    "mgrid": Grid(np.mgrid, sparse=False),
    "ogrid": Grid(np.ogrid, sparse=True),
}
PUBLIC["numpy"].update(_OBJECTS)
