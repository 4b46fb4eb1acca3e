"""Item assignment as Python writes it, and a guard against rows that compiled code swaps.

``numpy.random.shuffle`` of anything but an array of NumPy's swaps ``x[i], x[j] = x[j], x[i]``.  The rows of
an array are views, and the one that is written first is gone before it is read: some rows come twice.  Where
the statement stands in Python, NumPy's own arrays do the same, and so does a box.  But NumPy shuffles its own
arrays in another way, and rightly; so there a box must not go wrong:

>>> import warnings
>>> import numpy as np
>>> from fgrad import grad
>>> def total(x):
...     with warnings.catch_warnings(action="ignore"):  # that some rows may come twice
...         np.random.default_rng(0).shuffle(x)
...     return np.sum(x)
>>> grad(total)(np.ones((3, 2)))
Traceback (most recent call last):
    ...
fgrad.core.errors.MissingRuleError: Rows of a traced array cannot be swapped by compiled code, ...

In compiled code there is no frame of Python's, and the frame that called it is not at an assignment.
"""

from __future__ import annotations

import sys
from typing import Any

from fgrad.core.box import Box, install
from fgrad.core.errors import MissingRuleError
from fgrad.core.late import LateModule
from fgrad.numpy.places.assignment import assign

opcode: Any = LateModule("opcode")


def _set_item(self: Box, index: Any, value: Any) -> None:
    if type(value) is Box and _is_swap(self, index, value):
        caller = sys._getframe(1)
        if caller.f_code.co_code[caller.f_lasti] != opcode.opmap["STORE_SUBSCR"]:
            raise MissingRuleError(
                "Rows of a traced array cannot be swapped by compiled code, as numpy.random's shuffle does: "
                "they are views, and some would come twice. Use shuffle of fgrad.numpy.random, or index with "
                "a permutation: x[rng.permutation(len(x))]."
            )
    assign(self, index, value)


def _is_swap(array: Box, index: Any, value: Box) -> bool:
    """Return whether a row is written over another that somebody holds to read it afterwards."""
    origin = getattr(value, "origin", None)
    if origin is None or origin[0] is not array or type(index) is not int:
        return False
    living = [view for link in array.views if (view := link()) is not None and view is not value]
    return any(type(at := view.origin[2].get("index")) is int and at == index for view in living)


install(__setitem__=_set_item)
