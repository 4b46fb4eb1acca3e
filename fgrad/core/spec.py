"""Shapes and dtypes without the values, and cotangents brought back to them.

A rule that needs only an argument's shape gets a :class:`Spec` in the argument's place, so that the tape
does not keep the array alive.  :func:`fit` is the one place where a cotangent is summed over the axes
that broadcasting made, where an imaginary part that a real argument cannot have is dropped, and where
the argument's dtype is restored.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box, bottom

_FLOAT = np.dtype(np.float64)
_COMPLEX = np.dtype(np.complex128)


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
        value = bottom(value)
    if type(value) is float:
        return Spec((), _FLOAT)
    if type(value) is complex:
        return Spec((), _COMPLEX)
    if not hasattr(value, "dtype"):
        value = np.asarray(value)
    return Spec(value.shape, value.dtype)


def differing_spec(value: Any, ans: Any) -> Spec | None:
    """Return the spec of ``value`` if it is not that of ``ans``, else None."""
    spec = spec_of(value)
    return None if spec == spec_of(ans) else spec


def differing_dtype(value: Any, ans: Any) -> Spec | None:
    """Return the spec of ``value`` if its dtype is not that of ``ans``, else None."""
    spec = spec_of(value)
    return None if spec.dtype == spec_of(ans).dtype else spec


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
    if extra < 0:
        return np.broadcast_to(g, target)
    if extra:
        g = np.sum(g, axis=tuple(range(extra)))
        shape = shape[extra:]
    axes = tuple(i for i, (n, m) in enumerate(zip(shape, target, strict=True)) if m == 1 != n)
    if axes:
        g = np.sum(g, axis=axes, keepdims=True)
        shape = tuple(1 if i in axes else n for i, n in enumerate(shape))
    return g if shape == target else np.broadcast_to(g, target)


def cast(value: Any, dtype: np.dtype[Any]) -> Any:
    """Return ``value`` with the given dtype; a complex value becomes real by its real part."""
    if spec_of(value).dtype.kind == "c" and dtype.kind != "c":
        value = np.real(value)
    return value.astype(dtype) if hasattr(value, "astype") else dtype.type(value)
