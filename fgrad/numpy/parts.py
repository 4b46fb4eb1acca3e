"""Numbers taken apart: real and imaginary, sign and size, whole and fraction, quotient and remainder."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.primitive import Primitive, unary_front
from fgrad.core.registry import PRIMITIVES, register
from fgrad.core.spec import spec_of
from fgrad.numpy.ufuncs import like_ufunc
from fgrad.numpy.wrap import as_traced, implements


def _exponent(x: Any) -> Any:
    """Return the binary exponents of ``np.frexp``."""
    return np.frexp(x)[1]


REAL: Primitive = register(np.real, "real", "x")
IMAG: Primitive = register(np.imag, "imag", "x")
EXPONENT: Primitive = register(_exponent, "frexp", "x")
_real, _imag, _sign = unary_front(REAL), unary_front(IMAG), unary_front(PRIMITIVES[np.sign])


@implements(np.real)
def real(val: Any) -> Any:
    return _real(as_traced(val))


@implements(np.imag)
def imag(val: Any) -> Any:
    val = as_traced(val)
    return _imag(val) if spec_of(val).dtype.kind == "c" else np.imag(bottom(val))


@implements(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    z = as_traced(z)
    radians = np.arctan2(np.imag(z), np.real(z))
    return np.degrees(radians) if deg else radians


@implements(np.iscomplexobj)
def iscomplexobj(x: Any) -> bool:
    return spec_of(as_traced(x)).dtype.kind == "c"


@implements(np.isrealobj)
def isrealobj(x: Any) -> bool:
    return spec_of(as_traced(x)).dtype.kind != "c"


@implements(np.sign)
def sign(x: Any, /) -> Any:
    x = as_traced(x)
    if spec_of(x).dtype.kind != "c":
        return _sign(x)
    size = np.abs(x)
    return x / np.where(size == 0, 1, size)


@implements(np.modf)
def modf(x: Any, /) -> Any:
    x = as_traced(x)
    whole = np.trunc(x)
    return x - whole, whole


@implements(np.frexp)
def frexp(x: Any, /) -> Any:
    x = as_traced(x)
    exponent = EXPONENT(x)
    return np.ldexp(x, -exponent), exponent


@implements(np.divmod)
def divmod(x1: Any, x2: Any, /) -> Any:
    x1, x2 = as_traced(x1), as_traced(x2)
    return x1 // x2, x1 % x2


for _front, _ufunc in ((sign, np.sign), (modf, np.modf), (frexp, np.frexp), (divmod, np.divmod)):
    like_ufunc(_front, _ufunc)
