"""Eigenvalues and singular values, and the vectors that belong to them.

What alone has no meaning
    A vector is determined up to its sign, or its phase; those of equal values up to a rotation of all of
    them; the columns that ``full_matrices`` adds likewise.  A function that does not depend on such a
    choice has the right derivatives.  The choices are stated at the rules, in
    :mod:`fgrad.rules.linalg.spectra`, with what happens at equal values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.linalg.factors import hermitian as hermitian_matrix
from fgrad.numpy.places.indexing import read
from fgrad.numpy.wrap import as_traced, implements

EigResult = type(np.linalg.eig(np.ones((1, 1))))
EighResult = type(np.linalg.eigh(np.ones((1, 1))))
SVDResult = type(np.linalg.svd(np.ones((1, 1))))


def _eig(a: Any) -> tuple[Any, Any]:
    """Return eigenvalues and right eigenvectors ``(w, v)`` of any matrix."""
    w, v = np.linalg.eig(a)
    return w, v


def _eigh(a: Any, triangle: Any) -> tuple[Any, Any]:
    """Return eigenvalues and eigenvectors ``(w, v)`` of a Hermitian matrix.

    LAPACK's choice of signs depends on the triangle that it is given.
    """
    w, v = np.linalg.eigh(a, triangle)
    return w, v


def _eigvalsh(a: Any, triangle: Any) -> tuple[Any]:
    """Return the eigenvalues of a Hermitian matrix alone: the first of the results of ``eigh``."""
    return (np.linalg.eigvalsh(a, triangle),)


def _svd(a: Any, full_matrices: bool) -> tuple[Any, Any, Any]:
    """Return the singular value decomposition ``(u, s, vh)``."""
    u, s, vh = np.linalg.svd(a, full_matrices)
    return u, s, vh


def _svdvals(a: Any) -> tuple[Any]:
    """Return the singular values alone, as one result; LAPACK needs a fraction of the time for them."""
    return (np.linalg.svd(a, compute_uv=False),)


EIG: Primitive = register(_eig, "eig", "a")
EIGVALS: Primitive = register(np.linalg.eigvals, "eigvals", "a")
EIGH: Primitive = register(_eigh, "eigh", "a")
EIGVALSH: Primitive = register(_eigvalsh, "eigvalsh", "a")
SVD: Primitive = register(_svd, "svd", "a")
SVDVALS: Primitive = register(_svdvals, "svdvals", "a")


@implements(np.linalg.eig)
def eig(a: Any) -> Any:
    return EigResult(*EIG(as_traced(a)))


@implements(np.linalg.eigvals)
def eigvals(a: Any) -> Any:
    return EIGVALS(as_traced(a))


@implements(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:
    triangle = UPLO.upper()
    return EighResult(*EIGH(_read(a, triangle), triangle=triangle))


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    triangle = UPLO.upper()
    return EIGVALSH(_read(a, triangle), triangle=triangle)[0]


def _read(a: Any, triangle: str) -> Any:
    """Return the Hermitian matrix that NumPy reads from a triangle."""
    if triangle not in ("L", "U"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return hermitian_matrix(as_traced(a), lower=triangle == "L")


@implements(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    a = as_traced(a)
    if hermitian:
        return _svd_of_hermitian(a, compute_uv)
    if not compute_uv:
        return singular_values(a)
    return SVDResult(*SVD(a, full_matrices=full_matrices))


@implements(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    return singular_values(as_traced(x))


def singular_values(a: Any) -> Any:
    """Return the singular values of stacked matrices."""
    return SVDVALS(a)[0]


def _svd_of_hermitian(a: Any, compute_uv: bool) -> Any:
    """Return the decomposition by eigenvalues: their sizes, in falling order, and signs moved to ``vh``."""
    a = hermitian_matrix(a)
    if not compute_uv:
        return _falling(np.abs(EIGVALSH(a, triangle="L")[0]))
    w, v = EIGH(a, triangle="L")
    sign = np.copysign(1.0, still(w)).astype(spec_of(w).dtype)
    order = np.argsort(np.abs(still(w)))[..., ::-1]
    u = pick_columns(v, order)
    vh = np.matrix_transpose(pick_columns(v * np.expand_dims(sign, -2), order))
    s = pick_columns(np.expand_dims(w * sign, -2), order)[..., 0, :]
    return SVDResult(u, s, np.conjugate(vh) if spec_of(a).dtype.kind == "c" else vh)


def _falling(sizes: Any) -> Any:
    """Return sizes in falling order."""
    order = np.argsort(still(sizes))[..., ::-1]
    return pick_columns(np.expand_dims(sizes, -2), order)[..., 0, :]


def pick_columns(a: Any, order: Any) -> Any:
    """Return stacked matrices with their columns in an order of their own each.

    >>> pick_columns(np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]), np.array([[0, 1], [1, 0]])).tolist()
    [[[1, 2], [3, 4]], [[6, 5], [8, 7]]]
    """
    one = np.arange(1)
    stack = np.ix_(*map(np.arange, order.shape[:-1]), one, one)[:-2]
    return read(a, (*stack, np.arange(spec_of(a).shape[-2])[:, None], np.expand_dims(order, -2)))
