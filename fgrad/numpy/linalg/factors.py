"""Cholesky and QR factors, and the Hermitian matrix that one triangle stands for.

Where NumPy takes a Hermitian matrix it reads one triangle, and of the diagonal the real part.  So the
elements of the other triangle have derivative zero, whatever is there, and those that are read count
twice.  :func:`hermitian` says so once, for ``cholesky``, ``eigh``, ``eigvalsh``, ``svd`` and ``pinv``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import MissingRuleError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.numpy.linalg.shapes import require_square
from fgrad.numpy.wrap import as_traced, implements

QRResult = type(np.linalg.qr(np.ones((1, 1))))


def _hermitian(a: Any, lower: bool) -> Any:
    """Return the Hermitian matrix of which NumPy reads the lower or the upper triangle."""
    strictly = np.tril(a, -1) if lower else np.triu(a, 1)
    whole = strictly + np.conjugate(np.matrix_transpose(strictly))
    diagonal = np.arange(a.shape[-1])
    whole[..., diagonal, diagonal] = a[..., diagonal, diagonal].real
    return whole


def _qr(a: Any, mode: str) -> tuple[Any, Any]:
    """Return the factors ``(q, r)``."""
    q, r = np.linalg.qr(a, mode)  # type: ignore[call-overload]
    return q, r


_UNUSUAL_MODES = {
    "raw": (
        "its results are the reflectors of LAPACK, a form of storage for routines that compute with plain "
        "values. Use mode='reduced' or 'complete', whose factors are the product of these reflectors."
    ),
    **dict.fromkeys(("full", "f"), "NumPy has deprecated it. Use mode='reduced', which is the same."),
    **dict.fromkeys(
        ("economic", "e"),
        "NumPy has deprecated it, and what is below the diagonal is LAPACK's own. Use mode='r'.",
    ),
}

HERMITIAN: Primitive = register(_hermitian, "the Hermitian matrix of one triangle", "a")
CHOLESKY: Primitive = register(np.linalg.cholesky, "cholesky", "a")
QR: Primitive = register(_qr, "qr", "a")


def hermitian(a: Any, *, lower: bool = True) -> Any:
    """Return the Hermitian matrix that NumPy takes ``a`` for."""
    require_square(a)
    return HERMITIAN(a, lower=lower)


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    lower = CHOLESKY(hermitian(as_traced(a), lower=not upper))
    return np.conjugate(np.matrix_transpose(lower)) if upper else lower


@implements(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    if mode in _UNUSUAL_MODES:
        raise MissingRuleError(
            f"numpy.linalg.qr: mode={mode!r} is not supported for a traced array: {_UNUSUAL_MODES[mode]}"
        )
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"numpy.linalg.qr: mode must be 'reduced', 'complete' or 'r'; got {mode!r}")
    q, r = QR(as_traced(a), mode="reduced" if mode == "r" else mode)
    return r if mode == "r" else QRResult(q, r)
