"""Numerical derivatives that know how good they are.

Central differences for a step that is halved again and again are extrapolated to a step of zero.  Large steps
suffer from the higher derivatives, small ones from rounding; somewhere between, neighbours in the table of
extrapolations agree best, and how well they agree is the estimate of the error.  Each element of the result
has its own best place.

>>> import numpy as np
>>> slope, error = derivative(lambda h: np.array([np.exp(h), 1e-300 * h]), 0.01, 2.2e-16)
>>> bool(abs(slope[0] - 1.0) <= error[0] < 1e-11)
True

References
----------
C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4
(1982), 75-76, https://doi.org/10.1016/S0141-1195(82)80057-0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

#: How often the step is halved at most, and how many of the extrapolations are made of one step.
HALVINGS = 24
COLUMNS = 5

#: So many roundings are taken to be in each value.
_ROUNDINGS = 4


class Slope(NamedTuple):
    """A derivative, and how far off it may be."""

    value: Any
    error: Any


def derivative(values: Callable[[float], Any], step: float, resolution: float, size: float = 0.0) -> Slope:
    """Return the derivative of a function of one number at zero.

    Parameters
    ----------
    values : callable
        Returns a vector; NaN where it has no value.
    step : float
        The longest that is taken.
    resolution : float
        The relative error of a rounded value.
    size : float
        Of the numbers that the values are made of, if that is larger: they may be what is left of them.
    """

    def difference(h: float) -> tuple[Any, Any]:
        ahead, behind = values(h), values(-h)
        return (ahead - behind) / (2 * h), (np.abs(ahead) + np.abs(behind)) / (2 * h)

    return extrapolated(difference, 4.0, step, resolution, size)


def one_sided(values: Callable[[float], Any], side: int, step: float, resolution: float) -> Slope:
    """Return the derivative to one side, 1 or -1."""
    here = values(0.0)

    def difference(h: float) -> tuple[Any, Any]:
        there = values(side * h)
        return side * (there - here) / h, (np.abs(there) + np.abs(here)) / h

    return extrapolated(difference, 2.0, step, resolution)


def extrapolated(
    difference: Callable[[float], tuple[Any, Any]],
    ratio: float,
    step: float,
    resolution: float,
    size: float = 0.0,
) -> Slope:
    """Return the limit of difference quotients for a step of zero.

    Parameters
    ----------
    difference : callable
        Returns the quotient for a step, and the size of the values over the step.
    ratio : float
        By which the first term of the error shrinks when the step is halved, and each next one more.
    step, resolution, size : float
        As for :func:`derivative`.
    """
    limit: Any = None
    error: Any = None
    doubt: Any = np.inf
    above: list[Any] = []
    twice_above: list[Any] = []
    for level in range(HALVINGS):
        h = step / 2.0**level
        quotient, sizes = difference(h)
        row = [quotient]
        noise = _ROUNDINGS * resolution * (sizes + np.abs(quotient) / h)
        least = np.sqrt(resolution) * np.maximum(sizes * h, size) + resolution**0.75  # as good as zero
        if limit is None:
            limit, error = quotient, np.full(quotient.shape, np.inf)
        is_better = np.zeros(quotient.shape, bool)
        for column, old in enumerate(above[: COLUMNS - 1]):
            new = row[-1] + (row[-1] - old) / (ratio ** (column + 1) - 1)
            if column < len(twice_above):  # two may agree by chance: two jumps ahead, and one half as far
                new_error = noise + max_distance(new, row[-1], old, twice_above[column])
                # Relative: where the slope is seen to grow with each halving, the first is not the best.
                new_doubt = new_error / np.maximum(np.abs(new), least)
                better = new_doubt < doubt  # not where it is NaN
                limit, error = np.where(better, new, limit), np.where(better, new_error, error)
                doubt = np.where(better, new_doubt, doubt)
                is_better |= better
            row.append(new)
        above, twice_above = row, above
        if level >= COLUMNS and np.isfinite(error).all():
            # A large step may look settled beyond a kink, or beyond what the function does near by.
            settled = error <= np.sqrt(resolution) * np.maximum(np.abs(limit), sizes * h)
            if ((error <= 2 * noise) | (settled & ~is_better)).all():
                break
    return Slope(limit, error)


def max_distance(new: Any, *others: Any) -> Any:
    """Return how far the farthest of some values is from another, element by element."""
    return np.max([np.abs(new - other) for other in others], axis=0)
