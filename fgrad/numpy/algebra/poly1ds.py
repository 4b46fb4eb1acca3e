"""``np.poly1d`` of traced coefficients.

NumPy's own class takes them too, if they come as one array, but it divides and integrates with functions that
cannot see a traced value in a polynomial coming, and then raises an error.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda a: np.poly1d([a, 0.0, 1.0])(3.0))(2.0)
9.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.errors import DetachedError
from fgrad.core.spec import spec_of
from fgrad.numpy.places.assignment import SETITEM
from fgrad.numpy.wrap import PUBLIC, as_traced


def is_traced(value: Any) -> bool:
    """Return whether a value is a polynomial of traced coefficients."""
    return isinstance(value, np.poly1d) and isinstance(value.coeffs, Box)


class poly1d(np.poly1d):  # noqa: N801 - NumPy's name
    """As ``numpy.poly1d``; the coefficients may be traced, and in a list."""

    def __init__(self, c_or_r: Any, r: bool = False, variable: Any = None) -> None:
        super().__init__(as_traced(c_or_r), r, variable)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if is_traced(self):
            raise DetachedError(
                "A polynomial of traced coefficients cannot become an array of NumPy's, which would lose "
                "their derivative. Use its coefficients, p.coeffs."
            )
        return np.asarray(self.coeffs, dtype)

    def __repr__(self) -> str:
        return f"poly1d({repr(np.asarray(bottom(self.coeffs)))[len('array(') : -1]})"

    def __str__(self) -> str:
        return str(np.poly1d(bottom(self.coeffs), variable=self.variable))

    def __setitem__(self, key: int, val: Any) -> None:
        if type(val) is Box and not is_traced(self):
            super().__setitem__(key, 0)  # which may make room
            self._coeffs = SETITEM(self.coeffs, val, index=self.order - key)
        else:
            super().__setitem__(key, val)

    def __truediv__(self, other: Any) -> Any:
        if _is_number(other):
            return poly1d(self.coeffs / other)
        return _divided(self, poly1d(other))

    def __rtruediv__(self, other: Any) -> Any:
        if _is_number(other):
            return poly1d(other / self.coeffs)
        return _divided(poly1d(other), self)

    def integ(self, m: Any = 1, k: Any = 0) -> Any:
        """Return an antiderivative, as ``numpy.poly1d.integ`` does."""
        return poly1d(PUBLIC["numpy"]["polyint"](self.coeffs, m=m, k=k))


def _is_number(value: Any) -> bool:
    """Return whether a value is a number, traced or not, and no polynomial."""
    return np.isscalar(value) or (type(value) is Box and not spec_of(value).shape)


def _divided(u: poly1d, v: poly1d) -> tuple[poly1d, poly1d]:
    """Return the quotient and the remainder."""
    quotient, remainder = np.polydiv(u.coeffs, v.coeffs)
    return poly1d(quotient), poly1d(remainder)


def _inherited(name: str) -> Callable[..., Any]:
    """Return the method of NumPy's class, with a polynomial of this class as its result."""
    original = getattr(np.poly1d, name)

    def method(self: poly1d, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        return poly1d(result) if isinstance(result, np.poly1d) else result

    method.__name__, method.__qualname__, method.__doc__ = name, f"poly1d.{name}", original.__doc__
    return method


for _name in ("add", "mul", "neg", "pos", "pow", "radd", "rmul", "rsub", "sub", "call"):
    setattr(poly1d, f"__{_name}__", _inherited(f"__{_name}__"))
poly1d.deriv = _inherited("deriv")  # type: ignore[method-assign]

PUBLIC["numpy"]["poly1d"] = poly1d
