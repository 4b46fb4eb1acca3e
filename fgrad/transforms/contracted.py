"""A tensor times a Jacobian, in Autograd's signature."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError
from fgrad.core.pytree import flatten, flatten_as, paths
from fgrad.core.spec import spec_of
from fgrad.transforms.curvature import last_apart
from fgrad.transforms.jacobian import jacobian


class tensor_jacobian_product(jacobian):  # noqa: N801 - used as a function
    """Return the function that multiplies a Jacobian by a tensor from the left, as in Autograd.

    Parameters
    ----------
    function : callable
        Returns an array, or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments that the Jacobian is with respect to.
    argnames, has_aux
        As in :class:`fgrad.jacobian`.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and after them, by position, the tensor.  All the tensor's axes
        are summed with the first axes of the result: what is returned has the other axes of the result, and
        then those of the argument.  For a container of arrays the tensor is a container like it, and the
        products are added up.

    Raises
    ------
    InputError, ArgumentError, OutputError
        If a differentiated argument or the result is not of numbers, or the tensor does not fit the result.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import tensor_jacobian_product
    >>> x = np.array([1.0, 2.0])
    >>> tensor_jacobian_product(lambda x: x**3)(x, np.array([1.0, 10.0]))
    array([  3., 120.])
    """

    transform = "tensor_jacobian_product"
    summary = "Tensor-Jacobian product of"
    takes_the_same = False

    def apply(self, args: Any, kwargs: Any) -> Any:
        args, tensor = last_apart(args, self.transform, self.name_of_function(), "the tensor")
        return self.of(_Product(self, tensor), self.inputs(args, kwargs))


vector_jacobian_product = tensor_jacobian_product


class _Product:
    """The product of a tensor and the result of a function."""

    def __init__(self, made: tensor_jacobian_product, tensor: Any) -> None:
        self.made, self.tensor = made, tensor
        self.__name__ = made.name_of_function()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        made = self.made
        output = made.function(*args, **kwargs)
        if made.has_aux and not (isinstance(output, tuple | list) and len(output) == 2):
            return output  # to be refused where it is taken apart
        value, aux = output if made.has_aux else (output, None)
        leaves, structure = flatten(value)
        what = f"{made.transform}: the tensor"
        tensors = flatten_as(self.tensor, structure, what)
        terms = [
            contraction(tensor, leaf, where)
            for tensor, leaf, where in zip(tensors, leaves, paths(structure, what), strict=True)
        ]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return (total, aux) if made.has_aux else total


def contraction(tensor: Any, value: Any, where: str) -> Any:
    """Return the sum of a tensor's axes with the first axes of a value; raise if they differ."""
    shape, full = spec_of(tensor).shape, spec_of(value).shape
    if full[: len(shape)] != shape:
        raise ArgumentError(
            f"{where} has shape {shape}; the result has shape {full}, which must begin with it"
        )
    return np.tensordot(tensor, value, len(shape))
