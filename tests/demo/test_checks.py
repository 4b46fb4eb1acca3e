import numpy as np
import pytest

from fgrad.demo.checks import Check, finite_differences, relative_difference


def test_finite_differences_of_a_cubic_are_right_to_nine_digits():
    slopes = finite_differences(lambda x: x[0] ** 3 + x[0] * x[1], np.array([2.0, -1.0]))
    np.testing.assert_allclose(slopes, [11.0, 2.0], rtol=1e-9)


def test_finite_differences_step_in_proportion_to_large_values():
    slope = finite_differences(lambda x: np.log(x[0]), np.array([1e8]))
    np.testing.assert_allclose(slope, [1e-8], rtol=1e-6)


def test_relative_difference_is_measured_by_the_largest_entry():
    assert relative_difference(np.array([0.0, 8.0]), np.array([1.0, 10.0])) == 0.2


def test_relative_difference_from_zero_is_absolute():
    assert relative_difference(np.array([0.5]), np.array([0.0])) == 0.5


@pytest.mark.parametrize(("difference", "passed"), [(0.5, True), (1.0, True), (1.5, False), (np.nan, False)])
def test_a_check_passes_up_to_its_bound_and_never_for_nan(difference, passed):
    assert Check("a", difference, 1.0).passed is passed
