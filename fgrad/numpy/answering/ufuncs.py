"""NumPy's elementwise functions as primitives, and their fronts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.core.registry import IMPLEMENTATIONS, register
from fgrad.numpy.wrap import FAMILIAR, as_traced, publish

UNARY = """
absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_count cbrt ceil conjugate cos cosh deg2rad
degrees exp exp2 expm1 fabs floor invert isfinite isinf isnan isnat log log10 log1p log2 logical_not
negative positive rad2deg radians reciprocal rint sign signbit sin sinh spacing sqrt square tan tanh trunc
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
        """Let NumPy sort the keywords; it asks the boxes, which a list with boxes becomes first."""
        return ufunc(*map(as_traced, args), **kwargs)

    if nin == 1:

        def front(x: Any, /, *args: Any, **kwargs: Any) -> Any:
            if type(x) is Box and not args and not kwargs:
                return fast(x)
            return general((x, *args), kwargs)
    else:

        def front(x1: Any, x2: Any, /, *args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            if args or kwargs or type(x1) not in FAMILIAR or type(x2) not in FAMILIAR:
                return general((x1, x2, *args), kwargs)
            return fast(x1, x2)

    return like_ufunc(front, ufunc)


def like_ufunc(front: Callable[..., Any], ufunc: np.ufunc) -> Callable[..., Any]:
    """Give a front the name, the documentation and the methods of its ufunc."""
    front.__name__ = front.__qualname__ = ufunc.__name__
    front.__doc__ = ufunc.__doc__
    for attribute in ("reduce", "accumulate", "outer", "at", "reduceat", "nin", "nout", "nargs", "identity"):
        setattr(front, attribute, getattr(ufunc, attribute))
    return front


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
