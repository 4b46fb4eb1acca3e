"""What a transformed function is: a callable that looks like the function it was made from.

It is an instance of a class at module level, so it can be pickled whenever the function can, and it
binds like a method, so a transform can decorate a method.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from textwrap import dedent
from types import MethodType
from typing import Any

from fgrad.core.late import LateModule
from fgrad.core.signatures import signature_text
from fgrad.transforms.inputs import FIRST, Inputs, Wanted, check_function, wanted_of
from fgrad.transforms.outputs import name_of
from fgrad.transforms.tracebacks import shorten

inspect: Any = LateModule("inspect")


class Transformed:
    """A function made from another.

    Parameters
    ----------
    function : callable
        What is transformed.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to; ``argnum`` is Autograd's name for it.
    argnames : str or tuple of str, optional
        Arguments to differentiate with respect to by name, however they are passed.  Alone they take the
        place of ``argnums``.  The derivative is one for a name, a dictionary for a tuple of names, and a pair
        ``(by argnums, by argnames)`` where both are given.
    has_aux : bool, default False
        Whether the function returns a pair ``(value, aux)``, of which ``aux``, a container of anything, is
        not differentiated, and returned last of what the transformed function returns.

    Attributes
    ----------
    __wrapped__ : callable
        The function that was transformed; its signature is this one's, if it takes the same arguments.
    """

    transform = "transform"
    summary = "A transform of"
    takes_the_same = True

    def __init__(
        self,
        function: Callable[..., Any],
        argnums: Any = FIRST,
        argnum: Any = None,
        *,
        argnames: Any = None,
        has_aux: bool = False,
    ) -> None:
        check_function(function, self.transform)
        self.wanted: Wanted = wanted_of(argnums, argnum, argnames, self.transform)
        self.has_aux = has_aux
        self.function = self.__wrapped__ = function
        if not self.takes_the_same:
            self.__signature__ = inspect.Signature(
                list(inspect.signature(type(self).__call__).parameters.values())[1:]
            )
        self.describe()

    def describe(self) -> None:
        """Give the instance the name and the documentation that say what it is."""
        function, name = self.function, self.name_of_function()
        self.__name__ = self.__qualname__ = f"{self.transform}_{name}"
        module = getattr(function, "__module__", None)
        if module is not None:
            self.__module__ = module
        first = self.summarized(name)
        head, line, rest = (getattr(function, "__doc__", None) or "").partition("\n")
        self.__doc__ = f"{first}\n\nOf {name}: {head}{line}{dedent(rest)}" if head or rest else first

    def summarized(self, name: str) -> str:
        """Return a line of documentation that says what the instance is."""
        return f"{self.summary} {name} with respect to {self.wanted.describe()}."

    def __repr__(self) -> str:
        return f"<{self.expression()}{signature_text(self)}>"

    def expression(self) -> str:
        """Return how the function was made, as one would write it."""
        return f"{self.transform}({', '.join(self.words())})"

    def inner_expression(self) -> str:
        """Return what was transformed, as one would write it."""
        function = self.function
        return function.expression() if isinstance(function, Transformed) else self.name_of_function()

    def words(self) -> list[str]:
        """Return the function, and how it was transformed, as one would write the arguments."""
        argnums, argnames = self.wanted
        words = [self.inner_expression()]
        if argnums is not None and (argnums != 0 or argnames is not None):
            words.append(f"argnums={argnums}")
        if argnames is not None:
            words.append(f"argnames={argnames!r}")
        if self.has_aux:
            words.append("has_aux=True")
        return words

    def name_of_function(self) -> str:
        """Return what messages call the function."""
        return name_of(self.function)

    def inputs(self, args: Any, kwargs: Any) -> Inputs:
        """Return the arguments that are differentiated."""
        return Inputs(self.function, self.wanted, args, kwargs, self.transform)

    def with_aux(self, *results: Any) -> Any:
        """Return results, of which the last is ``aux``, as the transformed function does: one, or a tuple."""
        if not self.has_aux:
            results = results[:-1]
        return results if len(results) > 1 else results[0]

    def __set_name__(self, owner: type, name: str) -> None:
        # A method is pickled by the name that its class knows it by.
        self.__name__ = name
        self.__qualname__ = f"{owner.__qualname__}.{name}"

    def __reduce_ex__(self, protocol: Any) -> Any:
        # Where it has taken the place of its function, pickle would not find the function by its name.
        name = getattr(self.function, "__qualname__", "")
        if vars(sys.modules.get(self.__module__, sys)).get(name) is self:
            return name
        return super().__reduce_ex__(protocol)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.apply(args, kwargs)
        except Exception as error:
            shorten(error)
            raise

    def apply(self, args: Any, kwargs: Any) -> Any:
        """Do what calling it does."""
        raise TypeError(f"{type(self).__name__} does not say what calling it does")
