"""Inverses and solutions: of linear equations, of least squares, and of equations between tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.linalg.equal_values import agreed_bound
from fgrad.numpy.linalg.factors import hermitian as hermitian_matrix
from fgrad.numpy.linalg.shapes import require_matrices
from fgrad.numpy.linalg.spectra import singular_values
from fgrad.numpy.wrap import as_traced, implements


def _pinv(a: Any, rcond: Any, hermitian: bool) -> Any:
    """Return the pseudo-inverse, without the singular values up to ``rcond`` times the largest."""
    return np.linalg.pinv(a, rcond, hermitian)


def _lstsq(a: Any, b: Any, rcond: float) -> tuple[Any, Any, Any]:
    """Return the solution, the squared length of what it leaves, and the rank."""
    x, residuals, rank, _ = np.linalg.lstsq(a, b, rcond)
    return x, residuals, rank


INV: Primitive = register(np.linalg.inv, "inv", "a")
SOLVE: Primitive = register(np.linalg.solve, "solve", "a", "b")
PINV: Primitive = register(_pinv, "pinv", "a")
LSTSQ: Primitive = register(_lstsq, "lstsq", "a", "b")

#: NumPy tells ``rtol=None``, which asks for the default of the array API, from no ``rtol`` at all.
_NOT_GIVEN: Any = object()


@implements(np.linalg.inv)
def inv(a: Any) -> Any:
    return INV(as_traced(a))


@implements(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    return SOLVE(as_traced(a), as_traced(b))


@implements(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = _NOT_GIVEN) -> Any:
    a = as_traced(a)
    require_matrices(a)
    if rcond is not None and rtol is not _NOT_GIVEN:
        raise ValueError("numpy.linalg.pinv: rcond and rtol are two names of one bound; give one of them")
    if rcond is None:
        rcond = 1e-15 if rtol is _NOT_GIVEN else rtol
    if rcond is None:
        shape, dtype = spec_of(a)
        rcond = max(shape[-2:]) * np.finfo(dtype).eps
    return PINV(
        hermitian_matrix(a) if hermitian else a, rcond=agreed_bound(rcond, "pinv"), hermitian=hermitian
    )


@implements(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    a, b = as_traced(a), as_traced(b)
    # LAPACK computes in double precision, and takes a negative bound for its precision.
    precision = float(np.finfo(float).eps)
    bound = (
        max(spec_of(a).shape[-2:], default=0) * precision if rcond is None else agreed_bound(rcond, "lstsq")
    )
    x, residuals, rank = LSTSQ(a, b, rcond=bound if bound >= 0 else precision)
    s = singular_values(np.astype(a, np.result_type(spec_of(a).dtype, spec_of(residuals).dtype)))
    return x, residuals, still(rank), s


@implements(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    a = as_traced(a)
    if ind <= 0:
        raise ValueError(f"numpy.linalg.tensorinv: ind must be positive; got {ind}")
    shape = spec_of(a).shape
    flat = np.reshape(a, (math.prod(shape[ind:]), -1))
    return np.reshape(INV(flat), shape[ind:] + shape[:ind])


@implements(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    a, b = as_traced(a), as_traced(b)
    ndim = spec_of(a).ndim
    if axes is not None:
        order = list(range(ndim))
        for axis in axes:
            order.remove(axis)
            order.insert(ndim, axis)
        a = np.transpose(a, order)
    shape = spec_of(a).shape
    unknowns = shape[-(ndim - spec_of(b).ndim) :]
    n = math.prod(unknowns)
    if math.prod(shape) != n * n:
        raise np.linalg.LinAlgError(
            f"numpy.linalg.tensorsolve: the axes of a beyond those of b must have as many elements as b; "
            f"got shapes {shape} and {spec_of(b).shape}"
        )
    return np.reshape(SOLVE(np.reshape(a, (n, n)), np.reshape(b, -1)), unknowns)
