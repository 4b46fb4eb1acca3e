"""Batching of sets: distinct elements, their positions, and membership, by sorting the rows of examples."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.modes.batching import common_count
from fgrad.numpy.ordering.runs import elements_of, lines_of, runs_of
from fgrad.numpy.ordering.sets import COMMON_POSITIONS, ISIN, UNIQUE, UNIQUE_POSITIONS
from fgrad.rules.batching.constants import of_plain_arrays


def _unique(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    return primitive.bind(values, {**params, "examples": params.get("examples", 0) + 1})


def _unique_positions(size: int, ar: Any, axis: int | None, options: dict[str, Any]) -> Any:
    """Return what ``np.unique`` gives beside the distinct elements of each example."""
    runs = runs_of(elements_of(lines_of(ar, axis, 1)), options.get("equal_nan", True) and axis is None)
    found = []
    if options.get("return_index"):
        found.append(runs.chosen(runs.order, "unique"))
    if options.get("return_inverse"):
        one = np.zeros(ar.shape[1:], bool)  # NumPy says which shape; that has changed between its versions
        shape = np.unique(one, return_inverse=True, axis=axis)[1].shape
        found.append(runs.members().reshape(size, *shape))
    if options.get("return_counts"):
        found.append(runs.counts("unique"))
    return tuple(found)


def _common_positions(size: int, ar1: Any, ar2: Any, assume_unique: bool) -> Any:
    """Return where the elements of the intersections are, the first of equal ones."""
    rows1, rows2 = lines_of(ar1, None, 1), lines_of(ar2, None, 1)
    length = rows1.shape[1]
    runs = runs_of(np.concatenate((rows1, rows2), axis=1))
    before, after = runs.order[:, :-1], runs.order[:, 1:]
    is_common = ~runs.starts[:, 1:]
    if not assume_unique:
        is_common &= (before < length) & (after >= length)
        before = np.take_along_axis(runs.order, runs.firsts(), axis=1)[:, :-1]
    count = common_count(
        "positions of intersect1d",
        np.count_nonzero(is_common, axis=1),
        min(length, rows2.shape[1]) if not assume_unique else is_common.shape[1],
    )
    positions = before[is_common], after[is_common] - length
    return tuple(part.reshape(size, count) for part in positions)


def _isin(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    element, table = map(still, values)
    if not mine[1]:
        return primitive.bind((element, table), params)
    return _in_tables(primitive, (element, table), mine, size, params)


def _is_in_rows(size: int, element: Any, table: Any, invert: bool, kind: Any, **params: Any) -> Any:
    """Return which elements of each example are in its own table."""
    np.isin(element[:0], table[:0], kind=kind)  # raises for what NumPy cannot do
    rows, tables = lines_of(element, None, 1), lines_of(table, None, 1)
    if _would_be_rounded(rows.dtype, tables.dtype):
        rows, tables = rows.astype(object), tables.astype(object)
    runs = runs_of(np.concatenate((tables, rows), axis=1))
    length = tables.shape[1]
    is_found = np.take_along_axis(runs.order, runs.firsts(), axis=1) < length
    return (runs.unsorted(is_found)[:, length:] != invert).reshape(element.shape)


def _would_be_rounded(first: np.dtype[Any], second: np.dtype[Any]) -> bool:
    """Return whether integers of two dtypes have only floats in common."""
    return first.kind in "iu" and second.kind in "iu" and np.result_type(first, second).kind == "f"


_in_tables = of_plain_arrays(_is_in_rows)
UNIQUE.batch = _unique
UNIQUE_POSITIONS.batch = of_plain_arrays(_unique_positions)
COMMON_POSITIONS.batch = of_plain_arrays(_common_positions)
ISIN.batch = _isin
