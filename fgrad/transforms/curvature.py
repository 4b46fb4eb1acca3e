"""Second derivatives in a direction: products of a Hessian or Gauss-Newton matrix, without the matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError
from fgrad.transforms.base import Transformed
from fgrad.transforms.gradient import gradient_for
from fgrad.transforms.linearize import Linearization
from fgrad.transforms.pullback import Pullback
from fgrad.transforms.pushforward import matching_tangents, value_and_tangent
from fgrad.transforms.tracebacks import short_traceback


def last_apart(args: tuple[Any, ...], transform: str, name: str, what: str) -> tuple[tuple[Any, ...], Any]:
    """Return the arguments of a function, and what was passed after them."""
    if not args:
        raise ArgumentError(
            f"{transform}: pass {what} as the last positional argument, after those of {name}"
        )
    return args[:-1], args[-1]


class hvp(Transformed):  # noqa: N801 - used as a function
    """Return the function that multiplies the Hessian of a scalar function by a vector.

    It is forward mode over reverse mode: about the cost of two gradients, whatever the size of the Hessian.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments that the Hessian is with respect to.
    argnames : str or tuple of str, optional
        The same by name, however they are passed; alone, instead of ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.  The result is then ``(product, aux)``.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and after them, by position, the vector: of the structure, shapes
        and dtypes of the argument, or a tuple for a tuple of ``argnums``, a dictionary for a tuple of
        ``argnames``.  Returns the product, of the same structure.

    Raises
    ------
    InputError, ArgumentError, OutputError
        If a differentiated argument is not of numbers, the vector does not fit it, or the result of
        ``function`` is not a real scalar.

    References
    ----------
    B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994),
    https://doi.org/10.1162/neco.1994.6.1.147.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import hvp
    >>> hvp(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([4., 2.])
    """

    transform = "hvp"
    summary = "Hessian-vector product of"
    takes_the_same = False

    def apply(self, args: Any, kwargs: Any) -> Any:
        args, vector = last_apart(args, self.transform, self.name_of_function(), "the vector")
        inputs = self.inputs(args, kwargs)
        tangents = matching_tangents(inputs, vector, f"{self.transform}: the vector")
        _, product, aux = value_and_tangent(
            gradient_for(self), inputs, tangents, self.transform, has_aux=self.has_aux
        )
        return self.with_aux(product, aux)


hessian_vector_product = hvp
hessian_tensor_product = hvp


class make_hvp(Transformed):  # noqa: N801 - used as a function
    """Return the function that returns ``(product, gradient)`` at a point, as in Autograd.

    The gradient is computed and recorded once; each product then costs its linear part only.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments that the Hessian is with respect to.
    argnames, has_aux
        As in :class:`hvp`; ``aux`` comes last.

    Returns
    -------
    callable
        Takes the arguments of ``function``.  ``product`` is the function from a vector, of the structure of
        the argument, to the Hessian times the vector.

    Raises
    ------
    InputError, ArgumentError, OutputError
        As for :class:`hvp`.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import make_hvp
    >>> product, gradient = make_hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    >>> gradient, product(np.array([1.0, 10.0]))
    (array([ 3., 12.]), array([  6., 120.]))
    """

    transform = "make_hvp"
    summary = "Hessian-vector products and gradient of"

    def apply(self, args: Any, kwargs: Any) -> Any:
        inputs = self.inputs(args, kwargs)
        linear = Linearization(gradient_for(self), inputs, self.transform, has_aux=self.has_aux)
        return self.with_aux(linear, linear.value, linear.aux)


def half_squares(x: Any) -> Any:
    """Return half the sum of squares along the last axis, whose Hessian is the identity."""
    return 1.0 / 2 * np.sum(x**2, axis=-1)


class make_ggnvp(Transformed):  # noqa: N801 - used as a function
    """Return the function that returns generalized Gauss-Newton-vector products at a point, as in Autograd.

    For ``g(f(x))`` with the Jacobian ``J`` of ``f`` and the Hessian ``H`` of ``g``, the generalized
    Gauss-Newton matrix is ``J.T @ H @ J``: the Hessian without the second derivatives of ``f``.  It is
    positive semi-definite for a convex ``g``.

    Parameters
    ----------
    f : callable
        The model: returns an array or a container of arrays.
    g : callable, optional
        The loss of the model's result: returns a real scalar.  Half the sum of squares by default.
    f_argnum : int or tuple of int, default 0
        The positional arguments of ``f`` that the matrix is with respect to.

    Returns
    -------
    callable
        Takes the arguments of ``f`` and returns the function from a vector, of the structure of the argument,
        to the product.

    Raises
    ------
    InputError, ArgumentError, OutputError
        If an argument or a result is not of numbers, the vector does not fit it, or ``g`` does not return a
        real scalar.

    References
    ----------
    N. N. Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent", Neural
    Computation 14 (2002), https://doi.org/10.1162/08997660260028683.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import make_ggnvp
    >>> model = lambda w: np.array([w[0] * w[1], w[1]])
    >>> make_ggnvp(model)(np.array([2.0, 3.0]))(np.array([1.0, 0.0]))
    array([9., 6.])
    """

    transform = "make_ggnvp"
    summary = "Gauss-Newton-vector products of"

    def __init__(
        self, f: Callable[..., Any], g: Callable[..., Any] = half_squares, f_argnum: Any = 0
    ) -> None:
        super().__init__(f, f_argnum)
        self.loss = make_hvp(g)
        self.loss.transform = self.transform

    def apply(self, args: Any, kwargs: Any) -> Any:
        return _GaussNewton(self, args, kwargs)


class _GaussNewton:
    """The product ``J.T @ H @ J @ v`` at a point."""

    def __init__(self, made: make_ggnvp, args: Any, kwargs: Any) -> None:
        function, transform = made.function, made.transform
        self.inputs = made.inputs(args, kwargs)
        self.forward = Linearization(function, self.inputs, transform)
        self.backward = Pullback(function, self.inputs, transform, detached=True)
        self.curvature, _ = made.loss(self.forward.value)

    @short_traceback
    def __call__(self, vector: Any) -> Any:
        return self.backward(self.curvature(self.forward(vector)))
