"""Batching of products: one product of larger arrays, in one call to BLAS where that is possible."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.kinds.together import together
from fgrad.numpy.algebra.convolution import CONVOLVE
from fgrad.numpy.algebra.products import EINSUM, MATMUL


def _matmul(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (x, y), (own_x, own_y) = values, mine
    left, right = spec_of(x).ndim - own_x, spec_of(y).ndim - own_y
    if not own_y and right <= 2:
        return _rows(primitive, x, y, left)
    if not own_x and right == 1 and left <= 2:
        return primitive.bind((y, np.swapaxes(x, 0, 1) if left == 2 else x), params)
    if left == 1:
        x = np.expand_dims(x, -2)
    if right == 1:
        y = np.expand_dims(y, -1)
    product = primitive.bind((_stacked(x, own_x, right), _stacked(y, own_y, left)), params)
    if right == 1:
        product = product[..., 0]
    return product if left > 1 else product[..., 0] if right == 1 else product[..., 0, :]


def _rows(primitive: Primitive, x: Any, y: Any, ndim: int) -> Any:
    """Return ``x @ y`` for examples ``x`` and one vector or matrix ``y``: all their rows at once."""
    if ndim < 2:
        return primitive.bind((x, y), {})
    shape = spec_of(x).shape
    rows = np.reshape(x, (-1, shape[-1])) if spec_of(x).size else x
    product = primitive.bind((rows, y), {})
    return np.reshape(product, (*shape[:-1], *spec_of(y).shape[1:])) if spec_of(x).size else product


def _stacked(a: Any, own: bool, other: int) -> Any:
    """Return stacked matrices with as many axes behind that of the examples as the others have."""
    shape = spec_of(a).shape
    missing = max(other, 2) - (len(shape) - own)
    return np.reshape(a, (shape[0], *(1,) * missing, *shape[1:])) if own and missing > 0 else a


def _einsum(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    inputs, output = params["subscripts"].split("->")
    free = next(letter for letter in ascii_letters if letter not in params["subscripts"])
    terms = [free + term if own else term for term, own in zip(inputs.split(","), mine, strict=True)]
    optimize = params["optimize"]
    planned = (
        optimize if isinstance(optimize, bool | str) else True
    )  # a path was for the operands as they were
    return primitive.bind(values, {"subscripts": f"{','.join(terms)}->{free}{output}", "optimize": planned})


#: How many neighbours of a convolution make one row of a product: so many that BLAS is fast, so few that the
#: matrix for it, of so many copies of the shorter sequence, is small.
_NEIGHBOURS = 16


def _convolve(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return together(primitive, _convolved, values, mine, size, params)


def _convolved(size: int, a: Any, v: Any, mode: Any) -> Any:
    """Return the convolutions of rows."""
    np.convolve(np.zeros(1), np.zeros(1), mode)  # raises for what is no mode
    n, m = a.shape[1], v.shape[1]
    mode = mode if isinstance(mode, str) else ("valid", "same", "full")[mode]
    first, count = {"full": (0, n + m - 1), "same": ((m - 1) // 2, n), "valid": (m - 1, n - m + 1)}[mode]
    dtype = np.result_type(a, v)
    if not v.strides[0]:
        v = v[:1]  # all examples share it
    a, v = a.astype(dtype, copy=False), v.astype(dtype, copy=False)
    # A product of matrices multiplies by zeros too, which makes NaN of what is infinite.
    is_finite = dtype.kind in "fc" and bool(np.all(np.isfinite(a)) and np.all(np.isfinite(v)))
    with np.errstate(all="ignore"):  # as in NumPy's convolution
        if is_finite:
            return _by_products(a, v, first, count)
        return _by_elements(a, v)[:, first : first + count]


def _by_elements(a: Any, v: Any) -> Any:
    """Return full convolutions, by one element of the shorter sequences after the other."""
    n, m = a.shape[1], v.shape[1]
    found = np.zeros((len(a), n + m - 1), a.dtype)
    for i in range(m):
        found[:, i : i + n] += a * v[:, i : i + 1]
    return found


def _by_products(a: Any, v: Any, first: int, count: int) -> Any:
    """Return ``count`` elements of convolutions, the ``first`` and those behind it, by products of matrices.

    Some neighbours together are the product of the part of ``a`` that they depend on and of a matrix that
    has ``v``, turned round, in each column, one place further down than in the column before.
    """
    (size, n), m = a.shape, v.shape[1]
    rows = -(-count // _NEIGHBOURS)
    width = m - 1 + _NEIGHBOURS
    padded = np.zeros((size, rows * _NEIGHBOURS + m - 1), a.dtype)
    behind = padded[:, m - 1 - first :]
    behind[:, :n] = a[:, : behind.shape[1]]
    parts = np.ascontiguousarray(sliding_window_view(padded, width, axis=1)[:, ::_NEIGHBOURS])
    turned = np.zeros((len(v), width + _NEIGHBOURS - 1), v.dtype)
    turned[:, _NEIGHBOURS - 1 : width] = v[:, ::-1]
    columns = np.ascontiguousarray(sliding_window_view(turned, width, axis=1)[:, ::-1])
    found = parts @ np.swapaxes(columns, 1, 2)
    return found.reshape(size, rows * _NEIGHBOURS)[:, :count]


MATMUL.batch = _matmul
EINSUM.batch = _einsum
CONVOLVE.batch = _convolve
