"""Ordinary differential equations, differentiated by further ones.

For ``dy/dt = f(y, t, m)`` a change of the start or of ``m`` moves the solution by ``d``, with

    d' = df/dy d + df/dm dm,

and the cotangent ``a`` of the solution goes back in time, gathering that of ``m``, by

    a' = -a df/dy,        m' = -a df/dm.

Both are differential equations for more unknowns, so the rules of this primitive are the primitive itself,
and can be differentiated again.  On its way back the solution is computed anew from each of the times that
it was asked for, so nothing of the steps is kept.

References
----------
R. T. Q. Chen, Y. Rubanova, J. Bettencourt and D. Duvenaud, "Neural ordinary differential equations",
NeurIPS 2018, https://arxiv.org/abs/1806.07366 (algorithm 1; appendix B for the times).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError
from fgrad.core.pytree import flatten
from fgrad.core.spec import spec_of, zeros
from fgrad.implicit.closures import Closed, example
from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.solvers.dormand_prince import dormand_prince
from fgrad.implicit.starting import as_numbers, check_callable
from fgrad.implicit.vectors import Layout, as_like, is_finite, mapped
from fgrad.numpy.wrap import as_traced
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defjvp, defvjp
from fgrad.transforms.products import jvp, vjp

Dynamics = Callable[[Any, Any, Any], Any]


class Flow:
    """A differential equation, and what solves it.

    Parameters
    ----------
    dynamics : callable
        ``dynamics(y, t, moving)`` returns ``dy/dt``, like ``y``.
    solver : callable
        ``solver(f, y0, times, rtol, atol)``, on vectors.
    rtol, atol : float
        The errors that the solver may make.
    check : callable
        Raises if what the dynamics gave is not plain, where all that it was given is.
    """

    def __init__(
        self,
        dynamics: Dynamics,
        solver: Callable[..., Any],
        rtol: float,
        atol: float,
        check: Callable[[Any], Any],
    ) -> None:
        self.dynamics = dynamics
        self.solver = solver
        self.rtol = rtol
        self.atol = atol
        self.check = check

    def with_dynamics(self, dynamics: Dynamics) -> Flow:
        """Return another equation that is solved in the same way."""
        return Flow(dynamics, self.solver, self.rtol, self.atol, self.check)

    def pushed(self) -> Flow:
        """Return the equation of a solution and its tangent, for ``moving = (m, dm)``."""

        def dynamics(state: Any, t: Any, moving: Any) -> Any:
            (y, d), (m, dm) = state, moving
            return jvp(lambda y, m: self.dynamics(y, t, m), (y, m), (d, dm))

        return self.with_dynamics(dynamics)

    def pulled(self) -> Flow:
        """Return the equation of a solution, its cotangent, and the cotangent of ``moving``."""

        def dynamics(state: Any, t: Any, moving: Any) -> Any:
            y, a, _ = state
            slope, pullback = vjp(lambda y, m: self.dynamics(y, t, m), y, moving)
            return slope, *pullback(mapped(np.negative, a))

        return self.with_dynamics(dynamics)

    def solve(self, y0: Any, times: Any, moving: Any) -> Any:
        """Return the solution at some times, all values being plain."""
        check_times(times)
        layout = Layout(y0)

        def on_vectors(y: Any, t: Any) -> Any:
            return layout.vector(self.check(self.dynamics(layout.tree(y), t, moving)))

        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            rows = self.solver(on_vectors, layout.vector(y0), times.copy(), self.rtol, self.atol)
        rows = np.asarray(rows)
        if rows.shape != (len(times), layout.size):
            raise ConvergenceError(
                f"odeint: the solver returned an array of shape {rows.shape}; needed is one row of "
                f"{layout.size} numbers for each of the {len(times)} times. It may have stopped on the way"
            )
        if not is_finite(rows):
            raise ConvergenceError("odeint: the solution is not finite")
        trees = [layout.tree(row) for row in rows]
        return mapped(lambda *leaves: np.stack(leaves), *trees)


@primitive
def integral(given: Any, flow: Flow) -> Any:
    """Return the solution for ``given``: the start, the times, and what the dynamics depends on."""
    return flow.solve(*given)


def at(tree: Any, i: int) -> Any:
    """Return the state at one of the times."""
    return mapped(lambda leaf: leaf[i], tree)


def _pushed(tangent: Any, ans: Any, given: Any, flow: Flow) -> Any:
    (y0, times, moving), (dy0, dtimes, dmoving) = given, tangent
    slopes = [flow.dynamics(at(ans, i), times[i], moving) for i in range(len(times))]
    # The state is given at the first time; if that comes later, the state there was another.
    d0 = mapped(lambda d, slope: d - slope * dtimes[0], dy0, slopes[0])
    moved = integral(((y0, d0), times, (moving, dmoving)), flow.pushed())[1]
    later = mapped(lambda *leaves: np.stack(leaves), *slopes)
    return mapped(lambda d, slope: d + slope * along(dtimes, slope), moved, later)


def along(vector: Any, like: Any) -> Any:
    """Return a vector with axes of length one behind it, as many as ``like`` has."""
    return np.reshape(vector, (-1, *(1,) * (spec_of(like).ndim - 1)))


def pairing(a: Any, b: Any) -> Any:
    """Return ``Re(sum(a * b))`` over containers that are alike."""
    return sum(np.real(np.sum(x * y)) for x, y in zip(*(flatten(tree)[0] for tree in (a, b)), strict=True))


def _pulled(ans: Any, given: Any, flow: Flow) -> Callable[[Any], Any]:
    y0, times, moving = given

    def pull(g: Any) -> Any:
        backward = flow.pulled()
        last = len(times) - 1
        a = at(g, last)
        gathered = mapped(lambda leaf: zeros(spec_of(leaf)), moving)
        of_times: list[Any] = [0.0] * (last + 1)
        for i in range(last, 0, -1):
            of_times[i] = pairing(at(g, i), flow.dynamics(at(ans, i), times[i], moving))
            span = np.stack([times[i], times[i - 1]])
            states = integral(((at(ans, i), a, gathered), span, moving), backward)
            _, a, gathered = at(states, 1)
            if i == 1:
                of_times[0] = -pairing(a, flow.dynamics(y0, times[0], moving))
            a = mapped(np.add, a, at(g, i - 1))
        return a, np.stack(of_times) if last else np.zeros_like(times), gathered

    return pull


defjvp(integral, _pushed, None)
defvjp(integral, _pulled, None)


def odeint(
    f: Callable[..., Any],
    y0: Any,
    t: Any,
    *args: Any,
    solver: Callable[..., Any] | None = None,
    rtol: float = 1e-8,
    atol: float = 1e-8,
) -> Any:
    """Integrate ``dy/dt = f(y, t, *args)`` from ``y0`` at ``t[0]`` to the other times.

    The solution can be differentiated by the start, by each of the times, by ``args`` and by traced values
    that ``f`` closes over, in every mode and to any order.  In reverse mode the adjoint equation is
    integrated back in time: the memory does not grow with the number of steps.

    Parameters
    ----------
    f : callable
        ``f(y, t, *args)`` returns the slope, of the structure and shapes of ``y``.
    y0 : array or container of arrays
        The state at ``t[0]``; real or complex.
    t : array of shape (n,)
        The times, increasing or decreasing.
    *args
        What ``f`` depends on.
    solver : callable, optional
        ``solver(f, y0, t, rtol, atol)`` returns an array of shape ``(n, y0.size)``, with ``f(y, t)``.  It
        sees plain vectors of real numbers only, whatever ``y0`` is, since the adjoint equation has a larger
        state, and may be any code.  With SciPy, an implicit method for a stiff equation::

            def radau(f, y0, t, rtol, atol):
                return scipy.integrate.solve_ivp(
                    lambda s, y: f(y, s), (t[0], t[-1]), y0, "Radau", t, rtol=rtol, atol=atol
                ).y.T

        By default the method of Dormand and Prince, explicit and of order five.
    rtol, atol : float, default 1e-8
        The error of a step may be ``atol + rtol * abs(y)``, for each element; in the equations for
        derivatives too.

    Returns
    -------
    array or container of arrays
        The states: each leaf has one more axis than in ``y0``, the first, of the times.  The first is ``y0``.

    Raises
    ------
    ConvergenceError
        If the solution is not finite, the steps become too small or too many, or the solver stops on the way.
    ArgumentError, InputError, OutputError
        If the times are no vector, not monotone or not finite, ``y0`` is not of numbers, or the result of
        ``f`` is not like it.

    Notes
    -----
    The derivative is that of the exact solution, evaluated to the tolerance, not that of the steps.  Where
    the solution forgets its start at a great rate, a stiff or dissipative equation, going back in time is
    unstable; more times between, or forward mode, help.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> from fgrad.implicit.odeint import odeint
    >>> def decay(y, t, rate):
    ...     return -rate * y
    >>> t = np.array([0.0, 1.0, 2.0])
    >>> odeint(decay, 1.0, t, 0.5).round(6)
    array([1.      , 0.606531, 0.367879])
    >>> round(grad(lambda rate: odeint(decay, 1.0, t, rate)[-1])(0.5), 6)  # -2 exp(-1)
    -0.735759
    """
    check_callable(f, "odeint", "f")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not isinstance(value, int | float) or not value >= 0:
            raise ArgumentError(f"odeint: {name} must be a number of at least 0; got {value!r}")
    if rtol == atol == 0:
        raise ArgumentError("odeint: rtol and atol cannot both be 0; a step without error does not exist")
    y0 = as_numbers(y0, "odeint: y0")
    times = as_numbers(as_traced(t), "odeint: t")
    shape, dtype = spec_of(times) if not isinstance(times, dict) else ((), np.dtype(object))
    if len(shape) != 1 or not shape[0] or dtype.kind != "f":
        raise ArgumentError(
            "odeint: t must be a vector of real times, the first that of y0; "
            f"got shape {shape} and dtype {dtype}"
        )
    start = mapped(example, y0)
    closed = Closed([f], (start, example(times)[0]), args, "odeint")
    as_like(closed.trials[0], start, "odeint: the result of f", "y0")

    def dynamics(y: Any, t: Any, moving: Any) -> Any:
        return as_like(closed.call(f, (y, t), moving), y, "odeint: the result of f", "y")

    flow = Flow(dynamics, solver or dormand_prince, rtol, atol, closed.check_plain)
    return integral((closed.renewed(y0), closed.renewed(times), closed.moving), flow)


def check_times(times: Any) -> None:
    """Raise unless times are finite and go in one direction."""
    if not np.all(np.isfinite(times)):
        raise ArgumentError("odeint: t must be finite")
    steps = np.diff(times)
    if not (np.all(steps > 0) or np.all(steps < 0)):
        turn = int(np.argmax(steps * (1.0 if times[-1] > times[0] else -1.0) <= 0))
        raise ArgumentError(
            f"odeint: t must increase or decrease all along; t[{turn}] is {times[turn]:.6g} "
            f"and t[{turn + 1}] is {times[turn + 1]:.6g}"
        )
