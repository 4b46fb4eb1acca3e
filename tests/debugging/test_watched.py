"""What is said of the operation that makes a NaN or an infinity, and which of them are made by none."""

import numpy
import pytest

import fgrad.numpy as np
from fgrad import grad, jvp, vjp
from fgrad.debugging.context import debug_nans
from fgrad.debugging.nonfinite import NonFiniteError
from tests.debugging.messages import headline_of, message_of


def test_an_infinite_value_names_the_operation_the_element_and_the_range():
    message = message_of(grad(lambda x: np.sum(np.log(x))), numpy.array([[1.0, 2.0], [0.0, 4.0]]))
    head, *_, x = message.split("\n")
    assert head == "log: its value became infinite: 1 of 4 elements, the first at [1, 0]"
    assert x == "  x: shape (2, 2), float64, from 0.0 to 4.0"


def test_the_users_line_is_shown_with_its_text_and_the_part_of_it():
    def loss(x):
        shifted = x - 1.0
        return 2.0 * np.log(shifted) + 1.0

    _, file, text, marks, _ = message_of(grad(loss), 1.0).split("\n")
    line = loss.__code__.co_firstlineno + 2
    assert file == f'  File "{__file__}", line {line}, in loss'
    assert text == "    return 2.0 * np.log(shifted) + 1.0"
    start = text.index("np.log")
    assert marks == " " * start + "^" * len("np.log(shifted)")


def test_a_nan_value_is_named_where_it_is_made_and_not_where_it_arrives():
    def loss(x):
        difference = np.inf * x - np.inf * x
        return np.sin(difference) + 1.0

    assert headline_of(grad(loss), np.float64(1.0)) == "operator.sub: its value became NaN"


def test_a_derivative_names_the_argument_the_mode_and_the_line_where_the_operation_ran():
    def loss(x, y):
        root = np.power(x, y)
        return np.sum(3.0 * root)

    message = message_of(grad(loss, (0, 1)), numpy.array([1.0, 0.0]), 0.5)
    head, file, *_, cotangent = message.split("\n")
    assert head == (
        "power: its derivative with respect to x became infinite: 1 of 2 elements, the first at [1] "
        "(reverse mode of grad)"
    )
    assert file.endswith(f"line {loss.__code__.co_firstlineno + 1}, in loss")
    assert cotangent == "  cotangent: shape (2,), float64, from 3.0 to 3.0"


def test_a_derivative_in_forward_mode_names_the_argument():
    head = headline_of(jvp, lambda x, y: np.power(y, x), (0.5, 0.0), (1.0, 1.0))
    assert head == "power: its derivative with respect to x became infinite (forward mode of jvp)"


def test_the_second_argument_is_named_too():
    def loss(scale, x):
        return scale * np.power(2.0 + scale, np.sqrt(x))

    assert "sqrt: its derivative with respect to x" in headline_of(grad(loss, (0, 1)), 1.0, 0.0)


def test_a_nan_in_the_arguments_is_said_to_be_one():
    head = headline_of(grad(lambda x: np.sum(x * 2.0)), numpy.array([1.0, numpy.nan]))
    assert head == (
        "operator.mul: its value is NaN because x holds NaN already; it came in with the arguments of the "
        "function given to grad: 1 of 2 elements, the first at [1]"
    )


def test_a_nan_in_a_constant_is_said_to_be_one():
    head = headline_of(grad(lambda x: np.sum(x * numpy.array([1.0, numpy.nan]))), numpy.ones(2))
    assert "y holds NaN already; it is a constant" in head


def test_a_nan_in_the_cotangent_that_was_given_is_said_to_be_one():
    with debug_nans():
        _, pullback = vjp(np.sin, 1.0)
    with pytest.raises(NonFiniteError, match="cotangent that arrived holds NaN; it was given so"):
        pullback(numpy.nan)


def test_a_nan_among_the_arguments_passes_where_the_function_leaves_it_out():
    with debug_nans():
        found = grad(np.nansum)(numpy.array([1.0, numpy.nan]))
    assert numpy.array_equal(found, [1.0, 0.0])


def test_infinities_that_were_there_before_pass():
    x = numpy.array([1.0, 1.0, -numpy.inf])

    def log_sum_exp(x):
        top = np.max(x, initial=-np.inf)
        return top + np.log(np.sum(np.exp(x - top)))

    with debug_nans():
        found = grad(log_sum_exp)(x)
        masked = grad(lambda y: np.max(np.where(numpy.isinf(x), -np.inf, y)))(numpy.arange(3.0))
    assert numpy.array_equal(found, [0.5, 0.5, 0.0])
    assert numpy.array_equal(masked, [0.0, 1.0, 0.0])


def test_an_infinity_that_is_made_beside_one_that_was_there_is_found():
    head = headline_of(grad(lambda x: np.sum(np.log(x))), numpy.array([numpy.inf, 0.0]))
    assert head == "log: its value became infinite: 1 of 2 elements, the first at [1]"


def test_an_overflow_is_an_infinity_that_is_made():
    assert headline_of(grad(np.exp), np.float64(1000.0)) == "exp: its value became infinite"


def test_complex_values_are_looked_at():
    message = message_of(grad(lambda z: np.real(np.log(z))), 0j)
    assert message.startswith("log: its value became infinite")
    assert message.endswith("x: complex128, 0j")
