import warnings

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, grad

X = np.array([1.0, 2.0, 3.0])
ROWS = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 1.0]])
RATE = float("0.375")
OTHER = np.array([5.0, 6.0, 7.0])


def constants_of(graph):
    return [(c.name, None if c.origin is None else c.origin.text) for c in graph.constants()]


def test_constants_are_called_by_the_users_names_for_them():
    bias = np.array([0.5, 0.5])

    def f(x):
        return ROWS @ x + bias * RATE

    assert constants_of(capture(f)(X)) == [("ROWS", None), (None, "bias * RATE")]


def test_of_several_names_on_the_way_out_the_outermost_is_taken():
    def product(a, b):
        return a @ b

    def f(x):
        return product(ROWS, x)

    assert constants_of(capture(f)(X)) == [("ROWS", None)]


def test_a_name_outside_of_the_captured_function_does_not_count():
    def f(x):
        return x + make()

    def make():
        return OTHER * 1.0

    caller_name = X  # noqa: F841 - what the caller has is no name of the function's
    (constant,) = capture(f)(X).constants()
    assert constant.name is None


def test_numbers_in_the_code_have_no_names_and_computed_numbers_do():
    rate = np.float64(0.25)

    def f(x):
        return x * 2.5 + x * rate + x * RATE

    assert constants_of(capture(f)(X)) == [(None, None), ("rate", None), ("RATE", None)]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: -X * x, "-X"),
        (lambda x: x @ (2 * ROWS.T), "2 * ROWS.T"),
        (lambda x: fnp.multiply(x, X**2 - 1), "X ** 2 - 1"),
        (lambda x: fnp.dot(ROWS.T @ ROWS, x), "ROWS.T @ ROWS"),
    ],
)
def test_a_constant_that_has_no_name_knows_how_it_was_computed(function, text):
    (constant,) = capture(function)(X).constants()
    assert constant.origin.text == text
    np.testing.assert_array_equal(eval(text, {}, constant.origin.scope), constant.value)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sin(X) * x,  # a call may have effects
        lambda x: [X, OTHER][0] * x,
        lambda x: fnp.multiply(*(x, X + 1)),
    ],
)
def test_an_expression_that_may_do_more_than_compute_is_not_done_again(function):
    constants = capture(function)(X).constants()
    assert all(c.origin is None for c in constants)


def test_an_expression_is_not_believed_if_it_gives_something_else():
    values = [X, OTHER]

    class Turning:
        @property
        def shown(self):
            return values.pop()

    turning = Turning()
    (constant,) = capture(lambda x: turning.shown * x)(X).constants()
    assert constant.origin is None
    np.testing.assert_array_equal(constant.value, OTHER)


def test_an_expression_has_the_arrays_as_they_were():
    scale = np.array([1.0, 2.0, 3.0])
    graph = capture(lambda x: x * (scale + 1.0))(X)
    scale[:] = 0.0
    (constant,) = graph.constants()
    assert constant.origin.text == "scale + 1.0"
    np.testing.assert_array_equal(constant.origin.scope["scale"], [1, 2, 3])


def test_an_expression_that_warns_warns_no_second_time():
    zero = np.array([0.0, 1.0, 2.0])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        graph = capture(lambda x: x * (1 / zero))(X)
    assert [w.category for w in seen] == [RuntimeWarning]
    assert graph.constants()[0].origin.text == "1 / zero"


def test_the_transpose_of_a_constant_is_called_so_on_the_way_back():
    graph = capture(grad(lambda w: fnp.sum((ROWS @ w) ** 2)))(np.ones((3, 2)))
    assert ("ROWS", None) in constants_of(graph)
    assert (None, "ROWS.T") in constants_of(graph)


def test_the_transpose_of_what_has_changed_meanwhile_is_not_called_so():
    rows = ROWS.copy()

    def f(x):
        y = rows @ x
        rows[0, 0] = 100.0
        z = [rows.T][0] @ y  # no simple expression
        rows[0, 0] = 1.0
        return z

    graph = capture(f)(X)
    np.testing.assert_array_equal(graph(X), f(X))
    first, second = graph.constants()
    assert first.name == "rows"
    assert second.value[0, 0] == 100.0
    assert second.origin is None
