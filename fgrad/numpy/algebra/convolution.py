"""Discrete convolution and correlation of sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.wrap import as_traced, implements

#: The first sequence is not the shorter one.
CONVOLVE = register(np.convolve, "convolve", "a", "v")


def _sequences(a: Any, v: Any, name: str) -> tuple[Any, Any]:
    a, v = np.atleast_1d(as_traced(a)), np.atleast_1d(as_traced(v))
    for each in (a, v):
        if spec_of(each).ndim != 1:
            raise ValueError(f"numpy.{name} takes sequences; got an array of {spec_of(each).ndim} axes")
    if not spec_of(a).size or not spec_of(v).size:
        raise ValueError(f"numpy.{name}: neither sequence may be empty")
    return a, v


@implements(np.convolve)
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    a, v = _sequences(a, v, "convolve")
    if spec_of(a).size < spec_of(v).size:
        a, v = v, a
    return CONVOLVE(a, v, mode=mode)


@implements(np.correlate)
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    a, v = _sequences(a, v, "correlate")
    if spec_of(v).dtype.kind == "c":
        v = np.conjugate(v)
    if spec_of(a).size < spec_of(v).size:
        return np.flip(CONVOLVE(v, np.flip(a), mode=mode))
    return CONVOLVE(a, np.flip(v), mode=mode)
