"""The lecture's two models: each loss as it is written on the board, and its derivatives by hand.

Both take a row ``x`` to ``z = x @ w + b``.  The gradient of either loss is ``(y - t) x``, which is why one
lecture treats them together.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> x, t = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, 0.0])
>>> grad(logistic_loss)(np.array([0.0, 0.0]), 0.0, x, t)
array([-0.5, -0.5])
>>> LOGISTIC.gradient(np.array([0.0, 0.0]), 0.0, x, t)
array([-0.5, -0.5,  0. ])
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy

import fgrad.numpy as np

Loss = Callable[[Any, Any, Any, Any], Any]


def logistic_loss(w: Any, b: Any, x: Any, t: Any) -> Any:
    """Return the binary cross-entropy of logistic regression, as on the board."""
    y = 1 / (1 + np.exp(-(x @ w + b)))
    return -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y))


def stable_logistic_loss(w: Any, b: Any, x: Any, t: Any) -> Any:
    """Return the same in a form that has no ``log(0)`` where ``y`` rounds to 0 or 1."""
    z = x @ w + b
    return np.sum(np.logaddexp(0, z) - t * z)


def squared_loss(w: Any, b: Any, x: Any, t: Any) -> Any:
    """Return the squared loss of linear regression."""
    y = x @ w + b
    return np.sum((y - t) ** 2) / 2


def sigmoid(z: Any) -> Any:
    """Return ``1 / (1 + exp(-z))`` without overflow."""
    small = numpy.exp(-numpy.abs(z))
    return numpy.where(z >= 0, 1 / (1 + small), small / (1 + small))


@dataclass(frozen=True)
class Model:
    """One of the lecture's models.

    Attributes
    ----------
    name, loss_name : str
        What the report calls the model and its loss.
    loss : callable
        ``loss(w, b, x, t)``, summed over the rows of ``x``, as on the board.
    stable_loss : callable
        The same function in the form that is trained.
    output : callable
        ``y`` from ``z``.
    slope : callable
        ``dy/dz`` from ``y``, by hand.
    """

    name: str
    loss_name: str
    loss: Loss
    stable_loss: Loss
    output: Callable[[Any], Any]
    slope: Callable[[Any], Any]

    def gradient(self, w: Any, b: Any, x: Any, t: Any) -> Any:
        """Return the hand-derived gradient, that of ``b`` last: the sum of ``(y - t) x`` over the rows."""
        residual = self.output(x @ w + b) - t
        return numpy.append(x.T @ residual, numpy.sum(residual))

    def hessian(self, w: Any, b: Any, x: Any) -> Any:
        """Return the hand-derived second derivatives: the sum of ``dy/dz x x^T`` over the rows."""
        rows = with_ones(x)
        return rows.T @ (self.slope(self.output(x @ w + b))[:, None] * rows)


LOGISTIC = Model(
    name="logistic regression",
    loss_name="binary cross-entropy",
    loss=logistic_loss,
    stable_loss=stable_logistic_loss,
    output=sigmoid,
    slope=lambda y: y * (1 - y),
)
LINEAR = Model(
    name="linear regression",
    loss_name="squared loss",
    loss=squared_loss,
    stable_loss=squared_loss,
    output=lambda z: z,
    slope=numpy.ones_like,
)


def with_ones(x: Any) -> Any:
    """Return the rows with a 1 at the end, which belongs to ``b``."""
    return numpy.column_stack([x, numpy.ones(len(x))])


def board(function: Callable[..., Any]) -> list[str]:
    r"""Return the lines of a function's own source, without annotations and docstring.

    >>> print("\n".join(board(squared_loss)))
    def squared_loss(w, b, x, t):
        y = x @ w + b
        return np.sum((y - t) ** 2) / 2
    """
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    body = [f"    {ast.unparse(statement)}" for statement in definition.body[1:]]
    return [f"def {definition.name}({', '.join(arg.arg for arg in definition.args.args)}):", *body]
