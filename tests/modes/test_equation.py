"""The equations of power series: growth with the order, and rules of a user's own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fgrad import DetachedError, LeakedBoxError, defjvp, defvjp, primitive
from fgrad.core.primitive import Primitive
from fgrad.transforms.taylor import jet, taylor

# growth with the order: evaluations of primitives' own functions, which are counted and not timed


@pytest.fixture
def count_evaluations(monkeypatch):
    """Return the function that counts the times that primitives are dispatched while another one runs."""
    original = Primitive.bind

    def count(function):
        calls = []

        def bind(self, args, params):
            calls.append(self.name)
            return original(self, args, params)

        monkeypatch.setattr(Primitive, "bind", bind)
        function()
        monkeypatch.setattr(Primitive, "bind", original)
        return len(calls)

    return count


@primitive
def first_of_two(x):
    return np.exp(x)


@primitive
def second_of_two(x):
    return np.exp(x)


# Each names both, so that following them naively doubles the work with each order.
defjvp(first_of_two, lambda t, ans, x: t * (first_of_two(x) + second_of_two(x)) / 2)
defvjp(second_of_two, lambda ans, x: lambda g: g * (first_of_two(x) + second_of_two(x)) / 2)


@primitive
def sine_of_mine(x):
    return np.sin(x)


@primitive
def cosine_of_mine(x):
    return np.cos(x)


defvjp(sine_of_mine, lambda ans, x: lambda g: g * cosine_of_mine(x))
defvjp(cosine_of_mine, lambda ans, x: lambda g: -g * sine_of_mine(x))

MATRIX = np.array([[3.0, 1.0], [1.0, 2.0]])

GROWING = [
    *(np.sin, np.sinh, np.cosh, np.tan, np.tanh, np.arcsin, np.arctan, np.arcsinh, np.arctanh),
    *(np.exp2, np.log1p, np.sqrt, np.cbrt, np.sinc, np.i0),
    *(lambda x: x ** (x + 1), lambda x: np.hypot(x, 1 - x), lambda x: np.logaddexp(x, 1 - x)),
    *(
        lambda x: np.arctan2(x, 1 - x),
        first_of_two,
        sine_of_mine,
        np.cumprod,
        np.prod,
        np.std,
        np.linalg.norm,
    ),
    *(lambda x: np.linalg.solve(MATRIX * x, x), lambda x: np.linalg.inv(MATRIX * x)),
    *(lambda x: np.linalg.det(MATRIX * x), lambda x: np.linalg.eigh(MATRIX + np.diag(x))[1]),
    *(lambda x: np.linalg.svd(MATRIX * x), lambda x: np.linalg.cholesky(MATRIX + np.diag(x))),
]


@pytest.mark.parametrize("function", GROWING)
def test_the_work_grows_at_most_with_the_third_power_of_the_order(count_evaluations, function):
    x = np.array([0.3, 0.4])

    def along(order):
        return lambda: jet(function, (x,), ([np.ones(2), *[np.zeros(2)] * (order - 1)],))

    once, twice = count_evaluations(along(8)), count_evaluations(along(16))
    assert twice <= 9 * once


def test_rules_that_name_each_other_are_right():
    np.testing.assert_allclose(taylor(first_of_two, 0.3, 12), taylor(np.exp, 0.3, 12), rtol=1e-14)
    np.testing.assert_allclose(taylor(sine_of_mine, 0.3, 12), taylor(np.sin, 0.3, 12), rtol=1e-14)


@pytest.mark.parametrize("function", [np.sinc, np.i0, np.tanh, np.arctan])
def test_high_orders_do_not_exhaust_the_stack(function):
    assert np.all(np.isfinite(taylor(function, 0.3, 200)))


# rules of a user's own


def test_rules_of_opaque_code_serve_order_one_and_say_why_not_more():
    @primitive
    def opaque(x):
        return math.sin(x)

    defvjp(opaque, lambda ans, x: lambda g: g * math.cos(x))
    np.testing.assert_array_equal(taylor(opaque, 0.3, 1), [math.sin(0.3), math.cos(0.3)])
    with pytest.raises(DetachedError) as caught:
        taylor(opaque, 0.3, 2)
    assert "Beyond the first order the rule of opaque is itself differentiated" in caught.value.__notes__[0]


def test_containers_of_a_users_primitive():
    @primitive
    def two(d):
        return {"sine": np.sin(d["x"]), "product": d["x"] * d["y"], "count": 3}

    def back(ans, d):
        return lambda g: {"x": g["sine"] * np.cos(d["x"]) + g["product"] * d["y"], "y": g["product"] * d["x"]}

    defvjp(two, back)

    def function(x):
        result = two({"x": x, "y": x * x})
        return result["sine"], result["product"]

    sine, cube = taylor_of_parts(function, 0.3, 4)
    np.testing.assert_allclose(sine, taylor(np.sin, 0.3, 4), rtol=1e-14)
    np.testing.assert_allclose(cube, taylor(lambda x: x**3, 0.3, 4), rtol=1e-14, atol=1e-16)


def taylor_of_parts(function, x, order):
    """Return the coefficients of each part of a function's tuple."""
    return [taylor(lambda t, i=i: function(t)[i], x, order) for i in range(2)]


def test_a_box_that_a_rule_keeps_raises():
    kept = []

    @primitive
    def keeping(x):
        return np.sin(x)

    defjvp(keeping, lambda t, ans, x: kept.append(x) or t * np.cos(x))
    taylor(keeping, 0.3, 3)
    with pytest.raises(LeakedBoxError, match="taylor"):
        kept[0] + 1
