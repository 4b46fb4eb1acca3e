import numpy as np

from fgrad.implicit.solvers.precision import attainable, largest


def test_three_quarters_of_the_digits_are_asked_for():
    np.testing.assert_allclose(attainable(np.float64), 2.0**-39, rtol=1e-15)
    np.testing.assert_allclose(attainable(np.float32), 2.0 ** (-23 * 0.75), rtol=1e-12)


def test_the_largest_element_counts_by_its_size():
    assert largest(np.array([1.0, -3.0])) == 3.0
    assert largest(np.zeros(0)) == 0.0
