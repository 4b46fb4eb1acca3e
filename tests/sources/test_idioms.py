"""What is written by shapes and dtypes."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import source

V, M = np.array([1.0, 2.0, 3.0]), np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("function", "x", "text"),
    [
        (lambda x: fnp.reshape(x, (3, 1)), V, "x[:, None]"),
        (lambda x: fnp.reshape(x, (1, 3)), V, "x[None, :]"),
        (lambda x: fnp.reshape(x, (1, 3, 1)), V, "x[None, :, None]"),
        (lambda x: fnp.reshape(x, (2, 1, 3)), M, "x[:, None, :]"),
        (lambda x: fnp.reshape(x, (3, 2)), M, "np.reshape(x, (3, 2))"),
        (lambda x: fnp.reshape(x, (2, 1, 3), order="F"), M, 'np.reshape(x, (2, 1, 3), order="F")'),
        (lambda x: fnp.reshape(x, (1, 1, 1, 3)), V, "np.reshape(x, (1, 1, 1, 3))"),
        (lambda x: fnp.reshape(x, (1, 1)), np.ones(1), "np.reshape(x, (1, 1))"),
        (lambda x: fnp.reshape(x, (1,)), 2.0, "np.reshape(x, (1,))"),
        (lambda x: fnp.broadcast_to(fnp.sum(x), 4), V, "np.full(4, np.sum(x))"),
        (lambda x: fnp.broadcast_to(fnp.sum(x), (4, 1)), V, "np.full((4, 1), np.sum(x))"),
        (lambda x: fnp.broadcast_to(x, (2, 3)), V, "np.broadcast_to(x, (2, 3))"),
        (lambda x: fnp.exp(x) * x * 2, V, "2 * np.exp(x) * x"),
        (lambda x: x / fnp.exp(x) * 2, V, "2 * x / np.exp(x)"),
        (lambda x: (x @ x) * 2, V, "2 * (x @ x)"),
        (lambda x: (x % 2) * 2, V, "2 * (x % 2)"),
        (lambda x: (x + 1) * 2, V, "2 * (x + 1)"),
        (lambda x: x**2 * x * 2, V, "2 * x**2 * x"),
    ],
)
def test_shapes_and_numbers_are_written_as_one_does(function, x, text):
    code = source(function, x)
    assert code.text.splitlines()[-1].strip() == f"return {text}"
    found, expected = code(x), function(x)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_a_filled_array_keeps_single_precision():
    x = np.ones(3, np.float32)
    assert source(lambda x: fnp.broadcast_to(fnp.sum(x), 4), x)(x).dtype == np.float32


def test_a_number_stays_outside_of_a_product_of_two_precisions():
    single, double = np.float32(1.1) * np.ones(3, np.float32), np.full(3, 1.0 / 3)

    def function(x, y):
        return 0.1 * (x * y)

    code = source(function, single, double)
    np.testing.assert_array_equal(code(single, double), function(single, double))
