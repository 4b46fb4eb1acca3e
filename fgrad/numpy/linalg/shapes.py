"""The shapes that linear algebra asks for, refused as NumPy refuses them."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of


def require_matrices(a: Any) -> None:
    """Raise ``LinAlgError`` unless ``a`` is a matrix or a stack of them."""
    ndim = spec_of(a).ndim
    if ndim < 2:
        raise np.linalg.LinAlgError(f"{ndim}-dimensional array given. Array must be at least two-dimensional")


def require_square(a: Any) -> None:
    """Raise ``LinAlgError`` unless ``a`` is a square matrix or a stack of them."""
    require_matrices(a)
    rows, columns = spec_of(a).shape[-2:]
    if rows != columns:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
