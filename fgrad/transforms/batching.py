"""``vmap``: a function of one example, made a function of many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten, paths, unflatten
from fgrad.core.spec import spec_of
from fgrad.modes.batching import BatchTrace, in_front
from fgrad.modes.slate import plain
from fgrad.rules import batching as _rules  # noqa: F401 - which are declared when they are imported
from fgrad.transforms.arguments import check_alive, checked_chunk_size
from fgrad.transforms.base import Transformed
from fgrad.transforms.examples import Examples, spread_axes
from fgrad.transforms.outputs import is_array_like


class vmap(Transformed):  # noqa: N801 - used as a function
    """Return the function that does for many examples at once what the given one does for one.

    Parameters
    ----------
    function : callable
        Takes one example; returns an array or a container of arrays.  It may not decide anything by a value
        that differs between the examples.
    in_axes : int, None, or container, default 0
        Along which axis of each positional argument the examples lie; None for an argument that is the same
        for all.  A tuple or list has one entry for each positional argument.  An entry may be a container
        like the argument, or like its outer part: what stands at a place counts for all that is below.
        Arguments passed by keyword have their examples along the first axis.
    out_axes : int, None, or container, default 0
        Along which axis of the results the examples are to lie, likewise; None for a result that is the same
        for all examples.
    chunk_size : int, optional
        How many examples are computed at once, for a bound on memory; all of them by default.

    Returns
    -------
    callable
        Takes the arguments of ``function``, each with its axis of examples.

    Raises
    ------
    InputError, ArgumentError
        If an axis does not exist, the numbers of examples differ, or no argument has any.
    BatchingError
        If the function decides by a value that differs between the examples (``if``, ``int``, a count).

    Notes
    -----
    An operation that has no rule for many examples at once, such as a user's primitive, is done for one after
    the other.  Where a number of elements depends on values (``x[mask]``, ``numpy.unique``) it must be the
    same for all examples.  Random numbers that are drawn inside are drawn once, for all.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad, vmap
    >>> vmap(np.dot, in_axes=(0, None))(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
    array([21., 43.])

    The gradient for each example:

    >>> def loss(w, x, y):
    ...     return (np.dot(w, x) - y) ** 2
    >>> X, y = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    >>> vmap(grad(loss), in_axes=(None, 0, 0))(np.array([2.0, 1.0]), X, y)
    array([[2., 0.],
           [2., 2.]])
    """

    transform = "vmap"

    def __init__(
        self,
        function: Callable[..., Any],
        in_axes: Any = 0,
        out_axes: Any = 0,
        *,
        chunk_size: int | None = None,
    ) -> None:
        self.in_axes, self.out_axes = in_axes, out_axes
        self.chunk_size = checked_chunk_size(chunk_size, "vmap")
        super().__init__(function)

    def summarized(self, name: str) -> str:
        return f"{name} for many examples at once, in_axes={self.in_axes!r} and out_axes={self.out_axes!r}."

    def words(self) -> list[str]:
        axes = {"in_axes": self.in_axes, "out_axes": self.out_axes}
        return [self.inner_expression(), *(f"{name}={value!r}" for name, value in axes.items() if value != 0)]

    def apply(self, args: Any, kwargs: Any) -> Any:
        examples = Examples(self.function, args, kwargs, self.in_axes)
        size = examples.size
        if self.chunk_size is None or self.chunk_size >= size:
            return self.all_at_once(examples, slice(None))
        starts = range(0, size, self.chunk_size)
        parts = [self.all_at_once(examples, slice(i, min(i + self.chunk_size, size))) for i in starts]
        return self.joined(parts)

    def all_at_once(self, examples: Examples, chunk: slice) -> Any:
        """Return the results for some of the examples."""
        trace = BatchTrace("vmap", len(range(examples.size)[chunk]))
        try:
            args, kwargs = examples.boxed(trace, chunk)
            output = self.function(*args, **kwargs)
            leaves, structure = flatten(output)
            leaves = [plain(leaf) for leaf in leaves]
            places = paths(structure, "the result")
            axes = spread_axes(self.out_axes, output, "out_axes", "the result")
            for leaf, place in zip(leaves, places, strict=True):
                check_alive(leaf, f"{place} of the function given to vmap")
                if not is_array_like(leaf):
                    raise InputError(
                        f"vmap: {self.name_of_function()} must return numbers, arrays or containers of them; "
                        f"{place} is a {type(leaf).__name__}"
                    )
            moved = [
                moved_out(*trace.examples(leaf), axis, trace.size, place)
                for leaf, axis, place in zip(leaves, axes, places, strict=True)
            ]
        finally:
            trace.finish()
        return unflatten(structure, owned_apart(moved, [leaf.value for leaf in examples.leaves]))

    def joined(self, parts: list[Any]) -> Any:
        """Return the results of chunks as one."""
        columns = [flatten(part) for part in parts]
        structure = columns[0][1]
        axes = spread_axes(self.out_axes, parts[0], "out_axes", "the result")
        leaves = [
            column[0] if axis is None else np.concatenate(column, axis)
            for column, axis in zip(zip(*(leaves for leaves, _ in columns), strict=True), axes, strict=True)
        ]
        return unflatten(structure, leaves)


def moved_out(value: Any, has_examples: bool, axis: Any, size: int, place: str) -> Any:
    """Return a result with its axis of examples where it is wanted."""
    if axis is None:
        if has_examples:
            raise ArgumentError(
                f"vmap: {place} differs between the examples, and out_axes has None for it; give it an axis"
            )
        return value
    value = in_front(value, has_examples, size)
    ndim = spec_of(value).ndim
    if not -ndim <= axis < ndim:
        raise ArgumentError(
            f"vmap: {place} has {ndim} axes with that of the examples; out_axes has {axis} for it"
        )
    if not has_examples and type(value) is np.ndarray:
        value = value.copy()  # not a view of one number
    return value if axis == 0 else np.moveaxis(value, 0, axis)


def owned_apart(values: list[Any], others: list[Any]) -> list[Any]:
    """Return values that can be written into without changing the arguments, or each other."""
    apart: list[Any] = []
    for value in values:
        if type(value) is np.ndarray:
            shares = any(np.may_share_memory(value, bottom(other)) for other in (*others, *apart))
            if shares or not value.flags.writeable:
                value = value.copy()
        apart.append(value)
    return apart
