"""The registries: which primitive and which implementation belong to a NumPy function.

These tables are the only module state in fgrad.  They are filled while fgrad is imported; users add
to them by registering primitives of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.views import ViewPrimitive

#: All primitives, by the function that they compute.
PRIMITIVES: dict[Callable[..., Any], Primitive] = {}

#: What to call instead of a NumPy function when an argument is a box.
IMPLEMENTATIONS: dict[Callable[..., Any], Callable[..., Any]] = {}

#: The functions of NumPy whose results have derivative zero and no primitive: shapes, dtypes, new arrays.
CONSTANTS: set[Callable[..., Any]] = set()


def register(function: Callable[..., Any], name: str, *argnames: str) -> Primitive:
    """Make a function a primitive and return it."""
    primitive = Primitive(name, function, argnames)
    PRIMITIVES[function] = primitive
    return primitive


def register_view(function: Callable[..., Any], name: str, argname: str) -> ViewPrimitive:
    """Make a function of one array, whose result may share its memory, a primitive and return it."""
    primitive = ViewPrimitive(name, function, (argname,))
    PRIMITIVES[function] = primitive
    return primitive


def slope(*argnames: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a plain function an elementwise primitive and return its front."""

    def decorate(raw: Callable[..., Any]) -> Callable[..., Any]:
        primitive = Primitive(raw.__name__, raw, argnames)
        front = (unary_front if len(argnames) == 1 else binary_front)(primitive)
        front.__name__, front.__doc__ = raw.__name__, raw.__doc__
        PRIMITIVES[front] = primitive
        return front

    return decorate
