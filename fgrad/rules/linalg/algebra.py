"""The few operations on stacked matrices that the rules of linear algebra are written with."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.spec import spec_of
from fgrad.numpy.linalg.equal_values import noise_of


def is_complex(a: Any) -> bool:
    """Return whether a value, which may be traced, is complex."""
    return spec_of(a).dtype.kind == "c"


def conjugate(a: Any) -> Any:
    """Return the conjugate, which for a real array is the array itself."""
    return np.conjugate(a) if is_complex(a) else a


def transpose(a: Any) -> Any:
    """Return the plain transposes of stacked matrices."""
    return np.matrix_transpose(a)


def adjoint(a: Any) -> Any:
    """Return the conjugate transposes of stacked matrices."""
    return transpose(conjugate(a))


def diagonal(a: Any) -> Any:
    """Return the diagonals of stacked matrices."""
    return np.diagonal(a, axis1=-2, axis2=-1)


def as_row(x: Any) -> Any:
    """Return vectors as matrices of one row: a factor for each column."""
    return np.expand_dims(x, -2)


def as_column(x: Any) -> Any:
    """Return vectors as matrices of one column: a factor for each row."""
    return np.expand_dims(x, -1)


def as_scale(x: Any) -> Any:
    """Return numbers as matrices of one element: a factor for each matrix."""
    return np.reshape(x, (*spec_of(x).shape, 1, 1))


def divide_right(x: Any, a: Any) -> Any:
    """Return ``x @ inv(a)``."""
    return transpose(np.linalg.solve(transpose(a), transpose(x)))


def identity_mask(n: int) -> Any:
    """Return where the diagonal of an ``n`` by ``n`` matrix is."""
    return np.eye(n, dtype=bool)


def reciprocal(x: Any, noise: Any) -> Any:
    """Return ``1 / x``, and 0 where ``x`` is no more than rounding."""
    small = np.abs(still(x)) <= noise
    return np.where(small, 0, 1 / np.where(small, 1, x))


def rounding(values: Any, *sides: int) -> Any:
    """Return the size below which a difference of values is rounding, with axes for rows and columns."""
    return as_row(noise_of(values, *sides))


def gaps(values: Any) -> Any:
    """Return the differences ``values[j] - values[i]``."""
    return as_row(values) - as_column(values)


def reciprocal_gaps(values: Any) -> Any:
    """Return ``1 / (values[j] - values[i])``, and 0 where two are equal but for rounding."""
    return reciprocal(gaps(values), rounding(values))


def antihermitian(a: Any) -> Any:
    """Return the anti-Hermitian parts of stacked matrices."""
    return (a - adjoint(a)) / 2
