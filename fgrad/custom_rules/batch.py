"""Batching rules of a user's own primitives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF
from fgrad.core.spec import spec_of
from fgrad.custom_rules.function import CustomFunction
from fgrad.kinds.call import Call
from fgrad.kinds.together import together
from fgrad.registration.functions import results_of
from fgrad.registration.rules import operation_of


def defbatch(function: Callable[..., Any], rule: Callable[..., Any]) -> None:
    """Register how a primitive is computed for many examples at once.

    Without such a rule, :func:`fgrad.vmap` calls it for one example after the other.

    Parameters
    ----------
    function : callable
        Decorated with :func:`fgrad.primitive`, :func:`fgrad.custom_vjp` or :func:`fgrad.custom_jvp`.
    rule : callable
        ``rule(*args, **kwargs)`` takes the arguments of the function, each array with its examples along a
        first axis that it has in addition (those that were the same for all examples are copied along it),
        and returns the results likewise.  It is given plain arrays, also where ``vmap`` is differentiated
        from outside: derivatives go by the function's own rules, for all examples at once.

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
    operation = (
        function.operation if isinstance(function, CustomFunction) else operation_of(function, "defbatch")
    )
    if not callable(rule):
        raise RegistrationError(f"defbatch: the rule of {operation.name} must be a function; got {rule!r}")

    def all_at_once(size: int, *arrays: Any, call: Call, **_: Any) -> Any:
        args, kwargs = call.arguments(arrays)
        if isinstance(function, CustomFunction):
            args = tuple(function.joined(args[0], args[1:]))
        found = results_of(rule(*args, **kwargs), call, operation.name)
        for part in found if call.result is not LEAF else (found,):
            shape = spec_of(part).shape
            if shape[:1] != (size,):
                raise RegistrationError(
                    f"the batching rule of {operation.name} returned shape {shape} for {size} examples; the "
                    "first axis must be that of the examples"
                )
        return found

    def batch(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        return together(primitive, all_at_once, values, mine, size, params)

    operation.batch = batch
