"""Containers as vectors of real numbers, which is what most solvers work on.

>>> import numpy as np
>>> layout = Layout({"a": np.array([1.0, 2.0]), "b": 3.0 + 4.0j})
>>> layout.vector({"a": np.array([1.0, 2.0]), "b": 3.0 + 4.0j})
array([1., 2., 3., 4.])
>>> layout.tree(np.array([5.0, 6.0, 7.0, 8.0]))
{'a': array([5., 6.]), 'b': np.complex128(7+8j)}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, OutputError
from fgrad.core.pytree import LEAF, flatten, flatten_as, paths, unflatten
from fgrad.core.reals import from_reals, real_parts, real_size
from fgrad.core.spec import cast, spec_of
from fgrad.implicit.errors import ConvergenceError
from fgrad.modes.slate import plain
from fgrad.transforms.outputs import is_array_like


class Layout:
    """Where the elements of a container of arrays stand in one real vector.

    A complex element has two places, those of the real parts before those of the imaginary parts.

    Attributes
    ----------
    size : int
        The length of the vector.
    dtype : dtype
        Of the vector: real, and as precise as the most precise leaf.
    """

    def __init__(self, tree: Any) -> None:
        leaves, self.structure = flatten(tree)
        self.specs = [spec_of(leaf) for leaf in leaves]
        self.dtype = np.result_type(np.float32, *[np.finfo(spec.dtype).dtype for spec in self.specs])
        if not leaves:
            self.dtype = np.dtype(np.float64)
        self.size = sum(map(real_size, self.specs))

    def vector(self, tree: Any) -> Any:
        """Return a container of this layout, traced or plain, as a vector."""
        parts = real_parts(flatten_as(tree, self.structure, "the value"), self.specs)
        if not parts:
            return np.zeros(0)
        joined = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return joined.astype(self.dtype)

    def tree(self, vector: Any) -> Any:
        """Return a vector, traced or plain, as a container of this layout."""
        leaves = from_reals(vector, self.specs)
        return unflatten(
            self.structure,
            [
                leaf if type(leaf) is Box or spec.shape else leaf[()]
                for leaf, spec in zip(leaves, self.specs, strict=True)
            ],
        )


def flattened(solver: Callable[..., Any]) -> Callable[..., Any]:
    """Make a solver that works on vectors one that works on containers.

    A solver that is given to :func:`fixed_point`, :func:`root`, :func:`minimize` or :func:`linear_solve` gets
    the function and the start as the user wrote them.  SciPy's solvers want a vector.  If the unknowns are
    one real array of one axis, they are a vector, and nothing has to be done.

    Parameters
    ----------
    solver : callable
        ``solver(function, vector)`` returns a vector.

    Returns
    -------
    callable
        ``solver(function, start)`` for a function of containers of arrays, real or complex: these are taken
        apart into the elements of one real vector.

    Examples
    --------
    >>> import numpy as np
    >>> def newton(f, x):  # works on vectors only
    ...     for _ in range(20):
    ...         x = x - np.linalg.solve(np.array([f(x + e) - f(x - e) for e in np.eye(x.size) / 2]).T, f(x))
    ...     return x
    >>> flattened(newton)(lambda tree: {"a": tree["a"] - 1.0, "b": tree["b"] - 2.0}, {"a": 0.0, "b": 0.0})
    {'a': np.float64(1.0), 'b': np.float64(2.0)}
    """

    def on_containers(function: Callable[..., Any], start: Any) -> Any:
        layout = Layout(start)
        is_scalar = getattr(function, "is_scalar", False)

        def on_vectors(vector: Any) -> Any:
            result = function(layout.tree(vector))
            return result if is_scalar else layout.vector(result)

        found = np.asarray(solver(on_vectors, layout.vector(start)))
        if found.shape != (layout.size,):
            raise ConvergenceError(
                f"the solver returned an array of shape {found.shape}; "
                f"needed is a vector of the {layout.size} unknowns"
            )
        return layout.tree(found)

    return on_containers


def mapped(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Return a container with the results of a function of the leaves of containers that are alike."""
    leaves, structure = flatten(tree)
    rest = [flatten_as(other, structure, "the value") for other in others]
    return unflatten(structure, [function(*each) for each in zip(leaves, *rest, strict=True)])


def copied(tree: Any) -> Any:
    """Return a container with copies of its arrays, which may be written into."""
    return mapped(lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf, tree)


def size_of(tree: Any) -> float:
    """Return the largest absolute value in a container of plain arrays; NaN if there is one."""
    sizes = [float(np.max(np.abs(leaf), initial=0.0)) for leaf in flatten(tree)[0]]
    return max(sizes, key=lambda size: (np.isnan(size), size), default=0.0)


def is_finite(tree: Any) -> bool:
    """Return whether all elements of a container of plain arrays are finite."""
    return all(bool(np.all(np.isfinite(leaf))) for leaf in flatten(tree)[0])


def as_like(result: Any, model: Any, what: str, owner: str) -> Any:
    """Return a container of numbers with the dtypes of ``model``; raise unless it is like it.

    Parameters
    ----------
    result : container of arrays, traced or plain
        What a function returned.
    model : container of arrays
        What it must be like: the structure and shapes, and real if it is real.
    what, owner : str
        The words for the result and for the model.
    """
    given, given_structure = flatten(result)
    wanted, structure = flatten(model)
    leaves = flatten_as(result, structure, what) if structure is not LEAF else given
    if structure is LEAF and given_structure is not LEAF:
        raise OutputError(f"{what} is a {type(result).__name__}; it must be an array like {owner}")
    found = []
    for received, like, path in zip(leaves, wanted, paths(structure, what), strict=True):
        leaf: Any = plain(received)
        if not is_array_like(leaf):
            raise OutputError(f"{path} is a {type(leaf).__name__}; it must be an array like {owner}")
        shape, dtype = spec_of(leaf)
        spec = spec_of(like)
        if shape != spec.shape:
            raise ArgumentError(f"{path} has shape {shape}; it must have the shape {spec.shape} of {owner}")
        if dtype.kind not in "fciub":
            raise OutputError(f"{path} has dtype {dtype}; it must be numbers like {owner}")
        if dtype.kind == "c" and spec.dtype.kind != "c":
            raise ArgumentError(
                f"{path} is complex where {owner} is real. Start from complex numbers, or take the real part."
            )
        if dtype != spec.dtype:
            leaf = cast(leaf, spec.dtype)
        elif type(leaf) is not Box and not isinstance(leaf, np.ndarray | np.generic):
            leaf = np.asarray(leaf)
        found.append(leaf if type(leaf) is Box or spec.shape else leaf[()])
    return unflatten(structure, found)
