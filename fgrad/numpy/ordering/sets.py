"""Arrays as sets: their distinct elements, unions, intersections and differences.

A distinct element stands for all those that are equal to it, and these share: each receives an equal part
of its cotangent.  Where an element of two arrays is one in the result, the two share likewise.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from fgrad.core.box import decided_by
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.ordering.runs import arrays_of, elements_of, lines_of, runs_of
from fgrad.numpy.places.indexing import read
from fgrad.numpy.wrap import as_traced, implements


def _unique(ar: Any, axis: Any, options: dict[str, Any], examples: int = 0) -> Any:
    """Return the distinct elements, which ``np.unique`` orders by its options.

    Along so many first axes, ``examples``, there are arrays with distinct elements of their own, as many in
    each.  These are in order, whatever the options: NumPy leaves open which other order it would be.
    """
    if not examples:
        found = np.unique(ar, axis=axis, **options)
        return found[0] if isinstance(found, tuple) else found
    lines = lines_of(ar, axis, examples)
    runs = runs_of(elements_of(lines), options["equal_nan"] and axis is None)
    firsts = runs.chosen(runs.order, "unique")
    found = lines[np.arange(len(lines))[:, None], firsts]
    return arrays_of(found, axis, ar.shape[:examples])


def _unique_positions(ar: Any, axis: Any, options: dict[str, Any]) -> Any:
    """Return what ``np.unique`` gives beside the distinct elements."""
    return np.unique(ar, axis=axis, **options)[1:]


def _common_positions(ar1: Any, ar2: Any, assume_unique: bool) -> Any:
    """Return where the elements of an intersection are in the two arrays."""
    return np.intersect1d(ar1, ar2, assume_unique, return_indices=True)[1:]


UNIQUE: Primitive = register(_unique, "unique", "ar")
UNIQUE_POSITIONS: Primitive = register(_unique_positions, "positions of unique", "ar")
COMMON_POSITIONS: Primitive = register(_common_positions, "positions of intersect1d", "ar1", "ar2")
ISIN: Primitive = register(np.isin, "isin", "element", "test_elements")

#: Since NumPy 2.3 the distinct elements may come in any order, and those of ``np.unique_values`` do.
_UNSORTED = {"sorted": False} if "sorted" in inspect.signature(np.unique).parameters else {}


@implements(np.unique)
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    options = {} if sorted else dict(_UNSORTED)
    options |= {"equal_nan": equal_nan}
    wanted = {"return_index": return_index, "return_inverse": return_inverse, "return_counts": return_counts}
    options |= wanted
    ar = as_traced(ar)
    decided_by(ar)  # how many there are
    values = UNIQUE(ar, axis=axis, options=options)
    if not any(wanted.values()):
        return values
    return (values, *UNIQUE_POSITIONS(ar, axis=axis, options=options))


@implements(np.unique_values)
def unique_values(x: Any) -> Any:
    x = as_traced(x)
    decided_by(x)
    return UNIQUE(x, axis=None, options={"equal_nan": False, **_UNSORTED})


@implements(np.unique_counts)
def unique_counts(x: Any) -> Any:
    return type(np.unique_counts([0]))(*unique(x, return_counts=True, equal_nan=False))


@implements(np.unique_inverse)
def unique_inverse(x: Any) -> Any:
    return type(np.unique_inverse([0]))(*unique(x, return_inverse=True, equal_nan=False))


@implements(np.unique_all)
def unique_all(x: Any) -> Any:
    return type(np.unique_all([0]))(
        *unique(x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False)
    )


@implements(np.isin)
def isin(
    element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None
) -> Any:
    return ISIN(
        as_traced(element), as_traced(test_elements), assume_unique=assume_unique, invert=invert, kind=kind
    )


@implements(np.union1d)
def union1d(ar1: Any, ar2: Any) -> Any:
    return np.unique(np.concatenate((as_traced(ar1), as_traced(ar2)), axis=None))


@implements(np.intersect1d)
def intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    ar1, ar2 = as_traced(ar1), as_traced(ar2)
    if assume_unique:
        both = np.sort(np.concatenate((ar1, ar2), axis=None))
        common = read(both[:-1], both[1:] == both[:-1])
    else:
        first, second = _in_order(ar1), _in_order(ar2)
        of_first = read(first, _is_new(first) & np.isin(first, second))
        of_second = read(second, _is_new(second) & np.isin(second, first))
        common = np.sort(np.concatenate((of_first, of_second)))[::2]  # in which the two share
    if not return_indices:
        return common
    return (common, *COMMON_POSITIONS(ar1, ar2, assume_unique=assume_unique))


@implements(np.setxor1d)
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    ar1, ar2 = as_traced(ar1), as_traced(ar2)
    if not assume_unique:
        first, second = _in_order(ar1), _in_order(ar2)
        of_first = _is_new(first) & np.isin(first, second, invert=True)
        of_second = _is_new(second) & np.isin(second, first, invert=True)
        return np.sort(read(np.concatenate((first, second)), np.concatenate((of_first, of_second))))
    both = np.sort(np.concatenate((ar1, ar2), axis=None))
    if not spec_of(both).size:
        return both
    changes = np.concatenate(([True], both[1:] != both[:-1], [True]))
    return read(both, changes[1:] & changes[:-1])


@implements(np.setdiff1d)
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    ar1, ar2 = as_traced(ar1), as_traced(ar2)
    first = np.reshape(ar1, -1) if assume_unique else _in_order(ar1)
    is_left = np.isin(first, ar2, invert=True)
    return read(first, is_left if assume_unique else _is_new(first) & is_left)


def _in_order(ar: Any) -> Any:
    """Return all elements of an array in order, the equal ones too.

    The distinct ones are those of them that are new.  They are not read before it is known which are wanted:
    where there are examples, only the wanted ones must be as many in each.
    """
    return np.sort(as_traced(ar), axis=None)


def _is_new(ordered: Any) -> Any:
    """Return which elements, in order, are not equal to the one before.  All NaN are one element."""
    before, after = ordered[:-1], ordered[1:]
    is_new = (before != after) & ~(np.isnan(before) & np.isnan(after))
    return np.concatenate((np.ones(min(spec_of(ordered).size, 1), bool), is_new))
