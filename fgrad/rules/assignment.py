"""Writing elements: what is overwritten receives nothing, and each value what was written of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of, unbroadcast, zeros
from fgrad.kinds import custom
from fgrad.modes.pending import is_basic
from fgrad.numpy.places.assignment import SET_AT, SETITEM
from fgrad.numpy.places.indexing import TAKE_AT


def _survivors(index: Any, shape: tuple[int, ...]) -> Any:
    """Return which of the values that are written at ``index`` are not overwritten by a later one."""
    written = np.empty(shape, bool)[index]
    order = np.arange(written.size).reshape(written.shape)
    last = np.empty(shape, int)
    last[index] = order
    return last[index] == order


def _pull_value(ans: Any, a: Any, v: Any, index: Any) -> Any:
    shape, target = spec_of(a).shape, spec_of(v).shape

    def pull(g: Any) -> Any:
        g = g[index]
        if not is_basic(index):
            g = np.where(_survivors(index, shape), g, 0)
        return _as_written(g, target)

    return pull


def _as_written(g: Any, target: tuple[int, ...]) -> Any:
    """Return the cotangent of what was written as that of a value of the given shape, which was broadcast."""
    given = spec_of(g).shape
    ones = len(target) - len(given)  # a value may have more axes in front, of length one
    inner = unbroadcast(g, given, target[max(ones, 0) :])
    return np.reshape(inner, target) if ones > 0 else inner


def _pull_array(ans: Any, a: Any, v: Any, index: Any) -> Any:
    return lambda g: SETITEM(g, 0, index=index)


def _series(primitive: Any, mine: Any, ans: Any, args: Any, index: Any) -> Any:
    """Return the step of a power series: each coefficient is written as the values are."""

    def step(k: int, series: Any, found: Any) -> Any:
        a, v = (terms[k] if own else None for terms, own in zip(series, mine, strict=True))
        if a is None and v is None:
            return None
        return SETITEM(zeros(spec_of(ans)) if a is None else a, 0 if v is None else v, index=index)

    return step


custom(
    SETITEM,
    series=_series,
    jvps={
        0: lambda t, ans, a, v, index: SETITEM(t, 0, index=index),
        1: lambda t, ans, a, v, index: SETITEM(zeros(spec_of(ans)), t, index=index),
    },
    vjps={0: _pull_array, 1: _pull_value},
)


# at an index that differs between examples


def _pull_value_at(ans: Any, a: Any, v: Any, *indices: Any, template: Any) -> Any:
    shape, target = spec_of(a).shape, spec_of(v).shape

    def pull(g: Any) -> Any:
        g = TAKE_AT(g, *indices, template=template)
        order = np.arange(spec_of(g).size).reshape(spec_of(g).shape)
        last = SET_AT(np.empty(shape, int), order, *indices, template=template)
        kept = TAKE_AT(last, *indices, template=template) == order
        return _as_written(np.where(kept, g, 0), target)

    return pull


custom(
    SET_AT,
    jvps={
        0: lambda t, ans, a, v, *indices, template: SET_AT(t, 0, *indices, template=template),
        1: lambda t, ans, a, v, *indices, template: SET_AT(
            zeros(spec_of(ans)), t, *indices, template=template
        ),
        **dict.fromkeys(range(2, 66)),  # an array has 64 axes at most
    },
    vjps={
        0: lambda ans, a, v, *indices, template: lambda g: SET_AT(g, 0, *indices, template=template),
        1: _pull_value_at,
    },
)
