import re

import numpy
import pytest

import fgrad
import fgrad.numpy as np
from fgrad.core.errors import ArgumentError, InputError
from fgrad.testing import DerivativeError, check_grads, check_jvp, check_vjp
from tests.rules.cases import CASES
from tests.testing.wrong_rules import error_of, square, with_rule

RIGHT = [
    (lambda x: np.sum(np.sin(x) * x), (numpy.array([0.5, -1.0, 2.0]),)),
    (lambda x, y: np.tanh(x @ y), (numpy.arange(6.0).reshape(2, 3) / 5, numpy.ones(3))),
    (lambda p: {"s": p["w"][0] * p["b"], "t": [np.exp(p["w"][1])]}, ({"w": [1.0, numpy.ones(2)], "b": 2.0},)),
    (lambda z: z * np.conj(z) + np.real(z) * 1j, (numpy.array([1.0 + 2.0j, -0.5j]),)),
    (lambda x: np.exp(1j * x), (numpy.array([0.3, 0.7]),)),
    (lambda x: np.abs(np.fft.fft(x)) ** 2, (numpy.array([1.0, 2.0, 0.5]),)),
    (lambda x: np.log(x), (1e-6,)),
    (lambda x: np.sqrt(x) * 1e-12, (numpy.array([1e12, 1e-3]),)),
    (lambda x, n: x**n, (2, 3.0)),
]


@pytest.mark.parametrize(("f", "args"), RIGHT)
def test_right_derivatives_pass_at_orders_one_and_two(f, args):
    check_grads(f, args, 2)


@pytest.mark.parametrize("start", range(0, len(CASES), 500))
def test_all_of_numpy_passes_in_double_and_single_precision(start):
    checked = 0
    for case in CASES[start : start + 500]:
        for dtype in case.dtypes:

            def f(*leaves):
                return tuple(case.outputs(*leaves))

            values = f(*case.leaves(dtype))
            if any(numpy.asarray(value).dtype.kind in "fc" and numpy.size(value) for value in values):
                check_grads(f, case.leaves(dtype))
                checked += 1
    assert checked


def test_order_three_passes():
    check_grads(lambda x: np.sin(x) * np.exp(x), (0.3,), 3)


def test_single_precision_has_its_own_steps_and_tolerances():
    x = numpy.linspace(0.5, 2.0, 5, dtype=numpy.float32)
    check_grads(lambda x: np.sum(np.exp(x) / x), (x,))
    wrong = with_rule(square, vjp=lambda ans, x: lambda g: 2.01 * g * x)
    assert error_of(wrong, (x,), modes="rev").argument.startswith("x[")


def test_keyword_arguments_are_passed_and_not_differentiated():
    def f(x, *, name, power):
        assert name == "f"
        return x**power

    check_grads(f, (2.0,), 2, kwargs={"name": "f", "power": 3})


def test_results_without_floating_point_numbers_are_left_out():
    check_grads(lambda x: (x * 2.0, numpy.arange(3), np.argmax(x)), (numpy.array([1.0, 2.0]),), 2)


def test_nothing_of_the_arguments_is_changed():
    x = numpy.array([1.0, 2.0])
    check_grads(lambda x: np.sum(x**2), (x,), 2)
    assert numpy.array_equal(x, [1.0, 2.0])


def test_the_same_seed_gives_the_same_message():
    wrong = with_rule(square, vjp=lambda ans, x: lambda g: g * x)
    messages = [str(error_of(wrong, (numpy.arange(1.0, 4.0),), modes="rev", seed=7)) for _ in range(2)]
    assert messages[0] == messages[1]


def test_tolerances_can_be_given():
    slightly = with_rule(square, vjp=lambda ans, x: lambda g: 2.001 * g * x)
    check_grads(slightly, (3.0,), modes="rev", rtol=1e-2)
    check_grads(slightly, (3.0,), modes="rev", atol=1e-1)
    assert error_of(slightly, (3.0,), modes="rev").mode == "rev"


@pytest.mark.parametrize(
    ("call", "kind", "match"),
    [
        (lambda: check_grads(3.0, (1.0,)), InputError, "takes a function; got float"),
        (lambda: check_grads(np.sin, 1.0), InputError, "takes the arguments as a tuple"),
        (lambda: check_grads(np.sin, ()), ArgumentError, "give at least one argument"),
        (lambda: check_grads(np.sin, (1.0,), 0), ArgumentError, "order must be at least 1"),
        (lambda: check_grads(np.sin, (1.0,), 1.5), InputError, "order must be an int"),
        (lambda: check_grads(np.sin, (1.0,), 1, "back"), ArgumentError, "modes must be of 'rev' and 'fwd'"),
        (lambda: check_grads(np.sin, (1.0,), 1, ()), ArgumentError, "modes must be of"),
        (lambda: check_grads(np.argmax, (numpy.ones(2),)), ArgumentError, "there is nothing to check"),
        (lambda: check_grads(lambda p: p["a"], ({"a": "text"},)), InputError, re.escape("p['a'] is a str")),
    ],
)
def test_wrong_arguments_are_refused_by_name(call, kind, match):
    with pytest.raises(kind, match=match):
        call()


def sine_vjp(x):
    return np.sin(x), lambda g: (g * np.cos(x),)


def sine_jvp(args, tangents):
    return np.sin(args[0]), np.cos(args[0]) * tangents[0]


POINT = numpy.array([0.1, 1.0, 2.0])


def test_products_of_ones_own_pass():
    check_vjp(np.sin, sine_vjp, (POINT,))
    check_jvp(np.sin, sine_jvp, (POINT,))
    check_vjp(np.sin, lambda *args: fgrad.vjp(np.sin, *args), (POINT,))
    check_jvp(np.sin, lambda args, ts: fgrad.jvp(np.sin, args, ts), (POINT,))


WRONG_VJPS = [
    (lambda x: (np.sin(x), lambda g: (g * np.sin(x),)), "is wrong in mode 'rev'"),
    (lambda x: (np.cos(x), lambda g: (g * np.cos(x),)), "the value of result"),
    (lambda x: (np.sin(x), lambda g: (np.sum(g),)), "the cotangent of x has shape ()"),
    (lambda x: (np.sin(x), lambda g: g * np.cos(x)), "the cotangent must be a tuple"),
    (lambda x: (np.sin(x), lambda g: (g, g)), "the cotangent has other entries"),
    (lambda x: ((np.sin(x),), lambda g: (g * np.cos(x),)), "the value must be an array"),
]


@pytest.mark.parametrize(("f_vjp", "message"), WRONG_VJPS)
def test_a_wrong_vector_jacobian_product_is_found(f_vjp, message):
    with pytest.raises(DerivativeError, match=re.escape(message)):
        check_vjp(np.sin, f_vjp, (POINT,))


WRONG_JVPS = [
    (lambda args, ts: (np.sin(args[0]), ts[0]), "is wrong in mode 'fwd'"),
    (lambda args, ts: (args[0], np.cos(args[0]) * ts[0]), "the value of result"),
    (lambda args, ts: (np.sin(args[0]), np.sum(ts[0])), "the tangent of result has shape ()"),
]


@pytest.mark.parametrize(("f_jvp", "message"), WRONG_JVPS)
def test_a_wrong_jacobian_vector_product_is_found(f_jvp, message):
    with pytest.raises(DerivativeError, match=re.escape(message)):
        check_jvp(np.sin, f_jvp, (POINT,))


def test_a_product_that_is_not_linear_is_wrong_along_a_direction():
    def f_jvp(args, tangents):
        (t,) = tangents
        crossed = t[0] * t[1] * t[2]
        return np.sum(args[0]), np.sum(t) + crossed

    with pytest.raises(DerivativeError) as caught:
        check_jvp(np.sum, f_jvp, (POINT,))
    assert "along a random direction (no element is wrong alone)" in str(caught.value)
