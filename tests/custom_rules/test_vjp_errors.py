"""What is wrong with a rule is said when it is given, or when it is used."""

import numpy as np
import pytest

from fgrad import MissingRuleError, RegistrationError, custom_vjp, grad, jvp, vmap

X = np.array([0.3, -0.7, 1.2])


def test_a_missing_rule_says_how_it_is_given():
    @custom_vjp
    def f(x):
        return x * x

    assert f(3.0) == 9.0
    np.testing.assert_array_equal(vmap(f)(X), X**2)
    for derivative in (grad(f), lambda x: jvp(f, (x,), (1.0,))):
        with pytest.raises(
            MissingRuleError,
            match=r"f has no derivative rule yet. Give it one: f.defvjp\(forward, backward\)",
        ):
            derivative(3.0)


@pytest.mark.parametrize(
    ("forward", "backward", "message"),
    [
        (
            lambda x, y: x,
            lambda r, g: (g, g),
            r"the forward function of f must return a pair .*; it returned a float64",
        ),
        (lambda x, y: (x, 1, 2), lambda r, g: (g, g), r"forward function of f must return a pair"),
        (lambda x, y: (x * y, 0), lambda r, g: g, r"must return a tuple of 2, .*; it returned a float64"),
        (
            lambda x, y: (x * y, 0),
            lambda r, g: (g,),
            r"must return a tuple of 2, .*; it returned a tuple of 1",
        ),
        (
            lambda x, y: (x * y, 0),
            lambda r, g: (g * np.ones(2), g),
            r"the VJP of f for argument 0 \('args'\)\[0\] returned shape \(2,\) where shape \(\) is needed",
        ),
        (
            lambda x, y: (x * y, 0),
            lambda r, g: (g, {"a": g}),
            r"argument 0 \('args'\)\[1\] must be an array, .* got dict; that is what the rule returned",
        ),
    ],
)
def test_a_wrong_rule_is_refused_when_it_is_used(forward, backward, message):
    def f(x, y):
        return x * y

    f = custom_vjp(f)
    f.defvjp(forward, backward)
    with pytest.raises(RegistrationError, match=message):
        grad(f)(np.float64(2.0), np.float64(3.0))


@pytest.mark.parametrize("given", [1, (2,), (-1,), (0, 0), "x", 1.5])
def test_positions_that_do_not_exist_are_refused(given):
    def f(x):
        return x * x

    with pytest.raises(
        RegistrationError, match="nondiff_argnums must be positions of arguments of f, each once"
    ):
        custom_vjp(f, nondiff_argnums=given)


def test_what_is_no_function_is_refused():
    with pytest.raises(RegistrationError, match="custom_vjp decorates a function; got float"):
        custom_vjp(3.0)
    with pytest.raises(
        RegistrationError, match="defvjp of sin takes two functions, forward and backward; got"
    ):
        custom_vjp(np.sin).defvjp(np.sin, None)
