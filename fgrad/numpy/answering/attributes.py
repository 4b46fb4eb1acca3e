"""Attributes that a box has in common with an array."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

import numpy as np

from fgrad.core.box import Box, bottom, decided_by, install, is_batched, refuse_differing
from fgrad.core.errors import MissingAttributeError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.core.trace import FinishedTrace
from fgrad.core.views import root_of


def _length(self: Box) -> int:
    shape = spec_of(self).shape
    if not shape:
        raise TypeError("len() of a traced scalar; it has no length, like a scalar of NumPy's")
    return int(shape[0])


def _truth(self: Box) -> bool:
    if isinstance(self.owner, FinishedTrace):
        self.owner.refuse("a condition")
    if is_batched(self):
        refuse_differing(
            self,
            "A condition (if, while, and, or, not, in, bool()) cannot be decided",
            "Select with np.where, np.select, np.maximum or a mask, which decide for each example.",
        )
    decided_by(self)
    return bool(bottom(self))


def _base(self: Box) -> Any:
    """Return the array whose elements this one shows, or None if it has its own."""
    root = root_of(self)
    return None if root is self else root


def _set_real(self: Box, value: Any) -> None:
    IMPLEMENTATIONS[np.real](self)[...] = value


def _set_imag(self: Box, value: Any) -> None:
    if spec_of(self).dtype.kind != "c":
        raise TypeError("array does not have imaginary part to set; make it complex, with astype(complex)")
    IMPLEMENTATIONS[np.imag](self)[...] = value


def _fixed(name: str, cure: str) -> Callable[[Box, Any], NoReturn]:
    """Return a setter that refuses, where NumPy's would reinterpret the memory."""

    def refuse(self: Box, value: Any) -> NoReturn:
        raise MissingAttributeError(f"The {name} of a traced array is not set in place. {cure}")

    return refuse


def _namespace(self: Box, *, api_version: Any = None) -> Any:
    """Return the module of the functions for this array: :mod:`fgrad.numpy`, for code for any array type."""
    np.empty(0).__array_namespace__(api_version=api_version)  # raises for a version that NumPy does not know
    return import_module("fgrad.numpy")


def _to_device(self: Box, device: Any, /, *, stream: Any = None) -> Box:
    np.empty(0).to_device(device, stream=stream)  # raises for any other
    return self


install(
    shape=property(lambda self: spec_of(self).shape, _fixed("shape", "Use x = x.reshape(shape).")),
    dtype=property(lambda self: spec_of(self).dtype, _fixed("dtype", "Use x = x.astype(dtype).")),
    ndim=property(lambda self: spec_of(self).ndim),
    size=property(lambda self: spec_of(self).size),
    itemsize=property(lambda self: self.dtype.itemsize),
    nbytes=property(lambda self: self.size * self.itemsize),
    real=property(lambda self: np.real(self), _set_real),
    imag=property(lambda self: np.imag(self), _set_imag),
    base=property(_base),
    device=property(lambda self: "cpu"),
    to_device=_to_device,
    __array_namespace__=_namespace,
    __len__=_length,
    __bool__=_truth,
)
