"""A linear function's values on a basis: the one place where Jacobians are put together.

The basis goes through the function as one batch of examples, or in chunks of so many.

>>> import numpy as np
>>> spec = Spec((2,), np.dtype(float))
>>> images(lambda vectors: [3.0 * vectors[0]], [spec], 0, 1, [spec])
[array([[3., 0.],
       [0., 3.]])]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.pytree import LEAF, unflatten
from fgrad.core.spec import Spec, zeros
from fgrad.modes.batching import BatchTrace, in_front
from fgrad.rules import batching as _batching_rules  # noqa: F401 - they declare themselves
from fgrad.transforms.arguments import owned
from fgrad.transforms.inputs import Inputs

Linear = Callable[[list[Any]], list[Any]]


def images(
    function: Linear,
    specs: Sequence[Spec],
    position: int,
    one: complex,
    results: Sequence[Spec],
    chunk_size: int | None = None,
) -> list[Any]:
    """Return the values of a linear function on the unit vectors of one of its arguments.

    Parameters
    ----------
    function : callable
        Takes a list of vectors, None for those that are zero, and returns a list likewise.
    specs : list of Spec
        Of its arguments.
    position : int
        Which argument runs through the basis; the others are zero.
    one : complex
        What the unit vectors hold: 1, or the imaginary unit.
    results : list of Spec
        Of the results.
    chunk_size : int, optional
        How many unit vectors go through at once; all of them by default.

    Returns
    -------
    list of array
        For each result, the values with the axes of the argument first.
    """
    spec = specs[position]
    size = spec.size
    step = min(chunk_size or size, size) or 1
    if not spec.shape:
        return _image_of_number(function, specs, position, one, results)
    chunks = [
        _images_of(units(spec, start, min(start + step, size), one), function, len(specs), position, results)
        for start in range(0, size, step)
    ]
    if not chunks:
        return [np.zeros(spec.shape + result.shape, result.dtype) for result in results]
    joined = chunks[0] if len(chunks) == 1 else [np.concatenate(parts) for parts in zip(*chunks, strict=True)]
    seen: set[int] = set()
    return [
        np.reshape(owned(rows, seen), spec.shape + result.shape)
        for rows, result in zip(joined, results, strict=True)
    ]


def _image_of_number(
    function: Linear, specs: Sequence[Spec], position: int, one: complex, results: Sequence[Spec]
) -> list[Any]:
    """Return the values on the one unit vector that there is."""
    vectors: list[Any] = [None] * len(specs)
    vectors[position] = specs[position].dtype.type(one)
    found = function(vectors)
    seen: set[int] = set()
    return [
        zeros(result) if value is None else owned(value, seen)
        for value, result in zip(found, results, strict=True)
    ]


def units(spec: Spec, start: int, stop: int, one: complex) -> Any:
    """Return the unit vectors of some elements, counted in C order, along a first axis."""
    vectors = np.zeros((stop - start, spec.size), spec.dtype)
    vectors[np.arange(stop - start), np.arange(start, stop)] = one
    return vectors.reshape(stop - start, *spec.shape)


def _images_of(basis: Any, function: Linear, count: int, position: int, results: Sequence[Spec]) -> list[Any]:
    """Return the values on some unit vectors, along a first axis."""
    trace = BatchTrace("a Jacobian", len(basis))
    try:
        vectors: list[Any] = [None] * count
        vectors[position] = trace.root(basis)
        found = function(vectors)
        return [
            np.zeros((len(basis), *result.shape), result.dtype)
            if value is None
            else in_front(*trace.examples(value), trace.size)
            for value, result in zip(found, results, strict=True)
        ]
    finally:
        trace.finish()


def packed(blocks: list[list[Any]], inputs: Inputs, structure: Any) -> Any:
    """Return the blocks of a Jacobian in containers like the result, of containers like the arguments."""
    found = []
    for row in blocks:
        alike = [like_leaf(block, leaf) for block, leaf in zip(row, inputs.leaves, strict=True)]
        found.append(inputs.pack(alike))
    return found[0] if structure is LEAF else unflatten(structure, found)


def like_leaf(block: Any, leaf: Any) -> Any:
    """Return the derivative of a number by a number with the type of the argument: a float for a float."""
    if type(block) is Box or np.ndim(block):
        return block
    if type(leaf) in (float, complex):
        return np.asarray(block).item()
    return np.asarray(block) if type(leaf) is np.ndarray else block
