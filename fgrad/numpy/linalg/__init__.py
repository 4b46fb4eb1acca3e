"""``fgrad.numpy.linalg``: NumPy's linear algebra on traced arrays.

Every function takes stacks of matrices, real or complex, where NumPy's does.  The files:

``products``
    Matrix products, powers and chains; traces, diagonals, cross products.
``solving``
    Inverses and pseudo-inverses, solutions of linear equations and of least squares.
``determinants``
    The determinant and its logarithm.
``factors``
    Cholesky and QR factors, and the Hermitian matrix that one triangle stands for.
``spectra``
    Eigenvalues and singular values, and the vectors that belong to them.
``norms``
    Norms of vectors and matrices, condition numbers, ranks.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda a: np.sum(np.linalg.svdvals(a)))(np.array([[3.0, 0.0], [0.0, 2.0]])).round(12)
array([[1., 0.],
       [0., 1.]])
"""

from __future__ import annotations

import numpy as np

from fgrad.numpy.fallback import stand_in
from fgrad.numpy.linalg import (  # noqa: F401 - they fill the registries
    determinants,
    factors,
    norms,
    products,
    solving,
    spectra,
)
from fgrad.numpy.wrap import PUBLIC

globals().update(PUBLIC["numpy.linalg"])

__getattr__, __all__ = stand_in(np.linalg, globals())


def __dir__() -> list[str]:
    return __all__
