"""Recurrences for the coefficients of products, powers and elementary functions of power series.

A step is ``step(k, series, found)``: ``series[i]`` has the coefficients of the argument ``i`` from the value
to the ``k``-th, of a constant its value alone; ``found`` has those of the result before the ``k``-th, which
the step returns.  None stands for a zero.

References
----------
D. E. Knuth, *The Art of Computer Programming*, volume 2, 3rd edition, section 4.7 (Cauchy's product,
quotients, and the recurrence for powers, which is Euler's).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.primitive import Primitive
from fgrad.kinds.guarded import zero_product
from fgrad.modes.equation import Step


def product(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step:
    """Return the step of Cauchy's product, in which zero wins."""
    x, y = args
    multiply = operator.mul if is_finite(x) and is_finite(y) else zero_product
    return lambda k, series, found: convolved(k, series[0], series[1], 0, multiply)


def square(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of the product of a series with itself."""
    return (lambda k, series, found: squared(k, series[0])) if is_finite(args[0]) else None


def quotient(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step:
    """Return the step of a quotient ``z = x / y``, in which ``x[k]`` is the sum of ``z[j] y[k - j]``."""
    is_regular = is_finite(ans) and bool(np.all(bottom(args[1]) != 0))
    multiply, divide = (operator.mul, operator.truediv) if is_regular else (zero_product, _zero_quotient)

    def step(k: int, series: Any, found: Any) -> Any:
        x, y = series
        total = x[k] if mine[0] else None
        if mine[1]:
            total = minus(total, convolved(k, y, found, 1, multiply))
        return None if total is None else divide(total, y[0])

    return step


def _zero_quotient(x: Any, y: Any) -> Any:
    """Return ``x / y``, and 0 wherever ``x`` is 0."""
    zero = np.equal(x, 0)
    return np.where(zero, 0, x) / np.where(zero, 1, y)


def square_root(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of ``z = sqrt(x)``, in which ``x[k]`` is the sum of ``z[j] z[k - j]``."""
    if not is_normal(ans):
        return None
    twice = 2 * ans

    def step(k: int, series: Any, found: Any) -> Any:
        inner = squared(k, [None, *found[1:], None])
        total = minus(series[0][k], inner)
        return None if total is None else total / twice

    return step


def power(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of a power, None where the rule has to be followed.

    Constant whole exponents are products.  For others ``x z' = y z x'`` gives ``z``, if no ``x`` is zero.
    """
    x, y = args
    if mine[1]:
        return _moving_power(primitive, mine, ans, x)
    if type(y) is not Box and np.ndim(y) == 0 and _is_small_count(y):
        return _whole_power(int(y))
    if not (is_normal(x) and is_normal(ans)):
        return None

    def step(k: int, series: Any, found: Any) -> Any:
        x = series[0]
        total = None
        for j in range(1, k + 1):
            if x[j] is not None and found[k - j] is not None:
                term = (j * y - (k - j)) * (x[j] * found[k - j])
                total = term if total is None else total + term
        return None if total is None else total / (k * x[0])

    return step


def _moving_power(primitive: Primitive, mine: Sequence[bool], ans: Any, x: Any) -> Step | None:
    """Return the step of ``z = x**y`` with an exponent that moves, whose derivative is ``z (y log(x))'``."""
    is_positive = np.iscomplexobj(bottom(x)) or bool(np.all(bottom(x) > 0))
    if not (is_positive and is_normal(x) and is_normal(ans)):
        return None
    logs = [np.log(x)]
    step_of_log = logarithm(primitive, mine, logs[0], (x,)) if mine[0] else None
    slope: list[Any] = []
    exponent: list[Any] = [None]

    def step(k: int, series: Any, found: Any) -> Any:
        x, y = series
        if step_of_log is not None:
            logs.append(step_of_log(k, (x,), logs))
            exponent.append(convolved(k, y, logs, 0, operator.mul))
        else:
            exponent.append(None if y[k] is None else y[k] * logs[0])
        return integral(k, slope, exponent, found)

    return step


def _is_small_count(y: Any) -> bool:
    """Return whether a number is whole and not negative, so that a few products make its power."""
    is_real = isinstance(y, int | float | np.integer | np.floating)
    return bool(is_real and 0 <= y <= 64 and y == math.floor(y))


def _whole_power(y: int) -> Step:
    """Return the step of a power by repeated squares and products, each of which is a series of its own."""
    bits = f"{y:b}"[1:]
    chain: list[list[Any]] = []

    def step(k: int, series: Any, found: Any) -> Any:
        if y == 0:
            return None
        x = series[0]
        last, place = x, 0
        for bit in bits:
            for other in (None, x)[: 1 + int(bit)]:
                if len(chain) == place:
                    chain.append([last[0] * (last if other is None else other)[0]])
                made = chain[place]
                made.append(squared(k, last) if other is None else convolved(k, other, last, 0, operator.mul))
                last, place = made, place + 1
        return last[k]

    return step


def exponential(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of ``z = exp(x)``, whose derivative is ``z x'``."""
    if not is_finite(ans):
        return None
    slope: list[Any] = []
    return lambda k, series, found: integral(k, slope, series[0], found)


def logarithm(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of ``z = log(x)``, in which ``x[k]`` is the ``k``-th of the integral of ``z' x``."""
    if not is_normal(args[0]):
        return None
    slope: list[Any] = []

    def step(k: int, series: Any, found: Any) -> Any:
        (x,) = series
        total = minus(x[k], integral(k, slope, [*found, None], x))
        slope.pop()  # of the coefficient that is only found now
        return None if total is None else total / x[0]

    return step


def sine(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of the sine."""
    return paired(ans, np.cos(args[0]), 1, -1)


def cosine(primitive: Primitive, mine: Sequence[bool], ans: Any, args: Any) -> Step | None:
    """Return the step of the cosine."""
    return paired(ans, np.sin(args[0]), -1, 1)


def paired(ans: Any, partner: Any, sign: int, partners_sign: int) -> Step | None:
    """Return the step of one of two functions, each of which is, up to a sign, the other's derivative."""
    if not (is_finite(ans) and is_finite(partner)):
        return None
    slope: list[Any] = []
    partners = [partner]

    def step(k: int, series: Any, found: Any) -> Any:
        term = integral(k, slope, series[0], partners)
        other = integral(k, slope, series[0], found)
        partners.append(other if other is None or partners_sign == 1 else -other)
        return term if term is None or sign == 1 else -term

    return step


def integral(k: int, slope: list[Any], x: Sequence[Any], y: Sequence[Any]) -> Any:
    """Return the ``k``-th coefficient of the integral of ``x' y``, and note those of ``x'`` in ``slope``."""
    slope += [x[j] if j == 1 or x[j] is None else j * x[j] for j in range(len(slope) + 1, k + 1)]
    total = None
    for j in range(1, k + 1):
        if slope[j - 1] is not None and y[k - j] is not None:
            term = slope[j - 1] * y[k - j]
            total = term if total is None else total + term
    return total if total is None or k == 1 else total / k


def is_finite(x: Any) -> bool:
    """Return whether all numbers are finite."""
    return bool(np.all(np.isfinite(bottom(x))))


def is_normal(x: Any) -> bool:
    """Return whether all numbers are finite and none is zero or too small for all its digits."""
    size = np.abs(bottom(x))
    if size.dtype.kind not in "f":
        return bool(np.all(size != 0))
    info = np.finfo(size.dtype)
    return bool(np.all((size >= info.tiny) & (size <= info.max)))


def minus(x: Any, y: Any) -> Any:
    """Return ``x - y``, where None stands for zero."""
    return x if y is None else -y if x is None else x - y


def convolved(
    k: int, x: Sequence[Any], y: Sequence[Any], first: int, multiply: Callable[[Any, Any], Any]
) -> Any:
    """Return the sum of the products of ``x[j]`` and ``y[k - j]`` for ``j`` from ``first`` on."""
    total = None
    for j in range(first, k + 1):
        a, b = x[j], y[k - j]
        if a is not None and b is not None:
            term = multiply(a, b)
            total = term if total is None else total + term
    return total


def squared(k: int, x: Sequence[Any]) -> Any:
    """Return the ``k``-th coefficient of the square of a series, with half the products."""
    total = None
    for j in range((k + 1) // 2):
        if x[j] is not None and x[k - j] is not None:
            term = x[j] * x[k - j]
            total = term if total is None else total + term
    if total is not None:
        total = 2 * total
    middle = x[k // 2] if k % 2 == 0 else None
    if middle is None:
        return total
    return middle * middle if total is None else total + middle * middle


def cauchy_product(multiply: Callable[..., Any], k: int, series: Sequence[Sequence[Any]]) -> Any:
    """Return the ``k``-th coefficient of a product of power series, None for zero."""
    total = None
    for orders in _compositions(k, [len(terms) > 1 for terms in series]):
        operands = [terms[order] for terms, order in zip(series, orders, strict=True)]
        if all(operand is not None for operand in operands):
            term = multiply(*operands)
            total = term if total is None else total + term
    return total


def _compositions(k: int, mine: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write ``k`` as a sum of orders, one for each operand, 0 for constants."""
    if not any(mine):
        if k == 0:
            yield (0,) * len(mine)
        return
    first, *rest = mine
    orders = range(k + 1) if first and any(rest) else (k,) if first else (0,)
    for order in orders:
        for others in _compositions(k - order, rest):
            yield (order, *others)
