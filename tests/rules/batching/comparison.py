"""A primitive for all examples at once, compared with the same primitive for one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

import fgrad.rules.batching  # noqa: F401
from fgrad.core.box import bottom
from fgrad.modes.batching import BatchTrace, one_by_one
from fgrad.rules import declare_all

declare_all()


def one_after_the_other(primitive: Any, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Return the results of the loop, as a tuple."""
    found = one_by_one(primitive, values, mine, size, params)
    return found if type(found) is tuple else (found,)


def all_at_once(primitive: Any, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Return the results of the batching rule, as a tuple."""
    trace = BatchTrace.aside("vmap", size)
    boxes = [trace.root(value) if own else value for value, own in zip(values, mine, strict=True)]
    found = primitive.bind(boxes, params)
    parts = found if type(found) is tuple else (found,)
    return tuple(bottom(part) for part in parts)


def assert_is_the_loop(
    primitive: Any, values: Any, mine: Any, size: int, rtol: float = 0.0, **params: Any
) -> None:
    """Check that a rule gives the results of the loop, in shape, dtype and value.

    The tolerance is relative to the largest number of a result, or to one.
    """
    wanted = one_after_the_other(primitive, values, mine, size, params)
    found = all_at_once(primitive, values, mine, size, params)
    assert len(found) == len(wanted)
    for got, want in zip(found, wanted, strict=True):
        assert (got.shape, got.dtype) == (want.shape, want.dtype)
        if rtol:
            finite = want[np.isfinite(want)]
            atol = rtol * max(1.0, np.max(np.abs(finite), initial=0))
            np.testing.assert_allclose(got, want, rtol=0, atol=atol)
        else:
            np.testing.assert_array_equal(got, want)
