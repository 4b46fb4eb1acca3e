"""What comes into a captured run from outside of it, kept as it was when it was used.

The function may change an array afterwards, or the user may, once the graph is there:

>>> import numpy as np
>>> arrays = OutsideArrays("an example")
>>> step = np.array([1.0, 2.0])
>>> before = arrays.kept(step)
>>> step += 10.0
>>> before, arrays.kept(step)
(array([1., 2.]), array([11., 12.]))
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, decided_by
from fgrad.core.errors import ArgumentError

#: Arrays up to this size are copied.  Of larger ones it is only noticed, by a checksum, that they changed.
COPIED = 2**16  # elements


class OutsideArrays:
    """The arrays from outside that came up.

    Parameters
    ----------
    transform : str
        What messages call the transform that runs.
    """

    def __init__(self, transform: str) -> None:
        self.transform = transform
        # by identity: the array, what is kept of it, and its checksum if that is the array itself
        self.known: dict[int, tuple[Any, Any, int]] = {}

    def kept(self, value: Any) -> Any:
        """Return an array as it is now; the same object as before if it has not changed since.

        Raises
        ------
        ArgumentError
            If an array that is too large to be copied has changed since it came up.
        """
        known = self.find(value)
        if known is not None:
            return known
        is_large = value.size > COPIED and not value.dtype.hasobject
        kept = value if is_large else value.copy()
        self.known[id(value)] = value, kept, checksum(value) if is_large else 0
        return kept

    def find(self, value: Any) -> Any:
        """Return what is kept of an array that came up and is as it was; None if there is nothing."""
        entry = self.known.get(id(value))
        if entry is None:
            return None
        _, kept, expected = entry
        if kept is not value:
            return kept if kept.tobytes() == value.tobytes() else None
        if checksum(value) != expected:
            raise ArgumentError(
                f"{self.transform}: an array of shape {value.shape} was changed in place after the function "
                f"had used it. Arrays of more than {COPIED} elements are not copied into the graph; make a "
                "new array instead (a = a + 1, not a += 1), or take np.copy of it where it is used."
            )
        return kept

    def check(self) -> None:
        """Raise if an array that is not copied has changed since it came up."""
        for value, kept, _ in list(self.known.values()):
            if kept is value:
                self.find(value)


def checksum(array: Any) -> int:
    """Return a number that is another one, but for a chance in 2**32, if an element is another one."""
    once = array[tuple(slice(0, 1) if stride == 0 else slice(None) for stride in array.strides)]
    return zlib.crc32(np.ascontiguousarray(once).view(np.uint8).data)


def kept_value(value: Any) -> Any:
    """Return a parameter, or an argument that is no array, as it is now.

    A traced value in it is one that the operation takes as a plain one: so its value has decided.

    >>> index = [np.array([0, 2])]
    >>> kept = kept_value(index)
    >>> index[0][:] = 1
    >>> kept
    [array([0, 2])]
    """
    kind = type(value)
    if kind is Box:
        decided_by(value)
        return bottom(value)
    if isinstance(value, np.ndarray):
        return value.copy()
    return kind(map(kept_value, value)) if kind is tuple or kind is list else value
