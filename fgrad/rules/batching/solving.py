"""Batching of solutions: one factorization for many right-hand sides, or those of a stack of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import everywhere
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds.together import together
from fgrad.modes.batching import aligned, in_front, refuse_counts
from fgrad.numpy.linalg.solving import LSTSQ, SOLVE
from fgrad.rules.linalg.algebra import adjoint


def _solve(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, b), (own_a, own_b) = values, mine
    is_vector = spec_of(b).ndim - own_b == 1
    if not own_a and spec_of(a).ndim == 2 and is_vector:  # one factorization, many right-hand sides
        return np.swapaxes(primitive.bind((a, np.swapaxes(b, 0, 1)), params), 0, 1)
    if is_vector:
        b = np.expand_dims(b, -1)
    found = primitive.bind(aligned([a, b], mine), params)
    return found[..., 0] if is_vector else found


def _lstsq(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Solve with one matrix for the right-hand sides of all examples, or with the matrix of each."""
    (a, b), (own_a, own_b) = values, mine
    shapes = spec_of(a).shape[own_a:], spec_of(b).shape[own_b:]
    if len(shapes[0]) != 2 or len(shapes[1]) not in (1, 2) or shapes[0][0] != shapes[1][0]:
        return primitive.raw(*map(np.zeros, shapes), **params)  # which raises
    if own_a:
        return together(primitive, _least_squares, values, mine, size, params)
    (m, n), columns = shapes[0], shapes[1][1:]
    count = math.prod(columns)
    joined = np.reshape(np.moveaxis(np.reshape(b, (size, m, count)), 1, 0), (m, size * count))
    x, residuals, rank = primitive.bind((a, joined), params)
    left = count if m > n and everywhere(rank == n) else 0
    return (
        np.reshape(np.moveaxis(np.reshape(x, (n, size, count)), 0, 1), (size, n, *columns)),
        np.reshape(residuals, (size, left)),
        in_front(rank, False, size),
    )


def _least_squares(size: int, a: Any, b: Any, rcond: float) -> tuple[Any, Any, Any]:
    """Return the solutions of least squares with a stack of matrices, by their singular values.

    LAPACK counts those that are greater than ``rcond`` times the largest; of a bound that is not between 0
    and 1 it makes its precision.
    """
    m, n = a.shape[1:]
    columns = b[..., None] if b.ndim == 2 else b
    # NumPy says to what dtype it computes, or raises; LAPACK itself always computes in double precision.
    dtype = np.linalg.solve(np.empty((0, 0), a.dtype), np.empty((0, 1), b.dtype)).dtype
    double = np.result_type(dtype, np.float64)
    a, columns = a.astype(double), columns.astype(double)
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    if not np.all(np.isfinite(s)):
        raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
    bound = rcond if 0 < rcond < 1 else float(np.finfo(float).eps) / 2
    counts = s > bound * s[:, :1]
    rank = np.count_nonzero(counts, axis=1)
    is_full = (rank == n) & (m > n)
    if np.any(is_full) != np.all(is_full) and size:
        refuse_counts("lstsq", f"shapes (0,) and ({columns.shape[2]},)")
    with np.errstate(over="ignore", divide="ignore", under="ignore"):
        inverse = np.where(counts, 1 / np.where(counts, s, 1), 0)[..., None]
        x = adjoint(vh) @ (inverse * (adjoint(u) @ columns))
        residuals = np.sum(np.abs(columns - a @ x) ** 2, axis=1)
    if m <= n or not np.all(is_full):  # then NumPy does not tell
        residuals = residuals[:, :0]
    x = x.astype(dtype)
    return (
        x[..., 0] if b.ndim == 2 else x,
        residuals.astype(dtype.char.lower()),
        rank.astype(np.intc),
    )


SOLVE.batch = _solve
LSTSQ.batch = _lstsq
