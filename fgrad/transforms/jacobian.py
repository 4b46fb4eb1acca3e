"""Jacobians and Hessians: all the derivatives at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.spec import Spec, cast, spec_of, zeros
from fgrad.transforms.arguments import checked_chunk_size
from fgrad.transforms.base import Transformed
from fgrad.transforms.basis import images, packed
from fgrad.transforms.gradient import gradient_for
from fgrad.transforms.inputs import FIRST, Inputs
from fgrad.transforms.linearize import Linearization
from fgrad.transforms.pullback import Pullback

#: How many pulls a run of the function in forward mode is worth.
_RUN = 3


class jacobian(Transformed):  # noqa: N801 - used as a function
    """Return the function that computes all derivatives of each element of the result.

    Reverse mode takes a step for each element of the result, forward mode one for each of the argument.  The
    function is run in reverse mode; where its result turns out to be so much larger than the argument that
    forward mode is cheaper, it is run a second time.  :class:`jacrev` and :class:`jacfwd` leave no choice.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.
    argnames : str or tuple of str, optional
        The arguments to differentiate with respect to by name, however they are passed; alone, instead of
        ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.  The result is then ``(jacobian, aux)``.
    chunk_size : int, optional
        How many rows, or columns, are computed at once, for a bound on memory; all of them by default.

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

    def __init__(
        self,
        function: Callable[..., Any],
        argnums: Any = FIRST,
        argnum: Any = None,
        *,
        argnames: Any = None,
        has_aux: bool = False,
        chunk_size: int | None = None,
    ) -> None:
        super().__init__(function, argnums, argnum, argnames=argnames, has_aux=has_aux)
        self.chunk_size = checked_chunk_size(chunk_size, self.transform)

    def apply(self, args: Any, kwargs: Any) -> Any:
        return self.of(self.function, self.inputs(args, kwargs))

    def of(self, function: Callable[..., Any], inputs: Inputs) -> Any:
        """Return the derivatives of a function by the cheaper mode."""
        pullback = Pullback(function, inputs, self.transform, has_aux=self.has_aux)
        if forward_is_cheaper(inputs, pullback.specs):
            return self.by_columns(function, inputs)
        return self.by_rows(pullback)

    def by_rows(self, pullback: Pullback) -> Any:
        """Return the derivatives by reverse mode, in containers like the result."""
        inputs = pullback.inputs
        leaves = [spec_of(leaf) for leaf in inputs.leaves]
        blocks = [
            rows(pullback.pull, pullback.specs, i, leaves, self.chunk_size)
            for i in range(len(pullback.specs))
        ]
        return self.with_aux(packed(blocks, inputs, pullback.structure), pullback.aux)

    def by_columns(self, function: Callable[..., Any], inputs: Inputs) -> Any:
        """Return the derivatives by forward mode, in containers like the result."""
        linear = Linearization(function, inputs, self.transform, has_aux=self.has_aux)
        leaves = [spec_of(leaf) for leaf in inputs.leaves]

        def push(tangents: list[Any]) -> list[Any]:
            return linear.push(
                [zeros(spec) if t is None else t for t, spec in zip(tangents, leaves, strict=True)]
            )

        found = [columns(push, leaves, i, linear.specs, self.chunk_size) for i in range(len(leaves))]
        blocks = [[column[i] for column in found] for i in range(len(linear.specs))]
        return self.with_aux(packed(blocks, inputs, linear.structure), linear.aux)


class jacrev(jacobian):  # noqa: N801 - used as a function
    """Return the function that computes a Jacobian by reverse mode.

    That is one step for each element of the result.  It takes and returns what :class:`jacobian` does.

    Parameters
    ----------
    function, argnums, argnum, argnames, has_aux, chunk_size
        As in :class:`jacobian`.

    Returns
    -------
    callable
        As in :class:`jacobian`.

    Raises
    ------
    InputError, OutputError
        If a differentiated argument or the result is not of numbers.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import jacrev
    >>> jacrev(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    transform = "jacrev"

    def apply(self, args: Any, kwargs: Any) -> Any:
        inputs = self.inputs(args, kwargs)
        return self.by_rows(Pullback(self.function, inputs, self.transform, has_aux=self.has_aux))


class jacfwd(jacobian):  # noqa: N801 - used as a function
    """Return the function that computes a Jacobian by forward mode.

    That is one step for each element of the argument.  It takes and returns what :class:`jacobian` does.

    Parameters
    ----------
    function, argnums, argnum, argnames, has_aux, chunk_size
        As in :class:`jacobian`.

    Returns
    -------
    callable
        As in :class:`jacobian`.

    Raises
    ------
    InputError, OutputError
        If a differentiated argument or the result is not of numbers.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import jacfwd
    >>> jacfwd(lambda t: np.array([np.exp(t), np.sin(t)]))(0.0)
    array([1., 1.])
    """

    transform = "jacfwd"

    def apply(self, args: Any, kwargs: Any) -> Any:
        return self.by_columns(self.function, self.inputs(args, kwargs))


def forward_is_cheaper(inputs: Inputs, results: list[Spec]) -> bool:
    """Return whether the columns of a Jacobian are so few that the function may be run again for them."""
    leaves = [spec_of(leaf) for leaf in inputs.leaves]
    results = [spec for spec in results if spec.dtype.kind in "fc"]
    twice_back = any(spec.dtype.kind != "c" for spec in leaves)
    twice_ahead = any(spec.dtype.kind != "c" for spec in results)
    return _steps(leaves, twice_ahead) + _RUN < _steps(results, twice_back)


def _steps(specs: list[Spec], complex_ones_twice: bool) -> int:
    return sum(spec.size * (1 + (spec.dtype.kind == "c" and complex_ones_twice)) for spec in specs)


def rows(
    pull: Any, specs: list[Spec], position: int, leaves: list[Spec], chunk_size: int | None
) -> list[Any]:
    """Return the derivatives of one leaf of the result by each leaf of the arguments, by pulls."""
    out = specs[position]
    if out.dtype.kind not in "fc":
        return [np.zeros(out.shape + leaf.shape, leaf.dtype) for leaf in leaves]
    found = images(pull, specs, position, 1, leaves, chunk_size)
    if out.dtype.kind != "c" or all(leaf.dtype.kind == "c" for leaf in leaves):
        return found
    turned = images(pull, specs, position, -1j, leaves, chunk_size)
    return [
        block if leaf.dtype.kind == "c" else block + 1j * other
        for block, other, leaf in zip(found, turned, leaves, strict=True)
    ]


def columns(
    push: Any, leaves: list[Spec], position: int, results: list[Spec], chunk_size: int | None
) -> list[Any]:
    """Return the derivatives of each leaf of the result by one leaf of the arguments, by pushes."""
    leaf = leaves[position]
    found = images(push, leaves, position, 1, results, chunk_size)
    turned: list[Any] = [None] * len(results)
    if leaf.dtype.kind == "c" and any(out.dtype.kind == "f" for out in results):
        turned = images(push, leaves, position, 1j, results, chunk_size)
    blocks = []
    for block, other, out in zip(found, turned, results, strict=True):
        if out.dtype.kind not in "fc":
            blocks.append(np.zeros(out.shape + leaf.shape, leaf.dtype))
            continue
        if other is not None and out.dtype.kind == "f":
            block = block - 1j * other
        if leaf.shape and out.shape:
            block = np.moveaxis(block, range(leaf.ndim), range(-leaf.ndim, 0))
        kind = leaf.dtype if out.dtype.kind == "f" else np.result_type(leaf.dtype, np.complex64)
        blocks.append(block if spec_of(block).dtype == kind else cast(block, kind))
    return blocks


class hessian(jacobian):  # noqa: N801 - used as a function
    """Return the function that computes the second derivatives of a scalar function.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.
    argnames : str or tuple of str, optional
        The arguments to differentiate with respect to by name, however they are passed; alone, instead of
        ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.  The result is then ``(hessian, aux)``.
    chunk_size : int, optional
        How many rows are computed at once, for a bound on memory; all of them by default.

    Returns
    -------
    callable
        Takes the arguments of ``function``.  For an argument of shape ``n`` it returns an array of shape
        ``n + n``; for a container, or several arguments, containers of blocks.

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

    def apply(self, args: Any, kwargs: Any) -> Any:
        inputs = self.inputs(args, kwargs)
        return self.by_rows(Pullback(gradient_for(self), inputs, self.transform, has_aux=self.has_aux))
