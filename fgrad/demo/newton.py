"""Newton's method, with fgrad's gradient and Hessian, and what can go wrong with logistic regression.

>>> import fgrad.numpy as np
>>> for state in newton(lambda p: np.sum((p - 3.0) ** 2), np.array([0.0])):
...     print(state.iteration, state.loss, state.gradient)
...     if state.iteration == 1:
...         break
0 9.0 [-6.]
1 0.0 [0.]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy
from numpy.linalg import norm

import fgrad.numpy as np
from fgrad.demo.models import LOGISTIC, Model, with_ones
from fgrad.transforms.gradient import value_and_grad
from fgrad.transforms.jacobian import hessian

#: The gradient is a sum over the rows.  It counts as zero at this fraction of its terms' size at the start.
GRADIENT_TOLERANCE = 1e-10

#: The last step must move the ``z`` of every row by less than this, compared with 1 and the largest ``z``.
#: It is what tells a minimum from a loss that falls for ever: there the gradient dies out too, but the
#: steps keep their length.
STEP_TOLERANCE = 1e-6

MAX_ITERATIONS = 100


class NoMinimumError(ValueError):
    """The classes can be separated, so the loss has no minimum."""


@dataclass(frozen=True)
class State:
    """Where an iteration stands: the parameters, what fgrad says there, and Newton's step from there."""

    iteration: int
    parameters: Any
    loss: float
    gradient: Any
    step: Any


@dataclass
class Training:
    """What training gave."""

    tolerance: float
    states: list[State] = field(default_factory=list)
    converged: bool = False

    @property
    def parameters(self) -> Any:
        """The parameters of the last iteration."""
        return self.states[-1].parameters


def objective(model: Model, x: Any, t: Any, ridge: float) -> Callable[[Any], Any]:
    """Return the loss plus ``ridge / 2 * sum(w**2)`` as a function of one vector: ``w``, then ``b``."""

    def penalised_loss(parameters: Any) -> Any:
        w, b = parameters[:-1], parameters[-1]
        return model.stable_loss(w, b, x, t) + ridge / 2 * np.sum(w**2)

    return penalised_loss


def newton(function: Callable[[Any], Any], start: Any) -> Iterator[State]:
    """Yield the states of Newton's method, damped by halving, for as long as the function falls.

    Parameters
    ----------
    function : callable
        From a vector to a convex, twice differentiable scalar.
    start : array of shape (n,)
        The first parameters.
    """
    value_and_gradient, second = value_and_grad(function), hessian(function)
    parameters = start
    for iteration in range(MAX_ITERATIONS + 1):
        loss, gradient = value_and_gradient(parameters)
        step = -solve(second(parameters), gradient)
        yield State(iteration, parameters, float(loss), gradient, step)
        length = step_length(function, parameters, float(loss), step, float(gradient @ step))
        if length == 0.0:
            return
        parameters = parameters + length * step


def solve(matrix: Any, right: Any) -> Any:
    """Return the solution of a linear system; the shortest one if there are many."""
    try:
        return numpy.linalg.solve(matrix, right)
    except numpy.linalg.LinAlgError:
        return numpy.linalg.lstsq(matrix, right)[0]


def step_length(function: Any, parameters: Any, loss: float, step: Any, slope: float) -> float:
    """Return the first of 1, 1/2, 1/4, ... at which the function falls as much as its slope promises.

    Armijo's condition, with room for the rounding of the loss: near the minimum a good step changes
    nothing that the loss could show.  0 if there is no such length.
    """
    rounding = 1e-14 * abs(loss)
    for length in 0.5 ** numpy.arange(40):
        if function(parameters + length * step) <= loss + 1e-4 * length * slope + rounding:
            return float(length)
    return 0.0


def train(model: Model, x: Any, t: Any, ridge: float = 0.0) -> Training:
    """Fit a model from zero parameters.

    Parameters
    ----------
    model : Model
        What to fit.
    x, t : array
        Standardised rows and their targets.
    ridge : float, default 0
        The weight of the penalty ``sum(w**2) / 2``.

    Returns
    -------
    Training
        Every iteration, and whether the last one is a minimum.

    Raises
    ------
    NoMinimumError
        If the classes are separable and there is no penalty.
    """
    rows = with_ones(x)
    start = numpy.zeros(rows.shape[1])
    terms = numpy.abs(rows).T @ numpy.abs(model.output(rows @ start) - t)
    training = Training(tolerance=GRADIENT_TOLERANCE * float(norm(terms)))
    for state in newton(objective(model, x, t, ridge), start):
        training.states.append(state)
        if model is LOGISTIC and ridge == 0.0:
            check_separation(rows, t, state)
        z, moved = rows @ state.parameters, rows @ state.step
        steady = numpy.max(numpy.abs(moved)) <= STEP_TOLERANCE * (1 + numpy.max(numpy.abs(z)))
        if steady and norm(state.gradient) <= training.tolerance:
            training.converged = True
            break
    return training


def check_separation(rows: Any, t: Any, state: State) -> None:
    """Raise if the iterate, or the step from it, proves that the loss has no minimum.

    A hyperplane with every row strictly on its own side proves it: the loss falls to 0 along its normal.
    So does a direction that moves no row towards the wrong side and some row towards the right one (the
    classes then touch, and Newton's steps turn into such a direction): along it the loss falls for ever.

    References
    ----------
    A. Albert and J. A. Anderson, "On the existence of maximum likelihood estimates in logistic regression
    models", Biometrika 71 (1984) 1-10, doi 10.1093/biomet/71.1.1.
    """
    side = 2 * t - 1
    if numpy.min(side * (rows @ state.parameters)) > 0:
        raise NoMinimumError(
            f"at iteration {state.iteration} of Newton's method a hyperplane has all {len(t)} training rows "
            "on their own side"
        )
    moved = side * (rows @ state.step)
    rounding = 1e-10 * norm(rows, axis=1) * norm(state.step)
    if state.iteration > 0 and numpy.max(moved) > 0.1 and numpy.all(moved >= -rounding):
        raise NoMinimumError(
            f"iteration {state.iteration} of Newton's method moves no training row towards the wrong side"
        )
