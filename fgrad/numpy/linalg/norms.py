"""Norms of vectors and matrices, condition numbers, and ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from fgrad.core.box import anywhere, bottom, decided_by, still
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.linalg.equal_values import agreed_bound
from fgrad.numpy.linalg.shapes import require_matrices, require_square
from fgrad.numpy.linalg.solving import INV
from fgrad.numpy.linalg.spectra import singular_values
from fgrad.numpy.wrap import as_traced, implements


def _two_norm(x: Any, axis: Any, keepdims: bool) -> Any:
    """Return the root of the sum of squares of absolute values."""
    return np.sqrt(np.sum(np.real(x * np.conjugate(x)), axis=axis, keepdims=keepdims))


def _power_norm(x: Any, axis: Any, keepdims: bool, power: float) -> Any:
    """Return ``sum(abs(x)**power)**(1/power)``."""
    return np.sum(np.abs(x) ** power, axis=axis, keepdims=keepdims) ** (1 / power)


TWO_NORM: Primitive = register(_two_norm, "norm", "x")
POWER_NORM: Primitive = register(_power_norm, "norm", "x")
MATRIX_RANK: Primitive = register(np.linalg.matrix_rank, "matrix_rank", "A")


@implements(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = as_traced(x)
    spec = spec_of(x)
    if axis is None and ord is None:
        return TWO_NORM(x, axis=None, keepdims=keepdims)
    axes = tuple(range(spec.ndim)) if axis is None else axis if isinstance(axis, tuple) else (int(axis),)
    if spec.size == 0:  # zero or an error, as NumPy decides
        return np.linalg.norm(np.empty(spec.shape, spec.dtype), ord, axes, keepdims)
    if len(axes) == 1:
        return _vector_norm(x, ord, normalize_axis_index(axes[0], spec.ndim), keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, normalize_axis_tuple(axes, spec.ndim), keepdims)
    raise ValueError(f"numpy.linalg.norm: ord={ord!r} is for one or two axes; got {len(axes)}")


@implements(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    x = as_traced(x)
    shape = spec_of(x).shape
    axes = normalize_axis_tuple(range(len(shape)) if axis is None else axis, len(shape))
    kept = [i for i in range(len(shape)) if i not in axes]
    rows = np.reshape(np.transpose(x, [*axes, *kept]), (-1, *(shape[i] for i in kept)))
    result = norm(rows, ord, 0)
    return np.reshape(result, [1 if i in axes else n for i, n in enumerate(shape)]) if keepdims else result


@implements(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return norm(x, ord, (-2, -1), keepdims)


def _vector_norm(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    if isinstance(ord, str):
        raise ValueError(f"numpy.linalg.norm: ord={ord!r} is for matrices; give a number for vectors")
    if ord is None or ord == 2:
        return TWO_NORM(x, axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        counted = (still(x) != 0).astype(spec_of(x).dtype.char.lower())
        return np.sum(counted, axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return POWER_NORM(x, axis=axis, keepdims=keepdims, power=float(ord))


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    row, column = axes
    if ord is None or ord in ("fro", "f"):
        return TWO_NORM(x, axis=axes, keepdims=keepdims)
    if ord in (1, -1, np.inf, -np.inf):
        summed, chosen = (row, column) if abs(ord) == 1 else (column, row)
        sums = np.sum(np.abs(x), axis=summed, keepdims=True)
        result = (np.max if ord > 0 else np.min)(sums, axis=chosen, keepdims=True)
        return result if keepdims else np.squeeze(result, axis=axes)
    if ord in (2, -2, "nuc"):
        # The absolute value is there for its derivative: 0 for a singular value of 0.
        s = np.abs(singular_values(np.moveaxis(x, axes, (-2, -1))))
        result = (np.sum if ord == "nuc" else np.max if ord == 2 else np.min)(s, axis=-1)  # type: ignore[operator]
        return np.expand_dims(result, axes) if keepdims else result
    raise ValueError(f"numpy.linalg.norm: ord={ord!r} is not a matrix norm")


@implements(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    x = as_traced(x)
    require_matrices(x)
    if spec_of(x).size == 0:
        raise np.linalg.LinAlgError("cond is not defined on empty arrays")
    if p is None or p in (2, -2):
        s = singular_values(x)
        first, last = s[..., 0], s[..., -1]
        above, below = (last, first) if p == -2 else (first, last)
        infinite = still(below) == 0
        if not anywhere(infinite):
            return above / below
        return np.where(infinite, np.inf, above / np.where(infinite, 1, below))
    require_square(x)
    try:
        return _condition(x, p)
    except np.linalg.LinAlgError:  # some have no inverse; they are given one that does not count
        np.linalg.cond(bottom(x), p)  # raises for some norms
        with np.errstate(invalid="ignore"):  # of missing values
            singular = np.linalg.slogdet(still(x))[0] == 0
        decided_by(singular)
        identity = np.eye(spec_of(x).shape[-1], dtype=spec_of(x).dtype)
        regular = np.where(np.expand_dims(singular, (-2, -1)), identity, x)
        missing = np.any(np.isnan(still(x)), axis=(-2, -1))
        result = np.where(singular, np.inf, _condition(regular, p))
        return np.where(singular & missing, np.nan, result)


def _condition(x: Any, p: Any) -> Any:
    """Return the norm of a matrix times that of its inverse."""
    return norm(x, p, (-2, -1)) * norm(INV(x), p, (-2, -1))


@implements(np.linalg.matrix_rank)
def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    given = {} if rtol is None else {"rtol": agreed_bound(rtol, "matrix_rank")}
    return MATRIX_RANK(as_traced(A), tol=agreed_bound(tol, "matrix_rank"), hermitian=hermitian, **given)
