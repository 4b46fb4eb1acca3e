"""``np.pad``: an array with margins, in all of NumPy's modes.

Most modes copy elements into the margins.  The others compute them axis by axis, each axis as long as it
has become before: the margins of the second axis are made from the first one's too.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.sum(np.pad(x, (2, 0), mode="edge")))(np.array([1.0, 2.0]))
array([3., 1.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.spec import spec_of
from fgrad.modes.slate import slate
from fgrad.numpy.making.callbacks import implements_with_closures
from fgrad.numpy.moving.editing import converted
from fgrad.numpy.places.assignment import SETITEM
from fgrad.numpy.places.indexing import gather, positions_of
from fgrad.numpy.wrap import as_traced

Pair = tuple[Any, Any]

#: The keyword of each mode that takes one.
_KEYWORDS = {
    "constant": "constant_values",
    "linear_ramp": "end_values",
    **dict.fromkeys(("maximum", "mean", "median", "minimum"), "stat_length"),
    **dict.fromkeys(("reflect", "symmetric"), "reflect_type"),
}


@implements_with_closures(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """Return the array with margins; ``constant_values`` and ``end_values`` may be traced.

    Margins of mode ``"empty"`` are zeros.  A function as ``mode`` writes into traced vectors, each at the
    cost of the whole array.
    """
    array = as_traced(array)
    array = array if hasattr(array, "dtype") else np.asarray(array)
    pad_width = positions_of(pad_width)
    widths = _widths(spec_of(array).shape, pad_width)
    if callable(mode):
        return _by_function(array, widths, mode, kwargs)
    value = _keyword(mode, kwargs)
    if not widths:  # a scalar has no margins
        return np.copy(array)
    if mode == "constant":
        return _surrounded(array, widths, 0 if value is None else value)
    if mode == "empty":
        return _surrounded(array, widths, 0)
    if mode in ("edge", "wrap") or (mode in ("reflect", "symmetric") and value != "odd"):
        return gather(array, np.pad, pad_width, mode)
    np.pad(np.broadcast_to(np.int8(0), spec_of(array).shape), pad_width, "edge")  # refuses empty axes
    if mode in ("reflect", "symmetric"):
        return _along_axes(array, widths, lambda a, axis: _reflected_oddly(a, axis, widths[axis], mode))
    if mode == "linear_ramp":
        ends = _pairs(0 if value is None else as_traced(value), len(widths))
        return _along_axes(array, widths, lambda a, axis: _ramped(a, axis, widths[axis], ends[axis]))
    lengths = None if value is None else _pairs(np.round(value).astype(int), len(widths))
    if lengths and min(map(min, lengths)) < 0:
        raise ValueError(f"numpy.pad: stat_length must not be negative; got {value}")
    return _along_axes(
        array,
        widths,
        lambda a, axis: _with_statistics(a, axis, widths[axis], mode, lengths[axis] if lengths else None),
    )


def _keyword(mode: str, kwargs: dict[str, Any]) -> Any:
    """Return the value of the keyword that a mode takes, None if it was not given; raise for others."""
    if mode not in (*_KEYWORDS, "edge", "empty", "wrap"):
        raise ValueError(f"numpy.pad: mode '{mode}' is not supported")
    unsupported = set(kwargs) - {_KEYWORDS.get(mode)}
    if unsupported:
        raise ValueError(f"numpy.pad: unsupported keyword arguments for mode '{mode}': {unsupported}")
    return next(iter(kwargs.values()), None)


def _pairs(x: Any, ndim: int) -> list[Pair]:
    """Return what belongs before and after each axis."""
    pairs = np.broadcast_to(x, (ndim, 2))
    return [(pairs[axis, 0], pairs[axis, 1]) for axis in range(ndim)]


def _widths(shape: tuple[int, ...], pad_width: Any) -> list[Pair]:
    """Return the widths of the margins before and after each axis."""
    np.pad(np.broadcast_to(np.int8(0), shape), pad_width)  # NumPy says what is wrong with them
    if isinstance(pad_width, dict):
        widths: list[Pair] = [(0, 0)] * len(shape)
        for axis, width in pad_width.items():
            widths[axis] = width if isinstance(width, tuple) else (width, width)
        return widths
    return [(int(before), int(after)) for before, after in _pairs(np.asarray(pad_width), len(shape))]


def _surrounded(array: Any, widths: list[Pair], values: Any) -> Any:
    """Return the array within margins of constants, which later axes write over those of earlier ones."""
    shape, dtype = spec_of(array)
    values = converted(values, array)
    pairs = np.array(widths, int).reshape(-1, 2)
    is_traced = type(values) is Box
    if is_traced:
        numbered = np.arange(2 * len(shape)).reshape(len(shape), 2)
        places = np.pad(np.zeros(shape, int), pairs, constant_values=numbered)
        margins = np.reshape(np.broadcast_to(values, numbered.shape), -1)[places]
    else:
        margins = np.pad(np.zeros(shape, dtype), pairs, constant_values=values)
    inner = tuple(slice(before, before + n) for (before, _), n in zip(widths, shape, strict=True))
    return SETITEM(margins, array, index=inner)


def _by_function(array: Any, widths: list[Pair], function: Callable[..., Any], kwargs: Any) -> Any:
    """Let the user's function write the margins into each vector along each axis."""
    padded = slate(_surrounded(array, widths, 0))
    for axis in range(len(widths)):
        view = np.moveaxis(padded, axis, -1)
        for i in np.ndindex(*spec_of(view).shape[:-1]):
            function(view[(*i, ...)], widths[axis], axis, kwargs)
    return padded


def _along_axes(array: Any, widths: list[Pair], extended: Callable[[Any, int], Any]) -> Any:
    for axis, width in enumerate(widths):
        if any(width):
            array = extended(array, axis)
    return array


def _slice(a: Any, axis: int, start: Any, stop: Any) -> Any:
    return a[(slice(None),) * axis + (slice(start, stop),)]


def _ramped(a: Any, axis: int, width: Pair, ends: Pair) -> Any:
    """Return an array that goes straight from its edges to the end values."""
    n, dtype = spec_of(a).shape[axis], spec_of(a).dtype
    first, last = (np.squeeze(_slice(a, axis, i, i + 1), axis) for i in (0, n - 1))
    before, after = (
        np.linspace(end, edge, count, endpoint=False, dtype=dtype, axis=axis)
        for end, edge, count in zip(ends, (first, last), width, strict=True)
    )
    return np.concatenate([before, a, np.flip(after, axis)], axis)


_STATISTICS: dict[str, Any] = {"maximum": np.max, "mean": np.mean, "median": np.median, "minimum": np.min}


def _with_statistics(a: Any, axis: int, width: Pair, mode: str, lengths: Pair | None) -> Any:
    """Return an array within margins of a statistic of the elements next to them."""
    shape = spec_of(a).shape
    n = shape[axis]
    before, after = (min(int(length), n) for length in lengths or (n, n))
    if not (before and after) and mode in ("maximum", "minimum"):
        raise ValueError("numpy.pad: stat_length of 0 yields no value for padding")
    parts = [a]
    for place, chunk, count in (
        (0, _slice(a, axis, 0, before), width[0]),
        (len(parts) + 1, _slice(a, axis, n - after, n), width[1]),
    ):
        statistic = _STATISTICS[mode](chunk, axis=axis, keepdims=True)
        parts.insert(place, np.broadcast_to(statistic, (*shape[:axis], count, *shape[axis + 1 :])))
    return np.concatenate(parts, axis)


def _reflected_oddly(a: Any, axis: int, width: Pair, mode: str) -> Any:
    """Return an array continued by point reflection at its edges.

    Each element is ``sign * a[place]`` plus multiples of the first and of the last one.  The places are
    those of even reflection, and the multiples what NumPy makes of unit vectors; that a constant array
    stays constant gives the sign.
    """
    n, dtype = spec_of(a).shape[axis], spec_of(a).dtype
    if n == 1:
        return np.concatenate([np.repeat(a, width[0], axis), a, np.repeat(a, width[1], axis)], axis)
    units = np.zeros((2, n))
    units[0, 0] = units[1, -1] = 1
    place = np.pad(np.arange(n), width, mode)  # type: ignore[call-overload]
    first, last = (np.pad(unit, width, mode, reflect_type="odd") for unit in units)  # type: ignore[call-overload]
    sign = np.where((place == 0) | (place == n - 1), 0, 1 - first - last)
    column = (-1,) + (1,) * (len(spec_of(a).shape) - axis - 1)
    total: Any = 0
    for factor, part in (
        (sign, np.take(a, place, axis)),
        (first, _slice(a, axis, 0, 1)),
        (last, _slice(a, axis, n - 1, n)),
    ):
        factor = factor.astype(dtype).reshape(column)
        total = total + np.where(factor == 0, 0, factor * part)  # nothing of a NaN where it plays no part
    return total
