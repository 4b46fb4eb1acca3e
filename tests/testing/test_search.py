"""Which element is named, and what is said of it."""

import re
from collections import namedtuple

import numpy
import pytest

import fgrad.numpy as np
from tests.testing.wrong_rules import error_of, square, with_rule


@pytest.mark.parametrize("factor", [1 + 1e-6, 1 - 1e-6, 1 + 1e-7])
def test_a_derivative_that_is_slightly_wrong_is_found(factor):
    wrong = with_rule(square, vjp=lambda ans, x: lambda g: 2 * g * x * factor)
    error = error_of(wrong, (3.0,), modes="rev")
    assert error.found / error.expected == pytest.approx(factor, abs=1e-9)


def test_the_element_that_is_wrong_is_named_with_its_path():
    def broken(v):
        slope = numpy.array([[1.0, 1.0, 1.0], [1.0, 0.5, 1.0]])
        return with_rule(lambda v: v * 1.0, vjp=lambda ans, v: lambda g: g * slope)(v)

    def loss(params, scale):
        return {"y": [scale * 2.0, broken(params["layers"][1]) * scale]}

    params = {"layers": [numpy.ones(2), numpy.ones((2, 3))]}
    error = error_of(loss, (params, 3.0), modes="rev")
    assert error.argument == "params['layers'][1][1, 1]"
    assert error.result == "result['y'][1][1, 1]"
    assert error.found == pytest.approx(1.5)
    assert error.expected == pytest.approx(3.0)
    assert "1 of 9 elements of the arguments are wrong" in str(error)


def test_the_worst_of_several_elements_is_named():
    slope = numpy.array([1.0, 1.1, 3.0, 1.0])
    wrong = with_rule(lambda v: v * 1.0, vjp=lambda ans, v: lambda g: g * slope)
    error = error_of(wrong, (numpy.ones(4),), modes="rev")
    assert error.argument == "v[2]"
    assert "2 of 4 elements" in str(error)


def test_an_element_among_many_is_found():
    slope = numpy.ones(5000)
    slope[3217] = 2.0
    wrong = with_rule(lambda v: v * 1.0, vjp=lambda ans, v: lambda g: g * slope)
    assert error_of(wrong, (numpy.ones(5000),), modes="rev").argument == "v[3217]"


def test_named_tuples_are_named():
    Pair = namedtuple("Pair", ["left", "right"])
    half = with_rule(lambda x: x * 1.0, vjp=lambda ans, x: lambda g: g / 2)
    error = error_of(lambda pair: Pair(pair.left, half(pair.right)), (Pair(1.0, 2.0),))
    assert (error.argument, error.result) == ("pair.right", "result.right")


def test_a_small_argument_beside_a_large_one_is_not_hidden():
    half = with_rule(lambda x: x * 1.0, vjp=lambda ans, x: lambda g: g / 2)
    error = error_of(lambda big, small: 1e6 * big + 1e-2 * half(small), (1.0, 1.0), modes="rev")
    assert error.argument == "small"


def test_the_imaginary_part_of_a_complex_argument_is_named():
    wrong = with_rule(lambda z: z * 1.0, vjp=lambda ans, z: lambda g: np.conj(g))
    error = error_of(lambda z: np.imag(wrong(z)), (1.0 + 1.0j,), modes="rev")
    assert error.argument == "z, imaginary part"
    assert error.expected == pytest.approx(1.0)
    assert error.found == pytest.approx(-1.0)


def test_a_kink_is_said_to_be_one():
    error = error_of(lambda x: np.where(x > 0, 3.0 * x, 0.0), (numpy.array([1.0, 0.0]),))
    assert error.argument == "x[1]"
    assert "<lambda> is not differentiable here: the slope of result[1] is" in str(error)
    assert re.search(r"is 3 on one side and 0 on the other", str(error))


def test_a_point_that_is_at_the_edge_of_the_domain_is_said_to_be_one():
    with numpy.errstate(divide="ignore"):
        error = error_of(np.sqrt, (0.0,))
    assert "result is not finite at points near by" in str(error)


def test_a_function_with_noise_is_not_passed():
    rng = numpy.random.default_rng(1)
    noise = {}

    def noisy(x):
        return x + noise.setdefault(float(x), 1e-4 * rng.normal())

    error = error_of(with_rule(noisy, vjp=lambda ans, x: lambda g: g), (1.0,))
    assert "differences do not settle" in str(error)


def test_a_derivative_that_is_nan_is_wrong():
    wrong = with_rule(lambda x: x * 1.0, vjp=lambda ans, x: lambda g: g * numpy.nan)
    error = error_of(wrong, (1.0,), modes="rev")
    assert numpy.isnan(error.found)
    assert "debug_nans" in str(error)
