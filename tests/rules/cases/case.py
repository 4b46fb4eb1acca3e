"""What a case is: a function, the domains of its differentiated arguments, and what else it is called with.

    real_case(np.maximum, apart(2, 3), apart(3))
    complex_case(np.sum, normal(2, 3), axis=0)
    complex_case(np.concatenate, [normal(2, 3), normal(1, 3)], axis=0)

Each :class:`Domain` among the arguments, or in lists and tuples among them, is an argument to
differentiate; everything else is passed as it is.  Real cases run in float64 and float32, complex cases in
complex128 as well.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Domain:
    """Where an argument is drawn from; ``draw(rng, is_complex)`` gives float64 or complex128."""

    name: str
    draw: Callable[[np.random.Generator, bool], Any]

    def sample(self, rng: np.random.Generator, dtype: str) -> Any:
        """Return a value of the given dtype, or a Python number where the domain is of those."""
        value = self.draw(rng, dtype == "complex128")
        return value.astype("float32") if dtype == "float32" and hasattr(value, "astype") else value


def _written(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "scalar"


def _domain(shape: tuple[int, ...], draw_real: Callable[[np.random.Generator], Any]) -> Domain:
    """Return a domain whose complex values have a small imaginary part beside the real one."""

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        value = np.asarray(draw_real(rng), dtype=float).reshape(shape)
        if is_complex:
            value = value + 0.5j * np.asarray(rng.normal(size=shape)).clip(-1, 1)
        return value[()] if shape == () else value

    return Domain(_written(shape), draw)


def normal(*shape: int) -> Domain:
    """Return the domain of all numbers."""
    return _domain(shape, lambda rng: rng.normal(size=shape))


def between(low: float, high: float) -> Callable[..., Domain]:
    """Return the domain of an interval, to be called with a shape."""
    return lambda *shape: _domain(shape, lambda rng: rng.uniform(low, high, size=shape))


def away(*shape: int) -> Domain:
    """Return the domain of numbers of both signs that are away from zero."""
    return _domain(shape, lambda rng: rng.choice([-1, 1], size=shape) * rng.uniform(0.4, 1.6, size=shape))


def apart(*shape: int) -> Domain:
    """Return the domain of numbers of both signs that differ from each other by 0.3 and more."""
    size = int(np.prod(shape))

    def draw(rng: np.random.Generator) -> Any:
        steps = np.cumsum(rng.uniform(0.3, 0.5, size=size))
        return rng.permutation(steps - steps[size // 2] + 0.2)

    return _domain(shape, draw)


def real_normal(*shape: int) -> Domain:
    """Return the domain of real numbers, in complex cases too."""
    return Domain(f"real {_written(shape)}", lambda rng, _: rng.normal(size=shape))


def number(value: float) -> Domain:
    """Return the domain of one Python number."""
    return Domain(f"number {value}", lambda _, is_complex: value + 0.25j if is_complex else value)


def _with_singular_values(
    rng: np.random.Generator, shape: tuple[int, ...], values: Any, is_complex: bool
) -> Any:
    matrix = rng.normal(size=shape) + (1j * rng.normal(size=shape) if is_complex else 0)
    u, _, vh = np.linalg.svd(matrix, full_matrices=False)
    return u * values @ vh


def invertible(*shape: int) -> Domain:
    """Return the domain of well-conditioned square matrices, stacked along the first axes."""

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        return _with_singular_values(rng, shape, rng.uniform(0.6, 1.6, size=shape[-1]), is_complex)

    return Domain(f"invertible {_written(shape)}", draw)


def positive_definite(*shape: int) -> Domain:
    """Return the domain of positive definite Hermitian matrices, stacked along the first axes."""

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        factor = rng.normal(size=shape)
        if is_complex:
            factor = factor + 1j * rng.normal(size=shape) / 2
        return factor @ np.conjugate(np.swapaxes(factor, -1, -2)) + np.eye(shape[-1])

    return Domain(f"positive definite {_written(shape)}", draw)


def separated(*shape: int) -> Domain:
    """Return the domain of matrices whose singular values are distinct and not zero."""

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        return _with_singular_values(rng, shape, 1 + 0.7 * np.arange(min(shape[-2:])), is_complex)

    return Domain(f"separated {_written(shape)}", draw)


@dataclass(frozen=True, eq=False)
class Case:
    """One way of calling a function."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ("float64", "float32")
    label: str = ""

    def __str__(self) -> str:
        function = self.function
        name = self.label or function.__name__
        if function.__module__ in ("_operator", "operator"):
            name = f"operator.{name}"
        written = [*map(_describe, self.args), *(f"{k}={_describe(v)}" for k, v in self.kwargs.items())]
        return f"{name}({', '.join(written)})"

    def domains(self) -> list[Domain]:
        """Return the domains of the differentiated arguments."""
        return list(_domains((self.args, tuple(self.kwargs.values()))))

    def leaves(self, dtype: str) -> list[Any]:
        """Return a value for each domain, always the same."""
        rng = np.random.default_rng(zlib.crc32(str(self).encode()))
        return [domain.sample(rng, dtype) for domain in self.domains()]

    def call(self, *leaves: Any, function: Callable[..., Any] | None = None) -> Any:
        """Call the function, or another one in its place, with values in place of the domains."""
        remaining = iter(leaves)
        args = [_fill(arg, remaining) for arg in self.args]
        kwargs = {name: _fill(value, remaining) for name, value in self.kwargs.items()}
        return (function or self.function)(*args, **kwargs)

    def outputs(self, *leaves: Any) -> list[Any]:
        """Return the results that are not integers or truth values, as a list."""
        return [out for out in listed(self.call(*leaves)) if _kind(out) in "fc"]


def listed(result: Any) -> list[Any]:
    """Return the arrays of a result that may be a list or a tuple, nested or not."""
    return [x for part in result for x in listed(part)] if isinstance(result, list | tuple) else [result]


def _kind(value: Any) -> str:
    return str(getattr(value, "dtype", np.result_type(type(value))).kind)


def _describe(value: Any) -> str:
    if isinstance(value, Domain):
        return value.name
    if type(value) in (list, tuple):
        inner = ", ".join(map(_describe, value))
        return f"[{inner}]" if type(value) is list else f"({inner})"
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.tolist()}".replace("\n", "")
    if type(value) is slice:
        return ":".join("" if part is None else str(part) for part in (value.start, value.stop, value.step))
    return getattr(value, "__name__", repr(value))


def _domains(template: Any) -> Iterator[Domain]:
    if isinstance(template, Domain):
        yield template
    elif type(template) in (list, tuple):
        for part in template:
            yield from _domains(part)


def _fill(template: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(template, Domain):
        return next(leaves)
    if type(template) in (list, tuple):
        return type(template)(_fill(part, leaves) for part in template)
    return template


def real_case(function: Callable[..., Any], *args: Any, label: str = "", **kwargs: Any) -> Case:
    """Return a case that runs in float64 and float32."""
    return Case(function, args, kwargs, label=label)


def complex_case(function: Callable[..., Any], *args: Any, label: str = "", **kwargs: Any) -> Case:
    """Return a case that runs in float64, float32 and complex128."""
    return Case(function, args, kwargs, ("float64", "float32", "complex128"), label)


def only_complex_case(function: Callable[..., Any], *args: Any, label: str = "", **kwargs: Any) -> Case:
    """Return a case that has a derivative other than zero for complex arguments only."""
    return Case(function, args, kwargs, ("complex128",), label)
