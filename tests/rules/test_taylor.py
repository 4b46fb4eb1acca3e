"""Every rule in Taylor mode: the coefficients of the result along a curved path, to order three.

The oracles are a polynomial through the values of NumPy's own function along the path, which gives up digits
with each order, and derivatives of derivatives in forward mode, which do not.
"""

from __future__ import annotations

import math
import zlib
from functools import cache

import numpy as np
import pytest

from fgrad import MissingRuleError, jvp
from fgrad.transforms.taylor import jet
from tests.oracles import assert_close, coordinates, from_coordinates
from tests.rules.test_derivatives import (
    DOUBLES,
    SINGLE,
    SINGLES,
    assert_like,
    in_double,
    labels,
    outputs_of,
)

ORDER = 3

#: Relative to the largest coefficient of a case, or to one.  The polynomial through values with errors of
#: 1e-16, over a reach of 0.008, has errors of about 1e-14, 1e-11 and 1e-8 in the coefficients of 1, 2 and 3.
BY_POLYNOMIAL = (1e-10, 1e-8, 1e-6)
EXACT = 1e-10

REACH = 0.008
NODES = REACH * np.cos(np.pi * (np.arange(9) + 0.5) / 9)
FIT = np.linalg.inv(np.vander(NODES / REACH, increasing=True))[: ORDER + 1]
FIT = FIT / REACH ** np.arange(ORDER + 1)[:, None]


def has_zero_values(parameter):
    """Return whether a case has zero singular values, whose vectors have no second derivative."""
    return str(parameter.values[0]).startswith("solution_of_rank_one")


SMOOTH = [p for p in DOUBLES if not has_zero_values(p)]
SMOOTH_SINGLES = [p for p in SINGLES if not has_zero_values(p)]
AT_ZERO_VALUES = [p for p in DOUBLES if has_zero_values(p)]


def directions(case, dtype):
    """Return the fixed random directions ``v`` and ``w`` of the path ``x + t v + t**2 w``."""
    rng = np.random.default_rng(zlib.crc32(f"path of {case}".encode()))
    return rng.uniform(-0.5, 0.5, size=(2, coordinates(case.leaves(dtype)).size))


def coefficients(case, leaves, dtype):
    """Return the coefficients of order 1, 2, ... of the results along the path, in Taylor mode."""
    v, w = directions(case, dtype)
    series = [v, 2 * w, *([0 * v] * (ORDER - 2))]
    by_order = [from_coordinates(derivative, leaves) for derivative in series]
    _, found = jet(outputs_of(case), leaves, list(map(list, zip(*by_order, strict=True))))
    return [[part / math.factorial(k) for part in parts] for k, parts in enumerate(found, 1)]


@cache
def double_coefficients(case, dtype):
    return coefficients(case, case.leaves(dtype), dtype)


def fitted_coefficients(case, dtype):
    """Return the coefficients of the polynomial through values along the path, in real coordinates."""
    leaves = case.leaves(dtype)
    centre = coordinates(leaves)
    v, w = directions(case, dtype)
    points = [from_coordinates(centre + t * v + t**2 * w, leaves) for t in NODES]
    return FIT @ np.array([coordinates(case.outputs(*point)) for point in points])


def nested_coefficients(case, dtype):
    """Return the coefficients of order 2 and 3 by forward mode in itself."""
    leaves = case.leaves(dtype)
    v, w = (from_coordinates(direction, leaves) for direction in directions(case, dtype))

    def along(t):
        return outputs_of(case)(*(x + t * a + t * (t * b) for x, a, b in zip(leaves, v, w, strict=True)))

    def derivative(function):
        return lambda t: jvp(function, (t,), (1.0,))[1]

    second, third = jvp(derivative(derivative(along)), (0.0,), (1.0,))
    return [[part / 2 for part in second], [part / 6 for part in third]]


@pytest.mark.parametrize(("case", "dtype"), SMOOTH)
def test_taylor_mode_agrees_with_a_polynomial_through_values(case, dtype):
    values = case.outputs(*case.leaves(dtype))
    expected = fitted_coefficients(case, dtype)
    scale = max(1.0, float(np.max(np.abs(coordinates(values)), initial=0)))
    for k, parts in enumerate(double_coefficients(case, dtype), 1):
        assert_like(parts, values, "a coefficient has the wrong shape or dtype")
        assert_close(
            coordinates(parts)[:, None],
            expected[k][:, None],
            BY_POLYNOMIAL[k - 1] * scale,
            f"Taylor mode, order {k}, {case}",
            labels(values, "result"),
            lambda _: "the path",
        )


@pytest.mark.parametrize(("case", "dtype"), SMOOTH)
def test_taylor_mode_agrees_with_nested_forward_mode(case, dtype):
    values = case.outputs(*case.leaves(dtype))
    found = double_coefficients(case, dtype)[1:]
    for k, (parts, expected) in enumerate(zip(found, nested_coefficients(case, dtype), strict=True), 2):
        assert_close(
            coordinates(parts)[:, None],
            coordinates(expected)[:, None],
            EXACT,
            f"Taylor mode, order {k}, {case}",
            labels(values, "result"),
            lambda _: "the path",
        )


@pytest.mark.parametrize(("case", "dtype"), AT_ZERO_VALUES)
def test_higher_orders_at_zero_singular_values_are_refused(case, dtype):
    with pytest.raises(MissingRuleError, match="jet does not go beyond order one"):
        coefficients(case, case.leaves(dtype), dtype)


@pytest.mark.parametrize(("case", "dtype"), SMOOTH_SINGLES)
def test_taylor_mode_in_single_precision_stays_single_and_agrees_with_double(case, dtype):
    leaves = case.leaves(dtype)
    values = case.outputs(*leaves)
    expected = coefficients(case, in_double(leaves), dtype)
    for k, parts in enumerate(coefficients(case, leaves, dtype), 1):
        assert_like(parts, values, "a coefficient has the wrong shape or dtype")
        assert_close(
            coordinates(parts)[:, None],
            coordinates(expected[k - 1])[:, None],
            SINGLE,
            f"Taylor mode, order {k}, {case} in float32",
            labels(values, "result"),
            lambda _: "the path",
        )


@pytest.mark.parametrize(("case", "dtype"), DOUBLES)
def test_order_one_is_forward_mode(case, dtype):
    leaves = case.leaves(dtype)
    v = from_coordinates(directions(case, dtype)[0], leaves)
    value, (first,) = jet(outputs_of(case), leaves, [[t] for t in v])
    expected_value, expected = jvp(outputs_of(case), leaves, v)
    for found, wanted in zip((*value, *first), (*expected_value, *expected), strict=True):
        np.testing.assert_array_equal(found, wanted)
        assert np.asarray(found).dtype == np.asarray(wanted).dtype
