"""Slates: new arrays in a differentiated function, which may come to be written into with traced values.

NumPy's own array cannot hold a traced value.  So where a function that is being differentiated asks
``fgrad.numpy`` for zeros to fill in, it gets a slate.

What a box carries
    A plain array, and as payload whether a computation was recorded that keeps it.

How a primitive is processed
    On the plain array, by whatever trace the other arguments belong to: a slate is a constant.  Its level
    is above all others, so nothing but this trace ever sees one.

How it is run
    Plain values are written in place; where a record keeps the array, into a copy.  The first traced value
    makes the box stand for a traced array, and it is no slate any more.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def powers(x):
...     out = np.zeros(3)
...     for i in range(3):
...         out[i] = x**i
...     return np.sum(out)
>>> grad(powers)(2.0)
5.0
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.box import Box, new_box, snapshot
from fgrad.core.primitive import Primitive
from fgrad.core.trace import Trace, is_tracing
from fgrad.core.views import ViewPrimitive, refresh_views, root_of


class SlateTrace(Trace):
    """The interpreter of arrays without derivative that may be written into.  There is one, ``SLATES``."""

    mode = "a slate"

    def __init__(self) -> None:  # it is not started and never finishes
        self.level = math.inf  # type: ignore[assignment]
        self.transform = "a new array"

    def describe(self) -> str:
        """Return the words for this trace in a box's repr."""
        return "a new array, plain so far"

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        mine = [type(arg) is Box and arg.owner is self for arg in args]
        values = [arg.value if own else arg for arg, own in zip(args, mine, strict=True)]
        if any(type(value) is Box for value in values):
            for arg, own in zip(args, mine, strict=True):
                if own:
                    root_of(arg).payload = True
        ans = primitive.bind(values, params)
        if isinstance(primitive, ViewPrimitive) and type(ans) is np.ndarray:
            return new_box(ans, self, False) if np.may_share_memory(ans, values[0]) else ans
        return ans


SLATES = SlateTrace()


def slate(array: Any) -> Any:
    """Return a new plain array as a slate if the code that runs is being differentiated."""
    return new_box(array, SLATES, False) if type(array) is np.ndarray and is_tracing() else array


def is_slate(value: Any) -> bool:
    """Return whether a value is a slate."""
    return type(value) is Box and value.owner is SLATES


def plain(value: Any) -> Any:
    """Return the array of a slate, which is then not written into any more; other values as they are."""
    if is_slate(value):
        root_of(value).payload = True
        return value.value
    return value


def plain_all(value: Any) -> Any:
    """Return a value, or a list or tuple of values, with the arrays of slates in their place."""
    if type(value) is list or type(value) is tuple:
        return type(value)(plain_all(part) for part in value)
    return plain(value)


def holds_traced(value: Any) -> bool:
    """Return whether a value, or a list or tuple of values, holds a box that is no slate."""
    if type(value) is list or type(value) is tuple:
        return any(holds_traced(part) for part in value)
    return type(value) is Box and value.owner is not SLATES


def distinct(value: Any) -> Any:
    """Return a copy, which shows nothing of what is written into the original."""
    if is_slate(value):
        return slate(value.value.copy())
    return snapshot(value) if type(value) is Box else value


def write_plain(box: Box, index: Any, value: Any) -> None:
    """Write plain values into a slate, in place unless a record keeps its array."""
    root = root_of(box)
    if root.payload:
        root.value, root.payload = root.value.copy(), False
        refresh_views(root)
    box.value[index] = value
