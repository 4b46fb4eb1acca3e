"""The rules of a primitive as text: formulas where it is elementwise, and where they stand in the code."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import numpy as np

import fgrad.core
from fgrad.core.errors import FgradError
from fgrad.core.primitive import MissingRule, Primitive
from fgrad.custom_rules.function import NoRule
from fgrad.kinds.constant import Constant
from fgrad.kinds.custom import Custom
from fgrad.kinds.elementwise import Elementwise
from fgrad.kinds.frozen import Frozen
from fgrad.kinds.linear import Linear
from fgrad.kinds.multilinear import Multilinear
from fgrad.kinds.reduction import Reduction
from fgrad.sources.source import source
from fgrad.transforms.products import jvp

#: What a kind of rule says of the operation.
KINDS: dict[type, str] = {
    Elementwise: "elementwise: each element of the result depends on one element of each argument",
    Linear: "linear: the derivative is the operation itself, and the way back its transpose",
    Multilinear: "multilinear: linear in each argument alone",
    Reduction: "a reduction along axes, with a partial derivative by each element",
    Frozen: "linear once a choice has been made by the values (a maximum, an order)",
    Constant: "constant between its steps: the derivative is zero",
    Custom: "by rules of its own, as JVP or VJP; where one is given, the other is its transpose",
}
#: Where derivatives are tried to be written down, until one is within the domain.
_POINTS = (0.5, 1.5, 2.5)


def kind_of(primitive: Primitive) -> str:
    """Return what kind of operation a primitive is.

    >>> from fgrad.core.registry import PRIMITIVES
    >>> kind_of(PRIMITIVES[np.argmax])
    'constant between its steps: the derivative is zero'
    """
    rule = primitive.declared_rule()
    if isinstance(rule, NoRule):
        return f"without a rule so far: {rule.name}.{rule.cure} gives it one"
    if type(rule) is MissingRule:
        return "without a rule so far: defvjp or defjvp registers one"
    return KINDS.get(type(rule), f"by a rule of the class {type(rule).__name__}")


def rules_of(primitive: Primitive) -> Iterator[str]:
    """Yield a line for each derivative that is declared."""
    rule = primitive.declared_rule()
    if isinstance(rule, Elementwise):
        for i, name in enumerate(primitive.argnames):
            yield f"{name}: {_slope(primitive, i) if rule.entries[i] is not None else '0'}"
    elif isinstance(rule, Custom):
        for mode, given in (("VJP", rule.vjps), ("JVP", rule.jvps)):
            for position, function in sorted(given.items()):
                yield f"{rule.describe(position)}: {mode} {_written(function)}"
    elif not isinstance(rule, MissingRule | NoRule):
        for name in ("transpose", "partial", "choose", "apply"):
            function = getattr(rule, name, None)
            if callable(function) and _place(function):
                yield f"{name}: {_written(function)}"


def _slope(primitive: Primitive, position: int) -> str:
    """Return the partial derivative by one argument as code."""

    def slope(*args: Any) -> Any:
        moving = lambda x: primitive.bind([*args[:position], x, *args[position + 1 :]], {})  # noqa: E731
        return jvp(moving, (args[position],), (1.0,))[1]

    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in primitive.argnames]
    slope.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    for point in _POINTS:
        values = [point + 0.25 * i for i in range(len(primitive.argnames))]
        with np.errstate(all="ignore"):
            try:
                text = source(slope, *values).text
            except (FgradError, TypeError, ValueError):
                continue
        lines = [line.strip() for line in text.splitlines() if not line.strip().startswith(("#", "def", "@"))]
        return "; ".join(lines).removeprefix("return ").replace("; return ", "; then ")
    return "(not for single numbers)"


def _written(function: Any) -> str:
    """Return what a rule's function says of itself, and where it stands."""
    if function is None:
        return "None: the derivative is zero"
    if isinstance(function, str):
        return f"{function!r}: linear in this argument"
    documentation = (getattr(function, "__doc__", None) or "").strip().partition("\n")[0]
    return " ".join(part for part in (documentation, _place(function)) if part)


_PACKAGE = Path(fgrad.core.__file__).parents[2]


def _place(function: Any) -> str:
    """Return the file and line of a function; nothing for compiled ones."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    path = Path(code.co_filename)
    shown = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else str(path)
    return f"({shown}:{code.co_firstlineno})"
