"""Products, powers and chains of matrices.

Most are NumPy's own of the main namespace, which take less here: vectors of one axis, or the last axes.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from fgrad.core.spec import spec_of
from fgrad.numpy.linalg.shapes import require_square
from fgrad.numpy.linalg.solving import INV
from fgrad.numpy.wrap import as_traced, implements


@implements(np.linalg.matmul)
def matmul(x1: Any, x2: Any, /) -> Any:
    return np.matmul(as_traced(x1), as_traced(x2))


@implements(np.linalg.outer)
def outer(x1: Any, x2: Any, /) -> Any:
    x1, x2 = as_traced(x1), as_traced(x2)
    first, second = spec_of(x1).ndim, spec_of(x2).ndim
    if first != 1 or second != 1:
        raise ValueError(
            f"numpy.linalg.outer takes arrays of one axis; got {first} and {second}. "
            "numpy.outer flattens its arguments"
        )
    return np.outer(x1, x2)


@implements(np.linalg.tensordot)
def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return np.tensordot(as_traced(x1), as_traced(x2), axes)


@implements(np.linalg.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return np.vecdot(as_traced(x1), as_traced(x2), axis=axis)  # type: ignore[call-overload]


@implements(np.linalg.cross)
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    x1, x2 = as_traced(x1), as_traced(x2)
    first, second = spec_of(x1).shape[axis], spec_of(x2).shape[axis]
    if first != 3 or second != 3:
        raise ValueError(f"numpy.linalg.cross takes vectors of length three; got {first} and {second}")
    return np.cross(x1, x2, axis=axis)


@implements(np.linalg.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    return np.matrix_transpose(as_traced(x))


@implements(np.linalg.diagonal)
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    return np.diagonal(as_traced(x), offset, axis1=-2, axis2=-1)


@implements(np.linalg.trace)
def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    return np.trace(as_traced(x), offset, axis1=-2, axis2=-1, dtype=dtype)


@implements(np.linalg.matrix_power)
def matrix_power(a: Any, n: Any) -> Any:
    a = as_traced(a)
    require_square(a)
    try:
        n = operator.index(n)
    except TypeError:
        raise TypeError("exponent must be an integer") from None
    if n == 0:
        shape, dtype = spec_of(a)
        return np.broadcast_to(np.eye(shape[-1], dtype=dtype), shape).copy()
    if n < 0:
        a, n = INV(a), -n
    if n == 3:  # as NumPy multiplies it
        return (a @ a) @ a
    square, power = a, None
    while True:
        n, bit = divmod(n, 2)
        if bit:
            power = square if power is None else power @ square
        if not n:
            return power
        square = square @ square


@implements(np.linalg.multi_dot)
def multi_dot(arrays: Any, *, out: Any = None) -> Any:
    chain = [as_traced(array) for array in arrays]
    if len(chain) < 2:
        raise ValueError("Expecting at least two arrays.")
    if len(chain) == 2:
        return np.dot(*chain)
    first, last = spec_of(chain[0]).ndim, spec_of(chain[-1]).ndim
    if first == 1:
        chain[0] = np.reshape(chain[0], (1, -1))
    if last == 1:
        chain[-1] = np.reshape(chain[-1], (-1, 1))
    for array in chain:
        if (ndim := spec_of(array).ndim) != 2:
            raise np.linalg.LinAlgError(f"{ndim}-dimensional array given. Array must be two-dimensional")
    result = _product(chain, _cheapest_splits(chain), 0, len(chain) - 1)
    if first == 1 and last == 1:
        return result[0, 0]
    return np.reshape(result, -1) if first == 1 or last == 1 else result


def _cheapest_splits(chain: list[Any]) -> dict[tuple[int, int], int]:
    """Return, for each stretch of a chain of matrices, after which matrix to split it.

    That is dynamic programming over the stretches, from short to long; of splits that cost the same the
    first is taken, as in NumPy.
    """
    sizes = [spec_of(array).shape[0] for array in chain] + [spec_of(chain[-1]).shape[1]]
    costs = {(i, i): 0 for i in range(len(chain))}
    splits = {}
    for length in range(1, len(chain)):
        for i in range(len(chain) - length):
            j = i + length
            costs[i, j], splits[i, j] = min(
                (costs[i, k] + costs[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                for k in range(i, j)
            )
    return splits


def _product(chain: list[Any], splits: dict[tuple[int, int], int], i: int, j: int) -> Any:
    """Multiply a stretch of a chain of matrices."""
    if i == j:
        return chain[i]
    k = splits[i, j]
    return np.dot(_product(chain, splits, i, k), _product(chain, splits, k + 1, j))
