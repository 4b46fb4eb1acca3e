"""Batching of products: one product of larger arrays, in one call to BLAS where that is possible."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.numpy.products import EINSUM, MATMUL


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


MATMUL.batch = _matmul
EINSUM.batch = _einsum
