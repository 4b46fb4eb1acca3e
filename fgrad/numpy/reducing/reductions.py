"""Sums, products, extrema and means along axes, and what is counted or found along them.

Each reduction by an operation of two arguments is a :class:`Fold`: a primitive for the whole of an array,
and from it the forms with a mask (``where=``) and with a value to start from (``initial=``, which may be
traced).  What a mask leaves out has derivative zero, whatever stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.reducing.masks import (
    as_dtype,
    converted,
    count_along,
    mask_of,
    masked_mean,
    reduced_shape,
)
from fgrad.numpy.wrap import as_traced, full_name, implements


class Fold:
    """A reduction by an operation of two arguments.

    Parameters
    ----------
    original : callable
        The function of NumPy's.
    primitive : Primitive
        Reduces the whole of an array along ``axis``, with ``keepdims``.
    combine : ufunc
        The operation of two arguments.
    neutral : number
        Changes nothing when it is combined: what stands in for elements that a mask leaves out.
    has_identity : bool
        Whether the reduction of nothing is ``neutral``.  Otherwise it needs a value to start from.
    """

    def __init__(
        self, original: Any, primitive: Primitive, combine: Any, neutral: Any, *, has_identity: bool
    ) -> None:
        self.original = original
        self.primitive = primitive
        self.combine = combine
        self.neutral = neutral
        self.has_identity = has_identity

    def under(self, original: Any) -> Fold:
        """Return the same reduction under another name of NumPy's."""
        return Fold(original, self.primitive, self.combine, self.neutral, has_identity=self.has_identity)

    def with_dtype(
        self,
        a: Any,
        axis: Any = None,
        dtype: Any = None,
        out: Any = None,
        keepdims: bool = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        """Reduce; the signature of sums and products."""
        if where is True and initial is None and dtype is None:
            return self.primitive(as_traced(a), axis=axis, keepdims=keepdims)
        if dtype is not None:
            a = converted(a, dtype)
        return self.without_dtype(a, axis, None, keepdims, initial, where)

    def without_dtype(
        self,
        a: Any,
        axis: Any = None,
        out: Any = None,
        keepdims: bool = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        """Reduce; the signature of extrema."""
        a = as_traced(a)
        if where is True and initial is None:
            return self.primitive(a, axis=axis, keepdims=keepdims)
        return self.general(a, axis, keepdims, initial, where)

    def general(self, a: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
        """Reduce what a mask leaves, beginning with an initial value."""
        mask = mask_of(self.original, where, a)
        if mask is not None:
            if not self.has_identity and initial is None:
                raise ValueError(
                    f"{full_name(self.original)}: a mask could leave nothing, so where= needs initial="
                )
            a = np.where(mask, a, self.neutral)
        if initial is None:
            return self.primitive(a, axis=axis, keepdims=keepdims)
        initial = as_dtype(as_traced(initial), spec_of(a).dtype)
        shape = reduced_shape(a, axis, keepdims)
        if not self.has_identity and count_along(a, axis) == 0:
            return np.broadcast_to(initial, shape)
        return self.combine(self.primitive(a, axis=axis, keepdims=keepdims), initial)


def _fold(original: Any, name: str, combine: Any, neutral: Any, *, has_identity: bool) -> Fold:
    primitive = register(original, name, "a")
    return Fold(original, primitive, combine, neutral, has_identity=has_identity)


SUM = _fold(np.sum, "sum", np.add, 0, has_identity=True)
PROD = _fold(np.prod, "prod", np.multiply, 1, has_identity=True)
MAX = _fold(np.max, "max", np.maximum, -np.inf, has_identity=False)
MIN = _fold(np.min, "min", np.minimum, np.inf, has_identity=False)

sum = implements(np.sum)(SUM.with_dtype)
prod = implements(np.prod)(PROD.with_dtype)
max = implements(np.max)(MAX.without_dtype)
min = implements(np.min)(MIN.without_dtype)
amax = implements(np.amax)(MAX.under(np.amax).without_dtype)
amin = implements(np.amin)(MIN.under(np.amin).without_dtype)


@implements(np.ptp)
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    a = as_traced(a)
    return MAX.primitive(a, axis=axis, keepdims=keepdims) - MIN.primitive(a, axis=axis, keepdims=keepdims)


MEAN = register(np.mean, "mean", "a")


@implements(np.mean)
def mean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    *,
    where: Any = True,
) -> Any:
    if where is True and dtype is None:
        return MEAN(as_traced(a), axis=axis, keepdims=keepdims)
    a = converted(a, dtype)
    mask = mask_of(np.mean, where, a)
    if mask is None:
        return MEAN(a, axis=axis, keepdims=keepdims)
    return masked_mean(a, mask, axis, keepdims)


# what is counted or found, with derivative zero


def truth(original: Any) -> Callable[..., Any]:
    """Register and implement a function that tests elements, with the signature of ``np.all``."""
    primitive = register(original, original.__name__, "a")

    def implementation(
        a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
    ) -> Any:
        a = as_traced(a)
        mask = mask_of(original, where, a)
        return primitive(a, axis=axis, keepdims=keepdims, where=True if mask is None else mask)

    return implements(original)(implementation)


def position(original: Any) -> Callable[..., Any]:
    """Register and implement a function that finds a position, with the signature of ``np.argmax``."""
    primitive = register(original, original.__name__, "a")

    def implementation(a: Any, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        return primitive(as_traced(a), axis=axis, keepdims=keepdims)

    return implements(original)(implementation)


all, any = truth(np.all), truth(np.any)
argmax, argmin = position(np.argmax), position(np.argmin)
nanargmax, nanargmin = position(np.nanargmax), position(np.nanargmin)

ARGSORT = register(np.argsort, "argsort", "a")
COUNT_NONZERO = register(np.count_nonzero, "count_nonzero", "a")


@implements(np.argsort)
def argsort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    return ARGSORT(as_traced(a), axis=axis, kind=kind, order=order, stable=stable)


@implements(np.count_nonzero)
def count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return COUNT_NONZERO(as_traced(a), axis=axis, keepdims=keepdims)
