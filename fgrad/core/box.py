"""The box: a value while a transform looks at it.

A box holds the value of the level below, the trace that it belongs to, and that trace's own payload:
its place on the tape in reverse mode, a tangent in forward mode.  The value may itself be a box, of an
outer transform; that is all there is to nesting.

There is one class for all modes, because the type test in front of every operation is then one
comparison.  NumPy's operators and methods are put on the class by :mod:`fgrad.numpy`.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda x: print(x) or x * x)(3.0)
3.0
6.0
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from fgrad.core.errors import BatchingError

#: What tells boxes apart; see :func:`key_of`.
Key = tuple[int, int, Any]


class Box:
    """A traced value.  Made by a trace; never by a user."""

    __slots__ = ("__weakref__", "origin", "owner", "payload", "value", "views")

    value: Any
    owner: Any
    payload: Any
    origin: Any  # of a view only; see fgrad.core.views
    views: Any  # of what has views only

    # NumPy's binary operators hand over to ours, whichever side the box stands on.
    __array_priority__ = 1000.0
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        batch = batch_of(self)
        words = f"{_examples(self)}: " if batch else ""
        return f"Box({words}{bottom(self)!r}, {self.owner.describe()})"

    def __str__(self) -> str:
        return f"{_examples(self)}: {bottom(self)}" if batch_of(self) else str(bottom(self))

    def __format__(self, spec: str) -> str:
        hidden, values = hidden_axes(self), bottom(self)
        if not spec:
            return str(self)
        if not hidden or hidden != values.ndim:
            return format(values, spec)  # NumPy's, which raises for an array
        each = " ".join(format(value, spec) for value in values.ravel())
        return f"{_examples(self)}: [{each}]"


def install(**members: Any) -> None:
    """Put methods, operators and attributes on boxes; the layers above core know what they do."""
    for name, member in members.items():
        setattr(Box, name, member)


def new_box(value: Any, trace: Any, payload: Any) -> Box:
    """Return a box.  The traces do the same inline where each nanosecond counts."""
    box = Box.__new__(Box)
    box.value = value
    box.owner = trace
    box.payload = payload
    return box


def snapshot(value: Any) -> Any:
    """Return a value for a trace to keep: a box of its own for a box, which the user might write into.

    The product with ``y`` must not see what happens to ``y`` afterwards:

    >>> from fgrad import grad
    >>> def outer(y):
    ...     y = y * 1.0
    ...     def inner(x):
    ...         product = x * y[0]
    ...         y[0] = 100.0
    ...         return product
    ...     return grad(inner)(1.0)
    >>> import numpy as np
    >>> grad(outer)(np.array([3.0]))
    array([1.])
    """
    return new_box(value.value, value.owner, value.payload) if type(value) is Box else value


def key_of(box: Box) -> Key:
    """Return what a box has in common with its snapshots, and with no other box while these are kept."""
    payload = box.payload if type(box.payload) is int else id(box.payload)
    return id(box.owner), id(box.value), payload


def still(value: Any) -> Any:
    """Return a value without what moves: plain, but for the boxes of traces that do not differentiate.

    What is decided by a value has derivative zero; but it may differ between examples that are computed at
    once, and is part of a graph that is captured.
    """
    if type(value) is not Box:
        return value
    inner = still(value.value)
    return inner if value.owner.differentiates else new_box(inner, value.owner, value.payload)


def stilled(plain: Any, like: Any) -> Any:
    """Return a plain value that was found from all the examples of ``like``, in the boxes of its examples."""
    if type(like) is not Box:
        return plain
    inner = stilled(plain, like.value)
    return new_box(inner, like.owner, like.payload) if like.owner.batched else inner


def moves(value: Any) -> bool:
    """Return whether a value is being differentiated."""
    while type(value) is Box:
        if value.owner.differentiates:
            return True
        value = value.value
    return False


def is_variable(value: Any) -> bool:
    """Return whether a value stands for others too: of other examples, or of other runs of what is captured.

    What plain code finds from it must then be found by an operation, which is done for each of them.
    """
    while type(value) is Box:
        if not value.owner.differentiates:
            return True
        value = value.value
    return False


def is_captured(value: Any) -> bool:
    """Return whether a value is part of a graph that is being captured, which must have all that follows."""
    while type(value) is Box:
        if not value.owner.differentiates and not value.owner.batched:
            return True
        value = value.value
    return False


def decided_by(value: Any) -> None:
    """Tell the traces of a value that what happens next was decided by it."""
    while type(value) is Box:
        value.owner.decide(value)
        value = value.value


def batch_of(value: Any) -> Any:
    """Return the trace of the examples between which a value may differ; None if there are none."""
    while type(value) is Box:
        if value.owner.batched:
            return value.owner
        value = value.value
    return None


def is_batched(value: Any) -> bool:
    """Return whether a value may differ between examples that are computed at once."""
    return batch_of(value) is not None


def hidden_axes(value: Any) -> int:
    """Return along how many axes of the plain value, the first ones, examples lie."""
    count = 0
    while type(value) is Box:
        count += value.owner.batched
        value = value.value
    return count


def is_array(value: Any) -> bool:
    """Return whether a value is an array, and no number, or a box for one.

    A number for each example is held in an array as well; what says that each is an array without axes is
    the payload of the box of the examples (see :mod:`fgrad.modes.batching`).
    """
    hidden, is_marked = 0, False
    while type(value) is Box:
        if value.owner.batched:
            hidden += 1
            is_marked = is_marked or value.payload is not None
        value = value.value
    return isinstance(value, np.ndarray) and (value.ndim > hidden or not hidden or is_marked)


def _examples(box: Any) -> str:
    """Return the words for how many examples there are, and what shape they have."""
    hidden, shape = hidden_axes(box), bottom(box).shape
    count = " x ".join(map(str, shape[:hidden]))
    return f"{count} examples of shape {shape[hidden:]}"


def refuse_differing(value: Any, what: str, cure: str) -> NoReturn:
    """Raise for a use of a value that would need it to be the same for all examples."""
    batch = batch_of(value)
    raise BatchingError(
        f"{what}: the value may differ between the {batch.size} examples that {batch.transform} computes at "
        f"once. {cure}"
    )


def anywhere(condition: Any) -> bool:
    """Return whether a condition holds anywhere, in any example: for code that then does the same for all."""
    decided_by(condition)
    return bool(np.any(bottom(condition)))


def everywhere(condition: Any) -> bool:
    """Return whether a condition holds everywhere, in all examples."""
    decided_by(condition)
    return bool(np.all(bottom(condition)))


def bottom(value: Any) -> Any:
    """Return the plain value under all the boxes."""
    while type(value) is Box:
        value = value.value
    return value
