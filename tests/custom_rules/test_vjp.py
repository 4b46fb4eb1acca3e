"""Rules by a forward function with residuals and a backward function, in JAX's form."""

import math

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    DetachedError,
    LeakedBoxError,
    checkpoint,
    custom_vjp,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    stop_gradient,
    vjp,
    vmap,
)
from tests.transforms.differences import jacobian_of

X = np.array([0.3, -0.7, 1.2])


def opaque_sines(x):
    return np.array([math.sin(number) for number in x])


def sines():
    """Return a function whose derivative is the rule's alone: math.sin takes no traced value."""
    function = custom_vjp(opaque_sines)
    function.defvjp(lambda x: (function(x), x), lambda x, g: (g * np.cos(x),))
    return function


def test_one_rule_serves_every_transform():
    f = sines()
    np.testing.assert_array_equal(f(X), np.sin(X))
    dense = np.diag(np.cos(X))
    np.testing.assert_allclose(jacrev(f)(X), dense, rtol=1e-14)
    np.testing.assert_allclose(jacfwd(f)(X), dense, rtol=1e-14)
    np.testing.assert_allclose(linearize(f, X)[1](X), np.cos(X) * X, rtol=1e-14)
    np.testing.assert_allclose(hessian(lambda x: np.sum(f(x)))(X), np.diag(-np.sin(X)), atol=1e-15)
    np.testing.assert_allclose(jacfwd(jacfwd(f))(X).sum((1, 2)), -np.sin(X), rtol=1e-14)
    xs = np.stack([X, 2 * X])
    np.testing.assert_allclose(vmap(f)(xs), np.sin(xs), rtol=1e-15)
    np.testing.assert_allclose(vmap(grad(lambda x: np.sum(f(x))))(xs), np.cos(xs), rtol=1e-14)


def test_only_the_forward_function_runs_and_only_once():
    ran = []

    @custom_vjp
    def f(x):
        ran.append("f")
        return x * x

    def forward(x):
        ran.append("forward")
        return x * x, x

    def backward(x, g):
        ran.append("backward")
        return (2 * x * g,)

    f.defvjp(forward, backward)
    assert f(3.0) == 9.0
    assert ran == ["f"]
    ran.clear()
    assert grad(f)(3.0) == 6.0
    assert ran == ["forward", "backward"]
    ran.clear()
    assert jvp(f, (3.0,), (1.0,)) == (9.0, 6.0)
    assert ran == ["forward", "backward"]


def test_the_rule_is_used_and_not_the_function():
    @custom_vjp
    def f(x):
        return x * x

    f.defvjp(lambda x: (x * x, None), lambda residuals, g: (100.0 * g,))
    assert grad(f)(3.0) == 100.0
    assert jvp(f, (3.0,), (1.0,))[1] == 100.0
    assert grad(lambda x: f(x) + x)(3.0) == 101.0
    assert grad(checkpoint(f))(3.0) == 100.0


def test_residuals_are_differentiated_at_the_second_order():
    # The residual is computed from the argument, and its derivative is the second derivative's.
    f = custom_vjp(lambda x: float(x) ** 4)
    f.defvjp(lambda x: (f(x), x**2 * 4.0 * x), lambda slope, g: (slope * g,))
    assert grad(grad(f))(2.0) == 12 * 4.0
    assert grad(grad(grad(f)))(2.0) == 24 * 2.0
    assert jvp(grad(f), (2.0,), (1.0,))[1] == 12 * 4.0
    assert grad(lambda x: jvp(f, (x,), (1.0,))[1])(2.0) == 12 * 4.0


def test_containers_and_several_arguments_have_a_cotangent_each():
    @custom_vjp
    def f(p, x, unused):
        return {"product": p["w"] * x, "sum": [np.sum(p["w"]) + p["b"]]}

    def forward(p, x, unused):
        return f(p, x, unused), (p, x)

    def backward(residuals, g):
        p, x = residuals
        (of_sum,) = g["sum"]
        return {"w": g["product"] * x + of_sum, "b": of_sum}, np.sum(g["product"] * p["w"]), None

    f.defvjp(forward, backward)
    p = {"w": X, "b": 2.0}
    gradient = grad(lambda p, x, u: np.sum(f(p, x, u)["product"] ** 2) + f(p, x, u)["sum"][0], (0, 1, 2))(
        p, 3.0, np.ones(2)
    )
    np.testing.assert_allclose(gradient[0]["w"], 2 * X * 9.0 + 1.0, rtol=1e-14)
    assert gradient[0]["b"] == 1.0
    assert gradient[1] == pytest.approx(2 * np.sum(X**2) * 3.0, rel=1e-14)
    np.testing.assert_array_equal(gradient[2], np.zeros(2))
    moved = jvp(lambda x: f(p, x, X), (3.0,), (1.0,))[1]
    np.testing.assert_allclose(moved["product"], X, rtol=1e-14)
    assert moved["sum"] == [0.0]


def test_keywords_and_defaults_find_their_places():
    @custom_vjp
    def f(x, y=3.0, *, scale=1.0):
        return x * y * scale

    f.defvjp(
        lambda x, y, *, scale: (f(x, y, scale=scale), (x, y, scale)),
        lambda residuals, g: (g * residuals[1] * residuals[2], g * residuals[0] * residuals[2]),
    )
    assert f(2.0) == 6.0
    assert grad(f)(2.0) == 3.0
    assert grad(lambda x: f(x=x, y=5.0))(2.0) == 5.0
    assert grad(lambda y: f(2.0, y=y, scale=10.0))(3.0) == 20.0
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        f()


def test_arguments_that_are_not_differentiated_come_first_in_the_backward_function():
    seen = []

    def f(apply, x, power):
        return apply(x) ** power

    f = custom_vjp(f, nondiff_argnums=(0, 2))

    def forward(apply, x, power):
        return f(apply, x, power), x

    def backward(apply, power, x, g):
        seen.append((apply, power))
        return (g * power * apply(x) ** (power - 1) * np.cos(x),)

    f.defvjp(forward, backward)
    expected = 3 * np.sin(0.5) ** 2 * np.cos(0.5)
    assert grad(lambda x: f(np.sin, x, 3))(0.5) == pytest.approx(expected, rel=1e-14)
    assert seen == [(np.sin, 3)]
    assert jvp(lambda x: f(np.sin, x, 3), (0.5,), (1.0,))[1] == pytest.approx(expected, rel=1e-14)


def test_a_traced_value_where_none_is_differentiated_is_refused():
    f = custom_vjp(lambda x, n: x * n, nondiff_argnums=1)
    f.defvjp(lambda x, n: (x * n, None), lambda n, residuals, g: (g * n,))
    with pytest.raises(ArgumentError, match="argument 1, one of nondiff_argnums, which its rule does not"):
        grad(lambda x: f(x, x))(2.0)
    assert grad(lambda x: f(x, stop_gradient(x)))(2.0) == 2.0
    scaled = custom_vjp(lambda x, *, scale: x * scale)
    scaled.defvjp(lambda x, *, scale: (x * scale, scale), lambda scale, g: (g * scale,))
    with pytest.raises(ArgumentError, match="a keyword-only argument, which its rule does not"):
        grad(lambda x: scaled(x, scale=x))(2.0)


# closures


def test_a_traced_value_from_outside_is_refused_where_a_rule_would_lose_it():
    def loss(w):
        @custom_vjp
        def f(x):
            return x * w

        f.defvjp(lambda x: (x * w, None), lambda residuals, g: (g * w,))
        return f(w * 2.0)

    with pytest.raises(DetachedError, match="uses a value traced by grad that is none of its arguments"):
        grad(loss)(3.0)
    with pytest.raises(DetachedError, match="traced by jvp"):
        jvp(loss, (3.0,), (1.0,))


def test_a_traced_value_in_the_rule_alone_is_refused_too():
    def loss(w):
        f = custom_vjp(lambda x: x * 2.0)
        f.defvjp(lambda x: (x * 2.0, None), lambda residuals, g: (g * w,))
        return f(w)

    with pytest.raises(
        LeakedBoxError, match=r"operator\.mul received a traced value of grad, which has already returned"
    ):
        grad(loss)(3.0)
    with pytest.raises(LeakedBoxError, match="traced value of vjp, which has already returned"):
        vjp(loss, 3.0)[1](1.0)


def test_a_traced_value_of_an_outer_transform_may_be_in_the_rule():
    def loss(w):
        f = custom_vjp(lambda x: x * 2.0)
        f.defvjp(lambda x: (x * 2.0, None), lambda residuals, g: (g * w**2,))
        return grad(f)(5.0)

    assert loss(3.0) == 9.0
    assert grad(loss)(3.0) == 6.0


def test_a_function_that_closes_over_all_that_is_traced_is_differentiated_as_it_is():
    def loss(w):
        f = custom_vjp(lambda x: x * w)
        f.defvjp(lambda x: (x * w, None), lambda residuals, g: (g * 0.0,))
        return f(3.0)

    assert grad(loss)(5.0) == 3.0


def test_a_rule_may_be_wrong_in_the_mathematics_and_is_believed_in_every_mode():
    f = sines()
    f.defvjp(lambda x: (f(x), x), lambda x, g: (g * x,))
    np.testing.assert_allclose(jacrev(f)(X), np.diag(X), rtol=1e-15)
    np.testing.assert_allclose(jacfwd(f)(X), np.diag(X), rtol=1e-15)
    np.testing.assert_allclose(jacobian_of(f, X), np.diag(np.cos(X)), rtol=1e-9, atol=1e-9)
