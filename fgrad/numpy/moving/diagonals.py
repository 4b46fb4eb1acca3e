"""Diagonals and triangles of matrices, and of stacks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.registry import register_view
from fgrad.core.spec import Spec, spec_of
from fgrad.numpy.places.indexing import SCATTER_ADD
from fgrad.numpy.wrap import as_traced, implements

DIAGONAL = register_view(np.diagonal, "diagonal", "a")


def _put_read_only(array: Any, view: Any, **params: Any) -> Any:
    raise ValueError(
        "assignment destination is read-only: a diagonal; write into the array, or copy it first"
    )


DIAGONAL.put = _put_read_only


@implements(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return DIAGONAL(as_traced(a), offset=offset, axis1=axis1, axis2=axis2)


def places_of(shape: tuple[int, ...], offset: int) -> tuple[Any, Any]:
    """Return the rows and the columns of a diagonal of a matrix.

    >>> places_of((2, 3), 1)
    (array([0, 1]), array([1, 2]))
    """
    row, column = max(-offset, 0), max(offset, 0)
    steps = np.arange(max(min(shape[0] - row, shape[1] - column), 0))
    return steps + row, steps + column


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    v = as_traced(v)
    shape = spec_of(v).shape
    if len(shape) == 2:
        return np.diagonal(v, k)
    if len(shape) != 1:
        raise ValueError(f"numpy.diag takes an array of one or two axes; got shape {shape}")
    square = (shape[0] + abs(k),) * 2
    return SCATTER_ADD(v, indices=(places_of(square, k),), spec=Spec(square, spec_of(v).dtype))


@implements(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    return diag(np.reshape(as_traced(v), -1), k)


@implements(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Any:
    return np.sum(np.diagonal(as_traced(a), offset, axis1, axis2), axis=-1, dtype=dtype)


def _triangle(function: Any, m: Any, k: int) -> Any:
    m = as_traced(m)
    mask = function(np.ones(spec_of(m).shape[-2:], bool), k)
    return np.where(mask, m, 0)


@implements(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    return _triangle(np.tril, m, k)


@implements(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    return _triangle(np.triu, m, k)


# positions, which depend on the shape alone


def _of_shape(function: Callable[..., Any], a: Any, *args: Any) -> Any:
    return function(np.broadcast_to(0, spec_of(as_traced(a)).shape), *args)


@implements(np.tril_indices_from)
def tril_indices_from(arr: Any, k: int = 0) -> Any:
    return _of_shape(np.tril_indices_from, arr, k)


@implements(np.triu_indices_from)
def triu_indices_from(arr: Any, k: int = 0) -> Any:
    return _of_shape(np.triu_indices_from, arr, k)


@implements(np.diag_indices_from)
def diag_indices_from(arr: Any) -> Any:
    return _of_shape(np.diag_indices_from, arr)
