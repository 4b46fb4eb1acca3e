"""Transposes of matrix products and contractions."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of, unbroadcast
from fgrad.kinds import bilinear, multilinear
from fgrad.numpy.algebra.products import EINSUM


def _left(g: Any, x: Spec, y: Any) -> Any:
    """Return the cotangent of ``x`` in ``x @ y``."""
    right = spec_of(y)
    if right.ndim == 1:
        return g * y if x.ndim == 1 else np.expand_dims(g, -1) * y
    if x.ndim == 1:
        if right.ndim == 2:
            return np.matmul(y, g)
        product = np.matmul(y, np.expand_dims(g, -1))
        return np.sum(product, axis=tuple(range(right.ndim - 2)))[:, 0]
    product = np.matmul(g, np.swapaxes(y, -1, -2))
    shape = spec_of(product).shape
    return product if shape == x.shape else unbroadcast(product, shape, x.shape)


def _right(g: Any, x: Any, y: Spec) -> Any:
    """Return the cotangent of ``y`` in ``x @ y``."""
    left = spec_of(x)
    if left.ndim == 1:
        if y.ndim == 1:
            return g * x
        return np.expand_dims(x, -1) * np.expand_dims(g, -2)
    if y.ndim == 1:
        if left.ndim == 2:
            return np.matmul(g, x)
        product = np.matmul(np.expand_dims(g, -2), x)
        return np.sum(product, axis=tuple(range(left.ndim - 2)))[0]
    product = np.matmul(np.swapaxes(x, -1, -2), g)
    shape = spec_of(product).shape
    return product if shape == y.shape else unbroadcast(product, shape, y.shape)


bilinear(np.matmul, x=_left, y=_right)


def _einsum_back(g: Any, position: int, operands: Any, subscripts: str, optimize: Any) -> Any:
    """Return the cotangent of one operand of a contraction: another contraction.

    An index that appears in no other operand and not in the result was summed alone, so the cotangent is
    copied along it.  An index that the operand has twice picks a diagonal, to which the cotangent returns.
    """
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    target: Spec = operands[position]
    term = terms.pop(position)
    others = [operand for i, operand in enumerate(operands) if i != position]
    sizes = dict(zip(term, target.shape, strict=True))
    wanted = "".join(dict.fromkeys(term))
    available = set(output).union(*terms)
    found = "".join(c for c in wanted if c in available)
    transposed = f"{','.join([output, *terms])}->{found}"
    result = EINSUM(g, *others, subscripts=transposed, optimize=bool(optimize))  # the path was for another
    lengths = tuple(sizes[c] for c in found)
    shape = spec_of(result).shape
    if shape != lengths:
        result = unbroadcast(result, shape, lengths)
    if found != wanted:
        result = np.reshape(result, tuple(sizes[c] if c in available else 1 for c in wanted))
        result = np.broadcast_to(result, tuple(sizes[c] for c in wanted))
    return result if wanted == term else _onto_diagonal(result, wanted, term, sizes)


def _onto_diagonal(result: Any, wanted: str, term: str, sizes: dict[str, int]) -> Any:
    """Return an array that is ``result`` where the repeated indices agree, and zero elsewhere."""
    shape = tuple(sizes[c] for c in term)
    spread = np.reshape(result, tuple(sizes[c] if term.index(c) == i else 1 for i, c in enumerate(term)))
    grid = np.ogrid[tuple(slice(n) for n in shape)] if len(shape) > 1 else [np.arange(shape[0])]
    agree = np.ones((1,) * len(shape), bool)
    for i, c in enumerate(term):
        agree = agree & (grid[i] == grid[term.index(c)])
    return np.where(agree, spread, 0)


multilinear(EINSUM, _einsum_back)
