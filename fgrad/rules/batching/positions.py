"""Batching of reading and writing at an index that differs between examples.

Such an index is written out as one array of positions for each axis, with one array more for the axis of the
examples, which says for each position whose it is.  A mask is the positions where it is true, of which there
must be as many in each example.  A new axis is an axis of length one that the array gets before.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.batching import common_count, in_front
from fgrad.numpy.elements.selection import NONZERO
from fgrad.numpy.places.assignment import SET_AT
from fgrad.numpy.places.indexing import ADD_AT, PLACE, TAKE_AT, filled


def _take_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, *indices), (own, *owns) = values, mine
    shape = spec_of(a).shape[own:]
    index = written_out(primitive.name, params["template"], indices, owns, shape, size)
    try:
        if own:
            return _at(primitive, (index.widened(a, size),), _rows(index, size), {})
        # an array that is the same for all has no such axis
        return _at(primitive, (index.widened(a),), index.positions, {})
    except IndexError as error:
        wrong = error
    _refuse_outside(params["template"], indices, owns, shape)
    raise wrong


def _add_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (g, *indices), (own, *owns) = values, mine
    spec = params["spec"]
    index = written_out(primitive.name, params["template"], indices, owns, spec.shape, size)
    wide = Spec((size, *index.shape), spec.dtype)
    added = _at(primitive, (in_front(g, own, size),), _rows(index, size), {"spec": wide})
    return np.reshape(added, (size, *spec.shape))


def _set_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, v, *indices), (own_a, own_v, *owns) = values, mine
    shape = spec_of(a).shape[own_a:]
    index = written_out(primitive.name, params["template"], indices, owns, shape, size)
    if own_v:
        ndim = index.ndim
        given = spec_of(v).shape[1:]
        given = given[max(len(given) - ndim, 0) :]  # it may have more axes in front, of length one
        v = np.reshape(v, (size, *(1,) * (ndim - len(given)), *given))
    a = index.widened(in_front(a, own_a, size), size)
    try:
        return np.reshape(_at(primitive, (a, v), _rows(index, size), {}), (size, *shape))
    except IndexError as error:
        wrong = error
    _refuse_outside(params["template"], indices, owns, shape)
    raise wrong


def _at(primitive: Primitive, arrays: Any, index: Any, params: Any) -> Any:
    return primitive.bind((*arrays, *index), {**params, "template": (PLACE,) * len(index)})


def _refuse_outside(template: Any, indices: Any, owns: Any, shape: tuple[int, ...]) -> None:
    """Raise NumPy's error for the array of one example, if a position lies outside of it.

    The lowest positions and the highest show it, each beside one place of each mask.
    """
    if not all(bottom(index).size for index in indices):
        return
    for extreme in (np.min, np.max):
        parts: list[Any] = []
        for index, own in zip(indices, owns, strict=True):
            if _is_mask(index):
                one = np.zeros(spec_of(index).shape[own:], bool)
                one.flat[:1] = True
                parts.append(one)
            else:
                parts.append(extreme(bottom(index)))
        np.broadcast_to(np.int8(0), shape)[filled(template, parts)]


class Index(NamedTuple):
    """An index as arrays of positions.

    Attributes
    ----------
    positions : list of arrays
    ndim : int
        How many axes an example's part of the result has.
    shape : tuple of int
        That of an example's array, with the new axes.
    """

    positions: list[Any]
    ndim: int
    shape: tuple[int, ...]

    def widened(self, a: Any, *size: int) -> Any:
        """Return an array, with the axis of examples or without, with the new axes."""
        shape = (*size, *self.shape)
        return a if spec_of(a).shape == shape else np.reshape(a, shape)


def _rows(index: Index, size: int) -> list[Any]:
    """Return an index with the axis of examples in front, along which each example names itself."""
    return [np.arange(size).reshape(size, *(1,) * index.ndim), *index.positions]


def written_out(
    name: str, template: Any, indices: Any, owns: Any, shape: tuple[int, ...], size: int
) -> Index:
    """Return an index as one array of positions for each axis of an array of the given shape.

    The axes of what is read come as NumPy puts them: those of index arrays stay where these are, or come
    first if a slice stands between them.

    Parameters
    ----------
    name : str
        Of the operation, for messages.
    template : tuple
        The index, with places for the arrays that may differ between examples.
    indices, owns : sequences
        These arrays, and whether each has an axis of examples in front.
    shape : tuple of int
        That of an example's array.
    size : int
        The number of examples.

    Returns
    -------
    Index
        Its arrays broadcast against each other, with an axis of examples before all others.

    Raises
    ------
    BatchingError
        If masks are true in different numbers of places.

    Examples
    --------
    >>> index = written_out("x[index]", (slice(None), PLACE), [np.array([0, 2])], [True], (4, 3), 2)
    >>> [part.shape for part in index.positions]
    [(4,), (2, 1)]
    """
    given = iter(zip(indices, owns, strict=True))
    parts = [next(given) if part is PLACE else (part, False) for part in template]
    _check_structure(parts, shape)
    parts, wide = _one_for_each_axis(name, parts, shape, size)
    arrays = [i for i, (part, _) in enumerate(parts) if type(part) is not slice]
    axes = max((spec_of(parts[i][0]).ndim - parts[i][1] for i in arrays), default=0)
    together = arrays[-1] - arrays[0] + 1 == len(arrays)
    before = arrays[0] if together else 0  # so many slices have their axes before those of the arrays
    behind = len(parts) - len(arrays) - before
    written = []
    slices = 0
    for (part, own), n in zip(parts, wide, strict=True):
        if type(part) is slice:
            after = before + axes + behind - slices - 1 - (axes if slices >= before else 0)
            positions = np.arange(*part.indices(n))
            written.append(positions.reshape(-1, *(1,) * after))
            slices += 1
        else:
            written.append(_placed(part, own, before, axes, behind))
    return Index(written, before + axes + behind, wide)


def _one_for_each_axis(
    name: str, parts: Any, shape: tuple[int, ...], size: int
) -> tuple[Any, tuple[int, ...]]:
    """Return a slice or positions for each axis, and the shape that has these axes.

    A new axis is read by a slice.  A single truth value is a mask of an axis that is new.
    """
    missing = len(shape) - sum(map(_depth, parts))
    if not any(part is Ellipsis for part, _ in parts):
        parts = [*parts, (Ellipsis, False)]
    left = iter(shape)
    found: list[tuple[Any, bool]] = []
    wide: list[int] = []
    for part, own in parts:
        if part is Ellipsis:
            found += [(slice(None), False)] * missing
            wide += [next(left) for _ in range(missing)]
        elif part is None:
            found.append((slice(None), False))
            wide.append(1)
        elif _is_mask(part):
            depth = _depth((part, own))
            positions = _positions(name, part if depth else np.expand_dims(part, -1), own, size)
            found += [(along, own) for along in positions]
            wide += [next(left) for _ in range(depth)] or [1]
        else:
            found.append((part, own))
            wide.append(next(left))
    return found, tuple(wide)


def _positions(name: str, mask: Any, own: bool, size: int) -> Any:
    """Return where a mask is true, along each of its axes."""
    if not own:
        return np.nonzero(mask)
    shape = spec_of(mask).shape[1:]
    counts = np.count_nonzero(bottom(mask), axis=tuple(range(-len(shape), 0)))
    common_count(name, counts, math.prod(shape))
    return NONZERO.batch(NONZERO, (mask,), (True,), size, {})


def _depth(part: tuple[Any, bool]) -> int:
    """Return of how many axes of an array a part of an index takes elements."""
    value, own = part
    if value is None or value is Ellipsis:
        return 0
    return spec_of(value).ndim - own if _is_mask(value) else 1


def _is_mask(value: Any) -> bool:
    return type(value) is not slice and value is not Ellipsis and spec_of(value).dtype == bool


def _check_structure(parts: Any, shape: tuple[int, ...]) -> None:
    """Raise what NumPy raises for too many parts, for masks that do not fit and for what is no index."""
    empty = [
        part
        if part is None or part is Ellipsis or type(part) is slice
        else np.zeros(spec_of(part).shape[own:] if _is_mask(part) else 0, spec_of(part).dtype)
        for part, own in parts
    ]
    np.broadcast_to(np.int8(0), shape)[tuple(empty)]


def _placed(positions: Any, own: bool, before: int, axes: int, behind: int) -> Any:
    """Return positions with axes of length one for the slices, and for what other arrays have more."""
    shape = spec_of(positions).shape
    if not own:
        return np.reshape(positions, shape + (1,) * behind)
    return np.reshape(
        positions, (shape[0], *(1,) * (before + axes + 1 - len(shape)), *shape[1:], *(1,) * behind)
    )


TAKE_AT.batch = _take_at
ADD_AT.batch = _add_at
SET_AT.batch = _set_at
