"""Every rule, in both modes, at orders one and two, against numerical derivatives.

The cases are declared in :mod:`tests.rules.cases`; :mod:`tests.rules.test_coverage` sees to it that no
rule is without one.
"""

from __future__ import annotations

import zlib
from functools import cache

import numpy as np
import pytest

from fgrad import jvp, vjp
from tests.oracles import (
    assert_close,
    coordinates,
    describe,
    dual_coordinates,
    from_coordinates,
    from_dual_coordinates,
    is_complex,
    numerical_derivative,
    numerical_jacobian,
    unit_vectors,
)
from tests.rules.cases import CASES
from tests.rules.cases.case import listed

#: Relative to the largest derivative of a case, or to one.
DOUBLE = 1e-9
SINGLE = 5e-5

ALL = [pytest.param(case, dtype, id=f"{case} {dtype}") for case in CASES for dtype in case.dtypes]
DOUBLES = [p for p in ALL if p.values[1] != "float32"]
SINGLES = [p for p in ALL if p.values[1] == "float32"]


def outputs_of(case):
    """Return the function whose outputs are a tuple of arrays, and whose arguments are the leaves."""
    return lambda *leaves: tuple(case.outputs(*leaves))


def labels(arrays, what):
    return lambda coordinate: describe(coordinate, arrays, what)


@cache
def expected_jacobian(case, dtype):
    """Return the numerical Jacobian of the plain function."""
    return numerical_jacobian(lambda leaves: coordinates(case.outputs(*leaves)), case.leaves(dtype))


def assert_like(derivatives, models, what):
    """Check that derivatives have the shapes and dtypes of what they belong to."""
    assert len(derivatives) == len(models)
    for derivative, model in zip(derivatives, models, strict=True):
        found, wanted = np.asarray(derivative), np.asarray(model)
        assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype), what


def resolution(array):
    """Return the distance from one to the next number of an array's dtype."""
    dtype = np.asarray(array).dtype
    return np.finfo(dtype).eps if dtype.kind in "fc" else 0


@pytest.mark.parametrize(("case", "dtype"), ALL)
def test_values_are_those_of_numpy(case, dtype):
    leaves = case.leaves(dtype)
    plain = case.call(*leaves)
    for what, value in (
        ("vjp", vjp(case.call, *leaves)[0]),
        ("jvp", jvp(case.call, leaves, leaves)[0]),
    ):
        assert type(value) is type(plain) or not isinstance(plain, list | tuple)
        for found, expected in zip(listed(value), listed(plain), strict=True):
            assert np.shape(found) == np.shape(expected)
            assert np.asarray(found).dtype == np.asarray(expected).dtype
            eps = resolution(found)
            scale = np.max(np.abs(expected), initial=0)
            assert np.all(np.abs(found - expected) <= 4 * eps * scale), what


@pytest.mark.parametrize(("case", "dtype"), DOUBLES)
def test_reverse_mode_agrees_with_differences(case, dtype):
    leaves = case.leaves(dtype)
    values, pullback = vjp(outputs_of(case), *leaves)
    rows = []
    for unit in unit_vectors(values):
        cotangents = pullback(tuple(from_dual_coordinates(unit, values)))
        assert_like(cotangents, leaves, "a cotangent has the wrong shape or dtype")
        rows.append(dual_coordinates(cotangents))
    assert_close(
        np.array(rows).reshape(coordinates(values).size, coordinates(leaves).size),
        expected_jacobian(case, dtype),
        DOUBLE,
        f"reverse mode, order 1, {case}",
        labels(values, "result"),
        labels(leaves, "argument"),
    )


@pytest.mark.parametrize(("case", "dtype"), DOUBLES)
def test_forward_mode_agrees_with_differences(case, dtype):
    leaves = case.leaves(dtype)
    values = case.outputs(*leaves)
    columns = []
    for unit in unit_vectors(leaves):
        tangents = jvp(outputs_of(case), leaves, from_coordinates(unit, leaves))[1]
        assert_like(tangents, values, "a tangent has the wrong shape or dtype")
        columns.append(coordinates(tangents))
    assert_close(
        np.array(columns).reshape(coordinates(leaves).size, coordinates(values).size).T,
        expected_jacobian(case, dtype),
        DOUBLE,
        f"forward mode, order 1, {case}",
        labels(values, "result"),
        labels(leaves, "argument"),
    )


def scalar_of(case, dtype):
    """Return a real function of the case whose second derivatives need all of its rule.

    The square makes the cotangents depend on the arguments, so that the transposes are differentiated too,
    those of linear operations among them.
    """
    rng = np.random.default_rng(zlib.crc32(f"weights of {case}".encode()))
    weights = []
    for out in case.outputs(*case.leaves(dtype)):
        weight = rng.normal(size=(2, *np.shape(out)))
        if is_complex(out):
            weight = weight + 1j * rng.normal(size=weight.shape)
        weights.append(weight.astype(np.asarray(out).dtype))

    def scalar(*leaves):
        total = 0.0
        for out, (first, second) in zip(case.outputs(*leaves), weights, strict=True):
            total = total + np.sum(np.real((first + second * out) * out))
        return total

    return scalar


def gradient_of(function):
    """Return the function that pulls the cotangent 1 back to all arguments."""

    def gradient(*leaves):
        value, pullback = vjp(function, *leaves)
        return pullback(value * 0 + 1)

    return gradient


def slope_of(function, direction):
    """Return the function that pushes a direction forward."""
    return lambda *leaves: jvp(function, leaves, direction)[1]


def reverse_over_reverse(function, leaves, direction):
    return vjp(gradient_of(function), *leaves)[1](tuple(direction))


def forward_over_reverse(function, leaves, direction):
    return jvp(gradient_of(function), leaves, direction)[1]


def reverse_over_forward(function, leaves, direction):
    return gradient_of(slope_of(function, direction))(*leaves)


def forward_over_forward(function, leaves, direction):
    slope = slope_of(function, direction)
    along = [jvp(slope, leaves, from_coordinates(unit, leaves))[1] for unit in unit_vectors(leaves)]
    return from_dual_coordinates(np.array(along), leaves)


NESTINGS = [reverse_over_reverse, forward_over_reverse, reverse_over_forward, forward_over_forward]


def direction_of(case, dtype):
    """Return a fixed random direction in the coordinates of the arguments."""
    rng = np.random.default_rng(zlib.crc32(f"direction of {case}".encode()))
    return rng.uniform(-1, 1, size=coordinates(case.leaves(dtype)).size)


@cache
def expected_hessian_product(case, dtype):
    """Return the numerical derivative of the gradient along the direction.

    The gradient comes from reverse mode, which the test of order one compares with the plain function.
    """
    gradient = gradient_of(scalar_of(case, dtype))
    leaves = case.leaves(dtype)
    direction = direction_of(case, dtype)
    return numerical_derivative(lambda point: dual_coordinates(gradient(*point)), leaves, direction)


@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize(("case", "dtype"), DOUBLES)
def test_second_derivatives_agree_with_differences(case, dtype, nesting):
    leaves = case.leaves(dtype)
    direction = from_coordinates(direction_of(case, dtype), leaves)
    found = nesting(scalar_of(case, dtype), leaves, direction)
    assert_like(found, leaves, "a second derivative has the wrong shape or dtype")
    assert_close(
        dual_coordinates(found)[:, None],
        expected_hessian_product(case, dtype)[:, None],
        DOUBLE,
        f"{nesting.__name__}, order 2, {case}",
        labels(leaves, "argument"),
        lambda _: "the direction",
    )


def in_double(leaves):
    """Return the same point with all its digits in double precision."""
    return [
        leaf.astype(np.result_type(leaf, "float64")) if hasattr(leaf, "dtype") else leaf for leaf in leaves
    ]


@pytest.mark.parametrize(("case", "dtype"), SINGLES)
def test_single_precision_stays_single_and_agrees_with_double(case, dtype):
    leaves = case.leaves(dtype)
    doubles = in_double(leaves)
    values = case.outputs(*leaves)
    rng = np.random.default_rng(zlib.crc32(f"cotangents of {case}".encode()))
    cotangents = from_coordinates(rng.normal(size=coordinates(values).size), values)
    direction = from_coordinates(direction_of(case, dtype), leaves)

    pulled = vjp(outputs_of(case), *leaves)[1](tuple(cotangents))
    assert_like(pulled, leaves, "a cotangent has the wrong shape or dtype")
    expected = vjp(outputs_of(case), *doubles)[1](tuple(in_double(cotangents)))
    assert_close(
        dual_coordinates(pulled)[:, None],
        dual_coordinates(expected)[:, None],
        SINGLE,
        f"reverse mode, order 1, {case} in float32",
        labels(leaves, "argument"),
    )

    pushed = jvp(outputs_of(case), leaves, direction)[1]
    assert_like(pushed, values, "a tangent has the wrong shape or dtype")
    expected = jvp(outputs_of(case), doubles, in_double(direction))[1]
    assert_close(
        coordinates(pushed)[:, None],
        coordinates(expected)[:, None],
        SINGLE,
        f"forward mode, order 1, {case} in float32",
        labels(values, "result"),
    )


@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize(("case", "dtype"), SINGLES)
def test_second_derivatives_in_single_precision_stay_single(case, dtype, nesting):
    leaves = case.leaves(dtype)
    direction = from_coordinates(direction_of(case, dtype), leaves)
    scalar = scalar_of(case, dtype)
    found = nesting(scalar, leaves, direction)
    assert_like(found, leaves, "a second derivative has the wrong shape or dtype")
    expected = nesting(scalar, in_double(leaves), in_double(direction))
    assert_close(
        dual_coordinates(found)[:, None],
        dual_coordinates(expected)[:, None],
        SINGLE,
        f"{nesting.__name__}, order 2, {case} in float32",
        labels(leaves, "argument"),
    )
