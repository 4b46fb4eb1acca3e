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

from typing import Any


class Box:
    """A traced value.  Made by a trace; never by a user."""

    __slots__ = ("__weakref__", "base", "owner", "payload", "value", "views")

    value: Any
    owner: Any
    payload: Any
    base: Any  # of a view only; see fgrad.core.views
    views: Any  # of what has views only

    # NumPy's binary operators hand over to ours, whichever side the box stands on.
    __array_priority__ = 1000.0
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Box({bottom(self)!r}, {self.owner.describe()})"

    def __str__(self) -> str:
        return str(bottom(self))

    def __format__(self, spec: str) -> str:
        return format(bottom(self), spec)


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


def bottom(value: Any) -> Any:
    """Return the plain value under all the boxes."""
    while type(value) is Box:
        value = value.value
    return value
