"""Sorting.  The order is found from the values; with it, sorting moves elements and is linear.

Equal elements share: each receives the average of the cotangents of the places that they take, and each of
these places moves by the average of their tangents.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.sort(x)[-1])(np.array([2.0, 1.0, 2.0]))
array([0.5, 0. , 0.5])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.places.indexing import positions_of
from fgrad.numpy.wrap import as_traced, implements, refuse_argument


def _lexsort(*keys: Any, axis: int) -> Any:
    """Return ``np.lexsort`` of the keys."""
    return np.lexsort(keys, axis=axis)


SORT: Primitive = register(np.sort, "sort", "a")
PARTITION: Primitive = register(np.partition, "partition", "a")
ARGPARTITION: Primitive = register(np.argpartition, "argpartition", "a")
LEXSORT: Primitive = register(_lexsort, "lexsort", "*keys")


def _array(a: Any, order: Any, function: Any) -> Any:
    """Return an array-like as an array; ``order`` names fields, which a traced array does not have."""
    if order is not None:
        refuse_argument(function, "order")
    return as_traced(a)


@implements(np.sort)
def sort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    a = _array(a, order, np.sort)
    if axis is None:
        a, axis = np.reshape(a, -1), -1
    return SORT(a, axis=axis, kind=kind, stable=stable)


@implements(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: Any = None) -> Any:
    """Return the elements with those of the given ranks in place; equal ones share, as in sorting."""
    a, kth = _array(a, order, np.partition), positions_of(kth)
    if axis is None:
        a, axis = np.reshape(a, -1), -1
    return PARTITION(a, kth=kth, axis=axis, kind=kind)


@implements(np.argpartition)
def argpartition(
    a: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: Any = None
) -> Any:
    a = _array(a, order, np.argpartition)
    return ARGPARTITION(a, kth=positions_of(kth), axis=axis, kind=kind)


@implements(np.lexsort)
def lexsort(keys: Any, axis: int = -1) -> Any:
    return LEXSORT(*[as_traced(key) for key in keys], axis=axis)  # of an array, the rows


@implements(np.sort_complex)
def sort_complex(a: Any) -> Any:
    ordered = sort(a)
    return ordered if spec_of(ordered).dtype.kind == "c" else ordered.astype(complex)
