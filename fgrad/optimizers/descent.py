"""Gradient descent with momentum, in Autograd's form and in the classical one.

Both keep a velocity.  Autograd's is an average of gradients, so that the step size means the same for every
mass; the classical one is a sum, and the same step size goes ``1 / (1 - mass)`` times as far.  Plain gradient
descent is either with ``mass=0.0``.

>>> from fgrad import grad
>>> gradient = grad(lambda x: x**2)
>>> SGD(step_size=0.5, mass=0.5).run(gradient, 1.0, num_iters=3)
-0.25
>>> Momentum(step_size=0.25, mass=0.5).run(gradient, 1.0, num_iters=3)
-0.25
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fgrad.core.spec import Spec, zeros
from fgrad.optimizers.numbers import check_range
from fgrad.optimizers.optimizer import Optimizer, StepSize


@dataclass(frozen=True)
class SGD(Optimizer):
    """Stochastic gradient descent as in Autograd: along an exponential average of the gradients.

    ``v = mass * v - (1 - mass) * g``, then ``x = x + step_size * v``, with ``v = 0`` at the start.

    Parameters
    ----------
    step_size : float or callable, default 0.1
        A number, or a function of the iteration, counted from 0.
    mass : float, default 0.9
        How much of the velocity is kept, in ``[0, 1)``; with 0 this is plain gradient descent.

    Notes
    -----
    The formula and the defaults are those of ``autograd.misc.optimizers.sgd``.  PyTorch's ``SGD`` is plain by
    default (``mass=0.0`` here), and with ``momentum`` it is :class:`Momentum`.

    Examples
    --------
    >>> from fgrad.optimizers import SGD
    >>> rule = SGD(step_size=0.5, mass=0.0)
    >>> x, state = rule.update(4.0, rule.init(1.0), 1.0)
    >>> x, state.iteration
    (-1.0, 1)
    """

    step_size: StepSize = 0.1
    mass: float = 0.9
    name: ClassVar[str] = "sgd"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range(self.mass, f"{self.name}: mass", 0.0, 1.0)

    def start(self, spec: Spec) -> dict[str, Any]:
        return {"velocity": zeros(spec)}

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        velocity = self.mass * memory["velocity"] - (1.0 - self.mass) * g
        return x + step_size * velocity, {"velocity": velocity}


@dataclass(frozen=True)
class Momentum(SGD):
    """Gradient descent with classical momentum, the heavy ball.

    ``v = mass * v + g``, then ``x = x - step_size * v``, with ``v = 0`` at the start.

    Parameters
    ----------
    step_size : float or callable, default 0.01
        A number, or a function of the iteration, counted from 0.
    mass : float, default 0.9
        How much of the velocity is kept, in ``[0, 1)``.

    Notes
    -----
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Computational
    Mathematics and Mathematical Physics 4(5), 1-17, 1964, equation (9), doi:10.1016/0041-5553(64)90137-5, in
    the form of PyTorch's ``SGD(momentum=mass)``, where a step size that changes acts on the whole velocity.
    With a step size of ``(1 - mass) * s`` it is :class:`SGD` with ``s``; 0.01 is that of SGD's defaults.

    Examples
    --------
    >>> from fgrad.optimizers import Momentum
    >>> rule = Momentum(step_size=0.5, mass=0.5)
    >>> x, state = rule.update(4.0, rule.init(1.0), 1.0)
    >>> x, state = rule.update(2.0, state, x)
    >>> x, state.memory["velocity"]
    (-3.0, np.float64(4.0))
    """

    step_size: StepSize = 0.01
    name: ClassVar[str] = "momentum"

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        velocity = self.mass * memory["velocity"] + g
        return x - step_size * velocity, {"velocity": velocity}
