"""Batching: one run of a function for many examples at once.

What a box carries
    Its value has one more axis than it shows, the first, along which the examples lie.  A value without a
    box is the same for all examples.

How a primitive is processed
    By its batching rule: an operation on values with the axis of examples, which for most operations is
    the same one with its axes shifted (:mod:`fgrad.rules.batching`).  An operation without a rule is done
    for each example in turn, and the results are stacked.

How it is run
    Once.  There is one number of examples, and no place where it could be asked for: what the function
    decides by a value (an ``if``, a ``while``, an ``int``) would have to be decided for all examples at
    once, and is refused.

>>> import numpy as np
>>> trace = BatchTrace("an example", 2)
>>> x = trace.root(np.array([[1.0, 2.0], [3.0, 4.0]]))
>>> x.shape
(2,)
>>> np.sum(x).value
array([3., 7.])
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from fgrad.core.box import Box, new_box, snapshot
from fgrad.core.errors import BatchingError
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.core.trace import Trace, new_level


class BatchTrace(Trace):
    """The interpreter that computes with many examples.

    Parameters
    ----------
    transform : str
        The name of the transform that runs.
    size : int
        The number of examples.
    """

    mode = "batching"
    differentiates = False

    def __init__(self, transform: str, size: int) -> None:
        super().__init__(transform)
        self.size = size
        self.batched = 1

    @classmethod
    def aside(cls, transform: str, size: int) -> BatchTrace:
        """Return a trace that is none of those that were started: it serves one rule of another's."""
        trace = cls.__new__(cls)
        trace.level = new_level()
        trace.transform = transform
        trace.size = size
        trace.batched = 1
        return trace

    def root(self, value: Any) -> Box:
        """Return a box for examples that lie along the first axis of a value."""
        return new_box(snapshot(value), self, None)

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        mine = [type(arg) is Box and arg.owner is self for arg in args]
        values = [arg.value if own else arg for arg, own in zip(args, mine, strict=True)]
        rule = primitive.batch or primitive.rule.batch
        if rule is None:
            ans = one_by_one(primitive, values, mine, self.size, params)
        else:
            ans = rule(primitive, values, mine, self.size, params)
        if type(ans) is tuple:
            return tuple([new_box(part, self, None) for part in ans])
        return new_box(ans, self, None)

    def examples(self, output: Any) -> tuple[Any, bool]:
        """Return the value of an output, and whether the examples lie along its first axis."""
        if type(output) is Box and output.owner is self:
            return output.value, True
        return output, False


def one_by_one(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Do an operation for each example, and stack the results."""
    results = [
        primitive.bind([value[i] if own else value for value, own in zip(values, mine, strict=True)], params)
        for i in range(size)
    ]
    if not results:
        raise BatchingError(
            f"{primitive.name} is done for one example after the other, and there are none; what shape "
            "its result would have is not known. Do not call vmap with no examples."
        )
    if type(results[0]) is tuple:
        return tuple(_stacked(primitive, parts) for parts in zip(*results, strict=True))
    return _stacked(primitive, results)


def _stacked(primitive: Primitive, results: Any) -> Any:
    shapes = {spec_of(result).shape for result in results}
    if len(shapes) > 1:
        refuse_counts(primitive.name, f"shapes {' and '.join(map(str, sorted(shapes)[:2]))}")
    return np.stack(results)


def refuse_counts(name: str, found: str) -> NoReturn:
    """Raise for results that no array can hold, since they differ in how many elements they have."""
    raise BatchingError(
        f"{name}: how many elements there are depends on the values, and differs between the "
        f"examples that are computed at once: {found}. Do it "
        "outside of vmap, or keep the shape and select: np.where(mask, x, 0)."
    )


def common_count(name: str, counts: Any, most: int | None = None) -> int:
    """Return how many elements the result for each example has, where that depends on the values.

    Parameters
    ----------
    name : str
        Of the operation, for messages.
    counts : array of int
        How many there are in each example, of which there may be none.
    most : int, optional
        How many there can be.  If that is zero, no example is needed to know it.

    Raises
    ------
    BatchingError
        If they differ, or if there are no examples to know it from.
    """
    if most == 0:
        return 0
    found = sorted({int(count) for count in np.ravel(counts)})
    if not found:
        raise BatchingError(
            f"{name}: how many elements there are depends on the values, and there are no examples. Do not "
            "call vmap with no examples."
        )
    if len(found) > 1:
        refuse_counts(name, f"{found[0]} and {found[1]}")
    return found[0]


def in_front(value: Any, own: bool, size: int) -> Any:
    """Return a value with the axis of examples, copied along it if it had none."""
    return value if own else np.broadcast_to(value, (size, *spec_of(value).shape))


def all_in_front(values: Any, mine: Any, size: int) -> list[Any]:
    """Return values with the axis of examples each."""
    return [in_front(value, own, size) for value, own in zip(values, mine, strict=True)]


def aligned(values: Any, mine: Any) -> list[Any]:
    """Return values that broadcast against each other example by example.

    Those with an axis of examples get axes of length one behind it, up to the number that the others have.
    """
    ndims = [spec_of(value).ndim - own for value, own in zip(values, mine, strict=True)]
    most = max(ndims)
    return [
        np.reshape(value, (spec_of(value).shape[0], *(1,) * (most - ndim), *spec_of(value).shape[1:]))
        if own and ndim < most
        else value
        for value, own, ndim in zip(values, mine, ndims, strict=True)
    ]
