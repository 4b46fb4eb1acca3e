"""The factor of a covariance matrix by which NumPy makes correlated normal numbers of independent ones.

>>> import numpy as np
>>> factor = FACTOR(np.array([[2.0, 1.0], [1.0, 2.0]]), method="eigh", right=False, tol=1e-8)
>>> np.round(factor @ factor.T, 12)
array([[2., 1.],
       [1., 2.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register


def _factor(cov: Any, method: str, right: bool, tol: float) -> Any:
    """Return the principal axes of ``cov``, each as long as the standard deviation along it, as columns.

    Parameters
    ----------
    cov : (..., n, n) ndarray
        Symmetric and positive semidefinite.
    method : {'svd', 'eigh'}
        How the axes are found, which decides on their order and signs.
    right : bool
        Whether a singular value decomposition gives its right vectors, or its left ones.
    tol : float
        The tolerance within which ``cov`` has to be what it should be.

    Raises
    ------
    ArgumentError
        If the matrix is no covariance.  NumPy warns and draws by what it takes for one.
    """
    if method == "eigh":
        s, axes = np.linalg.eigh(cov)
        valid = not np.any(s < -tol)
        s = np.abs(s)
    else:
        u, s, vh = np.linalg.svd(cov)
        v = np.matrix_transpose(vh)
        valid = np.allclose((v * s[..., None, :]) @ vh, cov, rtol=tol, atol=tol)
        axes = v if right else u
    if not valid:
        raise ArgumentError(
            "the covariance is not symmetric positive-semidefinite; draws have no derivative in it. Make it "
            "of a factor (cov = a @ a.T), or draw with a plain matrix"
        )
    return axes * np.sqrt(s)[..., None, :]


FACTOR: Primitive = register(_factor, "factor of a covariance", "cov")
