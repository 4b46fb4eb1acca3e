"""What arrays have and a traced array does not: each name says why, and what to use instead.

The error is an ``AttributeError`` too, so to code that asks with ``hasattr`` or ``getattr`` a name that is
not there is not there.

>>> from fgrad import grad
>>> grad(lambda x: x if hasattr(x, "strides") else 2 * x)(1.0)
2.0
>>> grad(lambda x: x.resize(3))(1.0)
Traceback (most recent call last):
    ...
fgrad.core.errors.MissingAttributeError: A traced array has no resize: ...
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from fgrad.core.box import Box, install
from fgrad.core.errors import MissingAttributeError
from fgrad.modes.slate import is_slate, plain

_LAYOUT = (
    "where its elements lie in memory is not defined, and no result depends on it. Use shape, itemsize and "
    "nbytes; an array that was made inside the function may be written into."
)
_MEMORY = (
    "its memory holds the values without their derivative. Put the call that needs it into a function "
    "decorated with fgrad.primitive, and give the rule to fgrad.defvjp."
)
_BYTES = (
    "its elements are numbers that vary continuously, not bytes. Change the bytes of plain arrays before."
)
_FIELDS = "its elements are numbers, without fields. Use an index, or real and imag."
_SIZE = (
    "an array is not given another size in place. Make a new one with np.pad or np.concatenate, which can "
    "add zeros, with x[:n], or with np.resize, which repeats the elements."
)
_PROTECTION = "it has no flags to set. Copy what is not to be changed: x.copy()."
_CLASS = "it belongs to NumPy's class of arrays and its subclasses. NumPy's functions take x without it."

#: Of a new array that is plain so far, these are what NumPy's own array has.
_DESCRIPTIONS = {
    _LAYOUT: "flags strides",
    _MEMORY: "data ctypes __array_interface__ __array_struct__",
    _BYTES: "byteswap newbyteorder",
    _FIELDS: "getfield",
}
_CHANGES = {
    _FIELDS: "setfield",
    _SIZE: "resize",
    _PROTECTION: "setflags",
    _CLASS: "__array_finalize__ __array_wrap__ __setstate__",
    "NumPy 2 has removed it. Use x[index] = value.": "itemset",
    "NumPy 2 has removed the method. Use np.ptp(x).": "ptp",
    "NumPy has removed it. Return x from the differentiated function, and call tobytes() there.": "tostring",
}


def absence(name: str, reason: str) -> str:
    """Return the message for an attribute that a traced array does not have."""
    return f"A traced array has no {name}: {reason}"


def _absent(name: str, reason: str, *, described: bool) -> property:
    """Return a property that raises, except that of a slate it is the plain array's if ``described``."""

    def get(self: Box) -> Any:
        if described and is_slate(self) and hasattr(np.ndarray, name):
            return getattr(plain(self), name)
        raise MissingAttributeError(absence(name, reason))

    def put(self: Box, value: Any) -> NoReturn:
        raise MissingAttributeError(absence(name, reason))

    return property(get, put)


for _reasons, _described in ((_DESCRIPTIONS, True), (_CHANGES, False)):
    for _reason, _names in _reasons.items():
        for _name in _names.split():
            install(**{_name: _absent(_name, _reason, described=_described)})
