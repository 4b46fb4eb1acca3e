"""Transposes of the Fourier transforms.

The matrix of the transform is symmetric, so the transform is its own plain transpose.  What is left to do
is the padding (whose transpose leaves the added elements out) and, for real arrays, the half of the
spectrum that is not stored: each stored element but the first, and but the last of an even length, stands
for itself and for its mirror image.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import Spec, spec_of
from fgrad.kinds import linear
from fgrad.numpy.algebra.fourier import FFT, IFFT, IRFFT, RFFT


def _unpadded(g: Any, a: Spec, axis: int) -> Any:
    """Return the cotangent without the elements that padding had added to ``a``, real for a real ``a``."""
    length = a.shape[axis]
    if spec_of(g).shape[axis] != length:
        g = g[(slice(None),) * axis + (slice(length),)]
    return g if a.dtype.kind == "c" else np.real(g)


def _weighted(half: Any, n: int, axis: int, weight: float) -> Any:
    """Return half a spectrum with the elements that have a mirror image multiplied by ``weight``."""
    spec = spec_of(half)
    weights = np.full(n // 2 + 1, weight)
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    real = np.zeros((), spec.dtype).real.dtype
    return half * weights.astype(real).reshape((-1,) + (1,) * (spec.ndim - 1 - axis))


linear(FFT, lambda g, a, n, axis, norm: _unpadded(np.fft.fft(g, n, axis, norm), a, axis))
linear(IFFT, lambda g, a, n, axis, norm: _unpadded(np.fft.ifft(g, n, axis, norm), a, axis))
linear(
    RFFT,
    lambda g, a, n, axis, norm: _unpadded(np.fft.hfft(_weighted(g, n, axis, 0.5), n, axis, norm), a, axis),
)
linear(
    IRFFT,
    lambda g, a, n, axis, norm: _unpadded(_weighted(np.fft.ihfft(g, n, axis, norm), n, axis, 2.0), a, axis),
)
