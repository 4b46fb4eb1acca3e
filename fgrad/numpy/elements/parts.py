"""Numbers taken apart: real and imaginary, sign and size, whole and fraction, quotient and remainder."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import anywhere, bottom, everywhere, is_batched
from fgrad.core.primitive import Primitive, unary_front
from fgrad.core.registry import PRIMITIVES, register, register_view
from fgrad.core.spec import spec_of
from fgrad.numpy.answering.ufuncs import like_ufunc
from fgrad.numpy.wrap import as_traced, implements


def _exponent(x: Any) -> Any:
    """Return the binary exponents of ``np.frexp``."""
    return np.frexp(x)[1]


def _fractional_part(x: Any) -> Any:
    """Return the fractions of ``np.modf``."""
    return np.modf(x)[0]


REAL = register_view(np.real, "real", "x")
IMAG = register_view(np.imag, "imag", "x")
EXPONENT: Primitive = register(_exponent, "frexp", "x")
FRACTION: Primitive = register(_fractional_part, "modf", "x")
_sign, _fraction = unary_front(PRIMITIVES[np.sign]), unary_front(FRACTION)


@implements(np.real)
def real(val: Any) -> Any:
    val = as_traced(val)
    return REAL(val) if spec_of(val).dtype.kind == "c" else val


@implements(np.imag)
def imag(val: Any) -> Any:
    val = as_traced(val)
    if spec_of(val).dtype.kind == "c":
        return IMAG(val)
    return np.zeros(*spec_of(val))[()] if is_batched(val) else np.imag(bottom(val))


@implements(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    z = as_traced(z)
    radians = np.arctan2(np.imag(z), np.real(z))
    return np.degrees(radians) if deg else radians


@implements(np.iscomplexobj, constant=True)
def iscomplexobj(x: Any) -> bool:
    return spec_of(as_traced(x)).dtype.kind == "c"


@implements(np.isrealobj, constant=True)
def isrealobj(x: Any) -> bool:
    return spec_of(as_traced(x)).dtype.kind != "c"


@implements(np.sign)
def sign(x: Any, /) -> Any:
    x = as_traced(x)
    if spec_of(x).dtype.kind != "c":
        return _sign(x)
    size = np.abs(x)
    moves = np.isfinite(size) & (size != 0)
    unit = np.where(moves, x, 0) / np.where(moves, size, 1)
    return np.where(moves, unit, _sign(x))[()]


@implements(np.modf)
def modf(x: Any, /) -> Any:
    x = as_traced(x)
    return _fraction(x), np.trunc(x)


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


@implements(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    a = as_traced(a)
    dtype = spec_of(a).dtype
    if dtype.kind != "c":
        return a
    limit = tol * np.finfo(dtype).eps if tol > 1 else tol
    close = np.all(np.abs(np.imag(a)) < limit)
    if everywhere(close):
        return np.real(a)
    return np.where(close, np.real(a), a) if anywhere(close) else a  # of some examples only
