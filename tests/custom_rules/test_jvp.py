"""Rules by a function of primals and tangents, in JAX's form."""

import math

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    DetachedError,
    MissingRuleError,
    RegistrationError,
    checkpoint,
    custom_jvp,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    vmap,
)

X = np.array([0.3, -0.7, 1.2])


def opaque_sines(x):
    return np.array([math.sin(number) for number in x])


def joint():
    f = custom_jvp(opaque_sines)

    @f.defjvp
    def rule(primals, tangents):
        (x,), (t,) = primals, tangents
        return f(x), t * np.cos(x)

    return f


def separate():
    f = custom_jvp(opaque_sines)
    f.defjvps(lambda t, ans, x: t * np.cos(x))
    return f


@pytest.mark.parametrize("make", [joint, separate])
def test_one_rule_serves_every_transform(make):
    f = make()
    np.testing.assert_array_equal(f(X), np.sin(X))
    dense = np.diag(np.cos(X))
    np.testing.assert_allclose(jacrev(f)(X), dense, rtol=1e-14)
    np.testing.assert_allclose(jacfwd(f)(X), dense, rtol=1e-14)
    np.testing.assert_allclose(linearize(f, X)[1](X), np.cos(X) * X, rtol=1e-14)
    np.testing.assert_allclose(hessian(lambda x: np.sum(f(x)))(X), np.diag(-np.sin(X)), atol=1e-15)
    np.testing.assert_allclose(jacfwd(jacrev(f))(X).sum((1, 2)), -np.sin(X), rtol=1e-14)
    np.testing.assert_allclose(grad(checkpoint(lambda x: np.sum(f(x))))(X), np.cos(X), rtol=1e-14)
    xs = np.stack([X, 2 * X])
    np.testing.assert_allclose(vmap(grad(lambda x: np.sum(f(x))))(xs), np.cos(xs), rtol=1e-14)


def test_the_rule_is_used_and_not_the_function():
    f = custom_jvp(lambda x: x * x)
    f.defjvp(lambda primals, tangents: (primals[0] ** 2, 100.0 * tangents[0]))
    assert jvp(f, (3.0,), (1.0,)) == (9.0, 100.0)
    assert grad(f)(3.0) == 100.0


def test_containers_and_several_arguments_move_together():
    @custom_jvp
    def f(p, x):
        return {"product": p["w"] * x}

    @f.defjvp
    def rule(primals, tangents):
        (p, x), (dp, dx) = primals, tangents
        return f(p, x), {"product": dp["w"] * x + p["w"] * dx}

    p = {"w": X, "b": 2.0}
    gradient = grad(lambda p, x: np.sum(f(p, x)["product"] ** 2), (0, 1))(p, 3.0)
    np.testing.assert_allclose(gradient[0]["w"], 2 * X * 9.0, rtol=1e-14)
    assert gradient[0]["b"] == 0.0
    assert gradient[1] == pytest.approx(2 * np.sum(X**2) * 3.0, rel=1e-14)


def test_one_rule_for_each_argument_adds_up_and_none_is_zero():
    @custom_jvp
    def f(x, y, n):
        return x * y**2 * n

    f.defjvps(lambda t, ans, x, y, n: t * ans / x, lambda t, ans, x, y, n: t * 2 * ans / y, None)
    assert jvp(f, (2.0, 3.0, 5.0), (1.0, 1.0, 1.0)) == (90.0, 45.0 + 60.0)
    assert grad(f, (0, 1, 2))(2.0, 3.0, 5.0) == (45.0, 60.0, 0.0)


def test_arguments_that_are_not_differentiated_come_first():
    def f(apply, x, power):
        return apply(x) ** power

    f = custom_jvp(f, nondiff_argnums=(0, 2))

    @f.defjvp
    def rule(apply, power, primals, tangents):
        (x,), (t,) = primals, tangents
        return f(apply, x, power), t * power * apply(x) ** (power - 1) * np.cos(x)

    expected = 3 * np.sin(0.5) ** 2 * np.cos(0.5)
    assert grad(lambda x: f(np.sin, x, 3))(0.5) == pytest.approx(expected, rel=1e-14)
    assert jvp(lambda x: f(np.sin, x, 3), (0.5,), (1.0,))[1] == pytest.approx(expected, rel=1e-14)
    with pytest.raises(ArgumentError, match="argument 2, one of nondiff_argnums"):
        grad(lambda x: f(np.sin, x, x))(0.5)
    with pytest.raises(RegistrationError, match="defjvps of f: there are nondiff_argnums"):
        f.defjvps(lambda t, ans, x: t)


def test_a_later_rule_takes_the_place_of_an_earlier_one():
    f = custom_jvp(lambda x: x * x)
    f.defjvps(lambda t, ans, x: 10.0 * t)
    assert grad(f)(3.0) == 10.0
    f.defjvp(lambda primals, tangents: (primals[0], 20.0 * tangents[0]))
    assert grad(f)(3.0) == 20.0


@pytest.mark.parametrize(
    "make", [lambda f: f.defjvp(lambda p, t: (p[0], t[0])), lambda f: f.defjvps(lambda t, *a: t)]
)
def test_a_traced_value_from_outside_is_refused(make):
    def loss(w):
        f = custom_jvp(lambda x: x * w)
        make(f)
        return f(w * 2.0)

    for derivative in (grad(loss), lambda w: jvp(loss, (w,), (1.0,))):
        with pytest.raises(DetachedError, match="that is none of its arguments"):
            derivative(3.0)


def test_a_missing_rule_says_how_it_is_given():
    @custom_jvp
    def f(x):
        return x * x

    with pytest.raises(MissingRuleError, match=r"Give it one: f.defjvp\(rule\) or defjvps\(\*rules\)"):
        grad(f)(3.0)


def test_a_wrong_rule_is_refused():
    def f(x):
        return x * x

    f = custom_jvp(f)
    f.defjvp(lambda primals, tangents: tangents[0])
    with pytest.raises(RegistrationError, match=r"the rule of f must return a pair \(result, tangent\)"):
        jvp(f, (3.0,), (1.0,))
    f.defjvp(lambda primals, tangents: (primals[0], np.ones(3)))
    with pytest.raises(RegistrationError, match=r"returned shape \(3,\) where shape \(\) is needed"):
        jvp(f, (3.0,), (1.0,))
    with pytest.raises(RegistrationError, match="defjvp of f takes a function; got float"):
        f.defjvp(3.0)
    with pytest.raises(RegistrationError, match="custom_jvp decorates a function; got float"):
        custom_jvp(3.0)
