"""Batching of operations that join arrays, or compare and combine two of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of
from fgrad.kinds.constant import Constant
from fgrad.kinds.elementwise import Elementwise
from fgrad.modes.batching import aligned, all_in_front, in_front, one_by_one
from fgrad.numpy.convolution import CONVOLVE
from fgrad.numpy.cumulative import RECURRENCE
from fgrad.numpy.histograms import DIGITIZE, SEARCHSORTED
from fgrad.numpy.interpolation import INTERVALS
from fgrad.numpy.joining import CONCATENATE, STACK
from fgrad.numpy.linalg.solving import LSTSQ, SOLVE
from fgrad.numpy.parts import EXPONENT
from fgrad.numpy.quantiles import PLACES
from fgrad.numpy.sets import ISIN
from fgrad.numpy.sorting import LEXSORT
from fgrad.numpy.special import TURNS
from fgrad.numpy.statistics import OVERSHOOT
from fgrad.rules.linalg.determinants import DET_OF_INVERTED

elementwise = Elementwise.batch

#: What has derivative zero and works element by element, beside ufuncs and operators.
_ANSWERS = (*(np.round, np.around, np.fix, np.isclose, np.iscomplex, np.isreal, np.isposinf, np.isneginf),)

for _function, _primitive in PRIMITIVES.items():
    if isinstance(_primitive.rule, Constant) and (
        isinstance(_function, np.ufunc)
        or _function in _ANSWERS
        or _primitive.name.startswith("operator.")
        or _primitive.name in ("floored_quotient", "truncated_quotient")
    ):
        _primitive.batch = elementwise
EXPONENT.batch = elementwise


def _concatenate(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    parts = all_in_front(values, mine, size)
    axis = normalize_axis_index(params["axis"], spec_of(parts[0]).ndim - 1)
    return primitive.bind(parts, {"axis": axis + 1})


def _stack(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    parts = all_in_front(values, mine, size)
    axis = normalize_axis_index(params["axis"], spec_of(parts[0]).ndim)
    return primitive.bind(parts, {"axis": axis + 1})


def _recurrence(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    c, b = aligned(all_in_front(values, mine, size), (1, 1))
    return np.swapaxes(primitive.bind((np.swapaxes(c, 0, 1), np.swapaxes(b, 0, 1)), params), 0, 1)


def _solve(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, b), (own_a, own_b) = values, mine
    is_vector = spec_of(b).ndim - own_b == 1
    if not own_a and spec_of(a).ndim == 2 and is_vector:  # one factorization, many right-hand sides
        return np.swapaxes(primitive.bind((a, np.swapaxes(b, 0, 1)), params), 0, 1)
    if is_vector:
        b = np.expand_dims(b, -1)
    found = primitive.bind(aligned([a, b], mine), params)
    return found[..., 0] if is_vector else found


def with_one(table: int) -> Callable[..., Any]:
    """Return the rule of looking up in one table, the argument of that number, for all examples."""

    def rule(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        if mine[table] or any(np.ndim(param) for param in params.values()):
            return one_by_one(primitive, values, mine, size, params)
        return primitive.bind(values, params)

    return rule


def _quantile_places(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Find quantiles in the rows of all examples at once."""
    rows, q, weights = values
    if mine[1] or mine[2] or weights is not None:
        return one_by_one(primitive, values, mine, size, params)
    m, n = spec_of(rows).shape[1:]
    *found, q = primitive.bind((np.reshape(rows, (size * m, n)), q, None), params)
    return (
        *(np.reshape(part, (size, m, spec_of(part).shape[1])) for part in found),
        in_front(q, False, size),
    )


def _turns(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    if mine[1] or mine[2]:
        return one_by_one(primitive, values, mine, size, params)
    axis = normalize_axis_index(params["axis"], spec_of(values[0]).ndim - 1)
    return primitive.bind(values, {"axis": axis + 1})


def _lstsq(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Solve with one matrix for the right-hand sides of all examples; each of other matrices by itself."""
    (a, b), (own_a, _) = values, mine
    if own_a or not size:
        return one_by_one(primitive, values, mine, size, params)
    m, *columns = spec_of(b).shape[1:]
    count = math.prod(columns)
    joined = np.reshape(np.moveaxis(np.reshape(b, (size, m, count)), 1, 0), (m, size * count))
    x, residuals, rank = primitive.bind((a, joined), params)
    n = spec_of(x).shape[0]
    x = np.moveaxis(np.reshape(x, (n, size, count)), 0, 1)
    left = count if spec_of(residuals).size else 0
    return (
        np.reshape(x, (size, n, *columns)),
        np.reshape(residuals, (size, left)),
        in_front(rank, False, size),
    )


def _convolve(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Convolve by one element of the second sequence after the other, if there are few of these."""
    a, v = values
    n, m = (spec_of(value).shape[-1] for value in values)
    if m > size:
        return one_by_one(primitive, values, mine, size, params)
    mode = params["mode"]
    before, count = {"full": (m - 1, n + m - 1), "same": (m // 2, n), "valid": (0, n - m + 1)}[mode]
    a = in_front(a, mine[0], size)
    dtype = spec_of(a).dtype
    zeros = [np.zeros((size, width), dtype) for width in (before, count + m - 1 - before - n)]
    padded = np.concatenate([zeros[0], a, zeros[1]], axis=1)
    return sum(padded[:, m - 1 - j : m - 1 - j + count] * v[..., j : j + 1] for j in range(m))


PLACES.batch = _quantile_places
TURNS.batch = _turns
LSTSQ.batch = _lstsq
CONVOLVE.batch = _convolve
INTERVALS.batch = with_one(1)
OVERSHOOT.batch = elementwise


def _lexsort(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    keys = all_in_front(values, mine, size)
    axis = normalize_axis_index(params["axis"], spec_of(keys[0]).ndim - 1)
    return primitive.bind(keys, {"axis": axis + 1})


def _stacked(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Work on each matrix of a stack."""
    return primitive.bind(all_in_front(values, mine, size), params)


DET_OF_INVERTED.batch = _stacked
LEXSORT.batch = _lexsort
ISIN.batch = with_one(1)
CONCATENATE.batch = _concatenate
STACK.batch = _stack
RECURRENCE.batch = _recurrence
SOLVE.batch = _solve
SEARCHSORTED.batch = with_one(0)
DIGITIZE.batch = with_one(1)
