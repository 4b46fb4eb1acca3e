from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import numpy as np
import pytest

from fgrad import DetachedError, grad, hessian, jacobian, jvp, vjp
from fgrad.core.box import Box
from fgrad.implicit.closures import Closed
from fgrad.implicit.fixed_point import fixed_point
from fgrad.implicit.linear import linear_solve
from fgrad.implicit.minimize import minimize
from fgrad.implicit.odeint import odeint
from fgrad.implicit.root import root
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.taylor import TaylorTrace
from fgrad.transforms.batching import vmap
from tests.implicit.orders import assert_derivatives
from tests.oracles import numerical_derivative

T = np.array([0.0, 1.0])

#: Each is the square root of its argument, or 1 / (2 sqrt(a)): implicit functions that close over a.
SQUARE_ROOTS = {
    "fixed_point": lambda a: fixed_point(lambda x: (x + a / x) / 2, 1.0),
    "root": lambda a: root(lambda x: x**2 - a, 1.0),
    "minimize": lambda a: minimize(lambda x: x**3 / 3 - a * x, 1.0),
    "linear_solve": lambda a: linear_solve(lambda v: v / np.sqrt(a), 1.0),
    "odeint": lambda a: odeint(lambda y, t: np.sqrt(a) * t**0, 0.0, T, rtol=1e-12)[-1],
}


@pytest.mark.parametrize("name", SQUARE_ROOTS)
def test_each_function_sees_what_is_closed_over(name):
    square_root = SQUARE_ROOTS[name]
    assert_derivatives(square_root, 4.0, 2.0, 1 / 4, -1 / 32, rtol=1e-10)
    assert grad(grad(grad(square_root)))(4.0) == pytest.approx(3 / 256, rel=1e-9)


@pytest.mark.parametrize("name", SQUARE_ROOTS)
def test_power_series_and_batches_go_through(name):
    square_root = SQUARE_ROOTS[name]
    trace = TaylorTrace("a test", order=4)
    terms = trace.terms(square_root(trace.root(4.0, [1.0])))
    np.testing.assert_allclose(terms, [2, 1 / 4, -1 / 64, 1 / 512, -5 / 16384], rtol=1e-9)
    a = np.array([1.0, 4.0, 9.0])
    np.testing.assert_allclose(vmap(square_root)(a), np.sqrt(a), rtol=1e-11)
    np.testing.assert_allclose(vmap(grad(square_root))(a), 1 / (2 * np.sqrt(a)), rtol=1e-10)
    np.testing.assert_allclose(
        grad(lambda a: np.sum(vmap(square_root)(a)))(a), 1 / (2 * np.sqrt(a)), rtol=1e-10
    )


def test_solvers_in_solvers_close_over_everything_around_them():
    def nested(a):
        return fixed_point(
            lambda x: root(lambda y: y + 0.3 * np.sin(y * x * a) - 0.2 * a, 0.1) * a + 0.1 * x, 0.2
        )

    def unrolled(a):
        x, y = 0.2, 0.1
        for _ in range(80):
            for _ in range(80):
                y = 0.2 * a - 0.3 * np.sin(y * x * a)
            x = y * a + 0.1 * x
        return x

    first, second = (
        float(numerical_derivative(f, [0.7], np.ones(1)))
        for f in (lambda a: unrolled(a[0]), lambda a: grad(unrolled)(float(a[0])))
    )
    assert_derivatives(nested, 0.7, unrolled(0.7), first, second, rtol=1e-8)


def test_values_are_found_wherever_the_function_gets_them_from():
    class Model:
        def __init__(self, weight):
            self.weight = weight

        def step(self, x, shift=0.0):
            return 0.5 * np.cos(self.weight * x) + shift

    def by_method(w):
        return fixed_point(Model(w).step, 0.1)

    def by_object(w):
        return fixed_point(lambda x, model: model.step(x), 0.1, Model(w))

    def by_default(w):
        return fixed_point(lambda x, model=Model(w): model.step(x), 0.1)  # noqa: B008

    def passed(w):
        return fixed_point(lambda x, w, flag: 0.5 * np.cos(w * x) if flag == "cos" else x, 0.1, w, "cos")

    w = 0.8
    x = passed(w)
    slope = -0.5 * np.sin(w * x)
    for function in (by_method, by_object, by_default, passed):
        assert grad(function)(w) == pytest.approx(slope * x / (1 - slope * w), rel=1e-11)


def test_a_value_that_is_returned_as_it_is_counts():
    def solved(a):
        return fixed_point(lambda p: (a, 0.5 * p[0] + 0.1 * p[1]), (1.0, 1.0))[1]

    assert_derivatives(solved, 2.0, 1 / 0.9, 0.5 / 0.9, 0.0, rtol=1e-11)


def test_a_function_may_differentiate_with_respect_to_what_it_closes_over():
    """X = d/dc (c**2 cos(x)) / 4 at c = a."""

    def solved(a):
        return fixed_point(lambda x: grad(lambda c: c**2 * np.cos(x))(a) / 4, 0.3)

    def explicit(a):
        x = 0.3
        for _ in range(100):
            x = a * np.cos(x) / 2
        return x

    first = float(numerical_derivative(lambda a: explicit(a[0]), [0.9], np.ones(1)))
    assert grad(solved)(0.9) == pytest.approx(first, rel=1e-9)
    assert jvp(solved, (0.9,), (1.0,))[1] == pytest.approx(first, rel=1e-9)
    assert jacobian(solved)(0.9) == pytest.approx(first, rel=1e-9)


def test_arguments_start_and_closure_may_be_one_value():
    def solved(a):
        return linear_solve(lambda v, c: a * v + c * v, a, a) + fixed_point(
            lambda x, c: (x + a / x + c) / 3, a, a
        )

    def explicit(a):
        return 0.5 + (a + np.sqrt(a * a + 8 * a)) / 4

    first, second = (
        float(numerical_derivative(f, [0.9], np.ones(1)))
        for f in (lambda a: explicit(a[0]), lambda a: grad(explicit)(float(a[0])))
    )
    assert_derivatives(solved, 0.9, explicit(0.9), first, second, rtol=1e-8)


def test_values_of_two_transforms_are_kept_apart():
    def outer(a):
        return grad(lambda b: a * fixed_point(lambda x: 0.3 * np.cos(a * x) + b * x / 4, 0.1))(0.5)

    def explicit(a, b):
        x = 0.1
        for _ in range(100):
            x = 0.3 * np.cos(a * x) + b * x / 4
        return a * x

    def inner(a):
        return numerical_derivative(lambda b: explicit(a[0], b[0]), [0.5], np.ones(1))

    assert outer(0.8) == pytest.approx(float(inner([0.8])), rel=1e-9)
    assert grad(outer)(0.8) == pytest.approx(float(numerical_derivative(inner, [0.8], np.ones(1))), rel=1e-7)


def test_pulling_back_after_the_function_has_returned_works():
    value, pullback = vjp(SQUARE_ROOTS["fixed_point"], 4.0)
    assert value == pytest.approx(2.0)
    assert [pullback(g)[0] for g in (1.0, 2.0)] == [0.25, 0.5]
    a = np.array([1.0, 2.0, 3.0])
    slopes = jacobian(lambda a: fixed_point(lambda x: (x + a / x) / 2, np.ones(3)))(a)
    np.testing.assert_allclose(slopes, np.diag(1 / (2 * np.sqrt(a))), rtol=1e-11, atol=1e-15)
    curved = hessian(lambda a: np.sum(fixed_point(lambda x: (x + a / x) / 2, np.ones(3))))(a)
    np.testing.assert_allclose(curved, np.diag(-(a**-1.5) / 4), rtol=1e-10, atol=1e-14)


def test_a_value_that_is_first_used_on_the_way_is_refused_not_lost():
    def solved(a):
        def f(x):
            return 0.5 * x + 1.0 if x < 1.5 else 0.5 * x + a

        return fixed_point(f, 0.0)

    with pytest.raises(DetachedError, match="closes over a traced value of grad"):
        grad(solved)(1.0)

    def passed(a):
        return fixed_point(lambda x, a: 0.5 * x + 1.0 if x < 1.5 else 0.5 * x + a, 0.0, a)

    assert grad(passed)(1.0) == pytest.approx(2.0)


def test_threads_that_use_one_trace_do_not_disturb_each_other():
    def term(a, k):
        return fixed_point(lambda x: (x + k * a / x) / 2, 1.0) + sum(a * k for _ in range(50))

    def loss(a):
        with ThreadPoolExecutor(4) as pool:
            return sum(pool.map(lambda k: copy_context().run(term, a, k), range(1, 25)))

    expected = sum(np.sqrt(k) / (2 * np.sqrt(2.0)) + 50 * k for k in range(1, 25))
    for _ in range(5):
        assert grad(loss)(2.0) == pytest.approx(expected, rel=1e-11)


def test_a_trace_is_as_before_when_nobody_watches_it():
    trace = ReverseTrace("a test")
    a = trace.root(2.0)
    closed = Closed([lambda x: a * x], (3.0,), (), "a test")
    assert closed.trials == [6.0]
    assert type(trace) is ReverseTrace
    assert [type(box) for box in closed.moving] == [Box]
    assert closed.call(lambda x: a * x, (5.0,), [7.0]) == 35.0
    assert type(trace) is ReverseTrace
    with pytest.raises(ZeroDivisionError):
        closed.call(lambda x: 1 // 0, (5.0,), [7.0])
    assert type(trace) is ReverseTrace
    assert trace.pull_back(a * a, 1.0) == [4.0]


def test_what_closes_over_nothing_has_nothing_that_moves():
    closed = Closed([lambda x, y: x + y], (1.0,), (2.0,), "a test")
    assert (closed.moving, closed.trials) == ([], [3.0])
