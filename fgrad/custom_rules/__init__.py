"""Derivative rules in JAX's form, for functions of a user's own.

``custom_vjp`` takes a forward function that returns residuals and a backward function that uses them;
``custom_jvp`` a function of primals and tangents.  One of them serves all modes, as with
:func:`fgrad.primitive`.

>>> import fgrad.numpy as np
>>> from fgrad import custom_vjp, grad
>>> @custom_vjp
... def softplus(x):
...     return np.log1p(np.exp(x))
>>> softplus.defvjp(lambda x: (softplus(x), x), lambda x, g: (g / (1 + np.exp(-x)),))
>>> grad(softplus)(0.0)
0.5
"""

from fgrad.custom_rules.batch import defbatch
from fgrad.custom_rules.jvp import custom_jvp
from fgrad.custom_rules.vjp import custom_vjp

__all__ = ["custom_jvp", "custom_vjp", "defbatch"]
