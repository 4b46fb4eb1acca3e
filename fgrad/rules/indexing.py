"""Transposes of reads at positions that have a name of their own, and positions, which have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import constant, custom, linear
from fgrad.numpy.elements.selection import ARGWHERE, FLATNONZERO
from fgrad.numpy.moving.diagonals import DIAGONAL, places_of
from fgrad.numpy.places.indexing import ADD_AT, SCATTER_ADD, TAKE_AT


def _onto_diagonal(g: Any, a: Spec, offset: int, axis1: int, axis2: int) -> Any:
    """Return zeros with the cotangent of a diagonal on it."""
    shape = np.moveaxis(np.broadcast_to(0, a.shape), (axis1, axis2), (-2, -1)).shape
    index = (..., *places_of(shape[-2:], offset))
    square = SCATTER_ADD(g, indices=(index,), spec=Spec(shape, a.dtype))
    return np.moveaxis(square, (-2, -1), (axis1, axis2))


linear(DIAGONAL, _onto_diagonal)

_NO_DERIVATIVE: dict[int, None] = dict.fromkeys(range(1, 65))  # an array has 64 axes at most

custom(
    TAKE_AT,
    jvps={0: "same", **_NO_DERIVATIVE},
    vjps={0: lambda ans, a, *indices, template: _adding(spec_of(a), indices, template)},
)
custom(
    ADD_AT,
    jvps={0: "same", **_NO_DERIVATIVE},
    vjps={0: lambda ans, g, *indices, template, spec: lambda h: TAKE_AT(h, *indices, template=template)},
)


def _adding(spec: Spec, indices: Any, template: Any) -> Any:
    return lambda g: ADD_AT(g, *indices, template=template, spec=spec)


constant(FLATNONZERO, ARGWHERE)
