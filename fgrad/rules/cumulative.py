"""Derivatives of running sums and products.

A running product is the recurrence ``p[k] = a[k] * p[k - 1]``.  Its tangent follows the recurrence
``t[k] = a[k] * t[k - 1] + p[k - 1] * ta[k]``, and its cotangent the same one backwards; both are linear
recurrences, and so are their derivatives in turn.  Nothing is divided by, so zeros are no special case.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.kinds import custom, linear
from fgrad.kinds.series import convolved
from fgrad.numpy.reducing.cumulative import CUMPROD, RECURRENCE


def _before(s: Any, first: Any) -> Any:
    """Return ``s[k - 1]`` for each ``k`` along the first axis, with ``first`` before the beginning."""
    return np.concatenate([np.broadcast_to(first, np.shape(s[:1])).astype(s.dtype), s[:-1]])


def _after(c: Any) -> Any:
    """Return ``c[k + 1]`` for each ``k`` along the first axis; the last is never used."""
    return np.concatenate([c[1:], c[:1]])


def _backwards(g: Any, c: Any) -> Any:
    """Return ``u`` with ``u[k] = g[k] + c[k + 1] * u[k + 1]``: the transposed recurrence."""
    return np.flip(RECURRENCE(np.flip(_after(c), 0), np.flip(g, 0)), 0)


linear(np.cumsum, lambda g, a, axis: np.flip(np.cumsum(np.flip(g, axis), axis), axis))


def _series(primitive: Any, mine: Any, ans: Any, args: Any) -> Any:
    """Return the step of a power series: the recurrence of its last coefficient, driven by those before."""

    def multiply(c: Any, s: Any) -> Any:
        return c * _before(s, 0)

    def step(k: int, series: Any, found: Any) -> Any:
        c, b = series
        driven = convolved(k, c, found, 1, multiply) if mine[0] else None
        total = b[k] if mine[1] else None
        total = driven if total is None else total if driven is None else total + driven
        return None if total is None else RECURRENCE(c[0], total)

    return step


custom(
    RECURRENCE,
    series=_series,
    jvps={
        0: lambda t, ans, c, b: RECURRENCE(c, t * _before(ans, 0)),
        1: lambda t, ans, c, b: RECURRENCE(c, t),
    },
    vjps={
        0: lambda ans, c, b: lambda g: _backwards(g, c) * _before(ans, 0),
        1: lambda ans, c, b: lambda g: _backwards(g, c),
    },
)


def _pull_product(ans: Any, a: Any, axis: int) -> Any:
    first, running = np.moveaxis(a, axis, 0), np.moveaxis(ans, axis, 0)

    def pull(g: Any) -> Any:
        return np.moveaxis(_backwards(np.moveaxis(g, axis, 0), first) * _before(running, 1), 0, axis)

    return pull


def _push_product(t: Any, ans: Any, a: Any, axis: int) -> Any:
    first, running, moved = (np.moveaxis(x, axis, 0) for x in (a, ans, t))
    return np.moveaxis(RECURRENCE(first, moved * _before(running, 1)), 0, axis)


custom(CUMPROD, vjps={0: _pull_product}, jvps={0: _push_product})
