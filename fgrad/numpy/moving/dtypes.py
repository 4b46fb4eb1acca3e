"""The same elements in another dtype.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.sum(x.astype("float32") ** 2))(np.array([1.0, 2.0]))
array([2., 4.])
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from fgrad.core.box import Box, install
from fgrad.core.errors import DetachedError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.modes.slate import distinct
from fgrad.numpy.wrap import implements


def _astype(a: Any, dtype: Any) -> Any:
    """Convert the dtype; of complex elements that become real numbers the real part is taken."""
    a = np.asarray(a)
    return (a.real if _drops(a.dtype, dtype) else a).astype(dtype)[()]


def _drops(given: np.dtype[Any], needed: np.dtype[Any]) -> bool:
    """Return whether a conversion leaves out imaginary parts."""
    return given.kind == "c" and needed.kind in "fiu"


def _truncate(a: Any, dtype: Any) -> Any:
    """Convert to what has no derivative: integers, truth values, texts."""
    return _astype(a, dtype)


ASTYPE: Primitive = register(_astype, "astype", "a")
TRUNCATE: Primitive = register(_truncate, "astype to integers", "a")


def _converted(x: Any, dtype: Any, copy: bool, depth: int) -> Any:
    """Convert the dtype of a box, at the wish of the code that is ``depth`` calls further out."""
    kind = np.dtype(dtype)
    if kind.kind == "O":
        raise DetachedError(
            "numpy.astype: an array of objects would hold plain numbers, without their derivative. Use a "
            "list of traced values, or keep the dtype."
        )
    if _drops(spec_of(x).dtype, kind):
        # NumPy's words.  Rules convert cotangents by fgrad.core.spec.cast, where nothing is lost.
        warnings.warn(
            "Casting complex values to real discards the imaginary part",
            np.exceptions.ComplexWarning,
            stacklevel=depth + 1,
        )
    if kind.kind not in "fc":
        return TRUNCATE(x, dtype=kind)
    if spec_of(x).dtype == kind:
        return distinct(x) if copy else x
    return ASTYPE(x, dtype=kind)


@implements(np.astype)
def astype(x: Any, dtype: Any, /, *, copy: bool = True) -> Any:
    return _converted(x, dtype, copy, 4)  # through the front of this function, or through NumPy's


def _astype_method(
    self: Box, dtype: Any, order: str = "K", casting: Any = "unsafe", subok: bool = True, copy: bool = True
) -> Any:
    if not np.can_cast(spec_of(self).dtype, dtype, casting):
        raise TypeError(
            f"Cannot cast array data from {spec_of(self).dtype} to {dtype} according to {casting!r}"
        )
    return _converted(self, dtype, copy, 2)


install(astype=_astype_method)
