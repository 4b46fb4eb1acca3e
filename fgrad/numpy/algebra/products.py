"""Products and contractions of arrays.

``matmul`` and ``einsum`` are primitives; the others are written with them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box, install
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.algebra.subscripts import explicit
from fgrad.numpy.answering.ufuncs import like_ufunc
from fgrad.numpy.making.creation import check_order
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements

MATMUL: Primitive = register(np.matmul, "matmul", "x", "y")

#: From this many multiplications on, planning a contraction costs less than what BLAS saves.
_WORTH_PLANNING = 20_000


def _einsum(*operands: Any, subscripts: str, optimize: Any = False) -> Any:
    """Contract arrays by explicit subscripts, through BLAS where that pays or the caller plans it."""
    if optimize is False and len(operands) > 1:
        work = 1
        for operand in operands:
            work *= np.size(operand)
        optimize = work > _WORTH_PLANNING
    return np.einsum(subscripts, *operands, optimize=optimize)


EINSUM: Primitive = register(_einsum, "einsum", "*operands")


@implements(np.matmul)
def matmul(x1: Any, x2: Any, /) -> Any:
    return MATMUL(as_traced(x1), as_traced(x2))


@implements(np.dot)
def dot(a: Any, b: Any, out: Any = None) -> Any:
    a, b = as_traced(a), as_traced(b)
    m, n = spec_of(a).ndim, spec_of(b).ndim
    if not m or not n:
        return a * b
    if n <= 2:
        return MATMUL(a, b)
    return tensordot(a, b, (-1, -2))


@implements(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    a, b = np.reshape(as_traced(a), -1), np.reshape(as_traced(b), -1)
    return MATMUL(np.conjugate(a) if spec_of(a).dtype.kind == "c" else a, b)


@implements(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    a, b = as_traced(a), as_traced(b)
    if not spec_of(a).ndim or not spec_of(b).ndim:
        return a * b
    return tensordot(a, b, (-1, -1))


@implements(np.outer)
def outer(a: Any, b: Any, out: Any = None) -> Any:
    return np.reshape(as_traced(a), (-1, 1)) * np.reshape(as_traced(b), (1, -1))


@implements(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    a, b = as_traced(a), as_traced(b)
    left, right = spec_of(a).shape, spec_of(b).shape
    if np.ndim(axes) == 0:
        if axes > min(len(left), len(right)):
            raise ValueError(
                f"numpy.tensordot: {axes} axes to sum over, of arrays of shape {left} and {right}"
            )
        summed_a = list(range(len(left) - axes, len(left)))
        summed_b = list(range(axes))
    else:
        summed_a, summed_b = (list(np.atleast_1d(part)) for part in axes)
    summed_a = [normalize_axis_index(int(i), len(left)) for i in summed_a]
    summed_b = [normalize_axis_index(int(i), len(right)) for i in summed_b]
    if [left[i] for i in summed_a] != [right[i] for i in summed_b]:
        raise ValueError(
            f"numpy.tensordot: axes {summed_a} of shape {left} and axes {summed_b} of shape {right} "
            "differ in length"
        )
    kept_a = [i for i in range(len(left)) if i not in summed_a]
    kept_b = [i for i in range(len(right)) if i not in summed_b]
    inner_size = math.prod(left[i] for i in summed_a)
    outer_a, outer_b = [left[i] for i in kept_a], [right[i] for i in kept_b]
    a = _as_matrix(a, kept_a + summed_a, (math.prod(outer_a), inner_size))
    b = _as_matrix(b, summed_b + kept_b, (inner_size, math.prod(outer_b)))
    return np.reshape(MATMUL(a, b), outer_a + outer_b)


def _as_matrix(a: Any, order: list[int], shape: tuple[int, int]) -> Any:
    """Return ``a`` with its axes in the given order, as a matrix."""
    if order != list(range(len(order))):
        a = np.transpose(a, order)
    return np.reshape(a, shape)


@implements(np.einsum)
def einsum(
    *operands: Any,
    out: Any = None,
    dtype: Any = None,
    order: Any = "K",
    casting: Any = "safe",
    optimize: Any = False,
) -> Any:
    check_order(order)
    subscripts, arrays = explicit([as_traced(operand) for operand in operands])
    given = [spec_of(a).dtype for a in arrays]
    common = np.result_type(*given) if dtype is None else np.dtype(dtype)
    for position, own in enumerate(given):
        if not np.can_cast(own, common, casting):
            raise TypeError(
                f"numpy.einsum: operand {position} of {own} cannot become {common} according to the rule "
                f"{casting!r}; give a wider dtype=, or casting='same_kind'"
            )
    if dtype is not None:
        arrays = [as_dtype(a, common) for a in arrays]
    return EINSUM(*arrays, subscripts=subscripts, optimize=optimize)


@implements(np.einsum_path, constant=True)
def einsum_path(*operands: Any, optimize: Any = "greedy", einsum_call: bool = False) -> Any:
    shapes = [np.broadcast_to(0.0, spec_of(a).shape) if type(a) is Box else a for a in operands]
    return np.einsum_path(*shapes, optimize=optimize, einsum_call=einsum_call)  # type: ignore[arg-type]


@implements(np.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    x1 = as_traced(x1)
    return np.sum((np.conjugate(x1) if spec_of(x1).dtype.kind == "c" else x1) * as_traced(x2), axis=axis)


for _front, _ufunc in ((matmul, np.matmul), (vecdot, np.vecdot)):
    like_ufunc(_front, _ufunc)

if hasattr(np, "matvec"):  # since NumPy 2.2

    @implements(np.matvec)
    def matvec(x1: Any, x2: Any, /) -> Any:
        return MATMUL(as_traced(x1), np.expand_dims(as_traced(x2), -1))[..., 0]

    @implements(np.vecmat)
    def vecmat(x1: Any, x2: Any, /) -> Any:
        x1 = as_traced(x1)
        row = np.expand_dims(np.conjugate(x1) if spec_of(x1).dtype.kind == "c" else x1, -2)
        return MATMUL(row, as_traced(x2))[..., 0, :]

    like_ufunc(matvec, np.matvec)
    like_ufunc(vecmat, np.vecmat)


def _matmul_operator(self: Box, other: Any) -> Any:
    return MATMUL(self, as_traced(other))


def _matmul_reflected(self: Box, other: Any) -> Any:
    return MATMUL(as_traced(other), self)


install(__matmul__=_matmul_operator, __rmatmul__=_matmul_reflected)
