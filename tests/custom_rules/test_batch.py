import math
from functools import partial

import numpy as np
import pytest

from fgrad import custom_vjp, defbatch, defvjp, derivatives, grad, jvp, primitive, vmap
from fgrad.core.errors import RegistrationError

A = np.arange(6.0).reshape(3, 2)


def scaled_sum():
    """Return a primitive, and the list of the shapes that it was called with."""
    shapes = []

    @primitive
    def scaled(x, factor, label=""):
        shapes.append(np.shape(x))
        return {"sum": factor * np.sum(x, axis=-1), "label": np.array(len(label))}

    defvjp(
        scaled,
        lambda ans, x, factor, label="": lambda g: g["sum"] * factor * np.ones(2),
        lambda ans, x, factor, label="": lambda g: g["sum"] * np.sum(x),
    )
    return scaled, shapes


def all_at_once(x, factor, label=""):
    return {"sum": factor * np.sum(x, axis=-1), "label": np.full(len(x), len(label))}


def test_without_a_rule_the_examples_go_one_by_one():
    scaled, shapes = scaled_sum()
    found = vmap(lambda x: scaled(x, 2.0, label="ab"))(A)
    assert found["sum"].tolist() == [2.0, 10.0, 18.0]
    assert found["label"].tolist() == [2, 2, 2]
    assert shapes == [(2,)] * 3


def test_with_a_rule_they_go_all_at_once():
    scaled, shapes = scaled_sum()
    defbatch(scaled, all_at_once)
    found = vmap(scaled, in_axes=(0, None))(A, 2.0)
    assert found["sum"].tolist() == [2.0, 10.0, 18.0]
    assert shapes == []
    found = vmap(lambda factor: scaled(np.ones(2), factor))(np.array([1.0, 3.0]))
    assert found["sum"].tolist() == [2.0, 6.0]


def test_derivatives_go_through_a_function_with_a_batching_rule():
    scaled, _ = scaled_sum()
    defbatch(scaled, all_at_once)
    inside = vmap(grad(lambda x: scaled(x, 3.0)["sum"] ** 2))(A)
    outside = grad(lambda a: np.sum(vmap(lambda x: scaled(x, 3.0)["sum"] ** 2)(a)))(A)
    expected = 18.0 * np.sum(A, axis=1, keepdims=True) * np.ones(2)
    assert np.array_equal(inside, expected)
    assert np.array_equal(outside, expected)


def test_a_rule_that_loses_the_examples_is_named():
    scaled, _ = scaled_sum()
    defbatch(scaled, lambda x, factor, label="": {"sum": np.sum(x), "label": np.zeros(3)})
    with pytest.raises(
        RegistrationError, match=r"batching rule of scaled returned shape \(\) for 3 examples"
    ):
        vmap(scaled, in_axes=(0, None))(A, 2.0)


def test_what_is_no_primitive_or_no_rule_is_refused():
    scaled, _ = scaled_sum()
    with pytest.raises(RegistrationError, match="defbatch: the rule of scaled must be a function; got 3"):
        defbatch(scaled, 3)
    with pytest.raises(RegistrationError, match="defbatch: sin is not a primitive"):
        defbatch(np.sin, np.sin)


def counted():
    """Return a primitive with a batching rule, and how many examples the rule was called with each time."""
    sizes = []

    @primitive
    def sine(x, w):
        return np.array([float(w) * math.sin(x), float(x)])  # takes a single number only

    def rule(x, w):
        sizes.append(len(x))
        return np.stack([w * np.sin(x), x], axis=1)

    defbatch(sine, rule)
    defvjp(
        sine,
        lambda ans, x, w: lambda g: g[0] * w * np.cos(x) + g[1],
        lambda ans, x, w: lambda g: g[0] * ans[0] / w,
    )
    return sine, sizes


def deriv_by_jvp(function):
    return lambda x: jvp(function, (x,), (1.0,))[1]


X = np.array([0.1, 0.7, 2.0])


def test_the_rule_is_used_where_vmap_is_differentiated_from_outside():
    sine, sizes = counted()

    def total(x, w):
        return np.sum(vmap(sine, in_axes=(0, None))(x, w) ** 2)

    dx, dw = grad(total, argnums=(0, 1))(X, 1.5)
    assert sizes == [3]
    assert np.allclose(dx, 2 * 1.5**2 * np.sin(X) * np.cos(X) + 2 * X, rtol=1e-14)
    assert np.isclose(dw, 2 * 1.5 * np.sum(np.sin(X) ** 2), rtol=1e-14)


@pytest.mark.parametrize("transform", [grad, deriv_by_jvp], ids=["reverse", "forward"])
def test_second_derivatives_and_examples_of_examples(transform):
    sine, sizes = counted()

    def total(s):
        rows = vmap(lambda y: vmap(lambda x: sine(s * x, 2.0)[0])(y))(np.stack([X, 2 * X]))
        return np.sum(rows)

    x = np.stack([X, 2 * X])
    assert np.isclose(transform(total)(0.3), np.sum(2 * x * np.cos(0.3 * x)), rtol=1e-14)
    assert sizes == [6]
    second = transform(grad(total))(0.3)
    assert np.isclose(second, -np.sum(2 * x**2 * np.sin(0.3 * x)), rtol=1e-13)
    assert set(sizes) == {6}


def test_power_series_go_through_the_rule():
    sine, sizes = counted()
    found = derivatives(lambda s: np.sum(vmap(lambda x: sine(s * x, 1.0)[0])(X)), 3)(0.3)
    expected = [np.sum(X**k * np.sin(0.3 * X + k * np.pi / 2)) for k in range(4)]
    assert np.allclose(found, expected, rtol=1e-13)
    assert set(sizes) == {3}


def test_a_function_with_a_custom_rule_can_have_a_batching_rule():
    sizes = []

    @partial(custom_vjp, nondiff_argnums=(0,))
    def power(n, x):
        return float(x) ** n

    power.defvjp(lambda n, x: (x**n, x), lambda n, x, g: (g * n * x ** (n - 1),))

    def rule(n, x):
        sizes.append(len(x))
        return x ** n[0]

    defbatch(power, rule)
    assert np.array_equal(vmap(lambda x: power(3, x))(X), X**3)
    assert np.allclose(grad(lambda x: np.sum(vmap(lambda y: power(3, y))(x)))(X), 3 * X**2, rtol=1e-14)
    assert sizes == [3, 3]
