"""Batching rules of a user's own primitives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.box import Box
from fgrad.core.errors import RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF
from fgrad.core.spec import spec_of
from fgrad.modes.batching import in_front, one_by_one
from fgrad.registration import operation_of, results_of


def defbatch(function: Callable[..., Any], rule: Callable[..., Any]) -> None:
    """Register how a primitive is computed for many examples at once.

    Without such a rule, :func:`fgrad.vmap` calls it for one example after the other.

    Parameters
    ----------
    function : callable
        Decorated with :func:`fgrad.primitive`.
    rule : callable
        ``rule(*args, **kwargs)`` takes the arguments of the function, each array with its examples along a
        first axis that it has in addition (those that were the same for all examples are copied along it),
        and returns the results likewise.  It is given plain arrays.

    Raises
    ------
    RegistrationError
        If the function is no primitive or the rule no function; and, when the rule is used, if a result has
        not as many examples along its first axis.

    Examples
    --------
    >>> import numpy as np
    >>> from fgrad import defbatch, primitive, vmap
    >>> @primitive
    ... def largest_eigenvalue(a):
    ...     return np.linalg.eigvalsh(a)[-1]
    >>> defbatch(largest_eigenvalue, lambda a: np.linalg.eigvalsh(a)[:, -1])
    >>> vmap(largest_eigenvalue)(np.array([np.eye(2), 3 * np.eye(2)]))
    array([1., 3.])
    """
    operation = operation_of(function, "defbatch")
    if not callable(rule):
        raise RegistrationError(f"defbatch: the rule of {operation.name} must be a function; got {rule!r}")

    def batch(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        if any(type(value) is Box for value in values):  # differentiated outside of vmap: by the other rules
            return one_by_one(primitive, values, mine, size, params)
        call = params["call"]
        arrays = [
            in_front(value, own, size) if own or spec_of(value).dtype.kind in "fciub" else value
            for value, own in zip(values, mine, strict=True)
        ]
        args, kwargs = call.arguments(arrays)
        found = results_of(rule(*args, **kwargs), call, operation.name)
        for part in found if call.result is not LEAF else (found,):
            shape = spec_of(part).shape
            if shape[:1] != (size,):
                raise RegistrationError(
                    f"the batching rule of {operation.name} returned shape {shape} for {size} examples; the "
                    "first axis must be that of the examples"
                )
        return found

    operation.batch = batch
