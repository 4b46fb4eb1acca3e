"""When a solver is done.

>>> import numpy as np
>>> attainable(np.float64) < 2e-12, attainable(np.float32) < 7e-6
(True, True)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def attainable(dtype: Any) -> float:
    """Return the relative precision that solvers aim for: three quarters of a dtype's digits."""
    eps = float(np.finfo(dtype).eps)
    return math.sqrt(eps * math.sqrt(eps))


def largest(vector: Any) -> float:
    """Return the largest absolute value of a vector's elements."""
    return float(np.max(np.abs(vector), initial=0.0))
