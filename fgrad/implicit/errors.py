"""What goes wrong with equations: no solution is found, or it is not a differentiable function.

>>> from fgrad.implicit.fixed_point import fixed_point
>>> fixed_point(lambda x: 2 * x + 1, 0.0, solver=lambda f, x0: f(f(x0)))
Traceback (most recent call last):
    ...
fgrad.implicit.errors.ConvergenceError: fixed_point: what the given solver returned is no solution: ...
"""

from __future__ import annotations

import numpy as np

from fgrad.core.errors import FgradError


class ConvergenceError(FgradError, ArithmeticError):
    """A solver did not arrive at a solution, or what it returned is none."""


class SingularError(FgradError, np.linalg.LinAlgError):
    """A linear system has no unique solution; an implicit function has no derivative there."""
