"""Rounding, which is constant between its steps: NumPy's functions, and what Python makes of a number.

``round(x)`` and ``math.floor(x)`` of a traced number are the ints that they are for a float.  An int says
that it does not move, so nothing is lost silently.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, install
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.elements.predicates import ANSWERS, answer

round = answer(np.round, "a")
around = answer(np.around, "a")
fix = answer(np.fix, "x")


#: The primitives of Python's functions.
ROUNDED: dict[Callable[..., Any], Primitive] = {}


def _install(name: str, function: Callable[..., Any]) -> None:
    def rounded(x: Any, digits: tuple[Any, ...]) -> Any:
        if not digits:
            return function(np.asarray(x).item())
        return function(x if isinstance(x, float) else np.asarray(x)[()], *digits)

    primitive: Primitive = register(rounded, f"{function.__module__}.{function.__name__}", "x")
    ANSWERS.append(primitive)
    ROUNDED[function] = primitive

    def method(self: Box, *digits: Any) -> Any:
        if spec_of(self).ndim:
            raise TypeError(f"a traced array of shape {spec_of(self).shape} has no {name}, like NumPy's own")
        return primitive.bind((self,), {"digits": digits})

    method.__name__, method.__qualname__ = name, f"Box.{name}"
    install(**{name: method})


for _name, _function in (
    ("__round__", builtins.round),
    ("__floor__", math.floor),
    ("__ceil__", math.ceil),
    ("__trunc__", math.trunc),
):
    _install(_name, _function)
