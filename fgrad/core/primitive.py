"""Primitives: the elementary operations, and the functions that stand in front of them.

A primitive has a name, the plain function that computes it, the names of its array arguments, and a
rule.  Arrays are positional; everything that is not differentiated (an axis, an index) is keyword.

Users and NumPy's protocols call a *front*: a plain Python function that looks for a box among its
arguments and either calls the plain function or hands over to the box's trace.  Fronts are functions
rather than instances with ``__call__`` because Python calls those faster, and because functions pickle
by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError
from fgrad.core.late import declare_late_rules

Front = Callable[..., Any]


class Primitive:
    """An elementary operation.

    Parameters
    ----------
    name : str
        What messages call it.
    raw : callable
        Computes it on plain values: ``raw(*arrays, **params)``.
    argnames : tuple of str
        The names of the array arguments, by which rules ask for them.  A last name that starts with
        ``*`` stands for any number of arrays.
    """

    __slots__ = ("argnames", "batch", "name", "raw", "rule")

    def __init__(self, name: str, raw: Callable[..., Any], argnames: tuple[str, ...]) -> None:
        self.name = name
        self.raw = raw
        self.argnames = argnames
        self.rule: Any = MissingRule(self)
        self.batch: Any = None  # its own batching rule, where its kind has none; see fgrad.modes.batching

    def __repr__(self) -> str:
        rule = self.declared_rule()
        return f"<primitive {self.name}({', '.join(self.argnames)}): {type(rule).__name__}>"

    def declared_rule(self) -> Any:
        """Return the rule, which is declared now if that was put off."""
        if type(self.rule) is MissingRule:
            declare_late_rules()
        return self.rule

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Dispatch on the box of the highest level, or compute."""
        return self.bind(args, params)

    def bind(self, args: Any, params: Any) -> Any:
        """Dispatch, with the arguments as one sequence."""
        top = None
        for arg in args:
            if type(arg) is Box and (top is None or arg.owner.level > top.level):
                top = arg.owner
        return self.raw(*args, **params) if top is None else top.process(self, args, params)


#: What modes can do without: an operation that has no batching rule is done for one example after the other,
#: and one whose rule does not say otherwise is a node of a captured graph.
_OPTIONAL = frozenset({"batch", "is_transparent"})


class MissingRule:
    """Stands where a rule should be: asked for anything, it has one declared, or says that there is none.

    It has no attributes for the modes, since these would hide those of a rule that has yet to be declared.
    """

    def __init__(self, primitive: Primitive) -> None:
        self.primitive = primitive

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        rule = self.primitive.declared_rule()
        if rule is not self:
            return getattr(rule, attribute)
        if attribute in _OPTIONAL:
            return None
        name = self.primitive.name
        raise MissingRuleError(
            f"{name} has no derivative rule. Register one: fgrad.defvjp({name}, lambda ans, *args: "
            "lambda g: ...) for reverse mode or fgrad.defjvp for forward mode; either serves both."
        )


def unary_front(primitive: Primitive) -> Front:
    """Return the front of an elementwise primitive of one argument."""
    raw = primitive.raw

    def front(x: Any) -> Any:
        if type(x) is Box:
            return x.owner.unary(primitive, x)
        return raw(x)

    return front


def binary_front(primitive: Primitive) -> Front:
    """Return the front of an elementwise primitive of two arguments."""
    raw = primitive.raw

    def front(x: Any, y: Any) -> Any:
        if type(x) is Box:
            if type(y) is Box:
                trace, other = x.owner, y.owner
                if trace is other:
                    return trace.both(primitive, x, y)
                if trace.level < other.level:
                    return other.right(primitive, x, y)
                return trace.left(primitive, x, y)
            return x.owner.left(primitive, x, y)
        if type(y) is Box:
            return y.owner.right(primitive, x, y)
        return raw(x, y)

    return front
