"""Making arrays out of boxes, and arrays that only have a box's shape."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from itertools import islice
from typing import Any

import numpy as np

from fgrad.core.box import Box, everywhere
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.modes.slate import distinct, slate
from fgrad.numpy.reducing.masks import converted
from fgrad.numpy.wrap import as_traced, implements, publish

_ORDERS = frozenset({"K", "A", "C", "F", None})


def check_order(order: Any) -> None:
    """Raise for an order of elements in memory that there is not."""
    if order not in _ORDERS:
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")


def _array(a: Any, dtype: Any, copy: Any, order: Any, ndmin: int = 0) -> Any:
    """Return an array-like as an array; a new one where a copy is asked for.

    How elements lie in memory means nothing for a traced array, so any order is the order.
    """
    check_order(order)
    made = as_traced(a)
    result = made if dtype is None else np.astype(made, dtype, copy=False)
    if copy is False and result is not a:
        raise ValueError(
            "Unable to avoid copy while creating an array as requested: of a list, or a new dtype"
        )
    if copy and result is a:
        result = distinct(result)
    shape = spec_of(result).shape
    return np.reshape(result, (1,) * (ndmin - len(shape)) + shape) if len(shape) < ndmin else result


@implements(np.array)
def array(
    object: Any, dtype: Any = None, *, copy: Any = True, order: Any = "K", subok: bool = False, ndmin: int = 0
) -> Any:
    return _array(object, dtype, copy, order, ndmin)


@implements(np.asarray)
def asarray(a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None) -> Any:
    return _array(a, dtype, copy, order)


@implements(np.asanyarray)
def asanyarray(a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None) -> Any:
    return _array(a, dtype, copy, order)


@implements(np.ascontiguousarray)
def ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    return _array(a, dtype, None, "C", 1)


@implements(np.asfortranarray)
def asfortranarray(a: Any, dtype: Any = None) -> Any:
    return _array(a, dtype, None, "F", 1)


@implements(np.asarray_chkfinite)
def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    result = _array(a, dtype, None, order)
    if not everywhere(np.isfinite(result)):
        raise ValueError("array must not contain infs or NaNs")
    return result


@implements(np.require)
def require(a: Any, dtype: Any = None, requirements: Any = None) -> Any:
    np.require(np.empty(0), requirements=requirements)  # raises for a requirement that there is not
    return _array(a, dtype, None, "C")


@wraps(np.fromiter)
def fromiter(iter: Iterable[Any], dtype: Any, count: int = -1, *, like: Any = None) -> Any:
    elements = list(iter if count < 0 else islice(iter, count))
    if not any(type(element) is Box for element in elements):
        return np.fromiter(elements, dtype, count, like=like)
    if len(elements) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(elements)} items.")
    return np.astype(as_traced(elements), dtype)


IMPLEMENTATIONS[np.fromiter] = publish(np.fromiter, fromiter)  # boxes show only when it is iterated over


@implements(np.fromfunction)
def fromfunction(function: Any, shape: Any, *, dtype: Any = float, like: Any = None, **kwargs: Any) -> Any:
    return function(*np.indices(shape, dtype=dtype), **kwargs)


# arrays of a shape and dtype alone, and of one value


def _plain_like(function: Any, a: Any, dtype: Any, order: Any, subok: bool, shape: Any) -> Any:
    """Return what a function of NumPy's makes of the shape and dtype of ``a`` alone."""
    spec = spec_of(as_traced(a))
    model = np.broadcast_to(np.zeros((), spec.dtype), spec.shape)
    return slate(function(model, dtype, "C" if order == "K" else order, subok, shape))


@implements(np.zeros_like, constant=True)
def zeros_like(a: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None) -> Any:
    return _plain_like(np.zeros_like, a, dtype, order, subok, shape)


@implements(np.ones_like, constant=True)
def ones_like(a: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None) -> Any:
    return _plain_like(np.ones_like, a, dtype, order, subok, shape)


@implements(np.empty_like, constant=True)
def empty_like(
    prototype: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None
) -> Any:
    return _plain_like(np.empty_like, prototype, dtype, order, subok, shape)


@implements(np.full_like)
def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "C", subok: bool = True, shape: Any = None
) -> Any:
    spec = spec_of(as_traced(a))
    return _full(spec.shape if shape is None else shape, fill_value, spec.dtype if dtype is None else dtype)


@implements(np.full)
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    return _full(shape, fill_value, dtype)


def _full(shape: Any, fill_value: Any, dtype: Any) -> Any:
    """Return an array of one value, which may be written into."""
    value = converted(fill_value, dtype)
    if type(value) is not Box:
        return slate(np.full(shape, value))
    return distinct(np.broadcast_to(value, shape))  # type: ignore[call-overload]
