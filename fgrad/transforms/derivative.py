"""Derivatives of functions of a number, real or complex, and element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import InputError, OutputError
from fgrad.core.pytree import paths
from fgrad.core.spec import spec_of
from fgrad.transforms.base import Transformed
from fgrad.transforms.gradient import grad
from fgrad.transforms.inputs import Inputs
from fgrad.transforms.outputs import is_array_like
from fgrad.transforms.pushforward import value_and_tangent


class deriv(Transformed):  # noqa: N801 - used as a function
    """Return the function that computes a derivative by forward mode, in one run.

    Parameters
    ----------
    function : callable
        Takes a number, and returns a number, an array or a container of arrays; or works on an array element
        by element.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.  For several the derivatives by each are
        added up, as if all of them were the same number.
    argnames, has_aux
        As in :func:`fgrad.grad`.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns the derivative, of the structure and shapes of the
        result.  For an array it is that of each element, if no element of the result depends on two of the
        argument; else the sum of these.  For a complex number the function is taken to be holomorphic.

    Raises
    ------
    InputError, OutputError
        If a differentiated argument or the result is not of numbers.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import deriv
    >>> deriv(np.sin)(0.0)
    np.float64(1.0)
    >>> deriv(lambda t: {"x": np.array([t, t**2]), "y": t**3})(2.0)
    {'x': array([1., 4.]), 'y': 12.0}
    >>> deriv(deriv(np.exp))(np.zeros(2))
    array([1., 1.])
    """

    transform = "deriv"
    summary = "Derivative of"

    def apply(self, args: Any, kwargs: Any) -> Any:
        inputs = self.inputs(args, kwargs)
        ones = [np.ones(spec.shape, spec.dtype)[()] for spec in map(spec_of, inputs.leaves)]
        _, tangent, aux = value_and_tangent(self.function, inputs, ones, self.transform, has_aux=self.has_aux)
        return self.with_aux(tangent, aux)


class holomorphic_grad(grad):  # noqa: N801 - used as a function
    """Return the function that computes the derivative of a holomorphic function of complex numbers.

    Parameters
    ----------
    function : callable
        Takes complex numbers and returns a complex scalar, and is complex-differentiable.  That it is cannot
        be seen from a point; of another function this is the gradient of the real part.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.
    argnames, has_aux
        As in :func:`fgrad.grad`.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns ``df/dz``, of the structure and shapes of the
        argument.

    Raises
    ------
    InputError
        If a leaf of a differentiated argument is not complex.
    OutputError
        If the result is not a complex scalar.

    Examples
    --------
    >>> from fgrad import holomorphic_grad
    >>> holomorphic_grad(lambda z: z**3)(2.0 + 1.0j)
    (9+12j)
    """

    transform = "holomorphic_grad"
    summary = "Complex derivative of"

    def inputs(self, args: Any, kwargs: Any) -> Inputs:
        """Return the arguments that are differentiated; raise if one is not complex."""
        inputs = super().inputs(args, kwargs)
        for i, leaf in enumerate(inputs.leaves):
            dtype = spec_of(leaf).dtype
            if dtype.kind != "c":
                where = paths(inputs.structure(), "the argument")[i]
                raise InputError(
                    f"{self.transform}: {where} is of dtype {dtype}; it must be complex. Use grad for real "
                    "arguments, or pass complex(x) or x.astype(complex)."
                )
        return inputs

    def seed(self, value: Any, leaves: Any) -> Any:
        """Return the cotangent to start from; raise if the result is not a complex scalar."""
        described = f"a {type(value).__name__}"
        if is_array_like(value):
            shape, dtype = spec_of(value)
            if shape == () and dtype.kind == "c":
                return dtype.type(1)
            described = f"an array of shape {shape}" if shape else f"a scalar of dtype {dtype}"
        raise OutputError(
            f"{self.transform}: {self.name_of_function()} must return a complex scalar; it returned "
            f"{described}. Use grad for a real result, and elementwise_grad or jacobian for an array."
        )
