"""What plain code finds from values, where these differ between examples that are computed at once.

A choice that is made by values (a rank, an order, where something falls) has derivative zero.  Where examples
are computed at once it is made for each of them, by :func:`each_example`; a count or a shape must be the same
for all, and :func:`agreed` sees to it.

>>> import numpy as np
>>> each_example("the larger half", lambda x: np.argsort(x)[len(x) // 2 :], np.array([3.0, 1.0, 2.0, 0.0]))
array([2, 0])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, decided_by, hidden_axes, refuse_differing
from fgrad.core.late import LateModule
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of

constant: Any = LateModule("fgrad.kinds.constant")


def each_example(name: str, function: Callable[..., Any], *values: Any) -> Any:
    """Return what a function finds from plain values, for each example."""
    primitive = Primitive(name, function, ("*values",))
    primitive.rule = constant.Constant()
    return primitive.bind(values, {})


def agreed(value: Any, what: str, cure: str) -> Any:
    """Return the plain value of what all examples have in common; raise if they do not.

    Parameters
    ----------
    value : array, number or box
    what, cure : str
        For the message: what cannot be done without an agreement, and what to do instead.
    """
    if type(value) is not Box:
        return value
    plain, hidden = bottom(value), hidden_axes(value)
    if not hidden:
        decided_by(value)
        return plain
    rows = plain.reshape(-1, *spec_of(value).shape)
    if not len(rows) or np.any(rows != rows[0]):
        refuse_differing(value, what, cure)
    return rows[0]
