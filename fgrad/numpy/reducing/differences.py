"""Differences along axes, the slopes of tabulated functions, and the areas under them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from fgrad.core.spec import spec_of
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements


def _steps(a: Any, axis: int) -> Any:
    """Return the differences of neighbours along an axis."""
    before = (slice(None),) * axis
    return a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]


@implements(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    a = as_traced(a)
    if n == 0:
        return a
    shape = spec_of(a).shape
    if not shape:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, len(shape))
    one = tuple(1 if i == axis else length for i, length in enumerate(shape))
    parts = [
        np.broadcast_to(part, one) if not spec_of(part).ndim else part
        for part in (as_traced(prepend), a, as_traced(append))
        if part is not None
    ]
    if len(parts) > 1:
        a = np.concatenate(parts, axis)
    for _ in range(n):
        a = _steps(a, axis)
    return a


@implements(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    ary = np.ravel(as_traced(ary))
    dtype = spec_of(ary).dtype
    parts = [_steps(ary, 0)]
    for name, given in (("to_begin", to_begin), ("to_end", to_end)):
        if given is None:
            continue
        given = as_traced(given)
        if not isinstance(given, int | float) and not np.can_cast(spec_of(given).dtype, dtype, "same_kind"):
            raise TypeError(
                f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule."
            )
        part = np.ravel(as_dtype(given, dtype))
        parts = [part, *parts] if name == "to_begin" else [*parts, part]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


@implements(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    f = as_traced(f)
    dtype = spec_of(f).dtype
    if dtype.kind not in "fc":
        dtype = np.dtype(float)
        f = as_dtype(f, dtype)
    shape = spec_of(f).shape
    axes = tuple(range(len(shape))) if axis is None else normalize_axis_tuple(axis, len(shape))
    spacings = _spacings(varargs, shape, axes)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    slopes = []
    for i, (h, uniform) in zip(axes, spacings, strict=True):
        if shape[i] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) "
                "elements are required."
            )
        slope = _slopes_of_rows(np.moveaxis(f, i, 0), h, uniform, edge_order)
        slopes.append(np.moveaxis(as_dtype(slope, dtype), 0, i))
    return slopes[0] if len(axes) == 1 else tuple(slopes)


def _spacings(given: tuple[Any, ...], shape: tuple[int, ...], axes: tuple[int, ...]) -> list[Any]:
    """Return the steps along each axis, as ``(steps, uniform)``: one number or one for each interval."""
    values = [as_traced(value) for value in given]
    if not values:
        values = [1.0] * len(axes)
    elif len(values) == 1 and not spec_of(values[0]).ndim:
        values *= len(axes)
    elif len(values) != len(axes):
        raise TypeError("invalid number of arguments")
    spacings = []
    for i, value in zip(axes, values, strict=True):
        spec = spec_of(value)
        if spec.ndim > 1:
            raise ValueError("distances must be either scalars or 1d")
        if spec.ndim and spec.shape[0] != shape[i]:
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
        spacings.append((_steps(value, 0), False) if spec.ndim else (value, True))
    return spacings


def _slopes_of_rows(f: Any, h: Any, uniform: bool, edge_order: int) -> Any:
    """Return the slope along the first axis: second order inside, of the given order at the ends."""
    if uniform:
        inside = (f[2:] - f[:-2]) / (2 * h)
        first = last = (h, h)
    else:
        h1, h2 = (np.reshape(part, (-1,) + (1,) * (spec_of(f).ndim - 1)) for part in (h[:-1], h[1:]))
        inside = (
            f[:-2] * (-h2 / (h1 * (h1 + h2)))
            + f[1:-1] * ((h2 - h1) / (h1 * h2))
            + f[2:] * (h1 / (h2 * (h1 + h2)))
        )
        first, last = (h[0], h[min(1, edge_order - 1)]), (h[-1], h[-edge_order])
    if edge_order == 1:
        at_first = (f[1] - f[0]) / first[0]
        at_last = (f[-1] - f[-2]) / last[0]
    else:
        at_first = _one_sided(f[0], f[1], f[2], *first)
        at_last = -_one_sided(f[-1], f[-2], f[-3], *last)
    return np.concatenate([at_first[None], inside, at_last[None]])


def _one_sided(f0: Any, f1: Any, f2: Any, h1: Any, h2: Any) -> Any:
    """Return the slope at the first of three points, from a parabola through them."""
    return (
        f0 * (-(2 * h1 + h2) / (h1 * (h1 + h2))) + f1 * ((h1 + h2) / (h1 * h2)) - f2 * (h1 / (h2 * (h1 + h2)))
    )


@implements(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    y = as_traced(y)
    ndim = spec_of(y).ndim
    axis = normalize_axis_index(axis, ndim)
    width = as_traced(dx)
    if x is not None:
        x = as_traced(x)
        width = _steps(x, axis if spec_of(x).ndim > 1 else 0)
        if spec_of(x).ndim == 1:
            width = np.reshape(width, tuple(-1 if i == axis else 1 for i in range(ndim)))
    before = (slice(None),) * axis
    heights = y[(*before, slice(1, None))] + y[(*before, slice(None, -1))]
    return np.sum(width * heights / 2.0, axis=axis)
