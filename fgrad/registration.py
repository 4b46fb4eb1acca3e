"""Primitives of a user's own, registered in Autograd's convention.

>>> import numpy as np
>>> from fgrad import defvjp, grad, primitive
>>> @primitive
... def logsumexp(x):
...     top = np.max(x)
...     return top + np.log(np.sum(np.exp(x - top)))
>>> defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
>>> grad(logsumexp)(np.array([0.0, 0.0]))
array([0.5, 0.5])
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import count
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError, RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF, flatten
from fgrad.kinds.call import Call
from fgrad.kinds.custom import Custom

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function an elementary operation, whose derivative you register.

    Inside, the function sees plain values, so it may call anything: SciPy, compiled code, an iteration.

    Parameters
    ----------
    function : callable
        Takes arrays, or containers of them, and returns an array or a container.  It must not change its
        arguments.

    Returns
    -------
    callable
        Does what ``function`` does; on traced values it uses the rules of :func:`defvjp` and
        :func:`defjvp`, one of which is enough for all transforms.  Without any it raises
        ``MissingRuleError``.

    Raises
    ------
    RegistrationError
        If it is given something else than a function.

    Examples
    --------
    >>> import numpy as np
    >>> from fgrad import defvjp, grad, primitive
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    >>> grad(cube)(2.0), grad(grad(cube))(2.0)
    (12.0, 12.0)
    """
    if not callable(function):
        raise RegistrationError(f"primitive decorates a function; got {type(function).__name__}")
    name = getattr(function, "__name__", type(function).__name__)
    parameters = _parameters(function)

    def raw(*leaves: Any, call: Call) -> Any:
        args, kwargs = call.arguments(leaves)
        found, call.result = flatten(function(*args, **kwargs))
        if call.result is LEAF:
            return found[0]
        return tuple(found)

    argnames = tuple(
        f"*{p.name}" if p.kind is p.VAR_POSITIONAL else p.name
        for p in parameters
        if p.kind in (*_POSITIONAL, p.VAR_POSITIONAL)
    )
    operation = Primitive(name, raw, argnames)

    @wraps(function)
    def front(*args: Any, **kwargs: Any) -> Any:
        call = Call(args, kwargs)
        if not any(type(leaf) is Box for leaf in call.leaves):
            return function(*args, **kwargs)
        if any(type(leaf) is Box and owner < 0 for leaf, owner in zip(call.leaves, call.owners, strict=True)):
            call = Call(*_by_position(name, parameters, args, kwargs))
        result = operation.bind(call.take_leaves(), {"call": call})
        return call.returned(result if type(result) is tuple else (result,))

    front.fgrad_primitive = operation  # type: ignore[attr-defined]
    return front


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return a function's parameters; of compiled code that does not say, any number of arrays."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)]


def _by_position(name: str, parameters: list[inspect.Parameter], args: Any, kwargs: Any) -> tuple[Any, Any]:
    """Return the arguments with the traced keyword arguments, and those before them, by position."""
    positional = [p for p in parameters if p.kind in _POSITIONAL]
    last = -1
    for keyword, value in kwargs.items():
        if any(type(leaf) is Box for leaf in flatten(value)[0]):
            places = [
                i for i, p in enumerate(positional) if p.name == keyword and p.kind is not p.POSITIONAL_ONLY
            ]
            if not places:
                raise MissingRuleError(
                    f"{name} received a traced value for the keyword-only argument {keyword!r}. "
                    "Rules are registered for positions; make it a positional argument."
                )
            last = max(last, places[0])
    moved = list(args)
    remaining = dict(kwargs)
    moved += [remaining.pop(p.name, p.default) for p in positional[len(args) : last + 1]]
    return tuple(moved), remaining


def _operation(function: Any, registering: str) -> Primitive:
    operation = getattr(function, "fgrad_primitive", None)
    if not isinstance(operation, Primitive):
        name = getattr(function, "__name__", repr(function))
        hint = " NumPy's functions have their rules already." if isinstance(function, np.ufunc) else ""
        raise RegistrationError(
            f"{registering}: {name} is not a primitive.{hint} "
            "Decorate the function with fgrad.primitive first."
        )
    if not isinstance(operation.rule, Custom):
        operation.rule = Custom(operation, {}, {})
    return operation


def _numbered(
    operation: Primitive, rules: tuple[Any, ...], argnums: Iterable[int] | None, registering: str
) -> dict[int, Any]:
    """Return the rules by position, after checking both."""
    if not rules:
        raise RegistrationError(f"{registering}: no rule was given for {operation.name}")
    positions: Iterable[Any] = count() if argnums is None else argnums
    try:
        chosen = list(zip(rules, positions, strict=argnums is not None))
    except ValueError:
        raise RegistrationError(
            f"{registering}: {operation.name} was given {len(rules)} rules for argnums {argnums}"
        ) from None
    names = operation.argnames
    open_ended = bool(names) and names[-1].startswith("*")
    for rule, position in chosen:
        if not isinstance(position, int) or position < 0 or (position >= len(names) and not open_ended):
            raise RegistrationError(
                f"{registering}: {operation.name} has no argument {position}; "
                f"its arguments are {', '.join(f'{i} ({name})' for i, name in enumerate(names)) or 'none'}"
            )
        if rule is not None and not callable(rule) and not (rule == "same" and registering == "defjvp"):
            raise RegistrationError(
                f"{registering}: the rule of {operation.name} for argument {position} must be a function"
                f"{', same' if registering == 'defjvp' else ''} or None; got {rule!r}"
            )
    return {position: rule for rule, position in chosen}


def defvjp(function: Callable[..., Any], *makers: Any, argnums: Iterable[int] | None = None) -> None:
    """Register the vector-Jacobian products of a primitive.

    Parameters
    ----------
    function : callable
        Decorated with :func:`primitive`.
    *makers : callable or None
        For each argument a function ``(ans, *args, **kwargs) -> (g -> cotangent)``: it receives the result
        and the arguments, and returns the function that takes the cotangent of the result to that of the
        argument, of the argument's shape.  None says that the derivative is zero.  Written with
        ``fgrad.numpy`` or NumPy, it can itself be differentiated.
    argnums : iterable of int, optional
        The positions that the makers are for; 0, 1, 2, ... by default.

    Raises
    ------
    RegistrationError
        If the function is no primitive, an argument does not exist or a maker is no function; and, when
        the rule is used, if what it returns has the wrong shape.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import defvjp, grad, jvp, primitive
    >>> @primitive
    ... def scale(x, factor, label=""):
    ...     return x * factor
    >>> defvjp(scale, lambda ans, x, factor, label="": lambda g: g * factor, None)
    >>> grad(scale)(2.0, 5.0)
    5.0
    >>> jvp(lambda x: scale(x, 5.0, label="also forward"), (2.0,), (1.0,))
    (10.0, 5.0)
    """
    operation = _operation(function, "defvjp")
    operation.rule.vjps.update(_numbered(operation, makers, argnums, "defvjp"))


def defjvp(function: Callable[..., Any], *rules: Any, argnums: Iterable[int] | None = None) -> None:
    """Register the Jacobian-vector products of a primitive.

    Parameters
    ----------
    function : callable
        Decorated with :func:`primitive`.
    *rules : callable, "same" or None
        For each argument a function ``(g, ans, *args, **kwargs) -> tangent`` that takes the tangent ``g`` of
        the argument to that of the result, of the result's shape.  ``"same"`` says that the function is
        linear in the argument; None that the derivative is zero.
    argnums : iterable of int, optional
        The positions that the rules are for; 0, 1, 2, ... by default.

    Raises
    ------
    RegistrationError
        If the function is no primitive, an argument does not exist or a rule is no function; and, when
        the rule is used, if what it returns has the wrong shape.

    Examples
    --------
    >>> import numpy as np
    >>> from fgrad import defjvp, grad, primitive
    >>> @primitive
    ... def reverse(x):
    ...     return x[::-1]
    >>> defjvp(reverse, "same")
    >>> grad(lambda x: reverse(x)[0])(np.array([1.0, 2.0, 3.0]))
    array([0., 0., 1.])
    """
    operation = _operation(function, "defjvp")
    operation.rule.jvps.update(_numbered(operation, rules, argnums, "defjvp"))
