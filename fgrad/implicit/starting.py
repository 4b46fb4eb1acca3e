"""What all implicit functions check before they begin.

>>> as_numbers({"a": 1}, "root: x0")
{'a': 1.0}
"""

from __future__ import annotations

from typing import Any

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten, paths, unflatten
from fgrad.transforms.arguments import as_differentiable


def check_callable(function: Any, name: str, what: str) -> None:
    """Raise unless an argument is a function."""
    if not callable(function):
        raise InputError(f"{name}: {what} must be a function; got {type(function).__name__}")


def check_tolerance(tolerance: Any, name: str) -> None:
    """Raise unless a tolerance is positive."""
    if not isinstance(tolerance, int | float) or not tolerance > 0:
        raise ArgumentError(f"{name}: tol must be a positive number; got {tolerance!r}")


def as_numbers(tree: Any, what: str) -> Any:
    """Return a container whose leaves are floats or arrays of floats, traced or plain; raise otherwise."""
    leaves, structure = flatten(tree)
    where = paths(structure, what)
    return unflatten(
        structure, [as_differentiable(leaf, path) for leaf, path in zip(leaves, where, strict=True)]
    )
