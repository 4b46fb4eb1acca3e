"""Steps that adapt to the size of each parameter's gradients: RMSprop, Adam and AdamW.

The squares are ``|g|**2`` where a parameter is complex, so their averages are real.

>>> rule = Adam(step_size=0.25, eps=0.0)
>>> rule.update(1000.0, rule.init(1.0), 1.0)[0]  # the first step has the step size's length
0.75
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from fgrad.core.spec import Spec, cast, spec_of, zeros
from fgrad.optimizers.numbers import check_range
from fgrad.optimizers.optimizer import Optimizer, StepSize


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Gradient descent with each gradient divided by the root of an average of its squares.

    ``v = gamma * v + (1 - gamma) * g**2``, then ``x = x - step_size * g / (sqrt(v) + eps)``.

    Parameters
    ----------
    step_size : float or callable, default 0.1
        A number, or a function of the iteration, counted from 0.
    gamma : float, default 0.9
        How much of the average is kept, in ``[0, 1)``.
    eps : float, default 1e-8
        Keeps the quotient finite.
    initial : float, default 1.0
        The average at the start.

    Notes
    -----
    T. Tieleman and G. Hinton, "Lecture 6.5 - rmsprop: Divide the gradient by a running average of its recent
    magnitude", COURSERA: Neural Networks for Machine Learning, 2012.  The defaults, and 1 as the average at
    the start, are those of ``autograd.misc.optimizers.rmsprop``; PyTorch's ``RMSprop`` has
    ``step_size=0.01, gamma=0.99, initial=0.0``.

    Examples
    --------
    >>> from fgrad.optimizers import RMSprop
    >>> rule = RMSprop(step_size=1.0, gamma=0.0, eps=0.0)
    >>> rule.update(4.0, rule.init(3.0), 3.0)[0]
    2.0
    """

    step_size: StepSize = 0.1
    gamma: float = 0.9
    eps: float = 1e-8
    initial: float = 1.0
    name: ClassVar[str] = "rmsprop"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range(self.gamma, f"{self.name}: gamma", 0.0, 1.0)
        check_range(self.eps, f"{self.name}: eps", 0.0)
        check_range(self.initial, f"{self.name}: initial", 0.0)

    def start(self, spec: Spec) -> dict[str, Any]:
        real = _real(spec)
        return {"v": cast(zeros(real) + self.initial, real.dtype)}

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        v = memory["v"] * self.gamma + _squared(g) * (1 - self.gamma)
        return x - step_size * g / (np.sqrt(v) + self.eps), {"v": v}


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSprop together, each average corrected for having started at zero.

    With ``t = i + 1`` the number of the step::

        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        x = x - step_size * m / (1 - b1**t) / (sqrt(v / (1 - b2**t)) + eps)

    Parameters
    ----------
    step_size : float or callable, default 0.001
        A number, or a function of the iteration, counted from 0.
    b1, b2 : float, default 0.9 and 0.999
        How much of the averages of the gradient and of its square is kept, in ``[0, 1)``.
    eps : float, default 1e-8
        Keeps the quotient finite.

    Notes
    -----
    D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1,
    arXiv:1412.6980.  The defaults are the paper's, Autograd's and PyTorch's.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import value_and_grad
    >>> from fgrad.optimizers import Adam
    >>> rule = Adam(step_size=lambda i: 0.5 / (1 + 0.1 * i))
    >>> params = {"w": np.zeros(2)}
    >>> state = rule.init(params)
    >>> for _ in range(200):
    ...     value, gradient = value_and_grad(lambda p: np.sum((p["w"] - 3.0) ** 2))(params)
    ...     params, state = rule.update(gradient, state, params)
    >>> np.round(params["w"], 3), state.iteration
    (array([3., 3.]), 200)
    """

    step_size: StepSize = 0.001
    b1: float = 0.9
    b2: float = 0.999
    eps: float = 1e-8
    name: ClassVar[str] = "adam"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range(self.b1, f"{self.name}: b1", 0.0, 1.0)
        check_range(self.b2, f"{self.name}: b2", 0.0, 1.0)
        check_range(self.eps, f"{self.name}: eps", 0.0)

    def start(self, spec: Spec) -> dict[str, Any]:
        return {"m": zeros(spec), "v": zeros(_real(spec))}

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        m = (1 - self.b1) * g + self.b1 * memory["m"]
        v = (1 - self.b2) * _squared(g) + self.b2 * memory["v"]
        unbiased_m = m / (1 - self.b1 ** (i + 1))
        unbiased_v = v / (1 - self.b2 ** (i + 1))
        return x - step_size * unbiased_m / (np.sqrt(unbiased_v) + self.eps), {"m": m, "v": v}


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, with the parameters shrunk apart from the gradient.

    Before Adam's step ``x`` becomes ``(1 - step_size * weight_decay) * x``.

    Parameters
    ----------
    step_size, b1, b2, eps
        As for :class:`Adam`.
    weight_decay : float, default 0.01
        How much a parameter shrinks for each unit of the step size.

    Notes
    -----
    I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2,
    arXiv:1711.05101.  The decay is multiplied by the whole step size, as in PyTorch's ``AdamW``, whose
    defaults these are; the paper multiplies it by the schedule's factor alone.

    Examples
    --------
    >>> from fgrad.optimizers import AdamW
    >>> rule = AdamW(step_size=0.5, weight_decay=0.5)
    >>> rule.update(0.0, rule.init(4.0), 4.0)[0]
    3.0
    """

    weight_decay: float = 0.01
    name: ClassVar[str] = "adamw"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range(self.weight_decay, f"{self.name}: weight_decay", 0.0)

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        return super().step(x * (1 - step_size * self.weight_decay), g, memory, step_size, i)


def _real(spec: Spec) -> Spec:
    """Return the shape, and the dtype of the absolute values."""
    return Spec(spec.shape, np.empty(0, spec.dtype).real.dtype)


def _squared(g: Any) -> Any:
    """Return ``|g|**2``; of a complex number without a root, which has no derivative at zero."""
    if spec_of(g).dtype.kind == "c":
        return np.square(np.real(g)) + np.square(np.imag(g))
    return np.square(g)
