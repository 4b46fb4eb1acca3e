"""Running sums and products."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.reducing.masks import converted
from fgrad.numpy.wrap import full_name, implements

CUMSUM = register(np.cumsum, "cumsum", "a")
CUMPROD = register(np.cumprod, "cumprod", "a")


def _recurrence(c: Any, b: Any) -> Any:
    """Return ``s`` with ``s[k] = c[k] * s[k - 1] + b[k]`` along the first axis, and ``s[0] = b[0]``.

    Two steps make one step of the same form, so every second element follows from a recurrence of half the
    length: a logarithmic number of operations on arrays, and work in proportion to the length.
    """
    n = len(b)
    if n < 2:
        return np.array(b)
    s = np.empty(b.shape, np.result_type(b, c))
    odd_c, odd_b = c[1::2], b[1::2]
    s[1::2] = _recurrence(odd_c * c[: n - 1 : 2], odd_c * b[: n - 1 : 2] + odd_b)
    s[0] = b[0]
    s[2::2] = c[2::2] * s[1 : n - 1 : 2] + b[2::2]
    return s


#: What the derivatives of running products are, with nothing divided by: see :mod:`fgrad.rules.cumulative`.
RECURRENCE = register(_recurrence, "recurrence", "c", "b")


def _running(primitive: Any, a: Any, axis: Any, dtype: Any) -> Any:
    a = converted(a, dtype)
    if axis is None or not spec_of(a).ndim:
        if axis is not None:
            normalize_axis_index(axis, 1)
        return primitive(np.reshape(a, -1), axis=0)
    return primitive(a, axis=normalize_axis_index(axis, spec_of(a).ndim))


@implements(np.cumsum)
def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    return _running(CUMSUM, a, axis, dtype)


@implements(np.cumprod)
def cumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    return _running(CUMPROD, a, axis, dtype)


def _with_initial(
    original: Any, primitive: Any, first: int, x: Any, axis: Any, dtype: Any, include: bool
) -> Any:
    """Return a running sum or product as the array API standard defines it."""
    x = np.atleast_1d(converted(x, dtype))
    ndim = spec_of(x).ndim
    if axis is None:
        if ndim > 1:
            raise ValueError(f"{full_name(original)}: axis= must be given for an array of {ndim} axes")
        axis = 0
    axis = normalize_axis_index(axis, ndim)
    running = _running(primitive, x, axis, None)
    if not include:
        return running
    spec = spec_of(running)
    shape = tuple(1 if i == axis else n for i, n in enumerate(spec.shape))
    return np.concatenate([np.broadcast_to(spec.dtype.type(first), shape), running], axis)


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1

    @implements(np.cumulative_sum)
    def cumulative_sum(
        x: Any,
        /,
        *,
        axis: Any = None,
        dtype: Any = None,
        out: Any = None,
        include_initial: bool = False,
    ) -> Any:
        return _with_initial(np.cumulative_sum, CUMSUM, 0, x, axis, dtype, include_initial)

    @implements(np.cumulative_prod)
    def cumulative_prod(
        x: Any,
        /,
        *,
        axis: Any = None,
        dtype: Any = None,
        out: Any = None,
        include_initial: bool = False,
    ) -> Any:
        return _with_initial(np.cumulative_prod, CUMPROD, 1, x, axis, dtype, include_initial)
