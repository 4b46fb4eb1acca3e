"""The search for a wrong derivative: along random directions, and then for the element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fgrad.testing.differences import Slope
from fgrad.testing.errors import DerivativeError
from fgrad.testing.modes import MANY, Comparison, Mode


def directions_of(mode: Mode, rng: np.random.Generator) -> Iterator[Any]:
    """Yield directions: one of all arguments, and one of each, so that a large one hides no small one."""
    space = mode.problem.inputs
    whole = random_vector(rng, space.size) * space.typical()
    yield whole
    moving = [part for part in space.parts if part.start != part.stop]
    if len(moving) > 1:
        for part in moving:
            alone = np.zeros_like(whole)
            alone[part] = whole[part]
            yield alone


def random_vector(rng: np.random.Generator, size: int) -> Any:
    """Return numbers of both signs, none of them near zero."""
    return rng.choice([-1.0, 1.0], size) * rng.uniform(0.5, 1.5, size)


def check(mode: Mode, direction: Any, slope: Slope) -> None:
    """Raise if a mode's derivative along a direction is not the slope."""
    check_settled(mode, slope)
    place, severity = mode.compare(direction, slope).worst()
    if severity > 1:
        raise Search(mode).error(place, direction, slope)


def check_settled(mode: Mode, slope: Slope) -> None:
    """Raise if differences do not tell the derivative."""
    outputs = mode.problem.outputs
    unknown = ~np.isfinite(slope.error)
    if unknown.any():
        raise mode.fail(
            f"{outputs.name(int(np.argmax(unknown)))} is not finite at points near by, or the function "
            "raises or returns other shapes there, so that there is nothing to compare with. Choose another "
            "point, or give a smaller eps."
        )
    rounding = mode.problem.resolution**0.5 * mode.problem.largest
    vague = slope.error > max(0.01 * float(np.max(np.abs(slope.value))), rounding, mode.tolerance.atol)
    if vague.any():
        worst = int(np.argmax(slope.error))
        raise mode.fail(
            f"differences do not settle: the derivative of {outputs.name(worst)} is about "
            f"{float(slope.value[worst]):.3g}, give or take {float(slope.error[worst]):.3g}. "
            "The function is not smooth here, its values are noisy, or eps does not suit it."
        )


class Search:
    """The search for the element of the arguments that is worst."""

    def __init__(self, mode: Mode) -> None:
        self.mode, self.problem = mode, mode.problem
        self.typical = self.problem.inputs.typical()

    def error(self, place: int, direction: Any, slope: Slope) -> DerivativeError:
        """Return the error for a derivative that is wrong along a direction."""
        mode, inputs = self.mode, self.problem.inputs
        candidates = np.flatnonzero(direction)
        found = self.all_of(candidates) if len(candidates) <= MANY else self.halved(candidates, direction)
        wrong = [entry for entry in found if entry[2].worst()[1] > 1]
        if not wrong:
            name, comparison, at = mode.blamed(place, direction, slope)
            argument = "the arguments, along a random direction (no element is wrong alone)"
            return self.report(argument, name, direction, comparison, at, 1.0, "")
        element, along, comparison, slope = max(wrong, key=lambda entry: entry[2].worst()[1])
        name, comparison, at = mode.blamed(comparison.worst()[0], along, slope)
        count = (
            f"{len(wrong)} of {len(candidates)} elements of the arguments are wrong; this is the worst"
            if len(candidates) <= MANY
            else ""
        )
        scale = float(self.typical[element])
        return self.report(inputs.name(element), name, along, comparison, at, scale, count)

    def along(self, elements: Any, signs: Any) -> tuple[Any, Comparison, Slope]:
        """Return the direction in which some elements move, and the comparison along it."""
        direction = np.zeros(self.problem.inputs.size)
        direction[elements] = signs
        slope = self.problem.slope(direction)
        return direction, self.mode.compare(direction, slope), slope

    def all_of(self, candidates: Any) -> list[tuple[int, Any, Comparison, Slope]]:
        """Return the comparison along each element."""
        return [(int(i), *self.along([i], self.typical[i])) for i in candidates]

    def halved(self, candidates: Any, direction: Any) -> list[tuple[int, Any, Comparison, Slope]]:
        """Return the comparison along one element, found by halving their number again and again."""
        while len(candidates) > 1:
            halves = np.array_split(candidates, 2)
            severities = [self.along(half, direction[half])[1].worst()[1] for half in halves]
            candidates = halves[int(np.argmax(severities))]
        return self.all_of(candidates)

    def report(
        self,
        argument: str,
        result: str,
        direction: Any,
        comparison: Comparison,
        at: int,
        scale: float,
        count: str,
    ) -> DerivativeError:
        """Return the error: what is wrong, and by how much."""
        mode, problem = self.mode, self.problem
        found, expected, error, allowed = (float(numbers[at]) / scale for numbers in comparison)
        order = "the derivative" if mode.order == 1 else f"the derivative of order {mode.order}"
        lines = [
            f"{problem.caller}: {order} of {problem.name} is wrong in mode {mode.label!r}",
            f"of:         {result}",
            f"by:         {argument}",
            f"found:      {found!r}",
            f"expected:   {expected!r}, by finite differences that may be off by {error:.2g}",
            f"difference: {abs(found - expected):.3g}; allowed is {allowed:.2g}",
        ]
        if count:
            lines.append(count)
        if not np.isfinite(found):
            lines.append("fgrad.debug_nans() names the operation that makes it")
        kink = self.kink(direction, scale)
        if kink:
            lines.append(kink)
        return DerivativeError(
            "\n  ".join(lines),
            mode.label,
            mode.order,
            argument=argument,
            result=result,
            found=found,
            expected=expected,
            error=error,
            allowed=allowed,
        )

    def kink(self, direction: Any, scale: float) -> str:
        """Return the words for a point where the function has no derivative, if it is one."""
        ahead, behind = self.problem.sided_slopes(direction)
        gap = np.abs(ahead.value - behind.value)
        size = np.maximum(np.abs(ahead.value), np.abs(behind.value))
        apart = (gap > _CLEAR * size) & (gap > (ahead.error + behind.error) / _CLEAR)
        if not apart.any():
            return ""
        at = int(np.argmax(np.where(apart, gap, -1)))
        one, other = (float(side.value[at]) / scale for side in (ahead, behind))
        name = self.problem.outputs.name(at)
        slopes = f"{one:.6g} on one side and {other:.6g} on the other"
        return f"{self.problem.name} is not differentiable here: the slope of {name} is {slopes}"


#: By how much one-sided slopes must differ, relative to them; ten times their errors is needed, too.
_CLEAR = 0.1
