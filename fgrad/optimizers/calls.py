"""Whole runs in one call, as in ``autograd.misc.optimizers``.

>>> from fgrad import grad
>>> sgd(grad(lambda x: x**2), 8.0, num_iters=3, step_size=0.25, mass=0.0)
1.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.optimizers.adaptive import Adam, AdamW, RMSprop
from fgrad.optimizers.descent import SGD, Momentum
from fgrad.optimizers.optimizer import StepSize


def sgd(
    grad: Callable[..., Any],
    x0: Any,
    callback: Callable[..., Any] | None = None,
    num_iters: int = 200,
    step_size: StepSize = 0.1,
    mass: float = 0.9,
    *,
    progress: bool | None = None,
) -> Any:
    """Return where stochastic gradient descent ends; Autograd's call, formula and defaults.

    Parameters
    ----------
    grad, x0, callback, num_iters, progress
        As for :meth:`Optimizer.run`.
    step_size, mass
        As for :class:`SGD`; ``mass=0.0`` is plain gradient descent.

    Returns
    -------
    container
        Of the structure, shapes and dtypes of ``x0``.

    Raises
    ------
    InputError, ArgumentError, ImportError
        As :meth:`Optimizer.run` does.

    Examples
    --------
    >>> from fgrad import grad
    >>> from fgrad.optimizers import sgd
    >>> sgd(grad(lambda x: x**2), 8.0, num_iters=3, step_size=0.25, mass=0.0)
    1.0
    """
    return SGD(step_size, mass).run(grad, x0, callback, num_iters, progress=progress)


def momentum(
    grad: Callable[..., Any],
    x0: Any,
    callback: Callable[..., Any] | None = None,
    num_iters: int = 200,
    step_size: StepSize = 0.01,
    mass: float = 0.9,
    *,
    progress: bool | None = None,
) -> Any:
    """Return where gradient descent with classical momentum ends.

    Parameters
    ----------
    grad, x0, callback, num_iters, progress
        As for :meth:`Optimizer.run`.
    step_size, mass
        As for :class:`Momentum`.

    Returns
    -------
    container
        Of the structure, shapes and dtypes of ``x0``.

    Raises
    ------
    InputError, ArgumentError, ImportError
        As :meth:`Optimizer.run` does.

    Examples
    --------
    >>> from fgrad import grad
    >>> from fgrad.optimizers import momentum
    >>> momentum(grad(lambda x: x**2), 8.0, num_iters=2, step_size=0.25, mass=0.5)
    0.0
    """
    return Momentum(step_size, mass).run(grad, x0, callback, num_iters, progress=progress)


def rmsprop(
    grad: Callable[..., Any],
    x0: Any,
    callback: Callable[..., Any] | None = None,
    num_iters: int = 100,
    step_size: StepSize = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
    initial: float = 1.0,
    *,
    progress: bool | None = None,
) -> Any:
    """Return where RMSprop ends; Autograd's call, formula and defaults.

    Parameters
    ----------
    grad, x0, callback, num_iters, progress
        As for :meth:`Optimizer.run`.
    step_size, gamma, eps, initial
        As for :class:`RMSprop`.

    Returns
    -------
    container
        Of the structure, shapes and dtypes of ``x0``.

    Raises
    ------
    InputError, ArgumentError, ImportError
        As :meth:`Optimizer.run` does.

    Examples
    --------
    >>> from fgrad import grad
    >>> from fgrad.optimizers import rmsprop
    >>> abs(rmsprop(grad(lambda x: (x - 2.0) ** 2), 5.0, num_iters=500, step_size=0.01) - 2.0) < 0.01
    True
    """
    return RMSprop(step_size, gamma, eps, initial).run(grad, x0, callback, num_iters, progress=progress)


def adam(
    grad: Callable[..., Any],
    x0: Any,
    callback: Callable[..., Any] | None = None,
    num_iters: int = 100,
    step_size: StepSize = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    *,
    progress: bool | None = None,
) -> Any:
    """Return where Adam ends; Autograd's call, formula and defaults.

    Parameters
    ----------
    grad, x0, callback, num_iters, progress
        As for :meth:`Optimizer.run`.
    step_size, b1, b2, eps
        As for :class:`Adam`.

    Returns
    -------
    container
        Of the structure, shapes and dtypes of ``x0``.

    Raises
    ------
    InputError, ArgumentError, ImportError
        As :meth:`Optimizer.run` does.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> from fgrad.optimizers import adam
    >>> def loss(params, i):  # i is the iteration: the minibatch, say
    ...     return np.sum((params["w"] - 1.0) ** 2)
    >>> def report(params, i, gradient):
    ...     if i % 100 == 0:
    ...         print(i, np.round(params["w"], 2))
    >>> best = adam(grad(loss), {"w": np.zeros(2)}, report, num_iters=300, step_size=0.1)
    0 [0. 0.]
    100 [1. 1.]
    200 [1. 1.]
    """
    return Adam(step_size, b1, b2, eps).run(grad, x0, callback, num_iters, progress=progress)


def adamw(
    grad: Callable[..., Any],
    x0: Any,
    callback: Callable[..., Any] | None = None,
    num_iters: int = 100,
    step_size: StepSize = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    *,
    progress: bool | None = None,
) -> Any:
    """Return where Adam with decoupled weight decay ends.

    Parameters
    ----------
    grad, x0, callback, num_iters, progress
        As for :meth:`Optimizer.run`.
    step_size, b1, b2, eps, weight_decay
        As for :class:`AdamW`.

    Returns
    -------
    container
        Of the structure, shapes and dtypes of ``x0``.

    Raises
    ------
    InputError, ArgumentError, ImportError
        As :meth:`Optimizer.run` does.

    Examples
    --------
    >>> from fgrad import grad
    >>> from fgrad.optimizers import adamw
    >>> adamw(grad(lambda x: 0.0 * x), 4.0, num_iters=2, step_size=0.5, weight_decay=1.0)
    1.0
    """
    return AdamW(step_size, b1, b2, eps, weight_decay).run(grad, x0, callback, num_iters, progress=progress)
