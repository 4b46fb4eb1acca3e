"""Arguments and results of users' primitives: positions, keywords, containers."""

import itertools
import math
from typing import NamedTuple

import numpy as np
import pytest

from fgrad import (
    MissingRuleError,
    defjvp,
    defvjp,
    grad,
    hessian,
    jvp,
    primitive,
)
from tests.kinds.fresh import made


def test_argnums_say_which_arguments_the_rules_are_for():
    for argnums in ([1], (1,), {1}, iter([1]), itertools.count(1), 1, np.array([1]), np.int64(1)):
        operation = made(lambda x, y: x * y, lambda ans, x, y: lambda g: g * x, argnums=argnums)
        assert grad(operation, 1)(2.0, 3.0) == 2.0
        assert jvp(lambda y: operation(2.0, y), (3.0,), (1.0,))[1] == 2.0
        with pytest.raises(MissingRuleError, match=r"argument 0 \('x'\)"):
            grad(operation)(2.0, 3.0)
    operation = made(
        lambda x, y, z: x * y * z,
        lambda ans, x, y, z: lambda g: g * x * y,
        lambda ans, x, y, z: lambda g: g * y * z,
        argnums=(2, 0),
    )
    assert grad(operation, (0, 2))(2.0, 3.0, 5.0) == (15.0, 6.0)


def test_none_says_that_the_derivative_is_zero():
    by_vjp = made(lambda x, n: x**n, lambda ans, x, n: lambda g: g * n * x ** (n - 1), None)
    by_jvp = made(lambda x, n: x**n, jvps=(lambda g, ans, x, n: g * n * x ** (n - 1), None))
    for operation in (by_vjp, by_jvp):
        assert grad(operation, (0, 1))(2.0, 3.0) == (12.0, 0.0)
        assert jvp(operation, (2.0, 3.0), (1.0, 1.0)) == (8.0, 12.0)
        assert jvp(operation, (2.0, 3.0), (0.0, 1.0), argnums=(0, 1)) == (8.0, 0.0)
        assert grad(lambda n: operation(2.0, n))(3.0) == 0.0


def test_none_for_one_mode_does_not_overrule_the_rule_of_the_other():
    operation = made(lambda x: x * x, lambda ans, x: lambda g: g * 2 * x, jvps=(None,))
    assert grad(operation)(3.0) == 6.0
    assert jvp(operation, (3.0,), (1.0,)) == (9.0, 0.0)


def test_a_rule_that_is_registered_again_replaces_the_first():
    operation = made(lambda x: x * x, lambda ans, x: lambda g: g * 7.0)
    assert grad(operation)(3.0) == 7.0
    defvjp(operation, lambda ans, x: lambda g: g * 2 * x)
    assert grad(operation)(3.0) == 6.0
    assert jvp(operation, (3.0,), (1.0,))[1] == 6.0
    defvjp(operation, None)
    assert grad(operation)(3.0) == 0.0
    defjvp(operation, lambda g, ans, x: g * 5.0)
    assert jvp(operation, (3.0,), (1.0,))[1] == 5.0


def test_arguments_that_are_given_by_keyword_reach_the_rule_by_keyword():
    @primitive
    def scaled(x, factor=1.0, *, power=1):
        return factor * x**power

    defvjp(scaled, lambda ans, x, factor=1.0, power=1: lambda g: g * factor * power * x ** (power - 1))
    assert grad(scaled)(3.0) == 1.0
    assert grad(scaled)(3.0, power=2) == 6.0
    assert grad(lambda x: scaled(x, factor=5.0, power=2))(3.0) == 30.0
    assert jvp(lambda x: scaled(x, factor=5.0, power=2), (3.0,), (1.0,)) == (45.0, 30.0)


def test_a_traced_value_may_be_given_by_keyword():
    def rule(position):
        return lambda ans, x, y, z=1.0: lambda g: g * (y * z, x * z, x * y)[position]

    product = made(lambda x, y, z=1.0: x * y * z, rule(0), rule(1), rule(2))
    assert grad(lambda t: product(2.0, y=t))(3.0) == 2.0
    assert grad(lambda t: product(y=t, x=2.0))(3.0) == 2.0
    assert grad(lambda t: product(2.0, 3.0, z=t))(1.0) == 6.0
    assert grad(lambda t: product(z=t, y=3.0, x=t))(2.0) == 12.0
    assert jvp(lambda t: product(z=t, y=3.0, x=t), (2.0,), (1.0,))[1] == 12.0


def test_a_call_that_does_not_fit_the_signature_fails_as_the_function_would():
    product = made(lambda x, y: x * y, None, None)
    for call in (
        lambda t: product(y=t),
        lambda t: product(1.0, 2.0, z=t),
        lambda t: product(t, 2.0, x=t),
        lambda t: product(t),
    ):
        with pytest.raises(TypeError, match="argument"):
            grad(call)(3.0)


def test_a_traced_value_for_a_keyword_only_argument_is_refused():
    @primitive
    def scaled(x, *, factor, **options):
        return x * factor

    defvjp(scaled, lambda ans, x, factor, **options: lambda g: g * factor)
    assert grad(scaled)(2.0, factor=3.0) == 3.0
    for call in (lambda t: scaled(2.0, factor=t), lambda t: scaled(2.0, factor=1.0, other=[t])):
        with pytest.raises(
            MissingRuleError, match="scaled received a traced value for the keyword-only argument"
        ):
            grad(call)(3.0)


def test_a_primitive_of_any_number_of_arguments():
    total = primitive(lambda *xs: sum(xs))
    defvjp(total, *[lambda ans, *xs: lambda g: g * 2.0] * 3)
    assert grad(total, (0, 1, 2))(1.0, 2.0, 3.0) == (2.0, 2.0, 2.0)
    assert grad(total)(1.0) == 2.0
    with pytest.raises(MissingRuleError, match="no derivative rule for argument 3"):
        grad(total, 3)(1.0, 2.0, 3.0, 4.0)
    first_and_rest = made(
        lambda x, *rest: x * sum(rest),
        lambda ans, x, *rest: lambda g: g * sum(rest),
        lambda ans, x, *rest: lambda g: g * x,
    )
    assert grad(first_and_rest, (0, 1))(2.0, 3.0, 4.0) == (7.0, 2.0)


# containers


class Parts(NamedTuple):
    total: object
    count: object


def test_containers_are_arguments_and_results():
    @primitive
    def model(params, x):
        return {"out": params["w"] * x, "norm": [np.sum(params["w"] ** 2), None]}

    defvjp(
        model,
        lambda ans, params, x: lambda g: {"w": g["out"] * x + 2 * g["norm"][0] * params["w"]},
        lambda ans, params, x: lambda g: g["out"] * params["w"],
    )
    w, x = np.array([1.0, 2.0]), np.array([3.0, 5.0])

    def loss(params, x):
        result = model(params, x)
        return np.sum(result["out"] ** 2) + result["norm"][0]

    gradient = grad(loss, (0, 1))({"w": w}, x)
    np.testing.assert_allclose(gradient[0]["w"], 2 * w * x**2 + 2 * w, rtol=1e-14)
    np.testing.assert_allclose(gradient[1], 2 * w**2 * x, rtol=1e-14)
    tangent = jvp(model, ({"w": w}, x), ({"w": np.ones(2)}, np.zeros(2)))[1]
    np.testing.assert_array_equal(tangent["out"], x)
    assert tangent["norm"] == [2 * np.sum(w), None]
    blocks = hessian(loss)({"w": w}, x)["w"]["w"]
    np.testing.assert_allclose(blocks, np.diag(2 * x**2 + 2), rtol=1e-14)
    assert grad(lambda p: model(p, x)["norm"][0])({"w": w})["w"].tolist() == [2.0, 4.0]


def test_containers_pass_through_a_jvp_as_well():
    @primitive
    def swap(pair):
        return Parts(pair[1] * 2, pair[0] * 3)

    defjvp(swap, lambda g, ans, pair: Parts(g[1] * 2, g[0] * 3))
    assert grad(lambda pair: swap(pair).total * swap(pair).count)((5.0, 7.0)) == (42.0, 30.0)
    assert jvp(swap, ((5.0, 7.0),), ((1.0, 10.0),))[1] == Parts(20.0, 3.0)


def test_what_is_returned_and_not_of_floats_stays_plain():
    @primitive
    def newton(a):
        """Return the square root, the number of steps, whether it converged, and a message."""
        x, steps = a, 0
        while abs(x * x - a) > 1e-14 * a and steps < 100:
            x, steps = (x + a / x) / 2, steps + 1
        return x, steps, steps < 100, "converged", np.arange(steps)

    defvjp(newton, lambda ans, a: lambda g: g[0] / (2 * ans[0]))
    plain = []

    def root(a):
        x, steps, converged, message, history = newton(a)
        plain.append((type(steps), converged, message, type(history)))
        assert len([0.0 for _ in range(steps)]) == steps
        return x

    assert grad(root)(2.0) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-14)
    assert jvp(root, (2.0,), (1.0,))[1] == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-14)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-13)
    assert set(plain) == {(int, True, "converged", np.ndarray)}


def test_a_jvp_may_leave_what_does_not_move_as_it_is():
    @primitive
    def labelled(x):
        return x * x, 3, "label"

    defjvp(labelled, lambda g, ans, x: (g * 2 * x, *ans[1:]))
    assert jvp(lambda x: labelled(x)[0], (3.0,), (1.0,)) == (9.0, 6.0)
    assert grad(lambda x: labelled(x)[0] * labelled(x)[1])(3.0) == 18.0


def test_arguments_that_are_not_of_numbers_reach_the_rule():
    marker = object()
    operation = made(
        lambda x, how, thing: x * 2, lambda ans, x, how, thing: lambda g: g * (2 if thing is marker else 0)
    )
    assert grad(operation)(1.0, "how", marker) == 2.0
    assert jvp(lambda x: operation(x, "how", marker), (1.0,), (1.0,)) == (2.0, 2.0)
