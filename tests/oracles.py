"""Oracles that know nothing of fgrad: numerical derivatives, and comparisons that say what differs.

A value is a list of arrays, real or complex.  Derivatives are compared in real coordinates: a real
element has one, a complex element two, its real and its imaginary part.  A cotangent ``g`` pairs with a
tangent ``t`` as ``Re(sum(g * t))``, so the dual coordinates of ``g`` are the coordinates of its conjugate.
Then every Jacobian is a real matrix, with complex arguments too, holomorphic or not.

The differences are central and of order eight: with a step of 0.002 they are good to about 1e-11, for
functions that are smooth within 0.01 of the point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

STEP = 0.002

#: Offsets in steps, and weights, of the central difference of order eight.
OFFSETS = (1, 2, 3, 4)
WEIGHTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)

Arrays = list[Any]


def is_complex(array: Any) -> bool:
    return np.asarray(array).dtype.kind == "c"


def coordinates(arrays: Sequence[Any]) -> np.ndarray:
    """Return the real coordinates of values or tangents, as one vector."""
    parts = [np.zeros(0)]
    for array in map(np.asarray, arrays):
        parts.append(array.real.ravel())
        if is_complex(array):
            parts.append(array.imag.ravel())
    return np.concatenate(parts)


def dual_coordinates(arrays: Sequence[Any]) -> np.ndarray:
    """Return the real coordinates of cotangents, as one vector."""
    return coordinates([np.conjugate(array) for array in arrays])


def from_coordinates(vector: np.ndarray, like: Sequence[Any]) -> Arrays:
    """Return arrays of the shapes, kinds and dtypes of ``like`` with the given real coordinates."""
    arrays = []
    start = 0
    for model in like:
        spec = np.asarray(model)
        array = vector[start : start + spec.size]
        start += spec.size
        if is_complex(spec):
            array = array + 1j * vector[start : start + spec.size]
            start += spec.size
        array = array.reshape(spec.shape).astype(spec.dtype)
        arrays.append(array if type(model) is np.ndarray else type(model)(array[()]))
    return arrays


def from_dual_coordinates(vector: np.ndarray, like: Sequence[Any]) -> Arrays:
    """Return cotangents of the shapes, kinds and dtypes of ``like`` with the given dual coordinates."""
    return [np.conjugate(array) for array in from_coordinates(vector, like)]


def unit_vectors(like: Sequence[Any]) -> np.ndarray:
    """Return the unit vectors of the real coordinates."""
    return np.eye(coordinates(like).size)


def numerical_derivative(
    function: Callable[[Arrays], np.ndarray], point: Sequence[Any], direction: np.ndarray
) -> np.ndarray:
    """Return the derivative, along a direction in coordinates, of a function that gives a real vector."""
    centre = coordinates(point)
    total: Any = 0.0
    for offset, weight in zip(OFFSETS, WEIGHTS, strict=True):
        ahead = function(from_coordinates(centre + offset * STEP * direction, point))
        behind = function(from_coordinates(centre - offset * STEP * direction, point))
        total = total + weight * (ahead - behind) / STEP
    return np.asarray(total)


def numerical_jacobian(function: Callable[[Arrays], np.ndarray], point: Sequence[Any]) -> np.ndarray:
    """Return the derivatives of a function that gives a real vector, one column for each coordinate."""
    return np.stack([numerical_derivative(function, point, unit) for unit in unit_vectors(point)], axis=-1)


def describe(coordinate: int, like: Sequence[Any], what: str) -> str:
    """Say which element of which array a real coordinate is.

    >>> describe(4, [np.zeros(2), np.zeros((2, 2))], "argument")
    'argument 1 [1, 0]'
    """
    for position, array in enumerate(map(np.asarray, like)):
        for part in ("", ", imaginary part")[: 1 + is_complex(array)]:
            if coordinate < array.size:
                element = [int(i) for i in np.unravel_index(coordinate, array.shape)]
                return f"{what} {position}{f' {element}' if element else ''}{part}"
            coordinate -= array.size
    raise IndexError(f"{what}: the coordinate is beyond the last")


def assert_close(
    found: np.ndarray,
    expected: np.ndarray,
    tolerance: float,
    what: str,
    rows: Callable[[int], str] = str,
    columns: Callable[[int], str] = str,
) -> None:
    """Compare two matrices of derivatives; a NaN in either is a difference.

    The tolerance is relative to the largest element of what is expected, or to one.
    """
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    if not found.size:
        return
    error = np.abs(found - expected)
    allowed = tolerance * max(1.0, float(np.max(np.abs(expected))))
    wrong = ~(error <= allowed)
    if wrong.any():
        ranked = np.where(np.isnan(error), np.inf, error)
        row, column = (int(i) for i in np.unravel_index(np.argmax(ranked), error.shape))
        raise AssertionError(
            f"{what}: {int(wrong.sum())} of {wrong.size} derivatives are wrong. The worst, of {rows(row)} "
            f"by {columns(column)}, is {found[row, column]!r}; expected {expected[row, column]!r}, "
            f"error {error[row, column]:.3g}, allowed {allowed:.3g}"
        )
