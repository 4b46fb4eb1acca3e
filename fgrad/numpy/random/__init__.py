"""``fgrad.numpy.random``: NumPy's random numbers, differentiable in the parameters of their distributions.

Where a draw is a transformation of noise that does not depend on the parameters, it moves with them: a
normal number is ``loc + scale * z``.  Its value is the one that NumPy draws from the same state.  The other
distributions refuse traced parameters and say why; draws with plain parameters are plain.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def draw(scale):
...     return np.random.default_rng(0).normal(1.0, scale)
>>> draw(2.0), grad(draw)(2.0)  # (1 + 2 z, z)
(1.25146044..., 0.12573022...)

Functions of ``numpy.random`` itself cannot see traced values coming, and NumPy's own generators neither: they
raise an error for one.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from fgrad.numpy.fallback import stand_in
from fgrad.numpy.random.fronts import LEGACY, MODERN, function_front, with_fronts


@with_fronts(np.random.Generator, MODERN)
class Generator(np.random.Generator):
    """NumPy's ``Generator``; its draws carry the derivative in their parameters."""

    def __reduce__(self) -> Any:
        return type(self), *super().__reduce__()[1:]


@with_fronts(np.random.RandomState, LEGACY)
class RandomState(np.random.RandomState):
    """NumPy's ``RandomState``; its draws carry the derivative in their parameters."""

    def __reduce__(self) -> Any:
        return type(self), *super().__reduce__()[1:]


def default_rng(seed: Any = None) -> Generator:
    made = _default_rng(seed)
    return made if isinstance(made, Generator) else Generator(made.bit_generator)


_default_rng = function_front(np.random, "default_rng")
default_rng.__doc__ = np.random.default_rng.__doc__

for _name in np.random.__all__:
    if _name not in globals() and not isinstance(getattr(np.random, _name), type | types.ModuleType):
        globals()[_name] = function_front(np.random, _name)

__getattr__, __all__ = stand_in(np.random, globals())


def __dir__() -> list[str]:
    return __all__
