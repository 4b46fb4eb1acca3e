import numpy as np
import pytest

from fgrad import defbatch, defvjp, grad, primitive, vmap
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
