"""Jacobians and Hessians: all the derivatives at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.pytree import LEAF, unflatten
from fgrad.core.spec import Spec, spec_of
from fgrad.transforms.base import Transformed
from fgrad.transforms.gradient import grad
from fgrad.transforms.pullback import Pullback


class jacobian(Transformed):  # noqa: N801 - used as a function
    """Return the function that computes all derivatives of each element of the result.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.

    Returns
    -------
    callable
        Takes the arguments of ``function``.  For a result of shape ``m`` and an argument of shape ``n`` it
        returns an array of shape ``m + n``.  Containers nest: for each leaf of the result a container like
        the argument.  A complex result of a real argument has a complex Jacobian; with respect to a
        complex argument the function is taken to be holomorphic, or, for a real result, the Jacobian is
        ``df/dx - i df/dy``.

    Raises
    ------
    InputError, OutputError
        If a differentiated argument or the result is not of numbers.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import jacobian
    >>> jacobian(lambda x: np.outer(x, x)[0])(np.array([1.0, 2.0]))
    array([[2., 0.],
           [2., 1.]])
    """

    transform = "jacobian"
    summary = "Jacobian of"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.all_rows(self.function, args, kwargs)

    def all_rows(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Return the derivatives of a function, in containers like its result."""
        pullback = Pullback(function, self.argnums, args, kwargs, self.transform)
        blocks = [self.rows(pullback, position) for position in range(len(pullback.outputs))]
        return blocks[0] if pullback.structure is LEAF else unflatten(pullback.structure, blocks)

    def rows(self, pullback: Pullback, position: int) -> Any:
        """Return the derivatives of one leaf of the result, in containers like the arguments."""
        out = pullback.specs[position]
        leaves = pullback.inputs.leaves
        if out.dtype.kind not in "fc":
            zero = [np.zeros(out.shape + spec_of(leaf).shape, spec_of(leaf).dtype) for leaf in leaves]
            return pullback.inputs.pack(zero)
        pulled = [pull_basis(pullback, position, i, 1) for i in range(out.size)]
        if out.dtype.kind == "c":
            turned = [pull_basis(pullback, position, i, -1j) for i in range(out.size)]
            pulled = [
                [
                    g if spec_of(leaf).dtype.kind == "c" else g + 1j * other
                    for g, other, leaf in zip(row, turned_row, leaves, strict=True)
                ]
                for row, turned_row in zip(pulled, turned, strict=True)
            ]
        columns = list(zip(*pulled, strict=True)) or [()] * len(leaves)
        return pullback.inputs.pack(
            [assemble(column, out, spec_of(leaf)) for column, leaf in zip(columns, leaves, strict=True)]
        )


def pull_basis(pullback: Pullback, position: int, element: int, one: complex) -> list[Any]:
    """Pull the cotangent back that is ``one`` at one element of one leaf of the result."""
    gs: list[Any] = [None] * len(pullback.specs)
    gs[position] = basis(pullback.specs[position], element, one)
    return pullback.cotangents(gs)


def basis(spec: Spec, element: int, one: complex) -> Any:
    """Return an array that is ``one`` at one element, counted in C order, and zero elsewhere."""
    g = np.zeros(spec.size, spec.dtype)
    g[element] = one
    return g.reshape(spec.shape) if spec.shape else g[0]


def assemble(rows: Any, out: Spec, leaf: Spec) -> Any:
    """Return the rows of a Jacobian as one array of the result's shape and the argument's."""
    if not out.shape:
        return rows[0]
    if not rows:
        return np.zeros(out.shape + leaf.shape, leaf.dtype)
    return np.reshape(np.stack(rows), out.shape + leaf.shape)


class hessian(jacobian):  # noqa: N801 - used as a function
    """Return the function that computes the second derivatives of a scalar function.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.

    Returns
    -------
    callable
        Takes the arguments of ``function``.  For an argument of shape ``n`` it returns an array of shape
        ``n + n``; for a container, or a tuple of ``argnums``, containers of blocks.

    Raises
    ------
    InputError, OutputError
        If a differentiated argument is not of numbers, or the result is not a real scalar.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import hessian
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """

    transform = "hessian"
    summary = "Hessian of"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.all_rows(_Gradient(self.function, self.argnums), args, kwargs)


class _Gradient(grad):
    """The inner derivative of a Hessian, whose errors speak of the Hessian."""

    transform = "hessian"
    summary = "Gradient of"
