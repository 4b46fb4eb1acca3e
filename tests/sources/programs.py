"""Random programs, their graphs before and after simplification, and what must not change between them."""

from __future__ import annotations

import operator

import numpy as np

import fgrad.numpy as fnp
from fgrad.sources.facts import facts_of
from fgrad.transforms.capturing import captured

SHAPES = ((), (3,), (2, 3), (1, 3), (2, 1))
BINARY = (
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    fnp.add,
    fnp.subtract,
    fnp.multiply,
    fnp.divide,
)
CONSTANTS = (0, 1, -1, 2, 0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5)


def program(seed, dtype="float64", steps=12):
    """Return a random function of two arrays, and where to call it.

    It is of sums, products, quotients, signs, powers, choices and changes of shape, with the constants that
    rules ask for: 0, 1, -1 and 2, as numbers of Python's, of NumPy's, and as arrays.
    """
    rng = np.random.default_rng(seed)
    plan = [(int(rng.integers(12)), *rng.integers(10**6, size=4)) for _ in range(steps)]

    def function(x, y):
        values = [x, y]
        for kind, a, b, c, d in plan:
            first, second = values[a % len(values)], values[b % len(values)]
            values.append(step(kind, first, second, int(c), int(d), dtype))
        return tuple(values[2:])

    args = [rng.uniform(0.5, 2.0, SHAPES[rng.integers(len(SHAPES))]) for _ in range(2)]
    return function, [np.asarray(arg, dtype=dtype) * rng.choice([-1, 1]) for arg in args]


def constant(c, d, dtype):
    """Return a constant of one of many types."""
    number = CONSTANTS[c % len(CONSTANTS)]
    kinds = (number, np.dtype(dtype).type(number), np.full(SHAPES[d % len(SHAPES)], number, dtype=dtype))
    return kinds[d % 3]


def can_broadcast(*shapes):
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return False
    return True


def step(kind, x, y, c, d, dtype):
    """Return what one step of a program makes of two values."""
    shape = np.shape(x)
    if kind < 3 and np.shape(y) in (shape, ()):
        return BINARY[c % len(BINARY)](x, y)
    if kind < 6:
        # a pair, since what a variable holds has a name, and is no literal
        pair = (x, constant(c, d, dtype))
        operation = BINARY[d % len(BINARY)]
        if not can_broadcast(shape, np.shape(pair[1])):
            pair = (x, pair[1].flat[0])
        if np.any(pair[1] == 0) and operation in (operator.truediv, fnp.divide):
            operation = operator.mul
        return operation(*(pair if c % 2 else pair[::-1]))
    if kind == 6:
        return -x
    if kind == 7:
        return x ** (1, 2, 1.0)[c % 3]
    if kind == 8:
        return fnp.broadcast_to(x, ((2,), (2, 1), ())[c % 3] + shape) if len(shape) < 3 else x
    if kind == 9:
        return fnp.reshape(x, ((-1,), (1, *shape), shape, (*shape, 1))[c % 4])
    if kind == 10:
        return fnp.transpose(x) if c % 3 else fnp.sum(x, axis=0 if shape else None, keepdims=bool(d % 2))
    return fnp.where(x > 0, x, (0, 0.0, -x, y * 0 + 1 if np.shape(y) == () else 1.0)[c % 4])


def graph_of(function, args):
    """Return the graph of a run, with what was seen of each value."""
    return captured(function, args, {}, facts_of)


def assert_same_values(found, expected):
    """Check values to rounding; NaN and infinities where they were; shapes and dtypes."""
    assert len(found) == len(expected)
    for f, e in zip(found, expected, strict=True):
        assert np.shape(f) == np.shape(e)
        assert np.asarray(f).dtype == np.asarray(e).dtype
        digits = 1e-12 if np.asarray(e).dtype == np.float64 else 1e-4
        scale = np.max(np.abs(e), initial=1.0, where=np.isfinite(e))
        np.testing.assert_allclose(f, e, rtol=digits, atol=digits * scale)
