"""Batching rules of what has derivative zero, from plain code for the arrays of all examples at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.box import still
from fgrad.core.primitive import Primitive
from fgrad.kinds.together import together
from fgrad.modes.batching import all_in_front


def of_plain_arrays(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return the batching rule of an operation with derivative zero.

    Parameters
    ----------
    rule : callable
        ``rule(size, *arrays, **params)`` takes plain arrays, each with the examples along its first axis, and
        returns an array, or a tuple of arrays, likewise.
    """

    def batch(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        arrays = all_in_front(map(still, values), mine, size)
        return together(primitive, rule, arrays, (True,) * len(arrays), size, params)

    return batch
