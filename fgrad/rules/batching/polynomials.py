"""Batching of zeros and coefficients of polynomials: the eigenvalues of all companion matrices at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.kinds.together import together
from fgrad.modes.batching import refuse_counts
from fgrad.numpy.algebra.polynomials import CHARACTERISTIC, ROOTS


def _roots(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return together(primitive, _roots_of_rows, values, mine, size, params)


def _roots_of_rows(size: int, p: Any) -> Any:
    """Return the zeros.  Leading coefficients of zero lower the degree; trailing ones are zeros of their own.

    Which of the rows have as many trailing ones is looked for, and the zeros of all these found together.
    """
    length = p.shape[1]
    if length < 2:
        return np.zeros((size, 0))
    given = p != 0
    has_any = np.any(given, axis=1)
    leading = np.where(has_any, np.argmax(given, axis=1), length - 1)
    trailing = np.where(has_any, np.argmax(given[:, ::-1], axis=1), 0)
    start = int(leading[0]) if size else 0
    if np.any(leading != start):
        degrees = np.unique(length - 1 - leading)[:2]
        refuse_counts("roots", f"shapes {' and '.join(f'({degree},)' for degree in degrees)}")
    p = p[:, start:] if p.dtype.kind in "fc" else p[:, start:].astype(float)
    groups = [(trailing == count, count) for count in np.unique(trailing)] or [(slice(None), 0)]
    found = [(rows, _eigenvalues(p[rows, : p.shape[1] - count])) for rows, count in groups]
    roots = np.zeros((size, p.shape[1] - 1), np.result_type(*(values for _, values in found)))
    for rows, values in found:
        roots[rows, : values.shape[1]] = values
    return roots


def _eigenvalues(p: Any) -> Any:
    """Return the zeros of polynomials of one degree as the eigenvalues of companion matrices."""
    degree = p.shape[1] - 1
    if not degree:
        return np.zeros((len(p), 0))
    companion = np.zeros((len(p), degree, degree), p.dtype)
    companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1
    companion[:, 0] = -p[:, 1:] / p[:, :1]
    zeros = np.linalg.eigvals(companion)
    # From NumPy 2.5 on eigenvalues are complex; zeros are not if they need not be.
    return zeros if p.dtype.kind == "c" or np.any(np.imag(zeros)) else np.real(zeros)


def _characteristic(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return together(primitive, _characteristic_of_stack, values, mine, size, params)


def _characteristic_of_stack(size: int, a: Any) -> Any:
    """Return the coefficients of characteristic polynomials, built up from the eigenvalues.

    They are real where the eigenvalues come in pairs: those of real matrices do, and of complex ones NumPy
    looks at each.
    """
    w = np.linalg.eigvals(a)
    nothing, product = np.zeros((size, 1), w.dtype), np.ones((size, 1), w.dtype)
    for i in range(a.shape[-1]):
        product = np.concatenate([product, nothing], 1) - w[:, i : i + 1] * np.concatenate(
            [nothing, product], 1
        )
    if a.dtype.kind != "c":
        return product.real
    is_real = np.all(np.sort(w, axis=1) == np.sort(w.conjugate(), axis=1), axis=1)
    return product.real if np.all(is_real) else np.where(is_real[:, None], product.real, product)


ROOTS.batch = _roots
CHARACTERISTIC.batch = _characteristic
