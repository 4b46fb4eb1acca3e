"""``fgrad.numpy.fft``: NumPy's Fourier transforms, which have no derivatives in fgrad."""

from __future__ import annotations

import numpy as np

from fgrad.numpy.fallback import stand_in

__getattr__, __all__ = stand_in(np.fft, globals())


def __dir__() -> list[str]:
    return __all__
