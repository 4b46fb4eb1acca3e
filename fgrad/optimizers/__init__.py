"""Optimisers over containers of arrays: first-order methods of our own, and SciPy's.

``sgd``, ``momentum``, ``rmsprop``, ``adam``, ``adamw``
    A whole run in one call, as in Autograd: ``adam(grad, x0, callback, num_iters, step_size)``.
``SGD``, ``Momentum``, ``RMSprop``, ``Adam``, ``AdamW``
    The same rules as pairs of pure functions, ``init`` and ``update``, for loops of one's own.
``minimize``
    SciPy's solvers, with fgrad's gradients and Hessian-vector products.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> from fgrad.optimizers import adam
>>> def loss(params):
...     return np.sum((params["w"] - 1.0) ** 2) + params["b"] ** 2
>>> best = adam(grad(loss), {"w": np.zeros(2), "b": 3.0}, num_iters=500, step_size=0.1)
>>> print(np.round(best["w"], 3), round(best["b"], 3))
[1. 1.] 0.0
"""

from fgrad.optimizers.adaptive import Adam, AdamW, RMSprop
from fgrad.optimizers.calls import adam, adamw, momentum, rmsprop, sgd
from fgrad.optimizers.descent import SGD, Momentum
from fgrad.optimizers.optimizer import Optimizer, State
from fgrad.optimizers.scipy_minimize import minimize

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "Momentum",
    "Optimizer",
    "RMSprop",
    "State",
    "adam",
    "adamw",
    "minimize",
    "momentum",
    "rmsprop",
    "sgd",
]
