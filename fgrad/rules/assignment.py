"""Writing elements: what is overwritten receives nothing, and each value what was written of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of, unbroadcast, zeros
from fgrad.kinds import custom
from fgrad.modes.pending import is_basic
from fgrad.numpy.assignment import SETITEM


def _survivors(index: Any, shape: tuple[int, ...]) -> Any:
    """Return which of the values that are written at ``index`` are not overwritten by a later one."""
    written = np.empty(shape, bool)[index]
    order = np.arange(written.size).reshape(written.shape)
    last = np.empty(shape, int)
    last[index] = order
    return last[index] == order


def _pull_value(ans: Any, a: Any, v: Any, index: Any) -> Any:
    shape, (target, _) = spec_of(a).shape, spec_of(v)

    def pull(g: Any) -> Any:
        g = g[index]
        if not is_basic(index):
            g = np.where(_survivors(index, shape), g, 0)
        given = spec_of(g).shape
        ones = len(target) - len(given)  # a value may have more axes in front, of length one
        inner = unbroadcast(g, given, target[max(ones, 0) :])
        return np.reshape(inner, target) if ones > 0 else inner

    return pull


def _pull_array(ans: Any, a: Any, v: Any, index: Any) -> Any:
    return lambda g: SETITEM(g, 0, index=index)


custom(
    SETITEM,
    jvps={
        0: lambda t, ans, a, v, index: SETITEM(t, 0, index=index),
        1: lambda t, ans, a, v, index: SETITEM(zeros(spec_of(ans)), t, index=index),
    },
    vjps={0: _pull_array, 1: _pull_value},
)
