"""Rules for shapes: fewer operations, and the same values, shapes and dtypes."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.sources.algebra import LAST_RULES
from fgrad.sources.rewriting import simplified
from tests.sources.programs import graph_of

MATRIX = np.arange(6.0).reshape(2, 3) + 1


def sums(x, **params):
    return fnp.sum(x, **params)


@pytest.mark.parametrize(
    ("function", "x", "operations"),
    [
        (lambda x: fnp.reshape(fnp.sum(x, axis=1), (2, 1)), MATRIX, ["sum"]),
        (lambda x: fnp.reshape(fnp.sum(x, axis=0), (1, 3)), MATRIX, ["sum"]),
        (lambda x: fnp.reshape(fnp.max(x), (1, 1)), MATRIX, ["max"]),
        (lambda x: fnp.reshape(fnp.sum(x, axis=1), (1, 2)), MATRIX, ["sum", "reshape"]),
        (lambda x: fnp.reshape(fnp.reshape(x, 6), (3, 2)), MATRIX, ["reshape"]),
        (lambda x: fnp.reshape(fnp.reshape(x, 6, order="F"), (3, 2)), MATRIX, ["reshape", "reshape"]),
        (lambda x: x.T.T, MATRIX, []),
        (lambda x: fnp.transpose(fnp.transpose(x, (1, 2, 0)), (1, 2, 0)), np.ones((2, 3, 4)), ["transpose"]),
        (lambda x: fnp.reshape(x, (3, 1)).T, np.ones(3), ["reshape"]),
        (lambda x: fnp.broadcast_to(fnp.broadcast_to(x, (2, 3)), (4, 2, 3)), np.ones(3), ["broadcast_to"]),
        (lambda x: fnp.broadcast_to(x, (2, 3)) * MATRIX, np.ones(3), ["mul"]),
        (lambda x: fnp.broadcast_to(x, (2, 3)) * 2.0, np.ones(3), ["mul", "broadcast_to"]),
        (lambda x: fnp.exp(fnp.broadcast_to(x, (2, 3))), np.ones(3), ["exp", "broadcast_to"]),
        (lambda x: fnp.reshape(x, (1, 3)) + MATRIX, np.ones(3), ["add"]),
        (lambda x: fnp.reshape(x, (3, 1)) + MATRIX[:1], np.ones(3), ["reshape", "add"]),
        (lambda x: x - fnp.mean(x, keepdims=True), MATRIX, ["mean", "sub"]),
        (lambda x: fnp.mean(x, keepdims=True) * 2.0, MATRIX, ["mean", "mul"]),
        (lambda x: fnp.where(x > 1, fnp.broadcast_to(x[0], (2, 3)), 0.0), MATRIX, ["gt", "getitem", "where"]),
        (lambda x: x.astype(np.float64), MATRIX, []),
        (lambda x: fnp.sum(x, axis=()), MATRIX, []),
    ],
)
def test_changes_of_shape_are_joined_or_left_out(function, x, operations):
    graph = simplified(graph_of(function, [x]), LAST_RULES)
    found = [node.primitive.name.removeprefix("operator.") for node in graph.nodes]
    assert found == operations
    for given in (x, x[::-1] * 2):
        (value,), expected = graph.run([given]), function(given)
        assert np.shape(value) == np.shape(expected)
        np.testing.assert_allclose(value, expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("axis", "shape", "expected"),
    [
        ((0,), (2, 3), 0),
        ((-1,), (2, 3), 1),
        ((0, 1), (2, 3), None),
        ((1, 0), (2, 3), None),
        ((0,), (3,), 0),
        ((0, 2), (2, 3, 4), (0, 2)),
        (0, (2, 3), 0),
        (None, (2, 3), None),
    ],
)
def test_an_axis_is_written_as_one_does(axis, shape, expected):
    x = np.arange(float(np.prod(shape))).reshape(shape)
    graph = simplified(graph_of(lambda x: fnp.sum(x, axis=axis), [x]), LAST_RULES)
    assert graph.nodes[0].params["axis"] == expected
    np.testing.assert_array_equal(graph.run([x])[0], np.sum(x, axis=axis))


def test_a_sum_that_is_needed_in_both_shapes_is_done_once():
    def function(x):
        total = fnp.sum(x, axis=1)
        return total, fnp.reshape(total, (2, 1))

    graph = simplified(graph_of(function, [MATRIX]), LAST_RULES)
    assert [node.primitive.name for node in graph.nodes] == ["sum", "reshape"]


def test_an_array_of_one_number_is_a_number_if_the_dtype_stays():
    double = np.full(3, 2.0)
    graph = simplified(graph_of(lambda x: fnp.add(*(x, double[:])), [np.ones(3, np.float32)]), LAST_RULES)
    assert graph.run([np.ones(3, np.float32)])[0].dtype == np.float64


def test_the_shape_of_a_sum_of_arrays_is_not_lost_with_one_of_them():
    graph = simplified(graph_of(lambda x: fnp.multiply(*(x, np.ones((4, 3)))), [np.ones(3)]), LAST_RULES)
    assert graph.run([np.ones(3)])[0].shape == (4, 3)


def test_what_is_written_over_an_array_is_what_is_left_of_it():
    def function(x):
        a = x * 2.0
        a[...] = 3.0
        a[:] = x
        return a

    graph = simplified(graph_of(function, [np.ones(3)]), LAST_RULES)
    assert graph.nodes == []
    np.testing.assert_array_equal(graph.run([np.array([1.0, 5.0, 2.0])])[0], [1.0, 5.0, 2.0])
