"""Infinitesimals: how a rule of reverse mode takes a limit instead of dividing zero by zero.

Where two eigenvalues are equal, the cotangent of a matrix is a quotient of two zeros.  Its limit needs to
know how the program after the decomposition answers if the values move apart.  So the trace moves them
apart by an infinitesimal, which is a tangent one level below the trace: the program goes on with dual
numbers, its values stay what they are, and the cotangents that come back hold the answer.

A limit of a Taylor series of some order needs as many infinitesimals, all alike: a *family*.  Their levels
lie between the trace's own and that of the next outer one; no transform knows of them.  Cotangents lose
them where they leave the trace (:func:`standard`).

>>> from fgrad.modes.reverse import ReverseTrace
>>> trace = ReverseTrace("an example")
>>> x = moved_apart(3.0, 1.0, trace)
>>> family = family_of(x)
>>> [float(term) for term in taylor(x * x, family)]
[9.0, 6.0]
>>> float(standard(x * x, trace))
9.0
"""

from __future__ import annotations

from math import factorial
from typing import Any

from fgrad.core.box import Box, new_box
from fgrad.core.spec import spec_of, zeros
from fgrad.modes.forward import ForwardTrace


class Infinitesimal(ForwardTrace):
    """One infinitesimal of a trace.

    Attributes
    ----------
    parent : Trace
        The trace that it belongs to.
    """

    mode = "an infinitesimal"

    def __init__(self, parent: Any, number: int) -> None:
        # Not one of the transforms that were started: it ends with its parent.
        self.parent = parent
        self.transform = parent.transform
        self.level = parent.level - 0.5**number


Family = tuple[Infinitesimal, ...]


def moved_apart(value: Any, direction: Any, trace: Any) -> Any:
    """Return ``value`` moved along ``direction`` by infinitesimals of a trace.

    Parameters
    ----------
    value : array
        Of levels below the trace's.  Each transform below may ask for one more term of the limit's series,
        and so may each infinitesimal of these.
    direction : array
        Plain, of the same shape and dtype.
    trace : ReverseTrace
        Whose infinitesimals are used.
    """
    move: Any = zeros(spec_of(value))
    for infinitesimal in _family(trace, 1 + _depth(value, trace)):
        move = new_box(move, infinitesimal, direction)
    return value + move


def _depth(value: Any, trace: Any) -> int:
    """Return in how many boxes a value is, without those of a trace's own infinitesimals."""
    count = 0
    while type(value) is Box:
        count += getattr(value.owner, "parent", None) is not trace
        value = value.value
    return count


def _family(trace: Any, order: int) -> Family:
    """Return the trace's family of a length, made if there is none."""
    families: tuple[Family, ...] = trace.infinitesimals
    for family in families:
        if len(family) == order:
            return family
    first = 1 + sum(map(len, families))
    made = tuple(Infinitesimal(trace, number) for number in range(first, first + order))
    trace.infinitesimals = (*families, made)
    return made


def family_of(value: Any) -> Family:
    """Return the family that moved a value last; an empty one for a value that none has moved."""
    if type(value) is Box and isinstance(value.owner, Infinitesimal):
        families: tuple[Family, ...] = value.owner.parent.infinitesimals
        return next(family for family in families if value.owner in family)
    return ()


def taylor(value: Any, family: Family) -> list[Any]:
    """Return the coefficients of a value as a series in a family's infinitesimal."""
    coefficients = [part(value, family, 0)]
    coefficients += [part(value, family, order) / factorial(order) for order in range(1, len(family) + 1)]
    return coefficients


def part(value: Any, family: Family, order: int) -> Any:
    """Return the derivative along the first infinitesimals of a family, without the others."""
    for number, infinitesimal in reversed(list(enumerate(family))):
        value = _split(value, infinitesimal)[number < order]
    return value


def _split(value: Any, infinitesimal: Infinitesimal) -> tuple[Any, Any]:
    """Return a value without an infinitesimal, and its derivative along it."""
    if type(value) is not Box or value.owner.level < infinitesimal.level:
        return value, zeros(spec_of(value))
    if value.owner is infinitesimal:
        return value.value, value.payload
    # the box of another one, or of the examples that a cotangent is of
    rest, along = _split(value.value, infinitesimal)
    still, turning = value.payload, value.payload
    if isinstance(value.owner, ForwardTrace):
        still, turning = _split(value.payload, infinitesimal)
    return new_box(rest, value.owner, still), new_box(along, value.owner, turning)


def standard(value: Any, trace: Any) -> Any:
    """Return a value without any infinitesimal of a trace."""
    for family in trace.infinitesimals:
        value = part(value, family, 0)
    return value


def standards(values: list[Any], trace: Any) -> list[Any]:
    """Return what leaves a trace, without its infinitesimals."""
    return [standard(value, trace) for value in values] if trace.infinitesimals else values
