"""Arrays as parts of one vector of real numbers, which is what most solvers know, and back.

A complex element becomes two numbers at a distance: an array's real parts come before its imaginary parts.

>>> specs = [Spec((2,), np.dtype(float)), Spec((), np.dtype(complex))]
>>> vector = np.concatenate(real_parts([np.array([1.0, 2.0]), 3 + 4j], specs))
>>> vector
array([1., 2., 3., 4.])
>>> from_reals(vector, specs)
[array([1., 2.]), array(3.+4.j)]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fgrad.core.spec import Spec


def real_size(spec: Spec) -> int:
    """Return how many real numbers an array holds."""
    return spec.size * (2 if spec.dtype.kind == "c" else 1)


def real_parts(leaves: Sequence[Any], specs: Sequence[Spec]) -> list[Any]:
    """Return the vectors of real numbers, one after the other, that arrays, traced or plain, are made of."""
    parts: list[Any] = []
    for leaf, spec in zip(leaves, specs, strict=True):
        if spec.dtype.kind == "c":
            parts += [np.ravel(np.real(leaf)), np.ravel(np.imag(leaf))]
        else:
            parts.append(np.ravel(leaf))
    return parts


def from_reals(vector: Any, specs: Sequence[Spec]) -> list[Any]:
    """Return a vector, traced or plain, as arrays of the given shapes and dtypes."""
    leaves: list[Any] = []
    start = 0
    for spec in specs:
        leaf = vector[start : start + spec.size]
        if spec.dtype.kind == "c":
            leaf = leaf + 1j * vector[start + spec.size : start + 2 * spec.size]
        start += real_size(spec)
        shaped: Any = np.reshape(leaf, spec.shape)
        leaves.append(shaped.astype(spec.dtype))
    return leaves
