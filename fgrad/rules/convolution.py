"""The derivative of a convolution: a convolution with the other sequence turned round."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import bilinear


def _full(g: Any, n: int, m: int, mode: str) -> Any:
    """Return the cotangent of a full convolution of ``n`` and ``m`` elements, given that of a part of it."""
    before = 0 if mode == "full" else (m - 1) // 2
    after = n + m - 1 - spec_of(g).shape[0] - before
    dtype = spec_of(g).dtype
    return np.concatenate([np.zeros(before, dtype), g, np.zeros(after, dtype)])


def _longer(g: Any, a: Spec, v: Any, mode: str) -> Any:
    if mode == "valid":
        return np.convolve(g, np.flip(v), "full")
    return np.convolve(_full(g, a.size, spec_of(v).size, mode), np.flip(v), "valid")


def _shorter(g: Any, a: Any, v: Spec, mode: str) -> Any:
    if mode != "valid":
        g = _full(g, spec_of(a).size, v.size, mode)
        return np.convolve(g, np.flip(a), "valid")
    return np.convolve(np.flip(a), g, "valid")


bilinear(np.convolve, a=_longer, v=_shorter)
