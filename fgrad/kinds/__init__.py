"""The kinds of rules, and the functions that declare one.

A rule is declared once, by kind, and the kind derives what each mode needs.  The first argument is the
function that the primitive computes, or the primitive itself.

>>> import numpy as np
>>> from fgrad.core.registry import PRIMITIVES
>>> PRIMITIVES[np.exp]
<primitive exp(x): Elementwise>
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.kinds.custom import Custom
from fgrad.kinds.elementwise import Elementwise, Partial
from fgrad.kinds.frozen import Frozen
from fgrad.kinds.linear import Linear
from fgrad.kinds.multilinear import Multilinear
from fgrad.kinds.reduction import Reduction
from fgrad.kinds.rule import Choice

__all__ = ["bilinear", "constant", "custom", "elementwise", "frozen", "linear", "multilinear", "reduction"]

Target = Primitive | Callable[..., Any]


def _primitive(target: Target) -> Primitive:
    return target if isinstance(target, Primitive) else PRIMITIVES[target]


def elementwise(target: Target, series: Any = None, /, **partials: Partial) -> None:
    """Declare the partial derivatives of an elementwise operation, and its recurrence if it has one."""
    primitive = _primitive(target)
    primitive.rule = Elementwise(primitive, partials, series)


def linear(target: Target, transpose: Callable[..., Any]) -> None:
    """Declare the transpose of a linear operation."""
    primitive = _primitive(target)
    primitive.rule = Linear(primitive, transpose)


def bilinear(target: Target, **transposes: Callable[..., Any]) -> None:
    """Declare the transposes of a product, by argument."""
    primitive = _primitive(target)
    primitive.rule = Multilinear(primitive, transposes)


def multilinear(target: Target, transpose: Callable[..., Any]) -> None:
    """Declare the transpose of a product of any number of arrays."""
    primitive = _primitive(target)
    primitive.rule = Multilinear(primitive, transpose)


def reduction(target: Target, partial: Callable[..., Any]) -> None:
    """Declare the partial derivatives of a reduction along axes."""
    primitive = _primitive(target)
    primitive.rule = Reduction(primitive, partial)


def frozen(
    target: Target,
    *,
    choose: Callable[..., Any],
    apply: Callable[..., Any],
    transpose: Callable[..., Any],
    behind: Callable[..., Any],
) -> None:
    """Declare an operation that is linear once a choice has been made."""
    primitive = _primitive(target)
    primitive.rule = Frozen(primitive, choose, apply, transpose, behind)


def constant(*targets: Target) -> None:
    """Declare operations with derivative zero."""
    for target in targets:
        _primitive(target).rule = Constant()


def custom(
    target: Target,
    *,
    vjps: dict[int, Any] | None = None,
    jvps: dict[int, Any] | None = None,
    choice: Choice | None = None,
    series: Callable[..., Any] | None = None,
) -> None:
    """Declare an operation by VJPs, by JVPs, or by both; see :class:`~fgrad.kinds.custom.Custom`."""
    primitive = _primitive(target)
    primitive.rule = Custom(primitive, vjps or {}, jvps or {}, choice, series)
