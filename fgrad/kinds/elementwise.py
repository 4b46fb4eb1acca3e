"""Elementwise operations: each element of the result depends on one element of each argument.

A rule gives, for each argument, the partial derivative, in one of three forms:

- a number, for a constant partial: 1 and -1 cost no multiplication;
- a function of what it needs, named: the arguments' own names and ``ans``; the cotangent (or tangent) is
  multiplied by its result;
- the same with ``g`` as its first name, which then returns the product itself.  This is for where the
  product can be had more cheaply or more safely than the factor: ``g / y`` rather than ``g * (1 / y)``.

The Jacobian of an elementwise operation is diagonal, so the same function serves cotangents and
tangents; what broadcasting did to the shape is undone, or done, by the mode.  An argument that a rule
does not mention has derivative zero.

>>> import math
>>> import numpy as np
>>> from fgrad.core.primitive import Primitive
>>> rule = Elementwise(Primitive("sin", np.sin, ("x",)), {"x": lambda x: np.cos(x)})
>>> rule.jvp([1.0], 0.0, [math.pi], {})
np.float64(-1.0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from fgrad.core.errors import RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.kinds.guarded import times
from fgrad.kinds.names import names_of

Partial = Callable[..., Any] | complex
Pull = tuple[Callable[[Any, Any], Any], Any]


class Elementwise:
    """The rule of an elementwise primitive.

    Attributes
    ----------
    sole, left, right : (pull, keep) or None
        For the only, the first and the second argument: ``pull(g, residual)``, and ``keep((ans, *args))``
        that makes the residual (None if there is none to make).
    pair : (pull, keep) or None
        The first and second argument together; None if not both have a derivative.
    """

    follows_ans = True

    def __init__(self, primitive: Primitive, partials: Mapping[str, Partial]) -> None:
        unknown = set(partials) - set(primitive.argnames)
        if unknown:
            raise RegistrationError(
                f"{primitive.name} has arguments {', '.join(primitive.argnames)}; "
                f"a rule was given for {', '.join(sorted(unknown))}"
            )
        self.primitive = primitive
        self.entries: tuple[Pull | None, ...] = tuple(
            make_pull(primitive, partials[name]) if name in partials else None for name in primitive.argnames
        )
        self.sole = self.left = self.entries[0]
        self.right = self.entries[1] if len(self.entries) > 1 else None
        self.pair = make_pair(self.left, self.right) if len(self.entries) == 2 else None

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions that have a derivative, their pull and its residual."""
        moving = tuple(i for i in active if self.entries[i] is not None)
        if not moving:
            return None
        named = (ans, *args)
        chosen = [self.entries[i] for i in moving]
        residuals = [keep and keep(named) for _, keep in chosen]  # type: ignore[misc]
        if len(moving) == 1:
            return moving, chosen[0][0], residuals[0]  # type: ignore[index]
        pulls = [pull for pull, _ in chosen]  # type: ignore[misc]
        return moving, pull_each, (pulls, residuals)

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the tangent of the result, or None if it is zero."""
        named = (ans, *args)
        total = None
        for entry, tangent in zip(self.entries, tangents, strict=True):
            if entry is not None and tangent is not None:
                pull, keep = entry
                term = pull(tangent, keep and keep(named))
                total = term if total is None else total + term
        return total


def make_pull(primitive: Primitive, partial: Partial) -> Pull:
    """Return ``(pull, keep)`` for one argument's partial derivative."""
    if not callable(partial):
        return constant_pull(partial), None
    function = partial
    names = names_of(function)
    given_g = names[:1] == ("g",)
    places = ("ans", *primitive.argnames)
    wanted = names[1:] if given_g else names
    strangers = set(wanted) - set(places)
    if strangers:
        raise RegistrationError(
            f"the rule of {primitive.name} asks for {', '.join(sorted(strangers))}; "
            f"it can have {', '.join(places)}"
        )
    keep = itemgetter(*(places.index(name) for name in wanted)) if wanted else None
    if given_g:
        if len(wanted) == 1:
            return function, keep
        if not wanted:
            return (lambda g, residual: function(g)), None
        return (lambda g, residual: function(g, *residual)), keep
    if len(wanted) == 1:
        return (lambda g, residual: times(g, function(residual))), keep
    return (lambda g, residual: times(g, function(*residual))), keep


def constant_pull(factor: complex) -> Callable[[Any, Any], Any]:
    """Return the pull of a constant partial derivative."""
    if factor == 1:
        return lambda g, residual: g
    if factor == -1:
        return lambda g, residual: -g
    return lambda g, residual: g * factor


def make_pair(left: Pull | None, right: Pull | None) -> Pull | None:
    """Return the joint pull of two arguments."""
    if left is None or right is None:
        return None
    pull_x, keep_x = left
    pull_y, keep_y = right
    if keep_x is None and keep_y is None:
        return (lambda g, residual: (pull_x(g, None), pull_y(g, None))), None

    def keep(named: Any) -> Any:
        return keep_x and keep_x(named), keep_y and keep_y(named)

    def pull(g: Any, residual: Any) -> Any:
        x, y = residual
        return pull_x(g, x), pull_y(g, y)

    return pull, keep


def pull_each(g: Any, residual: Any) -> Any:
    """Pull back to several arguments, each by its own function."""
    pulls, residuals = residual
    return tuple(pull(g, inner) for pull, inner in zip(pulls, residuals, strict=True))
