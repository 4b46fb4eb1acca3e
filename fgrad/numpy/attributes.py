"""Attributes that a box has in common with an array."""

from __future__ import annotations

import numpy as np

from fgrad.core.box import Box, bottom, install
from fgrad.core.spec import spec_of
from fgrad.core.trace import FinishedTrace


def _length(self: Box) -> int:
    shape = spec_of(self).shape
    if not shape:
        raise TypeError("len() of a traced scalar; it has no length, like a scalar of NumPy's")
    return int(shape[0])


def _truth(self: Box) -> bool:
    if isinstance(self.owner, FinishedTrace):
        self.owner.refuse("a condition")
    return bool(bottom(self))


install(
    shape=property(lambda self: spec_of(self).shape),
    dtype=property(lambda self: spec_of(self).dtype),
    ndim=property(lambda self: spec_of(self).ndim),
    size=property(lambda self: spec_of(self).size),
    itemsize=property(lambda self: self.dtype.itemsize),
    nbytes=property(lambda self: self.size * self.itemsize),
    real=property(lambda self: np.real(self)),
    imag=property(lambda self: np.imag(self)),
    __len__=_length,
    __bool__=_truth,
)
