"""Choosing between arrays by a condition."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.numpy.wrap import as_traced, implements

WHERE: Primitive = register(np.where, "where", "condition", "x", "y")
NONZERO: Primitive = register(np.nonzero, "nonzero", "a")


@implements(np.where)
def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("numpy.where takes the condition alone, or with both x and y; got one of them")
    return WHERE(as_traced(condition), as_traced(x), as_traced(y))


@implements(np.nonzero)
def nonzero(a: Any) -> Any:
    return NONZERO(as_traced(a))


@implements(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    low = a_min if min is None else min
    high = a_max if max is None else max
    result = as_traced(a)
    if low is not None:
        result = np.maximum(result, as_traced(low))
    return result if high is None else np.minimum(result, as_traced(high))
