"""Determinants of square matrices, and their logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.numpy.wrap import as_traced, implements

SlogdetResult = type(np.linalg.slogdet(np.ones((1, 1))))


def _slogdet(a: Any) -> tuple[Any, Any]:
    """Return sign and logarithm of the absolute determinant."""
    sign, logabsdet = np.linalg.slogdet(a)
    return sign, logabsdet


DET: Primitive = register(np.linalg.det, "det", "a")
SLOGDET: Primitive = register(_slogdet, "slogdet", "a")


@implements(np.linalg.det)
def det(a: Any) -> Any:
    return DET(as_traced(a))


@implements(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    return SlogdetResult(*SLOGDET(as_traced(a)))
