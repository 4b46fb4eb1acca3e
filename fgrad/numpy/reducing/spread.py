"""Variance and standard deviation.

Both are primitives, which are exact and quick; with ``where=`` or ``mean=`` they are written out, and a
traced ``mean=`` is an argument like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.numpy.reducing.masks import (
    as_dtype,
    converted_whole,
    correction_of,
    mask_of,
    masked_var,
    root_or_zero,
)
from fgrad.numpy.wrap import implements

VAR = register(np.var, "var", "a")
STD = register(np.std, "std", "a")


@implements(np.var)
def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    return _spread(VAR, np.var, a, axis, dtype, ddof, keepdims, where, mean, correction)


@implements(np.std)
def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    return _spread(STD, np.std, a, axis, dtype, ddof, keepdims, where, mean, correction)


def _spread(
    primitive: Primitive,
    original: Callable[..., Any],
    a: Any,
    axis: Any,
    dtype: Any,
    ddof: float,
    keepdims: bool,
    where: Any,
    mean: Any,
    correction: float | None,
) -> Any:
    """Return the variance, or for ``STD`` its root, as NumPy's ``original`` takes its arguments."""
    a, ddof = converted_whole(original, a, dtype), correction_of(ddof, correction)
    mask = mask_of(original, where, a)
    if mask is None and mean is None:
        result = primitive(a, axis=axis, ddof=ddof, keepdims=keepdims)
    else:
        result = masked_var(a, _everything(a) if mask is None else mask, axis, keepdims, ddof, mean)
        if primitive is STD:
            result = root_or_zero(result)
    return result if dtype is None else as_dtype(result, dtype)


def _everything(a: Any) -> Any:
    return np.broadcast_to(True, np.shape(a))
