"""Which eigenvalues or singular values are equal, or zero: what is plain about it.

Values come sorted, as LAPACK gives them, and may be traced; what counts is their plain values.

>>> steps_of(np.array([1.0, 2.0, 2.0, 2.0, 5.0]), 1e-15)
array([0, 0, 1, 2, 0])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fgrad.core.box import bottom, still
from fgrad.numpy.places.examples import agreed


def noise_of(values: Any, *sides: int) -> Any:
    """Return the size below which a difference of values is rounding, with an axis for the values.

    That is eight times the precision of the type, times the largest value, times the longest of the matrix's
    ``sides``: LAPACK's own error is a small multiple of their product, and so is that of a matrix which was
    put together from its values.
    """
    size = np.abs(still(values))
    n = max((size.shape[-1], *sides))
    return np.max(size, axis=-1, initial=0, keepdims=True) * (8 * n * float(np.finfo(size.dtype).eps))


def nearness_of(values: Any) -> Any:
    """Return the size below which a difference is small: rounding leaves it half of its digits or less."""
    size = np.abs(still(values))
    return np.max(size, axis=-1, initial=0, keepdims=True) * float(np.finfo(size.dtype).eps) ** 0.5


def agreed_bound(bound: Any, name: str) -> Any:
    """Return a bound on singular values as a plain one, which must be the same for all examples."""
    return agreed(
        bound,
        f"numpy.linalg.{name}: the bound below which singular values count as zero must be one",
        "Give all examples the same.",
    )


def steps_of(values: Any, noise: Any) -> Any:
    """Return for each of some sorted values how many before it are equal to it, one to the next; plainly."""
    values, noise = bottom(values), bottom(noise)
    steps = np.zeros(values.shape, int)
    equal = np.abs(np.diff(values)) <= noise
    for i in range(1, values.shape[-1]) if equal.any() else ():
        steps[..., i] = np.where(equal[..., i - 1], steps[..., i - 1] + 1, 0)
    return steps


def runs_of(values: Any, noise: Any) -> Iterator[tuple[Any, slice]]:
    """Yield where equal values are: a slice, and which of many matrices have equal values just there.

    >>> for matrices, run in runs_of(np.array([[1.0, 1.0, 2.0], [3.0, 4.0, 4.0], [5.0, 5.0, 6.0]]), 1e-15):
    ...     print(matrices, run)
    [0 2] slice(0, 2, None)
    [1] slice(1, 3, None)
    """
    steps = steps_of(values, noise)
    goes_on = np.zeros(steps.shape, bool)
    goes_on[:, :-1] = steps[:, 1:] > 0
    matrices, last = np.nonzero((steps > 0) & ~goes_on)
    first = last - steps[matrices, last]
    for start, end in sorted(set(zip(first.tolist(), last.tolist(), strict=True))):
        yield matrices[(first == start) & (last == end)], slice(start, end + 1)
