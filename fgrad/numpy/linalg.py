"""``fgrad.numpy.linalg``: NumPy's linear algebra on traced arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.fallback import stand_in
from fgrad.numpy.wrap import as_traced, implements


def _slogdet(a: Any) -> tuple[Any, Any]:
    """Return sign and logarithm of the absolute determinant."""
    sign, logabsdet = np.linalg.slogdet(a)
    return sign, logabsdet


def _two_norm(x: Any, axis: Any, keepdims: bool) -> Any:
    """Return the root of the sum of squares of absolute values."""
    return np.sqrt(np.sum(np.real(x * np.conjugate(x)), axis=axis, keepdims=keepdims))


def _power_norm(x: Any, axis: Any, keepdims: bool, power: float) -> Any:
    """Return ``sum(abs(x)**power)**(1/power)``."""
    return np.sum(np.abs(x) ** power, axis=axis, keepdims=keepdims) ** (1 / power)


def _svd(a: Any) -> tuple[Any, Any, Any]:
    """Return the reduced singular value decomposition ``(u, s, vh)``."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return u, s, vh


INV: Primitive = register(np.linalg.inv, "inv", "a")
SOLVE: Primitive = register(np.linalg.solve, "solve", "a", "b")
DET: Primitive = register(np.linalg.det, "det", "a")
SLOGDET: Primitive = register(_slogdet, "slogdet", "a")
CHOLESKY: Primitive = register(np.linalg.cholesky, "cholesky", "a")
SVD: Primitive = register(_svd, "svd", "a")
TWO_NORM: Primitive = register(_two_norm, "norm", "x")
POWER_NORM: Primitive = register(_power_norm, "norm", "x")


@implements(np.linalg.inv)
def inv(a: Any) -> Any:
    return INV(as_traced(a))


@implements(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    return SOLVE(as_traced(a), as_traced(b))


@implements(np.linalg.det)
def det(a: Any) -> Any:
    return DET(as_traced(a))


@implements(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    return SlogdetResult(*SLOGDET(as_traced(a)))


SlogdetResult = type(np.linalg.slogdet(np.ones((1, 1))))


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    lower = CHOLESKY(np.matrix_transpose(np.conjugate(as_traced(a))) if upper else as_traced(a))
    return np.conjugate(np.matrix_transpose(lower)) if upper else lower


@implements(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = as_traced(x)
    ndim = spec_of(x).ndim
    if axis is None and ord is None:
        return TWO_NORM(x, axis=None, keepdims=keepdims)
    axes = tuple(range(ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, "fro" if ord is None else ord, axes, keepdims)
    raise ValueError(f"numpy.linalg.norm: ord={ord!r} is for one or two axes; got {len(axes)}")


def _vector_norm(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    if isinstance(ord, str):
        raise ValueError(f"numpy.linalg.norm: ord={ord!r} is for matrices; give a number for vectors")
    if ord == 2:
        return TWO_NORM(x, axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.where(x != 0, 1.0, 0.0), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return POWER_NORM(x, axis=axis, keepdims=keepdims, power=float(ord))


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    row, column = axes
    if ord in ("fro", "f"):
        return TWO_NORM(x, axis=axes, keepdims=keepdims)
    if ord in (1, -1, np.inf, -np.inf):
        summed, chosen = (row, column) if abs(ord) == 1 else (column, row)
        sums = np.sum(np.abs(x), axis=summed, keepdims=True)
        result = (np.max if ord > 0 else np.min)(sums, axis=chosen, keepdims=True)
        return result if keepdims else np.squeeze(result, axis=axes)
    if ord in (2, -2, "nuc"):
        # The absolute value is there for its derivative: 0 for a singular value of 0.
        s = np.abs(_singular_values(np.moveaxis(x, axes, (-2, -1))))
        result = (np.sum if ord == "nuc" else np.max if ord == 2 else np.min)(s, axis=-1)  # type: ignore[operator]
        return np.expand_dims(result, _positions(axes, spec_of(x).ndim)) if keepdims else result
    raise ValueError(f"numpy.linalg.norm: ord={ord!r} is not a matrix norm")


def _singular_values(a: Any) -> Any:
    """Return the singular values of stacked matrices.

    They can be differentiated to any order where they are distinct and not zero.  At order one they may be
    anything.  From order two on, the terms that divide by a difference of equal singular values, or by one
    that is zero, are left out.  That is right for the sum of all of them (``ord="nuc"``) when they are equal,
    and a finite choice where there is no second derivative: for the largest of several equal ones, or for
    zeros.
    """
    return SVD(a)[1]


def _positions(axes: tuple[int, ...], ndim: int) -> tuple[int, ...]:
    """Return axes of an array of ``ndim`` counted from the front, as ``expand_dims`` takes them."""
    return tuple(axis % ndim for axis in axes)


__getattr__, __all__ = stand_in(np.linalg, globals())


def __dir__() -> list[str]:
    return __all__
