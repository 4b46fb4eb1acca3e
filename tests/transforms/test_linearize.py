"""One forward pass, many directions: each costs the linear part alone."""

from typing import NamedTuple

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    OutputError,
    custom_jvp,
    linearize,
)
from tests.kinds.fresh import made
from tests.transforms.differences import directional


class Pair(NamedTuple):
    first: object
    second: object


X = np.array([0.3, -0.7, 1.2])


def swirl(x):
    return np.outer(np.sin(x), x)[:, 1:] * x[0]


def test_the_value_and_the_derivative_are_those_of_the_function():
    value, derivative = linearize(swirl, X)
    np.testing.assert_array_equal(value, swirl(X))
    for t in np.eye(3):
        np.testing.assert_allclose(derivative(t), directional(swirl, X, t), rtol=1e-9, atol=1e-9)


def test_the_derivative_is_linear_to_rounding():
    derivative = linearize(lambda x: np.exp(np.sin(x) * x[0]) / (1 + x**2), X)[1]
    u, v = np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.0, 3.0])
    np.testing.assert_allclose(derivative(2 * u - 3 * v), 2 * derivative(u) - 3 * derivative(v), rtol=1e-13)


def test_the_function_runs_once_and_partial_derivatives_are_computed_once():
    runs, partials = [], []

    def slope(t, ans, x):
        partials.append(1)
        return t * 3 * x**2

    cube = made(lambda x: x**3, jvps=(slope,))

    def function(x):
        runs.append(1)
        return cube(np.sin(x))

    value, derivative = linearize(function, X)
    np.testing.assert_array_equal(value, np.sin(X) ** 3)
    for scale in range(5):
        np.testing.assert_allclose(
            derivative(scale * np.ones(3)), scale * 3 * np.sin(X) ** 2 * np.cos(X), rtol=1e-14
        )
    assert (len(runs), len(partials)) == (1, 1)


def test_only_the_linear_part_is_done_for_a_direction():
    _, derivative = linearize(lambda x: np.exp(np.sin(np.cos(x))) + np.exp(np.ones(3)), X)
    names = [step.primitive.name for step in derivative.graph.nodes]
    # Three products by partial derivatives; the addition of a constant leaves the tangent as it is.
    assert names == ["operator.mul"] * 3


def test_what_no_result_needs_is_forgotten():
    _, derivative = linearize(lambda x: (np.sin(x), np.exp(x) * np.tanh(x))[0], X)
    assert len(derivative.graph.nodes) == 1


def test_containers_go_through():
    def function(p, q):
        return Pair(p["a"] * q, [p["b"] ** 2, 3, None])

    value, derivative = linearize(function, {"a": X, "b": 2.0}, 5.0)
    assert type(value) is Pair
    np.testing.assert_array_equal(value.first, X * 5.0)
    assert value.second == [4.0, 3, None]
    moved = derivative({"b": 10.0, "a": np.ones(3)}, 1.0)
    np.testing.assert_array_equal(moved.first, 5.0 + X)
    assert moved.second == [40.0, 0, None]


def test_one_argument_or_several_by_number_or_by_name():
    def function(x, y, *, z):
        return x * x * y * z

    assert linearize(function, 2.0, 3.0, z=5.0)[1](1.0, 1.0) == 60.0 + 20.0
    assert linearize(function, 2.0, 3.0, argnums=1, z=5.0)[1](10.0) == 200.0
    assert linearize(function, 2.0, 3.0, argnums=(1, 0), z=5.0)[1](1.0, 1.0) == 80.0
    assert linearize(function, 2.0, 3.0, argnames="z", z=5.0)[1](10.0) == 120.0
    assert linearize(function, 2.0, 3.0, argnames=("z", "x"), z=5.0)[1]({"z": 1.0, "x": 1.0}) == 72.0
    assert linearize(function, 2.0, 3.0, argnums=0, argnames="z", z=5.0)[1](1.0, 1.0) == 72.0


def test_what_else_the_function_tells_comes_last():
    value, derivative, aux = linearize(lambda x: (x * x, {"x": x, "n": "any"}), 3.0, has_aux=True)
    assert (value, derivative(1.0), aux) == (9.0, 6.0, {"x": 3.0, "n": "any"})


def test_the_derivative_is_right_after_the_caller_has_changed_everything():
    x = X.copy()
    value, derivative = linearize(lambda x: x * x * np.exp(x), x)
    expected = (2 * X + X**2) * np.exp(X)
    x[:] = 7.0
    value[:] = 7.0
    first = derivative(np.ones(3))
    np.testing.assert_allclose(first, expected, rtol=1e-14)
    first[:] = 7.0
    np.testing.assert_allclose(derivative(np.ones(3)), expected, rtol=1e-14)


def test_results_share_no_memory_with_the_tangents_or_each_other():
    t = np.ones(3)
    moved = linearize(lambda x: (x, x, x[:], np.broadcast_to(x[0], (3,))), X)[1](t)
    arrays = [t, *moved]
    for i, one in enumerate(arrays):
        assert one.flags.writeable
        assert not any(np.shares_memory(one, other) for other in arrays[:i])


def test_the_tangent_has_the_type_and_the_dtype_of_the_value():
    assert linearize(lambda x: x * x, np.ones(2, np.float32))[1](np.ones(2)).dtype == np.float32
    assert type(linearize(lambda x: x * x, 3.0)[1](1.0)) is float
    assert linearize(lambda x: x * 1j, X)[1](X).dtype == np.complex128


# rules that cannot be followed


def test_a_rule_of_foreign_code_is_run_for_each_direction():
    runs = []

    def push(t, ans, x):
        return np.array([float(number) * 3.0 for number in t])  # float() takes no traced value

    triple = made(lambda x: 3.0 * x, jvps=(push,))

    def function(x):
        runs.append(1)
        return triple(np.sin(x))

    value, derivative = linearize(function, X)
    assert derivative.graph is None
    np.testing.assert_array_equal(value, 3 * np.sin(X))
    for t in np.eye(3):
        np.testing.assert_allclose(derivative(t), 3 * np.cos(X) * t, rtol=1e-14)
    assert len(runs) == 5


def test_at_equal_eigenvalues_each_direction_has_its_own_basis():
    def spectral(a):
        w, v = np.linalg.eigh(a)
        return (v * np.exp(w)) @ v.T

    a = np.eye(2)
    t = np.array([[1.0, 2.0], [2.0, -1.0]])
    # At the unit matrix every direction commutes with it: the derivative of the exponential is e t.
    np.testing.assert_allclose(linearize(spectral, a)[1](t), np.e * t, rtol=1e-12)


def test_an_exception_of_the_function_is_its_own_and_comes_at_once():
    runs = []

    def failing(x):
        runs.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        linearize(failing, 1.0)
    assert len(runs) == 1


def test_an_error_of_a_rule_is_not_hidden():
    wrong = made(lambda x: 3.0 * x, jvps=(lambda t, ans, x: t[:2],))
    with pytest.raises(ValueError, match=r"returned shape \(2,\)"):
        linearize(wrong, X)


def test_a_caught_exception_leaves_the_record_right():
    @custom_jvp
    def picky(x):
        raise ValueError("never")

    def function(x):
        try:
            return picky(x)
        except ValueError:
            return x**3

    assert linearize(function, 2.0)[1](1.0) == 12.0


# edges


def test_a_value_that_does_not_move_has_a_zero_tangent():
    derivative = linearize(lambda x: (np.ones(2), 3, x * 0.0, np.floor(x)), 2.0)[1]
    moved = derivative(1.0)
    np.testing.assert_array_equal(moved[0], np.zeros(2))
    assert moved[1:] == (0, 0.0, 0.0)


def test_a_zero_tangent_wins_over_an_infinite_slope():
    derivative = linearize(lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0), np.array([0.0, 4.0]))[1]
    np.testing.assert_array_equal(derivative(np.array([0.0, 1.0])), [0.0, 0.25])


def test_stand_in_tangents_raise_no_warnings():
    # A tangent of one would become 1e309.
    derivative = linearize(lambda x: x * 1e308 * 10.0, 1e-5)[1]
    assert derivative(1e-5) == 1e-5 * 1e308 * 10.0


@pytest.mark.parametrize(
    ("tangents", "error", "message"),
    [
        ((np.ones(2), 1.0), ArgumentError, r"linearize: the tangent\[0\] has shape \(2,\)"),
        ((np.ones(3),), InputError, r"linearize: the tangent has other entries than the tuple"),
        ((np.ones(3), "text"), InputError, r"linearize: the tangent\[1\] must be an array; got str"),
        ((np.ones(3) * 1j, 1.0), ArgumentError, r"linearize: the tangent\[0\] is complex where float64"),
    ],
)
def test_a_tangent_that_does_not_fit_is_refused(tangents, error, message):
    derivative = linearize(lambda x, y: x * y, X, 2.0)[1]
    with pytest.raises(error, match=message):
        derivative(*tangents)


def test_what_it_cannot_linearize_is_refused():
    with pytest.raises(InputError, match="linearize takes a function; got float"):
        linearize(3.0, 1.0)
    with pytest.raises(InputError, match="linearize: x is a str"):
        linearize(lambda x: x, "no")
    with pytest.raises(OutputError, match="linearize: <lambda> must return numbers"):
        linearize(lambda x: "no", 1.0)
    with pytest.raises(ArgumentError, match="there is nothing to differentiate"):
        linearize(lambda: 1.0)


def test_a_primitive_that_returns_containers_is_followed():
    split = made(lambda x: {"low": x[:1], "high": x[1:]}, jvps=("same",))
    derivative = linearize(lambda x: split(np.sin(x))["high"] * 2, X)[1]
    np.testing.assert_allclose(derivative(np.ones(3)), 2 * np.cos(X)[1:], rtol=1e-14)
