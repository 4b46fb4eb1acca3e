"""Derivatives against finite differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.testing.modes import Forward, Mode, Reverse, Tolerance
from fgrad.testing.problem import Problem
from fgrad.testing.search import check, directions_of, random_vector
from fgrad.transforms.products import jvp, vjp

_MODES = ("rev", "fwd")


def check_grads(
    f: Callable[..., Any],
    args: Sequence[Any],
    order: int = 1,
    modes: str | Sequence[str] = _MODES,
    *,
    kwargs: dict[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    eps: float | None = None,
    seed: int = 0,
) -> None:
    """Check the derivatives of a function against finite differences.

    Parameters
    ----------
    f : callable
        Returns an array or a container of arrays, real or complex.
    args : tuple
        Its positional arguments, floats, arrays or containers of them; all are differentiated.
    order : int, default 1
        Derivatives up to this order are checked, those of higher order in all combinations of the modes.
    modes : str or sequence of str, default ("rev", "fwd")
        ``"rev"`` for reverse mode, ``"fwd"`` for forward mode.
    kwargs : dict, optional
        Keyword arguments, which are not differentiated.
    rtol, atol : float, optional
        How far a derivative may be off, relative to its size, and absolutely.  The estimated error of the
        differences, times ten, comes on top.  By default the square root of the resolution of the coarsest
        dtype (1.5e-8 for float64, 3e-4 for float32), and its power of 3/4 (2e-12, 6e-6).
    eps : float, optional
        The longest step of the differences, relative to arguments beyond one; shorter ones are tried as
        needed.  By default the resolution to the power 1/8 (0.011 for float64, 0.14 for float32).
    seed : int, default 0
        Of the random directions.

    Raises
    ------
    DerivativeError
        An ``AssertionError``.  It names the elements of the result and of the argument where the derivative
        is worst, the mode and the order, and gives both numbers with the error of the differences.  If the
        slopes on both sides differ, it says that the function is not differentiable there.
    InputError, ArgumentError
        If an argument is not of numbers, or there is nothing to check.

    Notes
    -----
    The derivative is compared along random directions: one of all arguments, and one of each leaf.  An error
    that is seen there is then looked for element by element.  An element whose share in the derivative is
    less than the tolerance is not seen.

    References
    ----------
    The differences are extrapolated: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)",
    Advances in Engineering Software 4 (1982), 75-76, https://doi.org/10.1016/S0141-1195(82)80057-0.

    Examples
    --------
    >>> import fgrad
    >>> import fgrad.numpy as np
    >>> from fgrad.testing import check_grads
    >>> check_grads(lambda w: np.sum(np.tanh(w["a"]) * w["b"]), ({"a": np.ones(2), "b": 3.0},), order=2)

    A rule that is wrong, in one of its arguments:

    >>> @fgrad.primitive
    ... def scaled(x, factor):
    ...     return x * factor
    >>> fgrad.defvjp(scaled, lambda ans, x, factor: lambda g: g * factor, lambda ans, x, factor: lambda g: g)
    >>> check_grads(scaled, (2.0, 3.0), modes="rev")
    Traceback (most recent call last):
        ...
    fgrad.testing.errors.DerivativeError: check_grads: the derivative of scaled is wrong in mode 'rev'
      of:         result
      by:         factor
      found:      1.0
      expected:   2.0..., by finite differences that may be off by ...
      difference: 1; allowed is ...
      1 of 2 elements of the arguments are wrong; this is the worst
    """
    if isinstance(order, bool) or not isinstance(order, int):
        raise InputError(f"check_grads: order must be an int; got {order!r}")
    if order < 1:
        raise ArgumentError(f"check_grads: order must be at least 1; got {order}")
    chosen = (modes,) if isinstance(modes, str) else tuple(modes)
    if not chosen or not set(chosen) <= set(_MODES):
        raise ArgumentError(f"check_grads: modes must be of 'rev' and 'fwd'; got {modes!r}")
    rng = np.random.default_rng(seed)
    problem = Problem(f, args, kwargs or {}, eps, "check_grads")
    tolerance = tolerance_of(problem, rtol, atol)
    _check_order(problem, tolerance, order, chosen, (), rng)


def _check_order(
    problem: Problem,
    tolerance: Tolerance,
    order: int,
    modes: tuple[str, ...],
    inner: tuple[str, ...],
    rng: np.random.Generator,
) -> None:
    """Check a function that is a derivative by the ``inner`` modes, and those that are made of it."""
    f, kwargs = problem.function, problem.kwargs

    def record(args: Any) -> Any:
        return vjp(f, *args, **kwargs)

    def push(args: Any, tangents: Any) -> Any:
        return jvp(f, args, tangents, **kwargs)

    built: list[Mode] = []
    for name in modes:
        rest = (problem, tolerance, " of ".join((name, *inner)), len(inner) + 1)
        if name == "fwd":
            built.append(Forward(push, *rest))
        else:
            built.append(Reverse(record, random_vector(rng, problem.outputs.size), *rest))
    _check_modes(built, rng)
    if order > 1:
        for name in modes:
            derivative = _derivative(problem, name, rng)
            made = Problem(
                derivative, problem.args, kwargs, problem.step, problem.caller, problem.inputs.names
            )
            made.name = problem.name
            made.largest = max(made.largest, problem.largest)  # a derivative that is zero has its rounding
            _check_order(made, tolerance, order - 1, modes, (name, *inner), rng)


def _derivative(problem: Problem, mode: str, rng: np.random.Generator) -> Callable[..., Any]:
    """Return a derivative as a function of the same arguments: along a direction, or of a weighted sum."""
    f = problem.function
    if mode == "fwd":
        tangents = problem.packed_tangents(random_vector(rng, problem.inputs.size))
        return lambda *args, **kwargs: jvp(f, args, tangents, **kwargs)[1]
    g = problem.packed_cotangent(random_vector(rng, problem.outputs.size))
    return lambda *args, **kwargs: vjp(f, *args, **kwargs)[1](g)


def _check_modes(modes: list[Mode], rng: np.random.Generator) -> None:
    """Check some modes of one function along the same directions."""
    for direction in directions_of(modes[0], rng):
        slope = modes[0].problem.slope(direction)
        for mode in modes:
            check(mode, direction, slope)


def tolerance_of(problem: Problem, rtol: float | None, atol: float | None) -> Tolerance:
    """Return the tolerance that was given, or what suits the dtypes."""
    resolution = problem.resolution
    return Tolerance(
        resolution**0.5 if rtol is None else rtol,
        resolution**0.75 if atol is None else atol,
    )


def check_vjp(
    f: Callable[..., Any],
    f_vjp: Callable[..., Any],
    args: Sequence[Any],
    *,
    kwargs: dict[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    eps: float | None = None,
    seed: int = 0,
) -> None:
    """Check a vector-Jacobian product of your own against finite differences.

    Parameters
    ----------
    f : callable
        The function.
    f_vjp : callable
        ``f_vjp(*args, **kwargs)`` returns the value and a function that takes a cotangent like the value to a
        tuple of cotangents, one for each argument; :func:`fgrad.vjp` of ``f`` is one.  Real and complex
        cotangents ``g`` pair with tangents ``t`` as ``Re(sum(g * t))``.
    args, kwargs, rtol, atol, eps, seed
        As for :func:`check_grads`.

    Raises
    ------
    DerivativeError
        If the value, a shape or a derivative is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from fgrad.testing import check_vjp
    >>> check_vjp(np.sin, lambda x: (np.sin(x), lambda g: (g * np.cos(x),)), (np.array([0.1, 0.2]),))
    """
    problem = Problem(f, args, kwargs or {}, eps, "check_vjp")
    rng = np.random.default_rng(seed)
    weights = random_vector(rng, problem.outputs.size)

    def record(args: Any) -> Any:
        return f_vjp(*args, **problem.kwargs)

    _check_modes([Reverse(record, weights, problem, tolerance_of(problem, rtol, atol), "rev", 1)], rng)


def check_jvp(
    f: Callable[..., Any],
    f_jvp: Callable[..., Any],
    args: Sequence[Any],
    *,
    kwargs: dict[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    eps: float | None = None,
    seed: int = 0,
) -> None:
    """Check a Jacobian-vector product of your own against finite differences.

    Parameters
    ----------
    f : callable
        The function.
    f_jvp : callable
        ``f_jvp(args, tangents, **kwargs)`` returns the value and its tangent; ``args`` and ``tangents`` are
        tuples.
    args, kwargs, rtol, atol, eps, seed
        As for :func:`check_grads`.

    Raises
    ------
    DerivativeError
        If the value, a shape or a derivative is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from fgrad.testing import check_jvp
    >>> check_jvp(np.sin, lambda args, ts: (np.sin(args[0]), np.cos(args[0]) * ts[0]), (0.5,))
    """
    problem = Problem(f, args, kwargs or {}, eps, "check_jvp")

    def push(args: Any, tangents: Any) -> Any:
        return f_jvp(args, tangents, **problem.kwargs)

    mode = Forward(push, problem, tolerance_of(problem, rtol, atol), "fwd", 1)
    _check_modes([mode], np.random.default_rng(seed))
