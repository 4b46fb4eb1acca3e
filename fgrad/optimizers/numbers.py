"""What optimisers are given: parameters, gradients and hyperparameters, checked.

>>> leaves, structure = parameters_of({"w": 2}, "adam: x0")
>>> leaves
[2.0]
>>> check_finite([float("nan")], structure, "adam: gradient", "at iteration 7. Lower step_size.")
Traceback (most recent call last):
    ...
fgrad.core.errors.ArgumentError: adam: gradient['w'] is nan at iteration 7. Lower step_size.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.errors import ArgumentError, FgradError, InputError
from fgrad.core.pytree import flatten, flatten_as, paths
from fgrad.core.spec import spec_of
from fgrad.transforms.arguments import as_differentiable, matching_leaf

_NUMBERS = (int, float, complex, np.number, np.ndarray, Box)
_READY = frozenset({float, np.float64})


def parameters_of(tree: Any, what: str) -> tuple[list[Any], Any]:
    """Return the leaves of a container of numbers, ints converted to floats, and its structure."""
    leaves, structure = flatten(tree)
    if not leaves:
        raise InputError(
            f"{what} holds no numbers; got {tree!r}. Give a number, an array, or a container of them."
        )
    where: list[str] = []
    for k, leaf in enumerate(leaves):
        if type(leaf) in _READY or (type(leaf) is np.ndarray and leaf.dtype in (np.float64, np.float32)):
            continue
        where = where or paths(structure, what)
        if isinstance(leaf, bool) or not isinstance(leaf, _NUMBERS):
            raise InputError(
                f"{where[k]} is a {type(leaf).__name__}, and not a number that could be optimised. "
                "Keep it out of the container: let the function take it from outside."
            )
        leaves[k] = as_differentiable(leaf, where[k])
    return leaves, structure


def gradient_of(gradient: Any, leaves: Sequence[Any], structure: Any, what: str) -> list[Any]:
    """Return the leaves of a gradient, which must be like the parameters that it belongs to."""
    try:
        found = flatten_as(gradient, structure, what)
        where = paths(structure, "")
        return [
            matching_leaf(g, spec_of(x), path, what) for g, x, path in zip(found, leaves, where, strict=True)
        ]
    except FgradError as error:
        raise type(error)(
            f"{str(error).rstrip('.')}. A gradient is a container like the parameters, "
            "as fgrad.grad(loss) returns it."
        ) from None


def check_finite(gs: Sequence[Any], structure: Any, what: str, said: str) -> None:
    """Raise if an element of a gradient is NaN or infinite: ``said`` is when, and what to do."""
    for k, g in enumerate(gs):
        plain = bottom(g)
        finite = np.isfinite(plain)
        if np.all(finite):
            continue
        wrong = np.argwhere(~np.asarray(finite))
        element = tuple(int(i) for i in wrong[0])
        value = np.asarray(plain)[element]
        where = paths(structure, what)[k] + (
            f" is {value}" if not element else f" has {value} at {list(element)}"
        )
        raise ArgumentError(f"{where} {said}")


def real_number(value: Any, what: str) -> Any:
    """Return a hyperparameter as a float, which does not widen float32 arrays, or as a traced scalar."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number | np.ndarray | Box):
        raise InputError(f"{what} must be a real number; got {value!r}")
    shape, dtype = spec_of(value)
    if shape or dtype.kind not in "fiu":
        raise InputError(f"{what} must be a real number; got an array of shape {shape} and dtype {dtype}")
    return value if isinstance(value, Box) else float(value)


def check_range(value: Any, what: str, low: float, high: float = np.inf) -> None:
    """Raise unless a hyperparameter is a number of ``[low, high)``."""
    number = bottom(real_number(value, what))
    if not low <= number < high:
        allowed = f"be at least {low:g}" if high == np.inf else f"be at least {low:g} and below {high:g}"
        raise ArgumentError(f"{what} must {allowed}; got {number}")


def count_of(num_iters: Any, what: str) -> int:
    """Return a number of iterations as an int; raise if it is none."""
    try:
        count = operator.index(num_iters)
    except TypeError:
        raise InputError(f"{what} must be an int; got {num_iters!r}") from None
    if count < 0:
        raise ArgumentError(f"{what} must not be negative; got {count}. With 0 the start is returned.")
    return count


def takes_iteration(gradient: Callable[..., Any], name: str) -> bool:
    """Say whether a gradient is to be called with the iteration too, as in Autograd.

    A second parameter with a default may be the iteration or anything else, as ``ord`` of a norm:

    >>> import numpy as np
    >>> from fgrad import grad
    >>> takes_iteration(grad(np.linalg.norm), "adam")
    Traceback (most recent call last):
        ...
    fgrad.core.errors.ArgumentError: adam: the gradient's second parameter 'ord' has a default, ...
    """
    try:
        parameters = inspect.signature(gradient).parameters.values()
    except (TypeError, ValueError):  # compiled code may not say
        return True
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(positional) > 1 and positional[1].default is not inspect.Parameter.empty:
        raise ArgumentError(
            f"{name}: the gradient's second parameter {positional[1].name!r} has a default, so it may be the "
            "iteration or not. Give lambda x, i: g(x, i) if it is, and lambda x: g(x) if it is not."
        )
    return len(positional) > 1 or any(p.kind is p.VAR_POSITIONAL for p in parameters)
