"""Checks of derivatives, for the tests of your own functions and rules.

``check_grads``
    The derivatives of a function, of any order, in both modes and all their combinations.
``check_vjp``, ``check_jvp``
    A vector-Jacobian or Jacobian-vector product of your own.

They raise :class:`DerivativeError`, which says what is wrong and by how much.

>>> import fgrad.numpy as np
>>> from fgrad.testing import check_grads
>>> check_grads(np.arctan2, (1.0, -2.0), order=3)
"""

from fgrad.testing.checks import check_grads, check_jvp, check_vjp
from fgrad.testing.errors import DerivativeError

__all__ = ["DerivativeError", "check_grads", "check_jvp", "check_vjp"]
