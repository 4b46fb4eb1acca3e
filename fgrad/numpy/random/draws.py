"""Draws that are a transformation of noise: their derivative is the transformation's.

A draw from the normal distribution is ``loc + scale * z``, where ``z`` does not depend on the parameters;
so it moves by 1 with ``loc`` and by ``z`` with ``scale`` (the pathwise or reparameterised derivative).  Each
function takes the noise from the same place of the same stream as NumPy's own, so that the value is
the one that NumPy would have drawn.

Where many examples are computed at once the noise is drawn once, and is the same for all.

The source of the noise is a generator, or ``numpy.random`` with its global state.

>>> import numpy as np
>>> normal(np.random.default_rng(0), 1.0, 2.0) == np.random.default_rng(0).normal(1.0, 2.0)
np.True_
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from fgrad.core.box import Box, anywhere, bottom, hidden_axes, still
from fgrad.core.errors import ArgumentError
from fgrad.core.spec import spec_of
from fgrad.modes.slate import plain_all
from fgrad.numpy.wrap import as_traced


def shape_of(size: Any) -> tuple[int, ...]:
    """Return the shape that ``size=`` stands for; none for None."""
    if size is None:
        return ()
    try:
        return (operator.index(size),)
    except TypeError:
        if type(size) is Box:
            raise
        return tuple(operator.index(n) for n in size)


def as_double(value: Any) -> Any:
    """Return an array in double precision, in which NumPy draws whatever its parameters are."""
    if type(value) is not Box:
        return np.asarray(value, np.float64)
    return value if spec_of(value).dtype == np.float64 else np.astype(value, np.float64)  # type: ignore[call-overload]


def _prepare(source: Any, name: str, size: Any, *parameters: Any) -> tuple[Any, ...]:
    """Return the shape to draw and the parameters; raise what NumPy raises for them."""
    given = [as_traced(parameter) for parameter in plain_all(parameters)]
    broadcast = np.broadcast_shapes(*(spec_of(parameter).shape for parameter in given))
    shape = broadcast if size is None else shape_of(size)
    fits = len(broadcast) <= len(shape) and np.broadcast_shapes(broadcast, shape) == shape
    if not fits:
        raise ValueError(
            f"Output size {shape} is not compatible with broadcast dimensions of inputs {broadcast}."
        )
    _check(getattr(source, name), given, shape)
    return shape, *map(as_double, given)


def _check(draw: Any, given: list[Any], shape: tuple[int, ...]) -> None:
    """Raise what NumPy raises for parameters of a draw, those of all examples at once.

    It draws nothing at all, so that the stream stays where it is: NumPy looks at the parameters first.
    """
    if any(map(hidden_axes, given)):
        together = np.stack(np.broadcast_arrays(*map(still, given)))
        rows = np.moveaxis(bottom(together), hidden_axes(together), 0)
        draw(*rows, size=(0, *rows.shape[1:]))
    else:
        draw(*map(bottom, given), size=(0, *shape))


def normal(source: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    shape, loc, scale = _prepare(source, "normal", size, loc, scale)
    return loc + scale * source.standard_normal(shape)


def lognormal(source: Any, mean: Any = 0.0, sigma: Any = 1.0, size: Any = None) -> Any:
    shape, mean, sigma = _prepare(source, "lognormal", size, mean, sigma)
    return np.exp(mean + sigma * source.standard_normal(shape))


def uniform(source: Any, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
    shape, low, high = _prepare(source, "uniform", size, low, high)
    return low + (high - low) * source.random(shape)


def laplace(source: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    shape, loc, scale = _prepare(source, "laplace", size, loc, scale)
    return loc + scale * source.laplace(size=shape)


def logistic(source: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    shape, loc, scale = _prepare(source, "logistic", size, loc, scale)
    return loc + scale * source.logistic(size=shape)


def gumbel(source: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    shape, loc, scale = _prepare(source, "gumbel", size, loc, scale)
    return loc + scale * source.gumbel(size=shape)


def exponential(source: Any, scale: Any = 1.0, size: Any = None) -> Any:
    shape, scale = _prepare(source, "exponential", size, scale)
    return scale * source.standard_exponential(shape)


def rayleigh(source: Any, scale: Any = 1.0, size: Any = None) -> Any:
    shape, scale = _prepare(source, "rayleigh", size, scale)
    return scale * source.rayleigh(size=shape)


def weibull(source: Any, a: Any, size: Any = None) -> Any:
    shape, a = _prepare(source, "weibull", size, a)
    if anywhere(a == 0):
        raise ArgumentError("weibull: a draw has no derivative where a = 0; every draw is 0 there")
    return source.standard_exponential(shape) ** (1 / a)


def pareto(source: Any, a: Any, size: Any = None) -> Any:
    shape, a = _prepare(source, "pareto", size, a)
    return np.expm1(source.standard_exponential(shape) / a)


def power(source: Any, a: Any, size: Any = None) -> Any:
    shape, a = _prepare(source, "power", size, a)
    return source.power(1.0, shape) ** (1 / a)


def triangular(source: Any, left: Any, mode: Any, right: Any, size: Any = None) -> Any:
    shape, left, mode, right = _prepare(source, "triangular", size, left, mode, right)
    u = source.random(shape)
    width = right - left
    rises = u <= still((mode - left) / width)
    product = np.where(rises, u * (mode - left), (1 - u) * (right - mode)) * width
    return np.where(rises, left, right) + np.where(rises, 1, -1) * np.sqrt(product)
