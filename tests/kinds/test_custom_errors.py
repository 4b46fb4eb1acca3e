"""What is wrong with a registration or a rule is said by name."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import (
    MissingRuleError,
    RegistrationError,
    defjvp,
    defvjp,
    grad,
    hessian,
    jvp,
    primitive,
)
from tests.kinds.fresh import made


@pytest.mark.parametrize(
    "apply", [lambda f: grad(f)(2.0), lambda f: jvp(f, (2.0,), (1.0,)), lambda f: hessian(f)(2.0)]
)
def test_a_primitive_without_rules_says_so_when_it_is_differentiated(apply):
    @primitive
    def lonely(x):
        return x * x

    assert lonely(2.0) == 4.0
    with pytest.raises(
        MissingRuleError, match=r"lonely has no derivative rule\. Register one: fgrad\.defvjp"
    ):
        apply(lonely)


def test_a_missing_rule_names_the_primitive_and_the_argument():
    half = made(lambda x, y: x * y, lambda ans, x, y: lambda g: g * y)
    assert grad(half)(2.0, 3.0) == 3.0
    with pytest.raises(MissingRuleError, match=r"no derivative rule for argument 1 \('y'\).*argnums=\[1\]"):
        grad(half, 1)(2.0, 3.0)
    with pytest.raises(MissingRuleError, match=r"argument 1 \('y'\)"):
        jvp(half, (2.0, 3.0), (1.0, 1.0))
    with pytest.raises(NotImplementedError):
        grad(half, (0, 1))(2.0, 3.0)


def two(x, y):
    return x * y


@pytest.mark.parametrize("register", [defvjp, defjvp])
@pytest.mark.parametrize(
    ("rules", "options", "message"),
    [
        ((None, None, None), {}, r"two has no argument 2; its arguments are 0 \(x\), 1 \(y\)"),
        ((None,), {"argnums": [2]}, "two has no argument 2"),
        ((None,), {"argnums": [-1]}, "two has no argument -1"),
        ((None,), {"argnums": 5}, "two has no argument 5"),
        ((None,), {"argnums": (0, 1)}, "given 1 rules for the arguments 0, 1; give one for each"),
        ((None, None), {"argnums": [0]}, "given 2 rules for the arguments 0; give one for each"),
        ((None, None), {"argnums": (1, 1)}, "given 2 rules for the arguments 1, 1; give one for each"),
        (
            (None,),
            {"argnums": ["x"]},
            r"argnums must be the positions of arguments of two, as ints; got \['x'\]",
        ),
        ((None,), {"argnums": 1.5}, "argnums must be the positions of arguments of two"),
        ((), {}, "no rule was given for two"),
        ((3.0,), {}, "the rule of two for argument 0 must be a function"),
        ((None, "sane"), {}, "the rule of two for argument 1 must be a function"),
    ],
)
def test_a_registration_that_makes_no_sense_is_refused(register, rules, options, message):
    with pytest.raises(RegistrationError, match=rf"{register.__name__}: .*{message}"):
        register(primitive(two), *rules, **options)


def test_the_word_same_is_for_jvps_only():
    with pytest.raises(
        RegistrationError, match="the rule of two for argument 0 must be a function or None; got 'same'"
    ):
        defvjp(primitive(two), "same")


@pytest.mark.parametrize("register", [defvjp, defjvp])
def test_rules_for_what_is_no_primitive_are_refused(register):
    with pytest.raises(
        RegistrationError, match=r"two is not a primitive\. Decorate the function with fgrad\.primitive"
    ):
        register(two, None)
    for function in (np.sin, np.sum, np.linalg.inv, fnp.sin, fnp.linalg.inv):
        with pytest.raises(
            RegistrationError, match=r"is not a primitive\. The rules of NumPy's functions come with fgrad"
        ):
            register(function, None)
    with pytest.raises(RegistrationError, match=r"3 is not a primitive"):
        register(3, None)


def test_what_cannot_be_called_is_no_primitive():
    with pytest.raises(RegistrationError, match="primitive decorates a function; got int"):
        primitive(3)


def norm(x):
    return np.sum(x * x)


WRONG = [
    (lambda g: g, lambda g: np.ones(3), "returned shape"),
    (lambda g: np.ones((3, 1)), lambda g: np.ones((1,)), "returned shape"),
    (lambda g: "text", lambda g: "text", "returned str where an array of shape"),
    (lambda g: object(), lambda g: object(), "returned object where an array of shape"),
    (lambda g: [1.0, 1.0, 1.0], lambda g: [1.0], "must be an array, like what it belongs to; got list"),
    (lambda g: None, lambda g: None, "must be an array, like what it belongs to; got NoneType"),
    (lambda g: np.full(3, None), lambda g: np.array(None), "returned dtype object where numbers are needed"),
]


@pytest.mark.parametrize(("pull", "push", "message"), WRONG)
def test_a_rule_whose_result_is_wrong_is_an_error_that_names_primitive_and_argument(pull, push, message):
    x = np.ones(3)
    by_vjp = made(norm, lambda ans, x: pull)
    by_jvp = made(norm, jvps=(lambda g, ans, x: push(g),))
    for operation, rule in ((by_vjp, "VJP"), (by_jvp, "JVP")):
        for apply in (lambda f: grad(f)(x), lambda f: jvp(f, (x,), (x,))):
            with pytest.raises(
                RegistrationError, match=rf"the {rule} of norm for argument 0 \('x'\) {message}"
            ):
                apply(operation)


def test_a_rule_that_returns_another_container_is_an_error_that_names_the_part():
    product = made(lambda p: p["a"] * p["b"], lambda ans, p: lambda g: {"a": g * p["b"]})
    with pytest.raises(
        RegistrationError, match=r"the VJP of <lambda> for argument 0 \('p'\) has other entries"
    ):
        grad(product)({"a": 2.0, "b": 3.0})
    shape = made(lambda p: np.sum(p["a"] * p["b"]), lambda ans, p: lambda g: {"a": g * p["b"], "b": g})
    with pytest.raises(
        RegistrationError, match=r"the VJP of <lambda> for argument 0 \('p'\)\['a'\] returned shape \(\)"
    ):
        grad(shape)({"a": np.ones(2), "b": 3.0})


def test_a_maker_that_returns_no_function_is_refused():
    eager = made(norm, lambda ans, x: 2 * x)
    with pytest.raises(
        RegistrationError, match=r"the VJP maker of norm for argument 0 \('x'\) must return a function"
    ):
        grad(eager)(np.ones(3))
    with pytest.raises(RegistrationError, match="must return a function of the cotangent g"):
        jvp(eager, (np.ones(3),), (np.ones(3),))


def test_an_exception_inside_a_rule_comes_through():
    def broken(ans, x):
        raise ZeroDivisionError("in the rule")

    with pytest.raises(ZeroDivisionError, match="in the rule"):
        grad(made(norm, broken))(np.ones(3))
    with pytest.raises(ZeroDivisionError, match="in the rule"):
        jvp(made(norm, lambda ans, x: lambda g: broken(ans, x)), (np.ones(3),), (np.ones(3),))
    assert grad(lambda x: x * x)(3.0) == 6.0
