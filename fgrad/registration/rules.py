"""Rules of the user's: ``defvjp`` and ``defjvp``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sized
from itertools import islice
from typing import Any

import numpy as np

from fgrad.core.errors import RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.kinds.custom import Custom


def operation_of(function: Any, registering: str) -> Primitive:
    """Return the primitive that a user's function stands in front of; raise if it is none."""
    operation = getattr(function, "fgrad_primitive", None)
    if not isinstance(operation, Primitive):
        name = getattr(function, "__name__", repr(function))
        module = getattr(function, "__module__", None) or ""
        numpys = isinstance(function, np.ufunc) or f"{module}.".startswith(("numpy.", "fgrad.numpy."))
        cure = (
            "The rules of NumPy's functions come with fgrad; to use another, decorate a function of your own "
            "that calls it with fgrad.primitive."
            if numpys
            else "Decorate the function with fgrad.primitive first."
        )
        raise RegistrationError(f"{registering}: {name} is not a primitive. {cure}")
    if not isinstance(operation.rule, Custom):
        operation.rule = Custom(operation, {}, {})
    return operation


def _numbered(operation: Primitive, rules: tuple[Any, ...], argnums: Any, registering: str) -> dict[int, Any]:
    """Return the rules by position, after checking both."""
    if not rules:
        raise RegistrationError(f"{registering}: no rule was given for {operation.name}")
    positions = _positions(operation, len(rules), argnums, registering)
    if len(set(positions)) != len(positions) or len(positions) != len(rules):
        raise RegistrationError(
            f"{registering}: {operation.name} was given {len(rules)} rules for the arguments "
            f"{', '.join(map(str, positions))}; give one for each"
        )
    names = operation.argnames
    open_ended = bool(names) and names[-1].startswith("*")
    for rule, position in zip(rules, positions, strict=True):
        if position < 0 or (position >= len(names) and not open_ended):
            raise RegistrationError(
                f"{registering}: {operation.name} has no argument {position}; "
                f"its arguments are {', '.join(f'{i} ({name})' for i, name in enumerate(names)) or 'none'}"
            )
        if rule is not None and not callable(rule) and not (rule == "same" and registering == "defjvp"):
            raise RegistrationError(
                f"{registering}: the rule of {operation.name} for argument {position} must be a function"
                f"{', the word same' if registering == 'defjvp' else ''} or None; got {rule!r}"
            )
    return dict(zip(positions, rules, strict=True))


def _positions(operation: Primitive, number: int, argnums: Any, registering: str) -> list[int]:
    """Return the positions that rules are for, 0, 1, 2, ... by default."""
    if argnums is None:
        return list(range(number))
    try:
        if not isinstance(argnums, Iterable):
            return [operator.index(argnums)]
        # no more than one too many: Autograd's argnums may be an endless itertools.count(1)
        return [operator.index(i) for i in islice(argnums, number + isinstance(argnums, Sized))]
    except TypeError:
        raise RegistrationError(
            f"{registering}: argnums must be the positions of arguments of {operation.name}, as ints; "
            f"got {argnums!r}"
        ) from None


def defvjp(function: Callable[..., Any], *makers: Any, argnums: int | Iterable[int] | None = None) -> None:
    """Register the vector-Jacobian products of a primitive.

    Parameters
    ----------
    function : callable
        Decorated with :func:`primitive`.
    *makers : callable or None
        For each argument a function ``(ans, *args, **kwargs) -> (g -> cotangent)``: it receives the result
        and the arguments, and returns the function that takes the cotangent of the result to that of the
        argument, of the argument's shape.  None says that the derivative is zero.  Written with
        ``fgrad.numpy`` or NumPy, it can itself be differentiated.  A rule that was registered before for
        the same argument is replaced.
    argnums : int or iterable of int, optional
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
    operation = operation_of(function, "defvjp")
    operation.rule.vjps.update(_numbered(operation, makers, argnums, "defvjp"))


def defjvp(function: Callable[..., Any], *rules: Any, argnums: int | Iterable[int] | None = None) -> None:
    """Register the Jacobian-vector products of a primitive.

    Parameters
    ----------
    function : callable
        Decorated with :func:`primitive`.
    *rules : callable, "same" or None
        For each argument a function ``(g, ans, *args, **kwargs) -> tangent`` that takes the tangent ``g`` of
        the argument to that of the result, of the result's shape.  ``"same"`` says that the function is
        linear in the argument; None that the derivative is zero.  A rule that was registered before for the
        same argument is replaced.
    argnums : int or iterable of int, optional
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
    operation = operation_of(function, "defjvp")
    operation.rule.jvps.update(_numbered(operation, rules, argnums, "defjvp"))
