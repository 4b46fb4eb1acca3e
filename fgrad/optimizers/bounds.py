"""Bounds of the elements of a container, in the forms that a user may write, as two vectors.

>>> import numpy as np
>>> from fgrad.optimizers.numbers import parameters_of
>>> packing = Packing(*parameters_of({"w": np.zeros(2), "b": 0.0}, "x0"))
>>> lower, upper = bounds_of({"w": (0, np.array([1.0, 2.0])), "b": (None, 5.0)}, packing)
>>> lower, upper
(array([  0.,   0., -inf]), array([1., 2., 5.]))
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import LEAF, flatten, paths
from fgrad.optimizers.vectors import Packing

_FORMS = (
    "Write a container like x0 with a pair (low, high) in each leaf's place, each of the two None, a number "
    "or an array of the leaf's shape; or, as for SciPy, one pair for each element, or scipy.optimize.Bounds."
)


def bounds_of(bounds: Any, packing: Packing) -> tuple[Any, Any]:
    """Return the lower and the upper bounds of the vector that ``packing`` makes.

    Parameters
    ----------
    bounds : container, sequence of pairs, or scipy.optimize.Bounds
        What :func:`fgrad.optimizers.minimize` takes.
    packing : Packing
        That of ``x0``.

    Raises
    ------
    InputError, ArgumentError
        If the bounds have none of the forms, do not fit, or cross each other.
    """
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        lower, upper = (_of_shape(end, (packing.size,), "minimize: bounds") for end in (bounds.lb, bounds.ub))
    else:
        lower, upper = _of_elements(bounds, packing) or _of_leaves(bounds, packing)
    crossed = np.flatnonzero(~(lower <= upper))
    if crossed.size:
        k = int(crossed[0])
        raise ArgumentError(
            f"minimize: bounds leave nothing between {lower[k]} and {upper[k]}, for element {k} of x0 as one "
            f"vector. The lower bound comes first. {_FORMS}"
        )
    return lower, upper


def _of_elements(bounds: Any, packing: Packing) -> tuple[Any, Any] | None:
    """Return SciPy's form as two vectors; None if it is not that.

    A pair for each element may be a pair in each leaf's place as well, and then it means the same.
    """
    if not isinstance(bounds, np.ndarray | list | tuple) or len(bounds) != packing.size:
        return None
    if not isinstance(bounds, np.ndarray) and all(isinstance(pair, np.ndarray) for pair in bounds):
        if packing.structure is LEAF and packing.size == 2:
            raise ArgumentError(
                "minimize: two arrays as bounds of two elements may be a pair for each, or all lower and all "
                "upper bounds. Say which: a pair for each is [(low, high), (low, high)], and the other is "
                "scipy.optimize.Bounds(lower, upper)."
            )
        return None
    try:
        pairs = [tuple(pair) for pair in bounds]
    except TypeError:
        return None
    ends = [end for pair in pairs for end in pair]
    if any(len(pair) != 2 for pair in pairs) or not all(end is None or _is_number(end) for end in ends):
        return None
    lower = [-np.inf if low is None else float(low) for low, _ in pairs]
    upper = [np.inf if high is None else float(high) for _, high in pairs]
    return np.array(lower), np.array(upper)


def _is_number(value: Any) -> bool:
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiu"


def _of_leaves(bounds: Any, packing: Packing) -> tuple[Any, Any]:
    """Return the form of a container as two vectors.

    Bounds are found by their paths, so a None, which has no leaves, and what is left out are no bounds.
    """
    ends, structure = flatten(bounds)
    found = dict(zip(paths(structure, ""), ends, strict=True))
    sides: tuple[list[Any], list[Any]] = ([], [])
    for path, spec in zip(paths(packing.structure, ""), packing.specs, strict=True):
        for position, (side, none) in enumerate(zip(sides, (-np.inf, np.inf), strict=True)):
            end = found.pop(f"{path}[{position}]", None)
            if end is not None and spec.dtype.kind == "c":
                raise ArgumentError(
                    f"minimize: bounds{path} belong to a complex parameter, and complex numbers have no "
                    "order. Make its real and its imaginary part two parameters."
                )
            shape = spec.shape
            side.append(
                np.full(shape, none) if end is None else _of_shape(end, shape, f"minimize: bounds{path}")
            )
            if spec.dtype.kind == "c":
                side.append(side[-1])
    if found:
        path, end = next(iter(found.items()))
        raise InputError(f"minimize: bounds{path}, {end!r}, is no bound of a number in x0. {_FORMS}")
    lower, upper = (np.concatenate([part.ravel() for part in side]) for side in sides)
    return lower, upper


def _of_shape(end: Any, shape: tuple[int, ...], what: str) -> Any:
    """Return one end of the bounds as an array of a shape."""
    array = np.asarray(end)
    if array.dtype.kind not in "fiu":
        raise InputError(f"{what} must be real numbers; got {end!r}. {_FORMS}")
    try:
        return np.broadcast_to(array, shape).astype(np.float64)
    except ValueError:
        raise ArgumentError(
            f"{what} have shape {array.shape}; needed is {shape}, or what NumPy broadcasts to it"
        ) from None
