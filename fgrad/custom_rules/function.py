"""What functions with a custom rule have in common: how they are called, and what they refuse."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, MissingRuleError, RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.signatures import signature_text
from fgrad.kinds.call import Call
from fgrad.modes.slate import is_slate
from fgrad.registration.functions import POSITIONAL, Registered, moving_part, results_of


class Handover:
    """What an evaluation leaves for whoever comes next, who takes it: it is kept no longer than that."""

    __slots__ = ("content",)

    def __init__(self, content: Any = None) -> None:
        self.content = content

    def take(self) -> Any:
        """Return what was left, and forget it."""
        content, self.content = self.content, None
        return content


class CustomFunction(Registered):
    """A function with a rule of its own: a primitive of a tuple, its differentiated arguments, and the rest.

    Attributes
    ----------
    operation : Primitive
        What is dispatched on traced values.
    fixed : tuple of int
        The positions of the arguments that are not differentiated.
    """

    kind = "a custom rule"
    cure = ""

    def __init__(self, function: Callable[..., Any], nondiff_argnums: int | Iterable[int] = ()) -> None:
        if not callable(function):
            raise RegistrationError(f"{self.kind} decorates a function; got {type(function).__name__}")
        super().__init__(function)
        self.fixed = self.positions(nondiff_argnums)
        self.operation = Primitive(self.__name__, self.compute, ("args",))
        self.operation.rule = NoRule(self.__name__, self.cure)

    def positions(self, given: int | Iterable[int]) -> tuple[int, ...]:
        """Return ``nondiff_argnums`` as a tuple; raise if it does not name arguments."""
        try:
            found = tuple(map(operator.index, given if isinstance(given, Iterable) else (given,)))
        except TypeError:
            found = (-1,)
        parameters = self.signature.parameters.values()
        limit = sum(p.kind in POSITIONAL for p in parameters)
        open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        if any(i < 0 or (i >= limit and not open_ended) for i in found) or len(set(found)) != len(found):
            raise RegistrationError(
                f"{self.kind}: nondiff_argnums must be positions of arguments of {self.__name__}, each once; "
                f"got {given!r}"
            )
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != len(self.signature.parameters):
            bound = self.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
        moving = tuple(arg for i, arg in enumerate(args) if i not in self.fixed)
        call = Call((moving, *(args[i] for i in self.fixed)), kwargs)
        if not any(type(leaf) is Box for leaf in call.leaves):
            return self.function(*args, **kwargs)
        for leaf, owner in zip(call.leaves, call.owners, strict=True):
            if owner != 0 and type(leaf) is Box and not is_slate(leaf):
                which = (
                    f"argument {self.fixed[owner - 1]}, one of nondiff_argnums"
                    if owner > 0
                    else "a keyword-only argument"
                )
                raise ArgumentError(
                    f"{self.__name__} received a traced value in {which}, which its rule does not "
                    "differentiate. Make it an argument that is differentiated, by position, or pass "
                    "fgrad.stop_gradient of it."
                )
        params = {"call": call, "fgrad_handover": Handover()}
        result = self.operation.bind(call.take_leaves(), params)
        return call.returned([moving_part(part) for part in (result if type(result) is tuple else (result,))])

    def joined(self, moving: Any, fixed: Any) -> list[Any]:
        """Return the positional arguments of the function from the two groups that they are in."""
        args = list(moving)
        for position, arg in sorted(zip(self.fixed, fixed, strict=True), key=lambda pair: pair[0]):
            args.insert(position, arg)
        return args

    def compute(self, *leaves: Any, call: Call, fgrad_handover: Handover) -> Any:
        """Compute the function on plain values, as the primitive does."""
        (moving, *fixed), kwargs = call.arguments(leaves)
        return results_of(self.function(*self.joined(moving, fixed), **kwargs), call, self.__name__)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.__name__}{signature_text(self)}>"


class NoRule:
    """Stands where the rule should be, and says how it is given."""

    batch = None  # batching needs no rule
    is_transparent = False  # nor does capture

    def __init__(self, name: str, cure: str) -> None:
        self.name, self.cure = name, cure

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        raise MissingRuleError(
            f"{self.name} has no derivative rule yet. Give it one: {self.name}.{self.cure}."
        )
