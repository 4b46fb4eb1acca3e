"""Convolution and correlation: matrices by hand, lengths, errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import jacobian, vjp

A = np.array([1.0, -2.0, 3.0, 0.5, 2.0])
V = np.array([2.0, 1.0, -1.0])


def test_a_convolution_is_the_matrix_of_the_shifted_sequence():
    expected = np.zeros((7, 5))
    for shift in range(5):
        expected[shift : shift + 3, shift] = V
    assert np.array_equal(jacobian(lambda a: np.convolve(a, V))(A), expected)
    assert np.array_equal(jacobian(lambda a: np.convolve(a, V, "same"))(A), expected[1:6])
    assert np.array_equal(jacobian(lambda a: np.convolve(a, V, "valid"))(A), expected[2:5])


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_a_correlation_is_linear_in_both_whichever_is_longer(n, mode):
    v = np.random.default_rng(n).normal(size=n) + 1j
    by_a = np.stack([np.correlate(unit, v, mode) for unit in np.eye(5)], axis=1)
    value, pullback = vjp(lambda a: np.correlate(a, v, mode), A + 0j)
    assert value == pytest.approx(np.correlate(A + 0j, v, mode), rel=1e-13)
    g = np.random.default_rng(n + 1).normal(size=len(value)) + 0j
    assert pullback(g)[0] == pytest.approx(g @ by_a, rel=1e-13)


def test_sequences_may_be_numbers_and_lists():
    assert vjp(lambda a: fnp.convolve(a, [1.0, 2.0]), 3.0)[1](np.array([1.0, 10.0]))[0] == 21
    assert vjp(lambda a: fnp.convolve([a, 2.0], V), 3.0)[0].tolist() == [6, 7, -1, -2]


def test_wrong_sequences_raise_as_in_numpy():
    for args in ((np.ones((2, 2)),), (V, "nearly")):
        with pytest.raises(ValueError, match=r".+"):
            vjp(lambda a, args=args: np.convolve(a, *args), A)
    with pytest.raises(ValueError, match="may be empty"):
        vjp(lambda a: np.correlate(a, V), np.ones(0))
