"""Containers of real and complex arrays as vectors of real numbers.

A real element has one coordinate, a complex element two, its real and its imaginary part.  A cotangent ``g``
pairs with a tangent ``t`` as ``Re(sum(g * t))``, so the coordinates of a cotangent are those of its
conjugate.  Then every derivative is a real matrix, of functions that are not holomorphic too.

>>> import numpy as np
>>> space = Space([np.array([1.0, 2.0]), 3.0 + 4.0j], ["w", "z"])
>>> space.vector(space.leaves)
array([1., 2., 3., 4.])
>>> space.name(3)
'z, imaginary part'
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np


class Space:
    """The coordinates of some leaves.

    Parameters
    ----------
    leaves : list of array and scalars
        The point.  Leaves that are not of real or complex floating-point numbers have no coordinates.
    names : list of str
        What each is called.

    Attributes
    ----------
    size : int
        The number of coordinates.
    parts : list of slice
        Which of them belong to each leaf.
    resolution : float
        The distance from one to the next number of the coarsest dtype.
    """

    def __init__(self, leaves: Sequence[Any], names: Sequence[str]) -> None:
        self.leaves, self.names = list(leaves), list(names)
        self.arrays = [np.asarray(leaf) for leaf in leaves]
        counts = [_parts_of(array) * array.size for array in self.arrays]
        ends = np.cumsum([0, *counts])
        self.parts = [slice(int(i), int(j)) for i, j in pairwise(ends)]
        self.size = int(ends[-1])
        moving = [array.dtype for array, count in zip(self.arrays, counts, strict=True) if count]
        self.dtype = np.result_type(np.float64, *(np.finfo(dtype).dtype for dtype in moving))
        self.resolution = max([float(np.finfo(dtype).eps) for dtype in moving], default=0.0)

    def vector(self, leaves: Sequence[Any], *, dual: bool = False) -> Any:
        """Return the coordinates of leaves like those of the point: values, tangents, or cotangents."""
        found = np.zeros(self.size, self.dtype)
        for leaf, array, part in zip(leaves, self.arrays, self.parts, strict=True):
            if part.start == part.stop:
                continue
            given = np.asarray(leaf)
            if array.dtype.kind == "c":
                imaginary = -given.imag if dual else given.imag
                found[part] = np.concatenate([given.real.ravel(), imaginary.ravel()])
            else:
                found[part] = given.real.ravel()
        return found

    def from_vector(self, vector: Any, *, dual: bool = False) -> list[Any]:
        """Return leaves of the types and dtypes of the point's; those without coordinates are zero."""
        leaves = []
        for leaf, array, part in zip(self.leaves, self.arrays, self.parts, strict=True):
            given = vector[part]
            if array.dtype.kind == "c":
                imaginary = -given[array.size :] if dual else given[array.size :]
                given = given[: array.size] + 1j * imaginary
            elif not _parts_of(array):
                given = np.zeros(array.size)
            shaped = np.reshape(given, array.shape).astype(array.dtype)
            leaves.append(shaped if type(leaf) is np.ndarray else type(leaf)(shaped[()]))
        return leaves

    def shifted(self, vector: Any) -> list[Any]:
        """Return the point moved along a vector; leaves without coordinates stay."""
        moved = self.from_vector(self.vector(self.leaves) + vector)
        return [
            leaf if part.start == part.stop else new
            for leaf, new, part in zip(self.leaves, moved, self.parts, strict=True)
        ]

    def typical(self) -> Any:
        """Return how long a step of one is, for each coordinate: relative for numbers beyond one."""
        return np.maximum(1.0, np.abs(self.vector(self.leaves)))

    def name(self, coordinate: int) -> str:
        """Return what a coordinate is called."""
        number = next(i for i, part in enumerate(self.parts) if coordinate < part.stop)
        array = self.arrays[number]
        within = coordinate - self.parts[number].start
        element = [int(i) for i in np.unravel_index(within % array.size, array.shape)]
        words = f"{self.names[number]}{element if element else ''}"
        if array.dtype.kind != "c":
            return words
        return f"{words}, {'real' if within < array.size else 'imaginary'} part"


def _parts_of(array: Any) -> int:
    """Return how many coordinates an element of an array has."""
    return {"f": 1, "c": 2}.get(array.dtype.kind, 0)
