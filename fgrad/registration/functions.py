"""Functions of the user's that are primitives: ``primitive``, and what stands in front of one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any

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
