"""Fourier transforms along one axis as primitives; all others are made of them.

They stand apart from :mod:`fgrad.numpy.fft` so that rules can be declared without importing ``numpy.fft``,
which NumPy itself puts off until somebody asks for it.

>>> import numpy as np
>>> FFT(np.array([1.0, 2.0]), n=2, axis=0, norm=None)
array([ 3.+0.j, -1.+0.j])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register


def _fft(a: Any, n: int, axis: int, norm: Any) -> Any:
    """Transform, with zeros appended up to ``n`` elements."""
    return np.fft.fft(a, n, axis, norm)


def _ifft(a: Any, n: int, axis: int, norm: Any) -> Any:
    """Transform back, with zeros appended up to ``n`` elements."""
    return np.fft.ifft(a, n, axis, norm)


def _rfft(a: Any, n: int, axis: int, norm: Any) -> Any:
    """Return the half of a real array's spectrum that determines it."""
    return np.fft.rfft(a, n, axis, norm)


def _irfft(a: Any, n: int, axis: int, norm: Any) -> Any:
    """Return the real array of ``n`` elements of which half of the spectrum is given."""
    return np.fft.irfft(a, n, axis, norm)


FFT: Primitive = register(_fft, "fft", "a")
IFFT: Primitive = register(_ifft, "ifft", "a")
RFFT: Primitive = register(_rfft, "rfft", "a")
IRFFT: Primitive = register(_irfft, "irfft", "a")
