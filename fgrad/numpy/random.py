"""``fgrad.numpy.random``: NumPy's random numbers, whose parameters cannot be differentiated."""

from __future__ import annotations

import numpy as np

from fgrad.numpy.fallback import stand_in

__getattr__, __all__ = stand_in(np.random, globals())


def __dir__() -> list[str]:
    return __all__
