"""Batching of reading and writing at an index that differs between examples.

Such an index is written out as one array of positions for each axis, with one array more for the axis of the
examples, which says for each position whose it is.  What has no such form, a mask, is done for one example
after the other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.batching import in_front, one_by_one
from fgrad.numpy.assignment import SET_AT
from fgrad.numpy.indexing import ADD_AT, PLACE, TAKE_AT


def _take_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, *indices), (own, *owns) = values, mine
    index = written_out(params["template"], indices, owns, spec_of(a).shape[own:])
    if index is None:
        return one_by_one(primitive, values, mine, size, params)
    if own:
        return _at(primitive, (a,), _rows(index, size), {})
    return _at(primitive, (a,), index.positions, {})  # an array that is the same for all has no such axis


def _add_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (g, *indices), (own, *owns) = values, mine
    spec = params["spec"]
    index = written_out(params["template"], indices, owns, spec.shape)
    if index is None:
        return one_by_one(primitive, values, mine, size, params)
    spec = Spec((size, *spec.shape), spec.dtype)
    return _at(primitive, (in_front(g, own, size),), _rows(index, size), {"spec": spec})


def _set_at(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    (a, v, *indices), (own_a, own_v, *owns) = values, mine
    index = written_out(params["template"], indices, owns, spec_of(a).shape[own_a:])
    if index is None:
        return one_by_one(primitive, values, mine, size, params)
    if own_v:
        ndim = index.ndim
        shape = spec_of(v).shape[1:]
        shape = shape[max(len(shape) - ndim, 0) :]  # it may have more axes in front, of length one
        v = np.reshape(v, (size, *(1,) * (ndim - len(shape)), *shape))
    return _at(primitive, (in_front(a, own_a, size), v), _rows(index, size), {})


def _at(primitive: Primitive, arrays: Any, index: Any, params: Any) -> Any:
    return primitive.bind((*arrays, *index), {**params, "template": (PLACE,) * len(index)})


class Index(NamedTuple):
    """An index as arrays of positions, and how many axes an example's part of the result has."""

    positions: list[Any]
    ndim: int


def _rows(index: Index, size: int) -> list[Any]:
    """Return an index with the axis of examples in front, along which each example names itself."""
    return [np.arange(size).reshape(size, *(1,) * index.ndim), *index.positions]


def written_out(template: Any, indices: Any, owns: Any, shape: tuple[int, ...]) -> Index | None:
    """Return an index as one array of positions for each axis of an array of the given shape.

    The axes of what is read come as NumPy puts them: those of index arrays stay where these are, or come
    first if a slice stands between them.

    Parameters
    ----------
    template : tuple
        The index, with places for the arrays that may differ between examples.
    indices, owns : sequences
        These arrays, and whether each has an axis of examples in front.

    Returns
    -------
    Index or None
        Its arrays broadcast against each other, with an axis of examples before all others.  None for an
        index with masks or new axes.

    Examples
    --------
    >>> index = written_out((slice(None), PLACE), [np.array([0, 2])], [True], (4, 3))
    >>> [part.shape for part in index.positions]
    [(4,), (2, 1)]
    """
    given = iter(zip(indices, owns, strict=True))
    parts = [next(given) if part is PLACE else (part, False) for part in template]
    missing = len(shape) - sum(part is not Ellipsis for part, _ in parts)
    if not any(part is Ellipsis for part, _ in parts):
        parts.append((Ellipsis, False))
    where = next(i for i, (part, _) in enumerate(parts) if part is Ellipsis)
    parts[where : where + 1] = [(slice(None), False)] * missing
    if len(parts) != len(shape) or not all(map(_is_position, parts)):
        return None
    arrays = [i for i, (part, _) in enumerate(parts) if type(part) is not slice]
    axes = max((spec_of(parts[i][0]).ndim - parts[i][1] for i in arrays), default=0)
    together = arrays[-1] - arrays[0] + 1 == len(arrays)
    before = arrays[0] if together else 0  # so many slices have their axes before those of the arrays
    behind = len(parts) - len(arrays) - before
    written = []
    slices = 0
    for (part, own), n in zip(parts, shape, strict=True):
        if type(part) is slice:
            after = before + axes + behind - slices - 1 - (axes if slices >= before else 0)
            positions = np.arange(*part.indices(n))
            written.append(positions.reshape(-1, *(1,) * after))
            slices += 1
        else:
            written.append(_placed(part, own, before, axes, behind))
    return Index(written, before + axes + behind)


def _is_position(part: tuple[Any, bool]) -> bool:
    value, _ = part
    if type(value) is slice:
        return True
    is_array = value is not None and not isinstance(value, bool | np.bool) and hasattr(value, "shape")
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        is_array and spec_of(value).dtype.kind in "iu"
    )


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
