"""Derivatives of functions of a number, real or complex, and element by element."""

import math
from typing import NamedTuple

import numpy as np
import pytest

from fgrad import (
    InputError,
    OutputError,
    deriv,
    egrad,
    elementwise_grad,
    grad,
    holomorphic_grad,
    jacfwd,
    jvp,
    vmap,
)
from tests.transforms.differences import directional, jacobian_of


class Pair(NamedTuple):
    first: object
    second: object


def test_egrad_is_another_name():
    assert egrad is elementwise_grad


# deriv


def test_the_derivative_of_a_function_of_a_number_has_the_structure_of_its_result():
    def orbit(t):
        return Pair(np.stack([np.cos(t), np.sin(t)]), {"speed": t**2, "label": 3, "none": None})

    found = deriv(orbit)(0.5)
    assert type(found) is Pair
    np.testing.assert_allclose(found.first, [-math.sin(0.5), math.cos(0.5)], rtol=1e-15)
    assert found.second == {"speed": 1.0, "label": 0, "none": None}


def test_the_derivative_of_an_array_is_that_of_each_element():
    x = np.linspace(-1.0, 1.0, 7).reshape(7, 1)
    np.testing.assert_allclose(deriv(np.tanh)(x), directional(np.tanh, x, np.ones((7, 1))), rtol=1e-9)
    np.testing.assert_allclose(deriv(deriv(deriv(np.exp)))(x), np.exp(x), rtol=1e-14)


def test_where_elements_meet_their_derivatives_are_added_up():
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(deriv(lambda x: x * x[::-1])(x), x + x[::-1])
    assert deriv(lambda x, y: x * y, (0, 1))(2.0, 3.0) == 5.0
    assert deriv(lambda x, y: x * y, argnames=("x", "y"))(2.0, y=3.0) == 5.0


def test_it_chooses_the_argument_and_tells_what_else_there_is():
    assert deriv(lambda x, y: x * y**2, 1)(2.0, 3.0) == 12.0
    assert deriv(lambda x, y: x * y**2, argnames="y")(2.0, 3.0) == 12.0
    assert deriv(lambda x: (x * x, [x]), has_aux=True)(3.0) == (6.0, [3.0])


def test_an_int_is_taken_for_a_float_and_dtypes_are_kept():
    assert deriv(lambda x: x**2)(3) == 6.0
    assert deriv(lambda x: x**2)(np.ones(2, np.float32)).dtype == np.float32


def test_the_derivative_of_a_holomorphic_function_is_complex():
    z = np.array([0.3 + 0.4j, -1.0 + 2.0j])
    np.testing.assert_allclose(deriv(np.sin)(z), np.cos(z), rtol=1e-15)


def test_it_nests_in_the_others():
    assert grad(deriv(np.sin))(0.5) == -math.sin(0.5)
    assert deriv(grad(np.sin))(0.5) == -math.sin(0.5)
    assert deriv(lambda x: x * deriv(lambda y: x + y)(1.0))(1.0) == 1.0
    np.testing.assert_allclose(vmap(deriv(np.exp))(np.ones(2)), np.exp(np.ones(2)), rtol=1e-15)


def test_the_derivative_of_what_is_not_of_numbers_is_refused():
    with pytest.raises(InputError, match="deriv: x is a str"):
        deriv(lambda x: x)("text")
    with pytest.raises(OutputError, match="deriv: <lambda> must return numbers"):
        deriv(lambda x: "text")(1.0)


# holomorphic_grad


def holomorphic(z):
    return np.sum(np.exp(z) * z[0] + np.sin(z[::-1]) ** 2)


Z = np.array([0.3 + 0.4j, -0.5 + 0.2j])


def test_a_holomorphic_derivative_is_that_along_the_real_and_the_imaginary_axis():
    found = holomorphic_grad(holomorphic)(Z)
    np.testing.assert_allclose(found, jacobian_of(holomorphic, Z), rtol=1e-9)
    np.testing.assert_allclose(1j * found, jacobian_of(holomorphic, Z, 1j), rtol=1e-9)


def test_holomorphic_derivatives_nest_and_take_containers():
    assert holomorphic_grad(holomorphic_grad(lambda z: z**4))(1.0 + 2.0j) == 12 * (1.0 + 2.0j) ** 2
    found = holomorphic_grad(lambda p: p["a"] ** 2 * p["b"])({"a": 1j, "b": 2.0 + 0j})
    assert found == {"a": 4j, "b": -1.0 + 0j}
    assert type(found["a"]) is complex
    curvature = jacfwd(holomorphic_grad(holomorphic))(Z)
    np.testing.assert_allclose(curvature, curvature.T, rtol=1e-13)
    np.testing.assert_allclose(curvature, jacobian_of(holomorphic_grad(holomorphic), Z), rtol=1e-8, atol=1e-9)


def test_by_number_by_name_and_with_aux():
    found = holomorphic_grad(lambda z, w: (z * w**2, {"n": 3}), argnames="w", has_aux=True)(1j, 2.0 + 0j)
    assert found == (4j, {"n": 3})
    assert jvp(holomorphic_grad(lambda z, w: z * w**2, 1), (1j, 2j), (0j, 1.0 + 0j))[1] == 2j


def test_a_real_argument_is_refused():
    with pytest.raises(
        InputError, match="holomorphic_grad: the argument is of dtype float64; it must be complex"
    ):
        holomorphic_grad(lambda z: z * 1j)(1.0)
    with pytest.raises(InputError, match=r"holomorphic_grad: the argument\['b'\] is of dtype float32"):
        holomorphic_grad(lambda p: p["a"])({"a": 1j, "b": np.ones(2, np.float32)})


@pytest.mark.parametrize(
    ("result", "described"),
    [
        (lambda z: np.abs(z) ** 2, "a scalar of dtype float64"),
        (lambda z: z * np.ones(2), r"an array of shape \(2,\)"),
        (lambda z: (z,), "a tuple"),
        (lambda z: 1.0, "a scalar of dtype float64"),
    ],
)
def test_a_result_that_is_no_complex_scalar_is_refused(result, described):
    with pytest.raises(OutputError, match=f"must return a complex scalar; it returned {described}"):
        holomorphic_grad(result)(1j)


def test_a_complex_result_that_does_not_depend_on_the_argument_has_derivative_zero():
    assert holomorphic_grad(lambda z: 1j)(2.0 + 0j) == 0j
