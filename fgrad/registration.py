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
import operator
from collections.abc import Callable, Iterable, Sized
from functools import update_wrapper
from itertools import islice
from types import MethodType
from typing import Any

import numpy as np

from fgrad.core.box import Box, still
from fgrad.core.errors import DetachedError, MissingRuleError, RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF, flatten
from fgrad.core.signatures import signature_text
from fgrad.core.spec import spec_of
from fgrad.kinds.call import Call
from fgrad.kinds.custom import Custom
from fgrad.modes.slate import plain

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function an elementary operation, whose derivative you register.

    Inside, the function sees plain values, so it may call anything: SciPy, compiled code, an iteration.  What
    it takes from outside, by closure, must not be traced.

    Parameters
    ----------
    function : callable
        Takes arrays, or containers of them, and returns an array or a container.  It must not change its
        arguments.  What it returns that is not of floats (a count of iterations, a flag) stays plain.

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
    DetachedError
        When it is called, if the result depends on a traced value that is none of the arguments.

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
    return PrimitiveFunction(function)


class Registered:
    """A function of the user's with rules of its own: it binds and pickles as functions do.

    Attributes
    ----------
    function : callable
        The user's.
    signature : inspect.Signature
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function)  # type: ignore[arg-type]
        if not hasattr(function, "__name__"):
            self.__name__ = self.__qualname__ = type(function).__name__
        self.function = function
        self.signature = signature_of(function)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)  # type: ignore[arg-type]

    def __reduce__(self) -> str:
        return self.__qualname__  # pickled by name, as functions are


class PrimitiveFunction(Registered):
    """A function that was decorated with :func:`primitive`, in front of the primitive that it became."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        argnames = tuple(
            f"*{p.name}" if p.kind is p.VAR_POSITIONAL else p.name
            for p in self.signature.parameters.values()
            if p.kind in (*POSITIONAL, p.VAR_POSITIONAL)
        )
        self.fgrad_primitive = Primitive(self.__name__, self.compute, argnames)

    def compute(self, *leaves: Any, call: Call) -> Any:
        """Compute the function on plain values, as the primitive does."""
        args, kwargs = call.arguments(leaves)
        return results_of(self.function(*args, **kwargs), call, self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = Call(args, kwargs)
        if not any(type(leaf) is Box for leaf in call.leaves):
            return self.function(*args, **kwargs)
        if any(type(leaf) is Box and owner < 0 for leaf, owner in zip(call.leaves, call.owners, strict=True)):
            call = Call(*_by_position(self.__name__, self.signature, args, kwargs))
        result = self.fgrad_primitive.bind(call.take_leaves(), {"call": call})
        return call.returned([moving_part(part) for part in (result if type(result) is tuple else (result,))])

    def __repr__(self) -> str:
        rule, names = self.fgrad_primitive.rule, self.fgrad_primitive.argnames
        given = (("VJP", rule.vjps), ("JVP", rule.jvps)) if isinstance(rule, Custom) else ()
        rules = ", ".join(
            f"{mode} of {', '.join(names[min(i, len(names) - 1)] for i in sorted(positions))}"
            for mode, positions in given
            if positions
        )
        return f"<primitive {self.__name__}{signature_text(self)}: {rules or 'no rule yet'}>"


def results_of(value: Any, call: Call, name: str) -> Any:
    """Return what a function gave for plain arguments as a primitive returns it: one array, or a tuple.

    If it is traced nevertheless, it depends on something that is no argument, of which no rule knows.
    """
    found, call.result = flatten(value)
    found = [plain(leaf) for leaf in found]
    for leaf in found:
        if type(leaf) is Box:
            raise DetachedError(
                f"{name} uses a value traced by {leaf.owner.transform} that is none of its arguments, by "
                "closure or from a global. Its derivative rule says nothing about that value, whose "
                "derivative would be lost. Make it an argument."
            )
    return found[0] if call.result is LEAF else tuple(found)


def moving_part(part: Any) -> Any:
    """Return a result as it is if it is of floats, and plain otherwise: what counts does not move."""
    if type(part) is Box and spec_of(part).dtype.kind not in "fc":
        return still(part)
    return part


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """Return a function's signature; for compiled code that does not say, any number of arrays."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return inspect.Signature([inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)])


def _by_position(name: str, signature: inspect.Signature, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """Return the arguments with the traced keyword arguments, and those before them, by position."""
    signature.bind(*args, **kwargs)  # raises what the call itself would, for an argument too few
    positional = [p for p in signature.parameters.values() if p.kind in POSITIONAL]
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
