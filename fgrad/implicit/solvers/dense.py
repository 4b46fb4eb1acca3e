"""Small linear systems, written out as a matrix.

>>> import numpy as np
>>> solve_dense(dense_matrix(lambda v: 2 * v, 2, np.float64), np.array([2.0, 4.0]))
array([1., 2.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.implicit.errors import SingularError

#: Up to how many unknowns a matrix is cheaper than an iteration.
FEW = 128


def dense_matrix(operator: Callable[[Any], Any], size: int, dtype: Any) -> Any:
    """Return the matrix of an operator on vectors; raise if it is singular to working precision."""
    matrix = np.stack([operator(unit) for unit in np.eye(size, dtype=dtype)], -1)
    if not np.all(np.isfinite(matrix)):
        raise SingularError("the linear system has elements that are not finite")
    condition = float(np.linalg.cond(matrix))
    if not condition * np.finfo(dtype).eps < 0.1:
        raise SingularError(
            f"the linear system of {size} unknowns is singular: its condition number is {condition:.3g}"
        )
    return matrix


def solve_dense(matrix: Any, b: Any) -> Any:
    """Return ``x`` with ``matrix @ x = b``, refined once."""
    x = np.linalg.solve(matrix, b)
    return x + np.linalg.solve(matrix, b - matrix @ x)
