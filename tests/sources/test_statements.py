"""Statements that write into arrays: run, they give what the primitive gives."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, source, vmap

X = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (lambda x: x[0, 1] ** 2, "g1[0, 1] = 2 * x[0, 1]"),
        (lambda x: fnp.sum(x[:, 1:] ** 2), "g1[:, 1:] = 2 * x[:, 1:]"),
        (lambda x: x[0, 0] * x[1, 1], "g1[0, 0] += x[1, 1]"),
        (lambda x: x[0, 0] - x[1, 1], "g1[0, 0] += 1.0"),
        (lambda x: x[0, 1] ** 2 / -2 + x[0, 0] ** 3, None),
        (lambda x: fnp.sum(x[:, [0, 0, 2]] ** 2), "np.add.at(g1, np.s_[:, [0, 0, 2]], "),
        (lambda x: fnp.sum(x[[0, 0], [1, 1]] ** 2), "np.add.at(g1, ([0, 0], [1, 1]), "),
        (lambda x: fnp.sum(x[x > 0] ** 2), "g2[v1] = g1"),
        (lambda x: fnp.sum(x[..., None, -1] ** 2), "g1[..., None, -1] = "),
        (lambda x: fnp.sum(x[::-1][:1]), "g1[:1] = 1.0"),
    ],
)
def test_gradients_of_what_is_read_at_an_index(function, line):
    code = source(grad(function), X)
    assert line is None or line in code.text
    for given in (X, X * 2):
        np.testing.assert_allclose(code(given), grad(function)(given), rtol=1e-15)


def test_a_sign_in_front_is_a_subtraction():
    def function(x):
        return x[0, 0] ** 2 - x[0, 1] ** 2 - 3 * x[1, 0]

    code = source(grad(function), X)
    assert "-=" in code.text
    assert "+= -" not in code.text
    np.testing.assert_array_equal(code(X), [[2.0, 4.0, 0.0], [-3.0, 0.0, 0.0]])


def test_a_sign_that_belongs_to_one_factor_or_term_is_not_taken_for_all():
    def function(x):
        return (x[0, 0] * 2 - x[0, 1] * x[0, 2]) ** 2 + fnp.sum((-x[1] % 4) * x[0])

    code = source(grad(function), X)
    np.testing.assert_allclose(code(X), grad(function)(X), rtol=1e-14)


def test_what_is_written_at_places_that_are_computed():
    def function(x):
        a = fnp.zeros(3)
        a[fnp.argmax(x)] = fnp.sum(x) ** 2
        return a

    x = np.array([1.0, 3.0, 2.0])
    code = source(vmap(function), np.stack([x, -x]))
    found = code(np.stack([x, -x]))
    np.testing.assert_array_equal(found, [[0.0, 36.0, 0.0], [36.0, 0.0, 0.0]])


def test_an_argument_that_is_written_into_is_copied():
    def function(x):
        a = x * 1.0
        a[0] = 2.0 * x[1]
        return a

    x = np.array([1.0, 3.0])
    code = source(function, x)
    assert "np.array(x)" in code.text
    np.testing.assert_array_equal(code(x), [6.0, 3.0])
    np.testing.assert_array_equal(x, [1.0, 3.0])


def test_integers_keep_their_dtype():
    def function(x):
        a = np.arange(3)
        a[1] = 7
        return fnp.sum(x[a[:1]])

    x = np.array([1.0, 3.0])
    assert source(function, x)(x) == 1.0


def test_a_single_precision_array_is_filled_in_single_precision():
    x = np.ones(3, np.float32)
    code = source(grad(lambda x: x[1] ** 2), x)
    assert "np.zeros(3, dtype=np.float32)" in code.text
    assert code(x).dtype == np.float32
