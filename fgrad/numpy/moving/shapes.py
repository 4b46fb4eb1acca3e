"""The same elements in another shape or order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from fgrad.core.box import bottom, hidden_axes, is_array, is_batched, still
from fgrad.core.registry import register, register_view
from fgrad.core.spec import spec_of
from fgrad.modes.slate import distinct, plain_all
from fgrad.numpy.making.creation import check_order
from fgrad.numpy.moving.origins import repeated, rolled
from fgrad.numpy.places.indexing import positions_of, take
from fgrad.numpy.wrap import as_traced, holds_box, implements


def _reshape(a: Any, shape: Any, order: str) -> Any:
    """Reshape; the second argument has had two names in NumPy."""
    return np.reshape(a, shape, order)  # type: ignore[call-overload]


RESHAPE = register_view(_reshape, "reshape", "a")
TRANSPOSE = register_view(np.transpose, "transpose", "a")
BROADCAST_TO = register_view(np.broadcast_to, "broadcast_to", "array")
FLIP = register_view(np.flip, "flip", "m")
ROLL = register(np.roll, "roll", "a")


def _ndim(a: Any) -> int:
    return len(spec_of(a).shape)


@implements(np.reshape)
def reshape(a: Any, /, shape: Any, order: str = "C", *, copy: Any = None) -> Any:
    a = as_traced(a)
    if order not in ("C", "F", "A"):
        raise ValueError(f"numpy.reshape: order must be 'C', 'F' or 'A'; got {order!r}")
    result = RESHAPE(a, shape=shape, order=_order_in_memory(a) if order == "A" else order)
    if copy is False and _is_new(result, a):
        raise ValueError("Unable to avoid creating a copy while reshaping.")
    return distinct(result) if copy else result


def _is_new(result: Any, a: Any) -> bool:
    """Return whether a result holds its elements apart from those of the array ``a``."""
    old, new = bottom(a), bottom(result)
    return type(old) is np.ndarray and old.size > 0 and not np.may_share_memory(new, old)


@implements(np.ravel)
def ravel(a: Any, order: str = "C") -> Any:
    a = as_traced(a)
    if order == "K":  # as the elements lie in memory: by decreasing strides
        strides = getattr(_one(a), "strides", ())
        return reshape(transpose(a, sorted(range(len(strides)), key=lambda i: -abs(strides[i]))), -1)
    return reshape(a, -1, order)


def _one(a: Any) -> Any:
    """Return the plain value, or that of one example, which lies in memory as all do."""
    plain, hidden = bottom(a), hidden_axes(a)
    return (
        plain[(0,) * hidden] if hidden and plain.size else plain if not hidden else np.empty(spec_of(a).shape)
    )


def _order_in_memory(a: Any) -> str:
    """Return the order of an array that NumPy calls ``A``: Fortran's if it lies so in memory."""
    flags = getattr(_one(a), "flags", None)
    return "F" if flags is not None and flags.fnc else "C"


@implements(np.transpose)
def transpose(a: Any, axes: Any = None) -> Any:
    return TRANSPOSE(as_traced(a), axes=axes)


@implements(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    a = as_traced(a)
    return TRANSPOSE(a, axes=_order_of(np.moveaxis, a, source, destination))


@implements(np.swapaxes)
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    a = as_traced(a)
    return TRANSPOSE(a, axes=_order_of(np.swapaxes, a, axis1, axis2))


@implements(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    a = as_traced(a)
    return TRANSPOSE(a, axes=_order_of(np.rollaxis, a, axis, start))


@implements(np.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    x = as_traced(x)
    return TRANSPOSE(x, axes=_order_of(np.matrix_transpose, x))


def _order_of(function: Any, a: Any, *args: Any) -> tuple[int, ...]:
    """Return the order of the axes that a function of NumPy's would give, found on an empty array.

    The axes have lengths 0, 1, 2, ... so that the resulting shape is the order.
    """
    shape: tuple[int, ...] = function(np.empty(range(_ndim(a))), *args).shape
    return shape


@implements(np.squeeze)
def squeeze(a: Any, axis: Any = None) -> Any:
    a = as_traced(a)
    shape = np.squeeze(np.broadcast_to(0, spec_of(a).shape), axis).shape
    return RESHAPE(a, shape=shape, order="C")


@implements(np.expand_dims)
def expand_dims(a: Any, axis: Any) -> Any:
    a = as_traced(a)
    return RESHAPE(a, shape=np.expand_dims(np.broadcast_to(0, spec_of(a).shape), axis).shape, order="C")


@implements(np.broadcast_to)
def broadcast_to(array: Any, shape: Any) -> Any:
    return BROADCAST_TO(as_traced(array), shape=(shape,) if isinstance(shape, int) else tuple(shape))


@implements(np.broadcast_arrays)
def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    arrays = [as_traced(arg) for arg in args]
    shape = np.broadcast_shapes(*(spec_of(array).shape for array in arrays))
    return tuple(np.broadcast_to(array, shape) for array in arrays)


@implements(np.flip)
def flip(m: Any, axis: Any = None) -> Any:
    return FLIP(as_traced(m), axis=axis)


@implements(np.fliplr)
def fliplr(m: Any) -> Any:
    m = as_traced(m)
    if _ndim(m) < 2:
        raise ValueError(f"numpy.fliplr needs an array of at least two axes; got {_ndim(m)}")
    return FLIP(m, axis=1)


@implements(np.flipud)
def flipud(m: Any) -> Any:
    m = as_traced(m)
    if _ndim(m) < 1:
        raise ValueError("numpy.flipud needs an array of at least one axis; got a scalar")
    return FLIP(m, axis=0)


@implements(np.rot90)
def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    m = as_traced(m)
    np.rot90(np.broadcast_to(0, spec_of(m).shape), k, axes)  # raises for axes that there are not
    if k % 4 == 0:
        return m[:]
    if k % 4 == 2:
        return FLIP(m, axis=tuple(axes))
    if k % 4 == 1:
        return swapaxes(FLIP(m, axis=axes[1]), axes[0], axes[1])
    return FLIP(swapaxes(m, axes[0], axes[1]), axis=axes[1])


@implements(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    a = as_traced(a)
    if not holds_box((shift,)):
        return ROLL(a, shift=shift, axis=axis)
    shift, shape = as_traced(positions_of(shift)), spec_of(a).shape
    many, kind = spec_of(shift)
    stand_in = np.ones(many, int if kind.kind in "biu" else kind)
    np.roll(np.broadcast_to(np.int8(0), shape), stand_in, axis)  # raises for what cannot be
    if axis is None:
        return np.reshape(rolled(np.reshape(a, -1), shift, (0,)), shape)
    return rolled(a, shift, normalize_axis_tuple(axis, len(shape), allow_duplicate=True))


@implements(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    return _each(arys, lambda a: a if _ndim(a) else np.reshape(a, (1,)))


@implements(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    return _each(arys, lambda a: a if _ndim(a) > 1 else np.reshape(a, (1, -1)))


@implements(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    def lift(a: Any) -> Any:
        if _ndim(a) > 2:
            return a
        return np.reshape(a, (*spec_of(a).shape, 1) if _ndim(a) == 2 else (1, -1, 1))

    return _each(arys, lift)


def _each(arrays: tuple[Any, ...], function: Any) -> Any:
    results = tuple(function(as_traced(a)) for a in arrays)
    return results[0] if len(results) == 1 else results


@implements(np.tile)
def tile(A: Any, reps: Any) -> Any:
    a = as_traced(A)
    reps = (reps,) if np.ndim(reps) == 0 else tuple(reps)
    width = builtin_max(_ndim(a), len(reps))
    shape = (1,) * (width - _ndim(a)) + spec_of(a).shape
    reps = (1,) * (width - len(reps)) + reps
    pairs = [(r, n) for r, n in zip(reps, shape, strict=True)]
    spread = BROADCAST_TO(
        RESHAPE(a, shape=tuple(k for _, n in pairs for k in (1, n)), order="C"),
        shape=tuple(k for pair in pairs for k in pair),
    )
    return RESHAPE(spread, shape=tuple(r * n for r, n in pairs), order="C")


@implements(np.repeat)
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    a = as_traced(a)
    axis = None if axis is None else normalize_axis_index(axis, max(_ndim(a), 1))
    if axis is None or not _ndim(a):
        a, axis = np.reshape(a, -1), 0
    axis = normalize_axis_index(axis, _ndim(a))
    return take(a, repeated(spec_of(a).shape[axis], still(as_traced(plain_all(repeats)))), axis=axis)


@implements(np.copy)
def copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    check_order(order)
    return distinct(as_traced(a))


@implements(np.shape, constant=True)
def shape(a: Any) -> tuple[int, ...]:
    return spec_of(as_traced(a)).shape


@implements(np.ndim, constant=True)
def ndim(a: Any) -> int:
    return _ndim(as_traced(a))


@implements(np.isscalar, constant=True)
def isscalar(element: Any) -> bool:
    return not is_array(element) if is_batched(element) else np.isscalar(bottom(element))


@implements(np.size, constant=True)
def size(a: Any, axis: Any = None) -> int:
    spec = spec_of(as_traced(a))
    return spec.size if axis is None else int(np.size(np.broadcast_to(0, spec.shape), axis))


builtin_max = max
