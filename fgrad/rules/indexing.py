"""Transposes of reads at positions that have a name of their own, and positions, which have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec
from fgrad.kinds import constant, linear
from fgrad.numpy.diagonals import DIAGONAL, places_of
from fgrad.numpy.indexing import SCATTER_ADD
from fgrad.numpy.selection import ARGWHERE, FLATNONZERO


def _onto_diagonal(g: Any, a: Spec, offset: int, axis1: int, axis2: int) -> Any:
    """Return zeros with the cotangent of a diagonal on it."""
    shape = np.moveaxis(np.broadcast_to(0, a.shape), (axis1, axis2), (-2, -1)).shape
    index = (..., *places_of(shape[-2:], offset))
    square = SCATTER_ADD(g, indices=(index,), spec=Spec(shape, a.dtype))
    return np.moveaxis(square, (-2, -1), (axis1, axis2))


linear(DIAGONAL, _onto_diagonal)

constant(FLATNONZERO, ARGWHERE)
