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
``ir``
    Graphs of primitives: what a captured run is, how it is checked, written as text and run again.
``modes``
    The interpreters: reverse, forward, Taylor, batching, capture, and what they share.
``kinds``
    What a rule can be: elementwise, linear, multilinear, a reduction, frozen, constant, custom.
``registration``, ``custom_rules``
    A user's own operations, in Autograd's convention and in JAX's.
``numpy``
    NumPy's functions as primitives, and the public namespace :mod:`fgrad.numpy`.
``rules``
    The derivatives, each declared once, and the batching rules.
``transforms``
    ``grad`` and its siblings.
``debugging``, ``testing``
    What made a NaN, and whether a derivative is right.
``sources``, ``graphs``, ``prompt``
    Derivatives as code to read, as drawings, and what fgrad tells of a function.
``implicit``, ``optimizers``
    Derivatives of what an equation defines, and descent.
``demo``
    The command line: ``python -m fgrad``.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from fgrad import numpy, rules  # noqa: F401 - a namespace of ours, and where the rules are
from fgrad.core.errors import (
    ArgumentError,
    BatchingError,
    DetachedError,
    FgradError,
    InputError,
    LeakedBoxError,
    MissingAttributeError,
    MissingRuleError,
    OutputError,
    RegistrationError,
)
from fgrad.core.pytree import register_pytree
from fgrad.modes.heap import keep_freed_memory
from fgrad.transforms.gradient import egrad, elementwise_grad, grad, value_and_grad

if _TYPE_CHECKING:
    from fgrad import implicit, optimizers, testing  # noqa: F401 - modules that are imported late
    from fgrad.custom_rules.batch import defbatch
    from fgrad.custom_rules.jvp import custom_jvp
    from fgrad.custom_rules.vjp import custom_vjp
    from fgrad.debugging.context import debug_nans
    from fgrad.debugging.nonfinite import NonFiniteError
    from fgrad.graphs.graph import graph
    from fgrad.graphs.graphviz import GraphvizMissingError
    from fgrad.implicit.errors import ConvergenceError, SingularError
    from fgrad.implicit.fixed_point import fixed_point
    from fgrad.implicit.linear import linear_solve
    from fgrad.implicit.minimize import minimize
    from fgrad.implicit.odeint import odeint
    from fgrad.implicit.root import root
    from fgrad.implicit.vectors import flattened
    from fgrad.ir.validity import InvalidGraphError
    from fgrad.prompt.info import info
    from fgrad.registration.functions import primitive
    from fgrad.registration.rules import defjvp, defvjp
    from fgrad.sources.source import source
    from fgrad.transforms.batching import vmap
    from fgrad.transforms.capturing import capture
    from fgrad.transforms.checkpointing import checkpoint
    from fgrad.transforms.contracted import tensor_jacobian_product, vector_jacobian_product
    from fgrad.transforms.curvature import (
        hessian_tensor_product,
        hessian_vector_product,
        hvp,
        make_ggnvp,
        make_hvp,
    )
    from fgrad.transforms.derivative import deriv, holomorphic_grad
    from fgrad.transforms.identities import stop_gradient, transform_cotangent
    from fgrad.transforms.jacobian import hessian, jacfwd, jacobian, jacrev
    from fgrad.transforms.linearize import linearize
    from fgrad.transforms.named import grad_and_aux, grad_named, multigrad_dict
    from fgrad.transforms.products import jvp, make_jvp, make_vjp, vjp
    from fgrad.transforms.taylor import derivatives, jet, taylor

#: What is imported when it is asked for, by module.
_LATE = {
    "fgrad.custom_rules.batch": ("defbatch",),
    "fgrad.custom_rules.jvp": ("custom_jvp",),
    "fgrad.custom_rules.vjp": ("custom_vjp",),
    "fgrad.graphs.graph": ("graph",),
    "fgrad.graphs.graphviz": ("GraphvizMissingError",),
    "fgrad.implicit.errors": (
        "ConvergenceError",
        "SingularError",
    ),
    "fgrad.implicit.fixed_point": ("fixed_point",),
    "fgrad.implicit.linear": ("linear_solve",),
    "fgrad.implicit.minimize": ("minimize",),
    "fgrad.implicit.odeint": ("odeint",),
    "fgrad.implicit.root": ("root",),
    "fgrad.implicit.vectors": ("flattened",),
    "fgrad.ir.validity": ("InvalidGraphError",),
    "fgrad.prompt.info": ("info",),
    "fgrad.registration.functions": ("primitive",),
    "fgrad.registration.rules": (
        "defjvp",
        "defvjp",
    ),
    "fgrad.sources.source": ("source",),
    "fgrad.transforms.batching": ("vmap",),
    "fgrad.transforms.capturing": ("capture",),
    "fgrad.transforms.checkpointing": ("checkpoint",),
    "fgrad.transforms.contracted": (
        "tensor_jacobian_product",
        "vector_jacobian_product",
    ),
    "fgrad.transforms.curvature": (
        "hessian_tensor_product",
        "hessian_vector_product",
        "hvp",
        "make_ggnvp",
        "make_hvp",
    ),
    "fgrad.debugging.context": ("debug_nans",),
    "fgrad.transforms.derivative": (
        "deriv",
        "holomorphic_grad",
    ),
    "fgrad.transforms.identities": (
        "stop_gradient",
        "transform_cotangent",
    ),
    "fgrad.transforms.jacobian": (
        "hessian",
        "jacfwd",
        "jacobian",
        "jacrev",
    ),
    "fgrad.transforms.linearize": ("linearize",),
    "fgrad.transforms.named": (
        "grad_and_aux",
        "grad_named",
        "multigrad_dict",
    ),
    "fgrad.debugging.nonfinite": ("NonFiniteError",),
    "fgrad.transforms.products": (
        "jvp",
        "make_jvp",
        "make_vjp",
        "vjp",
    ),
    "fgrad.transforms.taylor": (
        "derivatives",
        "jet",
        "taylor",
    ),
}

#: The modules that are imported when they are asked for.
_LATE_MODULES = ("implicit", "optimizers", "testing")
_MODULES = ("numpy", *_LATE_MODULES)

keep_freed_memory()


def __getattr__(name: str) -> _Any:
    """Import what is imported late; the version too, since reading it takes longer than importing fgrad."""
    if name == "__version__":
        return _import_module("importlib.metadata").version("fgrad")
    if name in _LATE_MODULES:
        return _import_module(f"fgrad.{name}")
    for module, names in _LATE.items():
        if name in names:
            value = globals()[name] = getattr(_import_module(module), name)
            return value
    raise AttributeError(f"module 'fgrad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_MODULES, "__version__"]


__all__ = [
    "ArgumentError",
    "BatchingError",
    "ConvergenceError",
    "DetachedError",
    "FgradError",
    "GraphvizMissingError",
    "InputError",
    "InvalidGraphError",
    "LeakedBoxError",
    "MissingAttributeError",
    "MissingRuleError",
    "NonFiniteError",
    "OutputError",
    "RegistrationError",
    "SingularError",
    "capture",
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "debug_nans",
    "defbatch",
    "defjvp",
    "defvjp",
    "deriv",
    "derivatives",
    "egrad",
    "elementwise_grad",
    "fixed_point",
    "flattened",
    "grad",
    "grad_and_aux",
    "grad_named",
    "graph",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "hvp",
    "info",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jet",
    "jvp",
    "linear_solve",
    "linearize",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "minimize",
    "multigrad_dict",
    "odeint",
    "primitive",
    "register_pytree",
    "root",
    "source",
    "stop_gradient",
    "taylor",
    "tensor_jacobian_product",
    "transform_cotangent",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
    "vmap",
]
