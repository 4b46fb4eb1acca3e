"""Shapes and dtypes without the values, and cotangents brought back to them.

A rule that needs only an argument's shape gets a :class:`Spec` in the argument's place, so that the tape
does not keep the array alive.  :func:`fit` is the one place where a cotangent is summed over the axes
that broadcasting made, where an imaginary part that a real argument cannot have is dropped, and where
the argument's dtype is restored.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box

_ndarray = np.ndarray
_new = tuple.__new__  # a named tuple's own constructor takes twice as long
_WORTH_A_PRODUCT = 500  # elements
_PLAIN = frozenset({np.ndarray, np.float64, np.float32, np.complex128})


class Spec(NamedTuple):
    """The shape and dtype of a value."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        size = 1
        for n in self.shape:
            size *= n
        return size


def spec_of(value: Any) -> Spec:
    """Return the shape and dtype of an array, a scalar or a box."""
    if type(value) is Box:
        hidden = 0
        while type(value) is Box:
            hidden += value.owner.batched
            value = value.value
        if hidden:
            return Spec(value.shape[hidden:], value.dtype)
    if type(value) is _ndarray:
        return _new(Spec, (value.shape, value.dtype))
    if type(value) is float:
        return _FLOAT_SPEC
    if not hasattr(value, "dtype"):
        value = np.asarray(value)
    return Spec(value.shape, value.dtype)


def differing_spec(value: Any, ans: Any) -> Spec | None:
    """Return the spec of ``value`` if it is not that of ``ans``, else None."""
    spec = spec_of(value)
    return None if spec == spec_of(ans) else spec


def differing_dtype(value: Any, ans: Any) -> Spec | None:
    """Return the spec of ``value`` if its dtype is not that of ``ans``, else None."""
    if type(value) is _ndarray and type(ans) in _PLAIN and value.dtype is ans.dtype:
        return None
    spec = spec_of(value)
    return None if spec.dtype == spec_of(ans).dtype else spec


_FLOAT_SPEC = Spec((), np.dtype(np.float64))


def zeros(spec: Spec) -> Any:
    """Return zeros of a shape and dtype; a NumPy scalar where there are no axes."""
    return np.zeros(spec.shape, spec.dtype) if spec.shape else spec.dtype.type(0)


def fit(g: Any, spec: Spec) -> Any:
    """Return the cotangent ``g`` with the shape and dtype of ``spec``.

    Axes that broadcasting added or stretched are summed, which is the transpose of broadcasting.
    """
    shape, dtype = spec_of(g)
    if shape != spec.shape:
        g = unbroadcast(g, shape, spec.shape)
    if dtype != spec.dtype:
        g = cast(g, spec.dtype)
    return g


def unbroadcast(g: Any, shape: tuple[int, ...], target: tuple[int, ...]) -> Any:
    """Sum ``g``, of the given shape, over the axes that broadcasting from ``target`` made."""
    extra = len(shape) - len(target)
    axes = tuple(i for i, n in enumerate(shape) if i < extra or target[i - extra] == 1 != n)
    if axes:
        g = sum_of_block(g, shape, axes) if type(g) is _ndarray else np.sum(g, axis=axes)
        shape = tuple(n for i, n in enumerate(shape) if i not in axes)
        if shape != target and math.prod(shape) == math.prod(target):
            return np.reshape(g, target)
    return g if shape == target else np.broadcast_to(g, target)


def sum_of_block(g: Any, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Return the sum of a plain array over some of its axes.

    Over the first or the last axes it is a product with a vector of ones, which takes a fraction of the
    time: ``np.sum`` has no fast loop for a short axis.
    """
    count = len(axes)
    if g.dtype.kind in "fc" and g.size > _WORTH_A_PRODUCT and count < len(shape) and g.flags.c_contiguous:
        summed = math.prod(shape[i] for i in axes)
        ones = np.ones(summed, g.dtype)
        if axes[-1] == count - 1:
            return (ones @ g.reshape(summed, -1)).reshape(shape[count:])
        if axes[0] == len(shape) - count:
            return (g.reshape(-1, summed) @ ones).reshape(shape[:-count])
    return np.add.reduce(g, axis=axes)


def cast(value: Any, dtype: np.dtype[Any]) -> Any:
    """Return ``value`` with the given dtype; a complex value becomes real by its real part."""
    if spec_of(value).dtype.kind == "c" and dtype.kind != "c":
        value = np.real(value)
    return value.astype(dtype) if hasattr(value, "astype") else dtype.type(value)
