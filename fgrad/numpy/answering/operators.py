"""The operators of boxes.

``x * y`` has its own primitive beside ``np.multiply``: with Python's own multiplication under it, so that
Python floats stay Python floats, at their speed.  The two share one rule.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, install
from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.registry import PRIMITIVES, register
from fgrad.numpy.wrap import FAMILIAR, as_traced, takes_over

#: Python's operator functions, and the ufuncs whose rules they share.
BINARY: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "add": (operator.add, np.add),
    "sub": (operator.sub, np.subtract),
    "mul": (operator.mul, np.multiply),
    "truediv": (operator.truediv, np.divide),
    "floordiv": (operator.floordiv, np.floor_divide),
    "mod": (operator.mod, np.remainder),
    "pow": (operator.pow, np.power),
    "and": (operator.and_, np.bitwise_and),
    "or": (operator.or_, np.bitwise_or),
    "xor": (operator.xor, np.bitwise_xor),
    "lshift": (operator.lshift, np.left_shift),
    "rshift": (operator.rshift, np.right_shift),
}
COMPARISONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "lt": (operator.lt, np.less),
    "le": (operator.le, np.less_equal),
    "eq": (operator.eq, np.equal),
    "ne": (operator.ne, np.not_equal),
    "gt": (operator.gt, np.greater),
    "ge": (operator.ge, np.greater_equal),
}
_NUMBERS_AND_ARRAYS = (np.ndarray, np.generic, numbers.Number, list, tuple, Box)
UNARY: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "neg": (operator.neg, np.negative),
    "pos": (operator.pos, np.positive),
    "invert": (operator.invert, np.invert),
    "abs": (operator.abs, np.absolute),
}


def _leaves(box: Box, other: Any, reflected: str) -> bool:
    """Return whether an operation is left to ``other``, an object of a class that NumPy knows nothing of.

    A number of Python's always leaves it; an array of NumPy's takes what it can for another array.
    """
    if isinstance(other, _NUMBERS_AND_ARRAYS):
        return False
    is_number = type(bottom(box)) in (float, int, complex)
    return is_number or (hasattr(type(other), reflected) and not hasattr(type(other), "__array__"))


def _operand(other: Any) -> Any:
    """Return what a box meets as something that rules can work with: an array, a number or a box."""
    if isinstance(other, np.poly1d):
        return other.coeffs
    if hasattr(type(other), "__array__") and not isinstance(other, _NUMBERS_AND_ARRAYS):
        return np.asarray(other)
    return as_traced(other)


def _install_binary(name: str, function: Callable[..., Any], *, reflected: bool) -> None:
    front = binary_front(register(function, f"operator.{function.__name__}", "x", "y"))

    def method(self: Box, other: Any) -> Any:
        if type(other) in FAMILIAR:
            return front(self, other)
        if takes_over(type(other)) or (reflected and _leaves(self, other, f"__r{name}__")):
            return NotImplemented
        return front(self, _operand(other))

    _install(f"__{name}__", method)
    if reflected:

        def swapped(self: Box, other: Any) -> Any:
            if type(other) in FAMILIAR:
                return front(other, self)
            return NotImplemented if takes_over(type(other)) else front(_operand(other), self)

        _install(f"__r{name}__", swapped)


def _install_unary(name: str, function: Callable[..., Any]) -> None:
    _install(f"__{name}__", unary_front(register(function, f"operator.{function.__name__}", "x")))


def _install(name: str, method: Callable[..., Any]) -> None:
    method.__name__ = name
    method.__qualname__ = f"Box.{name}"
    install(**{name: method})


for _name, (_function, _) in BINARY.items():
    _install_binary(_name, _function, reflected=True)
for _name, (_function, _) in COMPARISONS.items():
    _install_binary(_name, _function, reflected=False)
for _name, (_function, _) in UNARY.items():
    _install_unary(_name, _function)


def _divmod(self: Box, other: Any) -> Any:
    return self // other, self % other


def _rdivmod(self: Box, other: Any) -> Any:
    return other // self, other % self


_install("__divmod__", _divmod)
_install("__rdivmod__", _rdivmod)


def operator_primitives() -> list[tuple[Primitive, Primitive]]:
    """Return the primitives of the operators, each with that of the ufunc whose rule it shares."""
    return [
        (PRIMITIVES[function], PRIMITIVES[ufunc])
        for function, ufunc in (*BINARY.values(), *COMPARISONS.values(), *UNARY.values())
    ]
