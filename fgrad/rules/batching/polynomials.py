"""Batching of zeros and coefficients of polynomials: the eigenvalues of all companion matrices at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.modes.batching import one_by_one
from fgrad.numpy.polynomials import CHARACTERISTIC, ROOTS


def _roots(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Return the zeros.  Leading and trailing coefficients of zero make polynomials of different degrees."""
    (p,) = values
    if type(p) is Box or p.shape[-1] < 2 or not np.all(p[:, [0, -1]]):
        return one_by_one(primitive, values, mine, size, params)
    if p.dtype.kind not in "fc":
        p = p.astype(float)
    degree = p.shape[-1] - 1
    companion = np.zeros((size, degree, degree), p.dtype)
    companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1
    companion[:, 0] = -p[:, 1:] / p[:, :1]
    return np.linalg.eigvals(companion)


def _characteristic(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Return the coefficients of characteristic polynomials, built up from the eigenvalues.

    Those of a complex matrix are real where its eigenvalues come in pairs, which NumPy decides for each.
    """
    (a,) = values
    if type(a) is Box or a.dtype.kind == "c":
        return one_by_one(primitive, values, mine, size, params)
    w = np.linalg.eigvals(a)
    nothing, product = np.zeros((size, 1), w.dtype), np.ones((size, 1), w.dtype)
    for i in range(a.shape[-1]):
        product = np.concatenate([product, nothing], 1) - w[:, i : i + 1] * np.concatenate(
            [nothing, product], 1
        )
    return product.real


ROOTS.batch = _roots
CHARACTERISTIC.batch = _characteristic
