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

from importlib import import_module as _import_module
from typing import Any as _Any

from fgrad import numpy, rules  # noqa: F401 - a namespace of ours, and the rules, which declare themselves
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
from fgrad.modes.heap import keep_freed_memory
from fgrad.registration import defjvp, defvjp, primitive
from fgrad.transforms.gradient import elementwise_grad, grad, value_and_grad
from fgrad.transforms.jacobian import hessian, jacobian
from fgrad.transforms.products import jvp, make_jvp, make_vjp, vjp

keep_freed_memory()


def __getattr__(name: str) -> _Any:
    """Look the version up when it is asked for: reading the metadata takes longer than importing fgrad."""
    if name == "__version__":
        return _import_module("importlib.metadata").version("fgrad")
    raise AttributeError(f"module 'fgrad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


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
    "primitive",
    "register_pytree",
    "value_and_grad",
    "vjp",
]
