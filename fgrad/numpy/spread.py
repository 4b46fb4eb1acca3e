"""Variance and standard deviation.

Both are primitives, which are exact and quick; with ``where=`` or ``mean=`` they are written out, and a
traced ``mean=`` is an argument like any other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.registry import register
from fgrad.numpy.masks import (
    as_dtype,
    converted,
    correction_of,
    mask_of,
    masked_var,
    refuse_out,
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
    refuse_out(np.var, out)
    a, ddof = converted(a, dtype), correction_of(ddof, correction)
    mask = mask_of(np.var, where, a)
    if mask is None and mean is None:
        result = VAR(a, axis=axis, ddof=ddof, keepdims=keepdims)
    else:
        result = masked_var(a, _everything(a) if mask is None else mask, axis, keepdims, ddof, mean)
    return result if dtype is None else as_dtype(result, dtype)


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
    refuse_out(np.std, out)
    a, ddof = converted(a, dtype), correction_of(ddof, correction)
    mask = mask_of(np.std, where, a)
    if mask is None and mean is None:
        result = STD(a, axis=axis, ddof=ddof, keepdims=keepdims)
    else:
        mask = _everything(a) if mask is None else mask
        result = root_or_zero(masked_var(a, mask, axis, keepdims, ddof, mean))
    return result if dtype is None else as_dtype(result, dtype)


def _everything(a: Any) -> Any:
    return np.broadcast_to(True, np.shape(a))
