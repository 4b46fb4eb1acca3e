"""Elementwise operations: each element of the result depends on one element of each argument.

A rule gives, for each argument, the partial derivative, in one of four forms:

- a number, for a constant partial: 1 and -1 cost no multiplication;
- a name, where the partial is an argument or ``ans`` itself;
- a function of what it needs, named: the arguments' own names and ``ans``; the cotangent (or tangent) is
  multiplied by its result;
- the same with ``g`` as its first name, which then returns the product itself.  This is for where the
  product can be had more cheaply or more safely than the factor: ``g / y`` rather than ``g * (1 / y)``.

In products a zero of the cotangent wins (:mod:`fgrad.kinds.guarded`).  Reverse mode first tries without
looking for one (:mod:`fgrad.modes.tape`).

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

from fgrad.core.box import Box
from fgrad.core.errors import RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.kinds.guarded import plain_times, times
from fgrad.kinds.names import names_of
from fgrad.kinds.rule import Rule
from fgrad.modes.batching import aligned
from fgrad.modes.equation import motionless
from fgrad.modes.tape import ON_TRIAL, Pull

Partial = Callable[..., Any] | complex | str
Entry = tuple[Pull, Any]


class Elementwise(Rule):
    """The rule of an elementwise primitive.

    Attributes
    ----------
    sole, left, right : (pull, keep) or None
        For the only, the first and the second argument: ``pull(g, residual)``, and ``keep((ans, *args))``
        that makes the residual (None if there is none to make).
    pair : (pull, keep) or None
        The first and second argument together; None if not both have a derivative.
    series : callable or None
        The recurrence for power series that an operation has of its own (:mod:`fgrad.kinds.series`):
        ``series(primitive, mine, ans, args)`` returns the step, or None where the rule is to be followed.
    places : tuple
        For each argument which of ``(ans, *args)`` its partial names.
    """

    follows_ans = True

    def __init__(self, primitive: Primitive, partials: Mapping[str, Partial], series: Any = None) -> None:
        self.series = series
        unknown = set(partials) - set(primitive.argnames)
        if unknown:
            raise RegistrationError(
                f"{primitive.name} has arguments {', '.join(primitive.argnames)}; "
                f"a rule was given for {', '.join(sorted(unknown))}"
            )
        self.primitive = primitive
        places = {name: places_of(primitive, partial) for name, partial in partials.items()}
        self.places = tuple(places.get(name, ()) for name in primitive.argnames)
        self.entries = tuple(
            make_entry(partials[name], places[name]) if name in partials else None
            for name in primitive.argnames
        )
        self.sole = self.left = self.entries[0]
        self.right = self.entries[1] if len(self.entries) > 1 else None
        self.pair = None
        if len(self.entries) == 2 and self.left and self.right:
            of_x, of_y = (places[name] for name in primitive.argnames)
            self.pair = make_pair(self.left, self.right, of_x, of_y)

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

    @staticmethod
    def batch(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
        """Work element by element, for examples that lie along a first axis."""
        return primitive.bind(aligned(values, mine), params)

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows, if no partial moves or there is an own way."""
        moving = [i for i, own in enumerate(mine) if own and self.entries[i] is not None]
        if not moving:
            return motionless
        needed = {place for i in moving for place in self.places[i]}
        if 0 in needed or any(mine[place - 1] for place in needed):
            return self.series and self.series(self.primitive, mine, ans, args)

        def step(k: int, series: Any, found: Any) -> Any:
            return self.jvp([series[i][k] if own else None for i, own in enumerate(mine)], ans, args, params)

        return step

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


def places_of(primitive: Primitive, partial: Partial) -> tuple[int, ...]:
    """Return the places in ``(ans, *args)`` of what a partial derivative names."""
    if isinstance(partial, str):
        names: tuple[str, ...] = (partial,)
    elif callable(partial):
        names = names_of(partial)[takes_g(partial) :]
    else:
        names = ()
    places = ("ans", *primitive.argnames)
    strangers = set(names) - set(places)
    if strangers:
        raise RegistrationError(
            f"the rule of {primitive.name} asks for {', '.join(sorted(strangers))}; "
            f"it can have {', '.join(places)}"
        )
    return tuple(map(places.index, names))


def takes_g(partial: Callable[..., Any]) -> bool:
    """Return whether a rule returns the product with ``g`` itself."""
    return names_of(partial)[:1] == ("g",)


def make_entry(partial: Partial, places: tuple[int, ...]) -> Entry:
    """Return ``(pull, keep)`` for one argument's partial derivative, and say what stands for it on trial."""
    keep = itemgetter(*places) if places else None
    if isinstance(partial, str):
        return times, keep
    if not callable(partial):
        return constant_pull(partial), None
    if takes_g(partial):
        return pull_of_product(partial, len(places)), keep
    pull = pull_of_factor(partial, len(places))
    ON_TRIAL[pull] = plain_pull_of_factor(partial, len(places))
    return pull, keep


ON_TRIAL[times] = plain_times


def pull_of_product(function: Callable[..., Any], count: int) -> Pull:
    """Return the pull by a function of ``g`` and of a residual of so many values."""
    if count == 1:
        return function
    if count == 0:
        return lambda g, residual: function(g)
    return lambda g, residual: function(g, *residual)


def pull_of_factor(function: Callable[..., Any], count: int) -> Pull:
    """Return the pull by the product of ``g`` with a function of a residual of so many values."""
    if count == 1:
        return lambda g, residual: times(g, function(residual))
    return lambda g, residual: times(g, function(*residual))


def plain_pull_of_factor(function: Callable[..., Any], count: int) -> Pull:
    """Return the same without guards.  The case of one value spares a call, since it is so common."""
    if count != 1:
        return lambda g, residual: plain_times(g, function(*residual))

    def pull(g: Any, residual: Any) -> Any:
        d = function(residual)
        return plain_times(g, d) if type(d) is Box else g * d

    return pull


def constant_pull(factor: complex) -> Pull:
    """Return the pull of a constant partial derivative."""
    if factor == 1:
        return lambda g, residual: g
    if factor == -1:
        return lambda g, residual: -g
    return lambda g, residual: g * factor


def make_pair(left: Entry, right: Entry, of_x: tuple[int, ...], of_y: tuple[int, ...]) -> Entry:
    """Return the joint pull of two arguments, and what keeps its residual, a pair.

    ``of_x`` and ``of_y`` are the places of what the two rules name.
    """
    (pull_x, keep_x), (pull_y, keep_y) = left, right
    if keep_x is None and keep_y is None:
        return (lambda g, residual: (pull_x(g, None), pull_y(g, None))), None
    pull = pull_of_pair(pull_x, pull_y)
    ON_TRIAL[pull] = pull_of_pair(ON_TRIAL.get(pull_x, pull_x), ON_TRIAL.get(pull_y, pull_y))
    if len(of_x) == len(of_y) == 1:
        return pull, itemgetter(*of_x, *of_y)
    return pull, lambda named: (keep_x and keep_x(named), keep_y and keep_y(named))


def pull_of_pair(pull_x: Pull, pull_y: Pull) -> Pull:
    """Return the pull to two arguments, with a pair of residuals."""

    def pull(g: Any, residual: Any) -> Any:
        x, y = residual
        return pull_x(g, x), pull_y(g, y)

    return pull


def pull_each(g: Any, residual: Any) -> Any:
    """Pull back to several arguments, each by its own function."""
    pulls, residuals = residual
    return tuple(pull(g, inner) for pull, inner in zip(pulls, residuals, strict=True))
