"""Gradients of scalar functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import OutputError
from fgrad.core.spec import spec_of
from fgrad.modes.infinitesimal import standards
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.slate import plain
from fgrad.transforms.arguments import check_alive, finish_leaf
from fgrad.transforms.base import Transformed
from fgrad.transforms.outputs import evaluate, is_array_like


class value_and_grad(Transformed):  # noqa: N801 - used as a function
    """Return the function that returns ``(f(*args), gradient)``.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums : int or tuple of int, default 0
        The positional arguments to differentiate with respect to; negative ones count from the end.
        Each is a float, an array, or a container of them.
    argnum : int or tuple of int, optional
        The same, under Autograd's name.
    argnames : str or tuple of str, optional
        The arguments to differentiate with respect to by name, however they are passed; alone, instead of
        ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.  The result is then ``((value, aux), gradient)``.

    Returns
    -------
    callable
        Takes the arguments of ``function``.  The gradient has the structure, the shapes and the dtypes of
        the argument (floats for ints); for a tuple of ``argnums`` it is a tuple, for a tuple of
        ``argnames`` a dictionary, and for both a pair of these.  For a complex argument ``x + iy`` it is
        ``df/dx - i df/dy``, as in Autograd and JAX: a step downhill is along its conjugate.

    Raises
    ------
    InputError
        If a leaf of a differentiated argument is not a number or an array of numbers.
    OutputError
        If the function's result is not a real scalar.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import value_and_grad
    >>> value_and_grad(lambda w: np.sum(w**2))(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """

    transform = "value_and_grad"
    summary = "Value and gradient of"

    def apply(self, args: Any, kwargs: Any) -> Any:
        value, gradient, aux = self.evaluate(args, kwargs)
        return (value, aux) if self.has_aux else value, gradient

    def evaluate(self, args: Any, kwargs: Any) -> tuple[Any, Any, Any]:
        """Return the value, the gradient, and what else the function has to tell."""
        trace = ReverseTrace(self.transform)
        try:
            inputs = self.inputs(args, kwargs)
            leaves = inputs.leaves
            boxes = [trace.root(leaf) for leaf in leaves]
            output, aux = evaluate(self.function, inputs, boxes, trace, self.has_aux)
        finally:
            trace.finish()  # what a derivative rule might record on the way back would be lost
        if type(output) is Box and output.owner is trace:
            (value,) = standards([output.value], trace)
            seeds = [(output.payload, self.seed(value, leaves))]
            cotangents = standards(trace.tape.pull_back(seeds, len(leaves)), trace)
        else:
            check_alive(output, f"the result of the function given to {self.transform}")
            value = plain(output)
            self.seed(value, leaves)
            cotangents = [None] * len(leaves)
        seen: set[int] = set()
        gradient = inputs.pack(
            [finish_leaf(g, leaf, seen) for g, leaf in zip(cotangents, leaves, strict=True)]
        )
        return value, gradient, aux

    def seed(self, value: Any, leaves: Any) -> Any:
        """Return the cotangent to start from; raise if the result is not a real scalar."""
        kind = type(value)
        if kind is float:
            return 1.0
        if is_array_like(value):
            shape, dtype = spec_of(value)
            if shape == () and dtype.kind in "fiu":
                return dtype.type(1)
            described = (
                f"an array of shape {shape} and dtype {dtype}" if shape else f"a scalar of dtype {dtype}"
            )
        else:
            shape, dtype, described = None, None, f"a {kind.__name__}"
        if shape is not None and dtype is not None and dtype.kind == "c":
            cure = "Take np.real, np.imag or np.abs of the result, or use elementwise_grad or jacobian."
        elif shape:
            cure = (
                "Use jacobian for all its derivatives, elementwise_grad if each element of the result "
                "depends on one of the argument, or return a scalar (np.sum, np.mean)."
            )
        elif shape is None:
            cure = "Return a scalar; vjp and jacobian take functions that return containers of arrays."
        else:
            cure = "Return a real number."
        raise OutputError(
            f"{self.transform}: {self.name_of_function()} must return a real scalar; "
            f"it returned {described}. {cure}"
        )


class grad(value_and_grad):  # noqa: N801 - used as a function
    """Return the function that computes the gradient of a scalar function.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums : int or tuple of int, default 0
        The positional arguments to differentiate with respect to; negative ones count from the end.
        Each is a float, an array, or a container of them.
    argnum : int or tuple of int, optional
        The same, under Autograd's name.
    argnames : str or tuple of str, optional
        The arguments to differentiate with respect to by name, however they are passed; alone, instead of
        ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.  The result is then ``(gradient, aux)``.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns the gradient: the structure, the shapes and the
        dtypes are those of the argument (floats for ints); for a tuple of ``argnums`` it is a tuple, for a
        tuple of ``argnames`` a dictionary, and for both a pair of these.  For a complex argument ``x + iy``
        it is ``df/dx - i df/dy``, as in Autograd and JAX: a step downhill is along its conjugate.

    Raises
    ------
    InputError
        If a leaf of a differentiated argument is not a number or an array of numbers.
    OutputError
        If the function's result is not a real scalar.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> grad(np.tanh)(0.0)
    1.0
    >>> grad(grad(np.sin))(0.5) == -np.sin(0.5)
    np.True_
    >>> grad(lambda params: np.sum(params["w"]) * params["b"])({"w": np.ones(2), "b": 3.0})
    {'w': array([3., 3.]), 'b': 2.0}
    >>> grad(lambda x, scale: scale * x**2, argnames=("x", "scale"))(3.0, scale=10.0)
    {'x': 60.0, 'scale': 9.0}
    """

    transform = "grad"
    summary = "Gradient of"

    def apply(self, args: Any, kwargs: Any) -> Any:
        _, gradient, aux = self.evaluate(args, kwargs)
        return self.with_aux(gradient, aux)


def gradient_for(made: Transformed) -> grad:
    """Return the gradient inside another transform of the same function, whose errors speak of that one."""
    inner = grad(made.function, has_aux=made.has_aux)
    inner.wanted, inner.transform = made.wanted, made.transform
    return inner


class elementwise_grad(grad):  # noqa: N801 - used as a function
    """Return the function that computes the derivative of each element of the result, added up.

    For a function that works element by element this is its derivative, everywhere at once.

    Parameters
    ----------
    function : callable
        Returns an array.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.
    argnames, has_aux
        As in :class:`grad`.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns an array of the argument's shape and dtype: the
        gradient of the sum of the result's elements.  For a holomorphic function of a complex argument
        it is the complex derivative.

    Raises
    ------
    OutputError
        If the function's result is not an array of numbers, or is complex for a real argument.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import elementwise_grad
    >>> elementwise_grad(np.sin)(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """

    transform = "elementwise_grad"
    summary = "Elementwise derivative of"

    def seed(self, value: Any, leaves: Any) -> Any:
        """Return ones of the shape of the result."""
        if is_array_like(value):
            shape, dtype = spec_of(value)
            if dtype.kind == "c" and any(spec_of(leaf).dtype.kind != "c" for leaf in leaves):
                raise OutputError(
                    f"elementwise_grad: {self.name_of_function()} must return real numbers for a real "
                    f"argument; it returned dtype {dtype}, whose derivative would be complex. "
                    "Use jacobian, or take np.real and np.imag of the result and differentiate each."
                )
            if dtype.kind in "fciu":
                one = dtype.type(1)
                return np.full(shape, one) if shape else one
            described = f"an array of dtype {dtype}"
        else:
            described = f"a {type(value).__name__}"
        raise OutputError(
            f"elementwise_grad: {self.name_of_function()} must return an array of numbers; "
            f"it returned {described}. Functions that return containers can be given to vjp and jacobian."
        )


egrad = elementwise_grad
