"""NumPy's elementwise functions as primitives, and their fronts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError
from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.registry import IMPLEMENTATIONS, register
from fgrad.numpy.wrap import as_traced, full_name, holds_box, publish, refuse_argument

UNARY = """
absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conjugate cos cosh deg2rad degrees exp exp2
expm1 fabs floor invert isfinite isinf isnan isnat log log10 log1p log2 logical_not negative positive
rad2deg radians reciprocal rint sign signbit sin sinh spacing sqrt square tan tanh trunc
""".split()

BINARY = """
add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod
gcd greater greater_equal heaviside hypot lcm ldexp left_shift less less_equal logaddexp logaddexp2
logical_and logical_or logical_xor maximum minimum multiply nextafter not_equal power remainder right_shift
subtract
""".split()


def _public(ufunc: np.ufunc, fast: Callable[..., Any]) -> Callable[..., Any]:
    """Return the public function of a ufunc, which also takes NumPy's keywords and array-likes."""
    nin = ufunc.nin

    def general(args: Any, kwargs: Any) -> Any:
        if not holds_box(args) and not (kwargs and holds_box(kwargs.values())):
            return ufunc(*args, **kwargs)
        if len(args) > nin:
            refuse_argument(ufunc, "out")
        for name in kwargs:
            refuse_argument(ufunc, name)
        return fast(*map(as_traced, args))

    if nin == 1:

        def front(x: Any, /, *args: Any, **kwargs: Any) -> Any:
            if type(x) is Box and not args and not kwargs:
                return fast(x)
            return general((x, *args), kwargs)
    else:

        def front(x1: Any, x2: Any, /, *args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            if (type(x1) is Box or type(x2) is Box) and not args and not kwargs:
                return fast(
                    as_traced(x1) if type(x1) in _SEQUENCES else x1,
                    as_traced(x2) if type(x2) in _SEQUENCES else x2,
                )
            return general((x1, x2, *args), kwargs)

    return like_ufunc(front, ufunc)


def like_ufunc(front: Callable[..., Any], ufunc: np.ufunc) -> Callable[..., Any]:
    """Give a front the name, the documentation and the methods of its ufunc."""
    front.__name__ = front.__qualname__ = ufunc.__name__
    front.__doc__ = ufunc.__doc__
    for attribute in ("reduce", "accumulate", "outer", "at", "reduceat", "nin", "nout", "nargs", "identity"):
        setattr(front, attribute, getattr(ufunc, attribute))
    return front


_SEQUENCES = frozenset({list, tuple})


#: The functions whose fronts take arrays alone; the others look at keywords themselves.
_ELEMENTWISE: set[np.ufunc] = set()


def _add(name: str, make_front: Callable[[Primitive], Any], *argnames: str) -> None:
    ufunc = getattr(np, name)
    fast = make_front(register(ufunc, ufunc.__name__, *argnames))
    IMPLEMENTATIONS[ufunc] = fast
    _ELEMENTWISE.add(ufunc)
    publish(ufunc, _public(ufunc, fast))


for _name in UNARY:
    _add(_name, unary_front, "x")
for _name in BINARY:
    _add(_name, binary_front, "x", "y")


def array_ufunc(self: Box, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Answer NumPy when a ufunc of its own receives a box: ``Box.__array_ufunc__``."""
    implementation = IMPLEMENTATIONS.get(ufunc)
    if method == "__call__" and implementation is not None:
        for name in kwargs:
            if name == "out":
                raise MissingRuleError(
                    f"{full_name(ufunc)}: the result depends on a traced value and cannot be written into "
                    "an array that NumPy holds. Write `a = a + b` for `a += b`, and leave out= away."
                )
            if ufunc in _ELEMENTWISE:
                refuse_argument(ufunc, name)
        return implementation(*(as_traced(x) if type(x) in _SEQUENCES else x for x in inputs), **kwargs)
    name = full_name(ufunc) + ("" if method == "__call__" else f".{method}")
    raise MissingRuleError(
        f"{name} has no derivative rule in fgrad. Use an equivalent that has one (np.sum for np.add.reduce), "
        "or register your own with fgrad.primitive and fgrad.defvjp."
    )
