"""Polynomials, as arrays of their coefficients, the highest power first."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from fgrad.core.box import anywhere, decided_by, everywhere, still
from fgrad.core.primitive import Primitive
from fgrad.core.registry import IMPLEMENTATIONS, register
from fgrad.core.spec import spec_of
from fgrad.numpy.algebra.poly1ds import is_traced, poly1d
from fgrad.numpy.places.examples import agreed
from fgrad.numpy.reducing.masks import as_dtype
from fgrad.numpy.wrap import as_traced, implements, publish


def takes_polynomials(front: Callable[..., Any]) -> Callable[..., Any]:
    """Make a public function look for traced values in ``poly1d`` too, which is no list and no array."""
    original: Any = front.__wrapped__  # type: ignore[attr-defined]

    @wraps(original)
    def looking(*args: Any, **kwargs: Any) -> Any:
        if any(map(is_traced, args)) or (kwargs and any(map(is_traced, kwargs.values()))):
            return IMPLEMENTATIONS[original](*args, **kwargs)
        return front(*args, **kwargs)

    return publish(original, looking)


def _given(p: Any) -> Any:
    """Return the coefficients of a polynomial, or an array-like as it is."""
    return p.coeffs if isinstance(p, np.poly1d) else as_traced(p)


def _coefficients(p: Any) -> Any:
    """Return the coefficients of a polynomial, of an array-like or of a number as an array."""
    return np.atleast_1d(_given(p))


def _same_class(result: Any, *given: Any) -> Any:
    """Return a polynomial as a ``poly1d`` if one was given."""
    return poly1d(result) if any(isinstance(p, np.poly1d) for p in given) else result


def _without_leading_zeros(p: Any) -> Any:
    """Return the coefficients from the first that is not zero; the last alone if all are."""
    if not spec_of(p).size:
        return p
    given = still(p) != 0
    first = agreed(
        np.where(np.any(given), np.argmax(given), -1),
        "The degree of a polynomial depends on its leading zeros, which must be as many for all",
        "Give all examples a leading coefficient that is not zero.",
    )
    return p[int(first) :]


# arithmetic


def _aligned(a1: Any, a2: Any) -> list[Any]:
    """Return two polynomials with as many coefficients as the longer has."""
    parts = [_coefficients(a1), _coefficients(a2)]
    longest = max(spec_of(p).size for p in parts)
    return [_padded(p, longest - spec_of(p).size) for p in parts]


def _padded(p: Any, count: int) -> Any:
    return np.concatenate([np.zeros(count, spec_of(p).dtype), p]) if count else p


@takes_polynomials
@implements(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    p, q = _aligned(a1, a2)
    return _same_class(p + q, a1, a2)


@takes_polynomials
@implements(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    p, q = _aligned(a1, a2)
    return _same_class(p - q, a1, a2)


@takes_polynomials
@implements(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    p, q = (_without_leading_zeros(_coefficients(a)) for a in (a1, a2))
    return _same_class(np.convolve(p, q), a1, a2)


@takes_polynomials
@implements(np.polydiv)
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    dividend, divisor = _coefficients(u) + 0.0, _coefficients(v) + 0.0
    dtype = spec_of(dividend[0] + divisor[0]).dtype
    m, n = spec_of(dividend).size - 1, spec_of(divisor).size - 1
    remainder = as_dtype(dividend, dtype)
    scale = 1.0 / divisor[0]
    quotient = []
    for k in range(m - n + 1):
        quotient.append(as_dtype(scale * remainder[k], dtype))
        reduced = remainder[k : k + n + 1] - quotient[-1] * divisor
        remainder = np.concatenate([remainder[:k], reduced, remainder[k + n + 1 :]])
    while spec_of(remainder).size > 1 and agreed(
        np.allclose(remainder[0], 0, rtol=1e-14),
        "numpy.polydiv: the remainder is as long as its leading zeros say, which must be as many for all",
        "Multiply by the divisor's inverse, or divide outside.",
    ):
        remainder = remainder[1:]
    whole = np.stack(quotient) if quotient else np.zeros(1, dtype)
    return _same_class(whole, u, v), _same_class(remainder, u, v)


@takes_polynomials
@implements(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    coefficients = _given(p)
    x = x if isinstance(x, np.poly1d) else as_traced(x)
    y: Any = 0 if isinstance(x, np.poly1d) else np.zeros_like(x)
    for coefficient in coefficients:
        y = y * x + coefficient
    return y


# calculus


@takes_polynomials
@implements(np.polyder)
def polyder(p: Any, m: Any = 1) -> Any:
    if int(m) < 0:
        raise ValueError(f"numpy.polyder: the order m must not be negative; got {m} (see polyint)")
    derived = _given(p)
    for _ in range(int(m)):
        derived = derived[:-1] * np.arange(spec_of(derived).size - 1, 0, -1)
    return _same_class(derived, p)


@takes_polynomials
@implements(np.polyint)
def polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    m = int(m)
    if m < 0:
        raise ValueError(f"numpy.polyint: the order m must not be negative; got {m} (see polyder)")
    constants = np.atleast_1d(np.zeros(m) if k is None else as_traced(k))
    if spec_of(constants).size == 1 and m > 1:
        constants = np.broadcast_to(constants, m)
    if spec_of(constants).size < m:
        raise ValueError(f"numpy.polyint: k must be a number, or {m} of them; got {spec_of(constants).size}")
    integrated = _given(p)
    for i in range(m):
        powers = np.arange(spec_of(integrated).size, 0, -1)
        integrated = np.concatenate([np.true_divide(integrated, powers), constants[i : i + 1]])
    return _same_class(integrated, p)


# zeros

ROOTS: Primitive = register(np.roots, "roots", "p")
CHARACTERISTIC: Primitive = register(np.poly, "poly of a matrix", "a")


@takes_polynomials
@implements(np.roots)
def roots(p: Any) -> Any:
    coefficients = _coefficients(p)
    if spec_of(coefficients).ndim != 1:
        raise ValueError(f"numpy.roots takes coefficients along one axis; got shape {spec_of(p).shape}")
    decided_by(coefficients)  # leading zeros make fewer
    return ROOTS(coefficients)


@takes_polynomials
@implements(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    zeros = _coefficients(seq_of_zeros)
    shape = spec_of(zeros).shape
    if len(shape) == 2 and shape[0] == shape[1] != 0:
        return CHARACTERISTIC(zeros)
    if len(shape) != 1:
        raise ValueError(f"numpy.poly takes zeros along one axis, or a square matrix; got shape {shape}")
    if not shape[0]:
        return 1.0
    one = np.ones(1, spec_of(zeros).dtype)
    product: Any = one
    for i in range(shape[0]):
        product = np.concatenate([product, one * 0]) - zeros[i] * np.concatenate([one * 0, product])
    # Zeros in conjugate pairs make a real polynomial, as NumPy sees it from their values.
    if spec_of(product).dtype.kind != "c":
        return product
    quiet = still(zeros)
    is_real = np.all(np.sort(quiet) == np.sort(np.conjugate(quiet)))
    if everywhere(is_real):
        return np.real(product)
    return np.where(is_real, np.real(product), product) if anywhere(is_real) else product


# fitting


@implements(np.polyfit)
def polyfit(
    x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False
) -> Any:
    x, y, order = as_traced(x) + 0.0, as_traced(y) + 0.0, int(deg) + 1
    n = _checked_length(x, y, w, deg)
    if rcond is None:
        rcond = n * np.finfo(spec_of(x).dtype).eps
    lhs, rhs = np.vander(x, order), y
    if w is not None:
        weights = as_traced(w) + 0.0
        lhs = as_dtype(lhs * weights[:, np.newaxis], spec_of(lhs).dtype)
        rhs = as_dtype(rhs * (weights[:, np.newaxis] if spec_of(y).ndim == 2 else weights), spec_of(y).dtype)
    scale = np.sqrt(np.sum(lhs * lhs, axis=0))
    lhs = lhs / scale
    c, residuals, rank, s = np.linalg.lstsq(lhs, rhs, rcond)
    c = np.transpose(np.transpose(c) / scale)
    if full:
        return c, residuals, rank, s, rcond
    if anywhere(rank != order):
        warnings.warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning, stacklevel=3)
    if not cov:
        return c
    base = np.linalg.inv(np.dot(np.transpose(lhs), lhs)) / np.outer(scale, scale)
    factor: Any = 1
    if cov != "unscaled":
        if n <= order:
            raise ValueError(
                "numpy.polyfit: the number of data points must exceed order to scale the covariance matrix"
            )
        factor = residuals / (n - order)
    return c, (base if spec_of(y).ndim == 1 else base[:, :, np.newaxis]) * factor


def _checked_length(x: Any, y: Any, w: Any, deg: Any) -> int:
    """Return the number of points; raise for shapes that do not fit, as NumPy does."""
    of_x, of_y = spec_of(x).shape, spec_of(y).shape
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if len(of_x) != 1:
        raise TypeError("expected 1D vector for x")
    if of_x[0] == 0:
        raise TypeError("expected non-empty vector for x")
    if len(of_y) not in (1, 2):
        raise TypeError("expected 1D or 2D array for y")
    if of_x[0] != of_y[0]:
        raise TypeError("expected x and y to have same length")
    if w is not None:
        of_w = spec_of(as_traced(w)).shape
        if len(of_w) != 1:
            raise TypeError("expected a 1-d array for weights")
        if of_w[0] != of_y[0]:
            raise TypeError("expected w and y to have the same length")
    return of_x[0]
