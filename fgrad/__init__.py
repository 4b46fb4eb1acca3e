"""fgrad: the NumPy that you wrote, and any derivative of it.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def loss(w):
...     return np.sum((w - 1.0) ** 2)
>>> grad(loss)(np.array([1.0, 3.0]))
array([0., 4.])

The layers, lowest first; imports point down only.

``core``
    Boxes, traces, primitives and their registry, containers, errors.
``modes``
    The interpreters: reverse and forward.
``kinds``
    What a rule can be: elementwise, linear, multilinear, a reduction, frozen, constant, custom.
``numpy``
    NumPy's functions as primitives, and the public namespace :mod:`fgrad.numpy`.
``rules``
    The derivatives, each declared once.
``transforms``
    ``grad`` and its siblings.
``demo``
    The command line: ``python -m fgrad``.
"""

from importlib.metadata import version as _version

from fgrad import numpy, rules
from fgrad.core.errors import (
    ArgumentError,
    DetachedError,
    FgradError,
    InputError,
    LeakedBoxError,
    MissingRuleError,
    OutputError,
    RegistrationError,
)
from fgrad.core.pytree import register_pytree
from fgrad.registration import defjvp, defvjp, primitive
from fgrad.transforms.gradient import elementwise_grad, grad, value_and_grad
from fgrad.transforms.jacobian import hessian, jacobian
from fgrad.transforms.products import jvp, make_jvp, make_vjp, vjp

__version__ = _version("fgrad")

__all__ = [
    "ArgumentError",
    "DetachedError",
    "FgradError",
    "InputError",
    "LeakedBoxError",
    "MissingRuleError",
    "OutputError",
    "RegistrationError",
    "defjvp",
    "defvjp",
    "elementwise_grad",
    "grad",
    "hessian",
    "jacobian",
    "jvp",
    "make_jvp",
    "make_vjp",
    "numpy",
    "primitive",
    "register_pytree",
    "rules",
    "value_and_grad",
    "vjp",
]
