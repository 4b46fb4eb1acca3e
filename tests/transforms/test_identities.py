"""Identities that change what derivatives see."""

from typing import NamedTuple

import numpy as np
import pytest

from fgrad import (
    InputError,
    RegistrationError,
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    stop_gradient,
    transform_cotangent,
    vjp,
    vmap,
)


class Pair(NamedTuple):
    first: object
    second: object


X = np.array([0.3, -0.7, 1.2])


# stop_gradient


def test_no_derivative_goes_through_a_stop_in_any_mode():
    function = lambda x: x * stop_gradient(np.sin(x))  # noqa: E731
    np.testing.assert_allclose(elementwise_grad(function)(X), np.sin(X), rtol=1e-15)
    np.testing.assert_allclose(jvp(function, (X,), (X,))[1], np.sin(X) * X, rtol=1e-15)
    np.testing.assert_allclose(linearize(function, X)[1](X), np.sin(X) * X, rtol=1e-15)
    np.testing.assert_allclose(jacfwd(function)(X), np.diag(np.sin(X)), rtol=1e-15)
    np.testing.assert_allclose(grad(checkpoint(lambda x: np.sum(function(x))))(X), np.sin(X), rtol=1e-15)
    np.testing.assert_allclose(vmap(grad(function))(X), np.sin(X), rtol=1e-15)
    np.testing.assert_allclose(elementwise_grad(vmap(function))(X), np.sin(X), rtol=1e-15)


def test_a_stop_stops_all_levels():
    assert grad(grad(lambda x: x**2 * stop_gradient(x) ** 3))(2.0) == 2 * 8.0
    assert grad(lambda x: grad(lambda y: y * stop_gradient(x * y))(3.0))(2.0) == 0.0
    assert grad(lambda x: jvp(lambda y: y * stop_gradient(x * y), (3.0,), (1.0,))[1])(2.0) == 0.0
    assert jvp(lambda x: grad(lambda y: y * stop_gradient(x) * x)(3.0), (2.0,), (1.0,))[1] == 2.0


def test_a_stop_takes_containers_of_anything():
    def loss(p):
        stopped = stop_gradient(p)
        assert type(stopped) is Pair
        assert stopped.second["name"] == "any"
        assert isinstance(stopped.first, np.ndarray)
        return np.sum(p.first * stopped.first) + p.second["b"] * stopped.second["b"]

    gradient = grad(lambda w: loss(Pair(w, {"b": w[0], "name": "any", "none": None})))(X)
    np.testing.assert_allclose(gradient, X + X * np.array([1.0, 0.0, 0.0]), rtol=1e-15)
    assert stop_gradient("text") == "text"
    assert stop_gradient(X) is X


def test_writing_into_what_was_stopped_changes_nothing_else():
    x = X.copy()

    def loss(x):
        stopped = stop_gradient(x)
        stopped[0] = 100.0
        return np.sum(x * x) + 0 * stopped[0]

    np.testing.assert_array_equal(grad(loss)(x), 2 * X)
    np.testing.assert_array_equal(x, X)


# transform_cotangent


def scaled(x):
    return transform_cotangent(x, lambda g: 10.0 * g)


def test_the_value_passes_and_the_cotangent_is_transformed():
    function = lambda x: scaled(np.sin(x)) ** 2  # noqa: E731
    value, pullback = vjp(function, X)
    np.testing.assert_array_equal(value, np.sin(X) ** 2)
    np.testing.assert_allclose(pullback(np.ones(3))[0], 20 * np.sin(X) * np.cos(X), rtol=1e-14)
    np.testing.assert_array_equal(scaled(X), X)


def test_tangents_pass_unchanged():
    function = lambda x: scaled(np.sin(x)) ** 2  # noqa: E731
    expected = 2 * np.sin(X) * np.cos(X)
    np.testing.assert_allclose(jvp(function, (X,), (np.ones(3),))[1], expected, rtol=1e-14)
    np.testing.assert_allclose(jacfwd(function)(X), np.diag(expected), rtol=1e-14)
    np.testing.assert_allclose(linearize(function, X)[1](np.ones(3)), expected, rtol=1e-14)


def test_a_gradient_can_be_clipped():
    clip = lambda x: transform_cotangent(x, lambda g: np.clip(g, -1.0, 1.0))  # noqa: E731
    np.testing.assert_array_equal(
        grad(lambda x: np.sum(clip(x) * np.array([0.5, 3.0, -7.0])))(X), [0.5, 1.0, -1.0]
    )


def test_a_gradient_can_be_looked_at(capsys):
    assert grad(lambda x: transform_cotangent(x, print) ** 2)(3.0) == 6.0
    assert capsys.readouterr().out == "6.0\n"
    seen = []
    grad(lambda x: np.sum(transform_cotangent(x, seen.append) ** 2))(X)
    assert len(seen) == 1
    np.testing.assert_array_equal(seen[0], 2 * X)


def test_it_is_called_once_for_each_time_that_it_is_pulled_through():
    seen = []

    def long(x):
        for _ in range(30):  # long enough for the way back to be tried first without guards
            x = np.sin(transform_cotangent(x, lambda g: seen.append(1)))
        return x

    grad(long)(0.5)
    assert len(seen) == 30


def test_a_cotangent_that_does_not_arrive_is_not_transformed():
    seen = []
    assert grad(lambda x: (transform_cotangent(x, seen.append), x * x)[1])(3.0) == 6.0
    assert seen == []


def test_a_container_has_one_cotangent_like_it():
    def balance(g):
        assert type(g) is Pair
        assert list(g.second) == ["b"]
        return Pair(g.first * 2, {"b": np.sum(g.first)})

    def loss(p):
        p = transform_cotangent(p, balance)
        return np.sum(p.first**2) + 5.0 * p.second["b"]

    gradient = grad(loss)(Pair(X, {"b": 1.0}))
    np.testing.assert_array_equal(gradient.first, 4 * X)
    assert gradient.second["b"] == np.sum(2 * X)


def test_the_second_order_goes_through_the_function():
    # The first derivative is (x^2)' with its cotangent squared: g = 3 y^2 at y = x, then g^2.
    def function(x):
        return transform_cotangent(x, lambda g: g**2) ** 3

    assert grad(function)(2.0) == (3 * 4.0) ** 2
    # of (3 x^2)^2 = 9 x^4, the derivative is 36 x^3; in reverse mode the cotangent of x is squared again
    assert jvp(grad(function), (2.0,), (1.0,))[1] == 36 * 8.0
    assert grad(grad(function))(2.0) == (36 * 8.0) ** 2


def test_it_composes_with_the_other_transforms():
    function = lambda x: np.sum(scaled(x) ** 2)  # noqa: E731
    np.testing.assert_array_equal(grad(checkpoint(function))(X), 20 * X)
    np.testing.assert_array_equal(vmap(grad(function))(np.stack([X, 2 * X])), np.stack([20 * X, 40 * X]))
    np.testing.assert_array_equal(jacrev(lambda x: scaled(x) * 3.0)(X), 30 * np.eye(3))
    # The Hessian by reverse over reverse: the cotangents of both sweeps are scaled.
    np.testing.assert_array_equal(hessian(function)(X), 200 * np.eye(3))


def test_under_vmap_the_function_sees_the_shape_of_one_example():
    seen = []

    def normalized(g):
        seen.append(np.shape(g))
        return g / np.sqrt(np.sum(g**2))

    def loss(x, p):
        return np.sum(
            transform_cotangent({"x": x, "p": p}, lambda g: {**g, "x": normalized(g["x"])})["x"] ** 2
        )

    xs = np.array([[3.0, 4.0], [6.0, -8.0]])
    expected = [[0.6, 0.8], [0.6, -0.8]]
    np.testing.assert_allclose(vmap(grad(loss), in_axes=(0, None))(xs, 1.0), expected, rtol=1e-15)
    of_sum = grad(lambda xs: np.sum(vmap(loss, in_axes=(0, None))(xs, 1.0)))
    np.testing.assert_allclose(of_sum(xs), expected, rtol=1e-15)
    assert seen == [(2,), (2,)]


def test_a_value_that_all_examples_share_has_a_cotangent_from_each():
    clip = lambda w: transform_cotangent(w, lambda g: np.clip(g, -1.0, 1.0))  # noqa: E731
    xs = np.array([0.5, 3.0, -7.0])
    assert grad(lambda w: np.sum(vmap(lambda x: x * clip(w * 1.0))(xs)))(2.0) == np.clip(np.sum(xs), -1, 1)
    assert grad(lambda w: np.sum(vmap(lambda x: clip(w * x))(xs)))(2.0) == np.sum(xs)

    def pair(x, w):
        x, w = transform_cotangent((x, w), lambda gs: (gs[0], np.clip(gs[1], -1.0, 1.0)))
        return x * w

    assert grad(lambda w: np.sum(vmap(lambda x: pair(x, w))(xs)))(2.0) == 0.5 + 1.0 - 1.0


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda g: g[:2], r"transform_cotangent for argument 0 \('x'\) returned shape \(2,\)"),
        (lambda g: "text", r"returned str where an array of shape \(3,\) is needed"),
        (lambda g: [g], r"must be an array, like what it belongs to; got list"),
    ],
)
def test_a_cotangent_of_another_shape_is_refused(function, message):
    with pytest.raises(RegistrationError, match=message):
        grad(lambda x: np.sum(transform_cotangent(x, function)))(X)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(InputError, match="takes a value and a function of its cotangent; got float"):
        transform_cotangent(X, 2.0)
