"""What is checked: a function at a point, in coordinates, and its slopes by differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten, paths, unflatten
from fgrad.testing.coordinates import Space
from fgrad.testing.differences import Slope, derivative, one_sided
from fgrad.transforms.arguments import parameter_name
from fgrad.transforms.inputs import Inputs, Wanted
from fgrad.transforms.outputs import flatten_output, name_of


def names_of(function: Callable[..., Any], args: Any) -> list[str]:
    """Return how the leaves of some arguments of a function would be written."""
    return [
        name
        for position, arg in enumerate(args)
        for name in paths(flatten(arg)[1], parameter_name(function, position))
    ]


class Problem:
    """A function at a point.

    Attributes
    ----------
    inputs, outputs : Space
        The coordinates of the arguments and of the result.
    structure : structure
        Of the result.
    value : list
        The leaves of the result.
    largest : float
        The largest number in it.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        args: Any,
        kwargs: dict[str, Any],
        step: float | None,
        caller: str,
        names: list[str] | None = None,
    ) -> None:
        if not callable(function):
            raise InputError(f"{caller} takes a function; got {type(function).__name__}")
        if not isinstance(args, tuple | list):
            raise InputError(
                f"{caller} takes the arguments as a tuple, {caller}(f, (x,)); got {type(args).__name__}"
            )
        if not args:
            raise ArgumentError(f"{caller}: there is nothing to differentiate; give at least one argument")
        self.function, self.kwargs, self.caller = function, kwargs, caller
        self.name = name_of(function)
        self.packing = Inputs(function, Wanted(tuple(range(len(args)))), tuple(args), kwargs, caller)
        self.inputs = Space(self.packing.leaves, names or names_of(function, args))
        self.value, self.structure = self.leaves_of(self.inputs.leaves)
        self.outputs = Space(self.value, paths(self.structure, "result"))
        for space, what in ((self.inputs, "arguments"), (self.outputs, "results")):
            if not space.size:
                holds = f"the {what} of {self.name} hold no floating-point numbers"
                raise ArgumentError(f"{caller}: there is nothing to check; {holds}")
        self.resolution = max(self.inputs.resolution, self.outputs.resolution)
        self.largest = float(np.max(np.abs(self.outputs.vector(self.value))))
        self.step = self.resolution ** (1 / 8) if step is None else step

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments, of floats."""
        return tuple(self.packing.pack(self.inputs.leaves))

    def leaves_of(self, leaves: list[Any]) -> tuple[list[Any], Any]:
        """Return the leaves of the result for those of the arguments, and its structure."""
        args, kwargs = self.packing.call_with(leaves)
        return flatten_output(self.function(*args, **kwargs), self.caller, self.name)

    def values_along(self, direction: Any) -> Callable[[float], Any]:
        """Return the function of a step along a direction that gives the result's coordinates.

        They are NaN where the function raises, or returns arrays of other shapes.
        """
        nowhere = np.full(self.outputs.size, np.nan)

        def values(h: float) -> Any:
            try:
                with np.errstate(all="ignore"):
                    leaves, structure = self.leaves_of(self.inputs.shifted(h * direction))
            except (ArithmeticError, ValueError):  # beyond its domain
                return nowhere
            shapes = [np.shape(leaf) for leaf in leaves]
            if structure != self.structure or shapes != [array.shape for array in self.outputs.arrays]:
                return nowhere
            return self.outputs.vector(leaves)

        return values

    def slope(self, direction: Any) -> Slope:
        """Return the derivative of the result along a direction, by differences."""
        with np.errstate(all="ignore"):
            return derivative(self.values_along(direction), self.step, self.resolution, self.largest)

    def sided_slopes(self, direction: Any) -> tuple[Slope, Slope]:
        """Return the derivatives along a direction, to its side and against it, by differences."""
        values = self.values_along(direction)
        with np.errstate(all="ignore"):
            ahead, behind = (one_sided(values, side, self.step, self.resolution) for side in (1, -1))
        return ahead, behind

    def packed_tangents(self, vector: Any) -> tuple[Any, ...]:
        """Return tangents of the arguments, in their containers."""
        return tuple(self.packing.pack(self.inputs.from_vector(vector)))

    def packed_cotangent(self, vector: Any) -> Any:
        """Return a cotangent of the result, in its container."""
        return unflatten(self.structure, self.outputs.from_vector(vector, dual=True))
