"""A function of a container as SciPy's solvers want it: of a vector, with its derivatives.

>>> import fgrad.numpy as np
>>> from fgrad.optimizers.numbers import parameters_of
>>> packing = Packing(*parameters_of({"a": 2.0, "b": 3.0}, "x0"))
>>> objective = Objective(lambda p: p["a"] ** 2 * p["b"], (), packing)
>>> x = np.array([2.0, 3.0])
>>> objective.value_and_gradient(x), objective.product(x, np.array([1.0, 0.0]))
((12.0, array([12.,  4.])), array([6., 4.]))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, DetachedError, OutputError
from fgrad.core.pytree import flatten
from fgrad.core.spec import spec_of
from fgrad.optimizers.numbers import check_finite
from fgrad.optimizers.vectors import Packing
from fgrad.transforms.gradient import grad, value_and_grad
from fgrad.transforms.outputs import is_array_like
from fgrad.transforms.products import jvp

#: What to do where a traced value would reach SciPy.
TRACED = (
    "SciPy's solvers cannot be traced. fgrad.minimize differentiates a solution by the condition that holds "
    "there, whatever found it."
)


class Objective:
    """The function and its derivatives, of the vector that ``packing`` makes.

    Attributes
    ----------
    latest : float or None
        The value of the last call, for the progress bar.
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], packing: Packing) -> None:
        self.function, self.args, self.packing = function, args, packing
        self.latest: float | None = None
        self.differentiated = value_and_grad(function)
        self.gradient = grad(function)

    def value(self, vector: Any) -> float:
        """Return the value at a vector."""
        return self.number(self.function(self.packing.unpack(vector), *self.args))

    def value_and_gradient(self, vector: Any) -> tuple[float, Any]:
        """Return the value and the vector of its derivatives."""
        value, gradient = self.differentiated(self.packing.unpack(vector), *self.args)
        number = self.number(value)
        if np.isfinite(number):
            self.check(gradient, "gradient")
        return number, self.packing.pack_gradient(gradient)

    def product(self, vector: Any, direction: Any) -> Any:
        """Return the product of the Hessian at a vector with a direction: the JVP of the gradient."""
        x, t = self.packing.unpack(vector), self.packing.unpack(direction)
        _, moved = jvp(self.gradient, (x, *self.args), t, argnums=0)
        self.check(moved, "Hessian-vector product")
        return self.packing.pack_gradient(moved)

    def hessian(self, vector: Any) -> Any:
        """Return the Hessian, a product for each column."""
        return np.stack([self.product(vector, unit) for unit in np.eye(self.packing.size)], axis=1)

    def number(self, value: Any) -> float:
        """Return a result of the function as a float; raise if it is none, or NaN at the start."""
        if type(value) is Box:
            raise DetachedError(f"minimize: the function returned a traced value. {TRACED}")
        if not is_array_like(value) or spec_of(value).shape or spec_of(value).dtype.kind not in "fiu":
            raise OutputError(f"minimize: the function must return a real scalar; it returned {value!r}")
        number = float(value)
        if self.latest is None and np.isnan(number):
            raise ArgumentError("minimize: the function is nan at x0. Start where it is defined.")
        self.latest = number
        return number

    def check(self, derivative: Any, what: str) -> None:
        """Raise if a derivative is NaN or infinite."""
        check_finite(
            *flatten(derivative),
            f"minimize: {what}",
            f"where the function is {self.latest}. Find the operation whose derivative is undefined there, "
            "and keep away from that point with bounds or np.where.",
        )
