"""The oracles are right themselves, and see what is wrong."""

import numpy as np
import pytest

from tests.oracles import (
    assert_close,
    coordinates,
    describe,
    dual_coordinates,
    from_coordinates,
    from_dual_coordinates,
    numerical_jacobian,
)


def test_differences_of_a_real_function():
    x = np.array([0.3, -0.7])
    found = numerical_jacobian(lambda leaves: coordinates([np.sin(leaves[0]), leaves[0].prod()]), [x])
    assert np.allclose(found, [[np.cos(0.3), 0], [0, np.cos(0.7)], [-0.7, 0.3]], rtol=0, atol=1e-11)


def test_differences_of_a_complex_function_have_real_coordinates():
    z = np.array([0.3 + 0.4j])
    found = numerical_jacobian(lambda leaves: coordinates([np.exp(leaves[0])]), [z])
    slope = np.exp(z[0])
    assert np.allclose(found, [[slope.real, -slope.imag], [slope.imag, slope.real]], rtol=0, atol=1e-11)


def test_a_cotangent_pairs_with_a_tangent_by_the_real_part_of_the_product():
    g, t = np.array([1 + 2j, -0.5j]), np.array([0.25 - 1j, 3 + 1j])
    assert dual_coordinates([g]) @ coordinates([t]) == np.real(np.sum(g * t))


def test_coordinates_and_back():
    like = [np.ones((2, 1), "float32"), 1.0, np.array([1 + 2j]), 1j, np.float32(2)]
    vector = np.arange(8.0)
    for there, back in ((coordinates, from_coordinates), (dual_coordinates, from_dual_coordinates)):
        arrays = back(vector, like)
        assert np.array_equal(there(arrays), vector)
        assert [np.asarray(a).dtype for a in arrays] == [np.asarray(a).dtype for a in like]


def test_every_coordinate_has_a_name():
    like = [np.zeros((1, 2)), 1j]
    assert [describe(i, like, "argument") for i in range(4)] == [
        "argument 0 [0, 0]",
        "argument 0 [0, 1]",
        "argument 1",
        "argument 1, imaginary part",
    ]


@pytest.mark.parametrize("wrong", [1.0 + 1e-7, np.nan, np.inf])
def test_a_wrong_element_is_found_and_named(wrong):
    expected = np.array([[1.0, 2.0], [3.0, 1.0]])
    found = expected.copy()
    found[1, 1] = wrong
    with pytest.raises(AssertionError, match="of row 1 by column 1"):
        assert_close(found, expected, 1e-9, "a matrix", "row {}".format, "column {}".format)
    assert_close(expected + 1e-10, expected, 1e-9, "a matrix")


def test_another_shape_is_wrong():
    with pytest.raises(AssertionError, match="shape"):
        assert_close(np.zeros((1, 2)), np.zeros((2, 1)), 1e-9, "a matrix")
