"""The two modes as things to be checked: what they give along a direction, and what they should.

Forward mode gives the whole result's derivative along a direction.  Reverse mode gives a weighted sum of it,
with the weights of one cotangent, along all directions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten_as
from fgrad.testing.coordinates import Space
from fgrad.testing.differences import Slope
from fgrad.testing.errors import DerivativeError
from fgrad.testing.problem import Problem


class Comparison(NamedTuple):
    """Derivatives along a direction beside those by differences, and how far they may be apart."""

    found: Any
    expected: Any
    error: Any
    allowed: Any

    def severity(self) -> Any:
        """Return for each how far they are apart, in units of what is allowed; infinite for NaN."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.abs(self.found - self.expected) / self.allowed
        return np.where(self.found == self.expected, 0.0, np.where(np.isnan(ratio), np.inf, ratio))

    def worst(self) -> tuple[int, float]:
        """Return the place of the worst, and how bad it is; wrong beyond one."""
        severity = self.severity()
        place = int(np.argmax(severity))
        return place, float(severity[place])


class Tolerance(NamedTuple):
    """How far a derivative may be off, beside what differences are off themselves."""

    rtol: float
    atol: float

    def allowed(self, error: Any, scale: Any) -> Any:
        """Return how far it may be from differences with an error, of values of a scale."""
        return self.atol + self.rtol * scale + _CAUTION * error


#: An estimated error may be too small by this factor.
_CAUTION = 10


class Mode(ABC):
    """One mode, at one point."""

    def __init__(self, problem: Problem, tolerance: Tolerance, label: str, order: int) -> None:
        self.problem, self.tolerance = problem, tolerance
        self.label, self.order = label, order

    def fail(self, message: str) -> DerivativeError:
        """Return an error that concerns no single element."""
        problem = self.problem
        return DerivativeError(
            f"{problem.caller}: {problem.name}, mode {self.label!r}, order {self.order}: {message}",
            self.label,
            self.order,
        )

    def vector_of(self, tree: Any, structure: Any, space: Space, what: str, *, dual: bool = False) -> Any:
        """Return the coordinates of what a mode gave; raise if it is not like the leaves of a space."""
        try:
            leaves = flatten_as(tree, structure, what)
        except (InputError, ArgumentError) as error:
            raise self.fail(str(error)) from None
        for leaf, array, name in zip(leaves, space.arrays, space.names, strict=True):
            if np.shape(leaf) != array.shape:
                raise self.fail(f"{what} of {name} has shape {np.shape(leaf)}; it must have {array.shape}")
        return space.vector(leaves, dual=dual)

    def check_value(self, tree: Any) -> None:
        """Raise if a function's value is another one while it is differentiated."""
        problem = self.problem
        space = problem.outputs
        found = self.vector_of(tree, problem.structure, space, "the value")
        expected = space.vector(problem.value)
        zero = np.zeros_like(expected)
        comparison = Comparison(found, expected, zero, self.tolerance.allowed(zero, np.abs(expected)))
        place, severity = comparison.worst()
        if severity > 1:
            raise self.fail(
                f"the value of {space.name(place)} is {found[place]} while it is differentiated, and "
                f"{expected[place]} otherwise"
            )

    @abstractmethod
    def compare(self, direction: Any, slope: Slope) -> Comparison:
        """Return what the mode gives along a direction beside what it should."""

    @abstractmethod
    def blamed(self, place: int, direction: Any, slope: Slope) -> tuple[str, Comparison, int]:
        """Return the name of the element of the result that is wrong, and its comparison."""


class Forward(Mode):
    """Forward mode.

    Attributes
    ----------
    push : callable
        ``push(args, tangents)`` returns the value and its tangent.
    """

    def __init__(self, push: Callable[..., Any], *rest: Any) -> None:
        super().__init__(*rest)
        self.push = push

    def compare(self, direction: Any, slope: Slope) -> Comparison:
        problem = self.problem
        value, tangent = self.push(problem.args, problem.packed_tangents(direction))
        self.check_value(value)
        found = self.vector_of(tangent, problem.structure, problem.outputs, "the tangent")
        scale = np.zeros(problem.outputs.size)
        for part in problem.outputs.parts:
            scale[part] = np.max(np.abs(slope.value[part]), initial=0.0)
        return Comparison(found, slope.value, slope.error, self.tolerance.allowed(slope.error, scale))

    def blamed(self, place: int, direction: Any, slope: Slope) -> tuple[str, Comparison, int]:
        return self.problem.outputs.name(place), self.compare(direction, slope), place


class Reverse(Mode):
    """Reverse mode, for one cotangent.

    Attributes
    ----------
    pull : callable
        The pullback.
    weights : array
        The coordinates of the cotangent.
    gradient : array
        What comes back for it.
    """

    def __init__(self, record: Callable[..., Any], weights: Any, *rest: Any) -> None:
        super().__init__(*rest)
        value, self.pull = record(self.problem.args)
        self.check_value(value)
        self.weights = weights
        self.gradient = self.pulled(weights)

    def pulled(self, weights: Any) -> Any:
        """Return the coordinates of what comes back for the cotangent of some weights."""
        problem = self.problem
        gs = self.pull(problem.packed_cotangent(weights))
        gs = tuple(gs) if isinstance(gs, list) else gs
        structure = problem.packing.structure()
        return self.vector_of(gs, structure, problem.inputs, "the cotangent", dual=True)

    def compare(self, direction: Any, slope: Slope) -> Comparison:
        return self.weighted(self.weights, self.gradient, direction, slope)

    def weighted(self, weights: Any, gradient: Any, direction: Any, slope: Slope) -> Comparison:
        """Return the comparison of a gradient along a direction."""
        active = weights != 0
        terms, errors = weights[active] * slope.value[active], np.abs(weights[active]) * slope.error[active]
        error = np.sum(errors, keepdims=True)
        allowed = self.tolerance.allowed(error, np.sum(np.abs(terms), keepdims=True))
        moving = direction != 0
        found = np.sum(gradient[moving] * direction[moving], keepdims=True)
        return Comparison(found, np.sum(terms, keepdims=True), error, allowed)

    def blamed(self, place: int, direction: Any, slope: Slope) -> tuple[str, Comparison, int]:
        outputs = self.problem.outputs
        if outputs.size == 1:
            unit = np.ones(1)
            return outputs.name(0), self.weighted(unit, self.pulled(unit), direction, slope), 0
        found = []
        for element in range(outputs.size if outputs.size <= MANY else 0):
            unit = np.zeros(outputs.size)
            unit[element] = 1.0
            found.append(self.weighted(unit, self.pulled(unit), direction, slope))
        severities = [comparison.worst()[1] for comparison in found]
        if severities and max(severities) > 1:
            element = int(np.argmax(severities))
            return outputs.name(element), found[element], 0
        return "a sum of the result's elements with random weights", self.compare(direction, slope), 0


#: More elements than these are not looked at one by one.
MANY = 512
