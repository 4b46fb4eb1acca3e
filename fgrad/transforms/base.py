"""What a transformed function is: a callable that looks like the function it was made from.

It is an instance of a class at module level, so it can be pickled whenever the function can, and it
binds like a method, so a transform can decorate a method.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any

from fgrad.transforms.arguments import Argnums, check_argnums, check_function

_MISSING = object()


class Transformed:
    """A function made from another.

    Attributes
    ----------
    __wrapped__ : callable
        The function that was transformed; its signature is this one's.
    """

    transform = "transform"
    summary = "A transform of"

    def __init__(self, function: Callable[..., Any], argnums: Any = 0, argnum: Any = None) -> None:
        check_function(function, self.transform)
        self.argnums: Argnums = check_argnums(argnums, argnum, self.transform)
        self.function = self.__wrapped__ = function
        name = self.name_of_function()
        self.__name__ = self.__qualname__ = f"{self.transform}_{name}"
        module = getattr(function, "__module__", None)
        if module is not None:
            self.__module__ = module
        documentation = getattr(function, "__doc__", None)
        first = f"{self.summary} {name} with respect to {describe_argnums(self.argnums)}."
        self.__doc__ = first if documentation is None else f"{first}\n\nOf {name}: {documentation}"

    def __repr__(self) -> str:
        suffix = "" if self.argnums == 0 else f", argnums={self.argnums}"
        return f"<{self.transform}({self.name_of_function()}{suffix})>"

    def name_of_function(self) -> str:
        """Return what messages call the function."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    def __set_name__(self, owner: type, name: str) -> None:
        # A method is pickled by the name that its class knows it by.
        self.__name__ = name
        self.__qualname__ = f"{owner.__qualname__}.{name}"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} does not say what calling it does")


def describe_argnums(argnums: Argnums) -> str:
    """Return the words for some positions.

    >>> describe_argnums((0, 2))
    'arguments 0, 2'
    """
    if isinstance(argnums, int):
        return f"argument {argnums}"
    return f"arguments {', '.join(map(str, argnums))}"
