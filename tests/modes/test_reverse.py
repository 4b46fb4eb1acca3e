import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.core.spec import spec_of
from fgrad.modes.reverse import ReverseTrace, alike


def traced(function, *values):
    """Return the result of a function of boxes, and their cotangents."""
    trace = ReverseTrace("a test")
    roots = [trace.root(value) for value in values]
    out = function(*roots)
    value = out.value
    return value, trace.pull_back(out, np.ones_like(value)[()])


def test_a_program_of_the_lecture():
    """The logistic loss of one sample: forward values, then what is pulled back."""
    x, t = np.array([1.0, -2.0]), 1.0

    def loss(w):
        y = 1 / (1 + fnp.exp(-(x @ w)))
        return -(t * fnp.log(y) + (1 - t) * fnp.log(1 - y))

    w = np.array([0.3, 0.1])
    y = 1 / (1 + np.exp(-(x @ w)))
    value, (gradient,) = traced(loss, w)
    assert value == pytest.approx(-np.log(y), rel=1e-15)
    np.testing.assert_allclose(gradient, (y - t) * x, rtol=1e-15)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (2.0, 3.0),
        (2.0, np.arange(3.0)),
        (np.arange(3.0), 2.0),
        (np.array(2.0), np.arange(3.0)),
        (np.ones((3, 1)), np.arange(4.0)),
        (np.arange(4.0), np.ones((2, 1, 4))),
        (np.float32(2), np.arange(3.0)),
        (np.ones(3, np.float32), np.arange(3.0)),
        (np.ones(3), 1j * np.arange(3.0)),
        (1.0, np.zeros((0, 2))),
    ],
    ids=lambda value: f"{np.shape(value)}-{np.result_type(value)}",
)
def test_cotangents_have_the_shape_and_dtype_of_their_argument(x, y):
    """Broadcasting and promotion are undone, in each of the cases that have code of their own."""
    for program, values, dx, dy in [
        (lambda x, y: x * y, (x, y), y, x),
        (lambda x, y: x + y, (x, y), 1, 1),
        (lambda x: x * y, (x,), y, None),
        (lambda y: x * y, (y,), x, None),
    ]:
        out, cotangents = traced(program, *values)
        for value, cotangent, partial in zip(values, cotangents, (dx, dy), strict=False):
            assert spec_of(cotangent) == spec_of(value)
            whole = np.broadcast_to(partial, np.shape(out))
            extra = tuple(range(whole.ndim - np.ndim(value)))
            expected = whole.sum(axis=extra)
            stretched = tuple(i for i, n in enumerate(np.shape(value)) if n == 1)
            expected = expected.sum(axis=stretched, keepdims=True)
            if not np.iscomplexobj(value):
                expected = np.real(expected)
            np.testing.assert_allclose(cotangent, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("value", "ans", "expected"),
    [
        (1.0, 2.0, True),
        (1.0, np.float64(2.0), False),
        (np.float64(1), np.float64(2), True),
        (np.float32(1), np.float64(2), False),
        (np.ones(2), np.zeros(2), True),
        (np.ones(2), np.zeros((1, 2)), False),
        (np.ones(2, np.float32), np.zeros(2), False),
    ],
)
def test_when_a_cotangent_fits_as_it_is(value, ans, expected):
    assert alike(value, ans) == expected


def test_an_operation_with_several_results_is_one_entry():
    matrix = np.array([[2.0, 1.0], [0.5, 3.0]])
    inverse = np.linalg.inv(matrix)
    value, (cotangent,) = traced(lambda a: fnp.linalg.slogdet(a)[1] * 2, matrix)
    assert value == pytest.approx(2 * np.log(5.5))
    np.testing.assert_allclose(cotangent, 2 * inverse.T, rtol=1e-14)


def test_a_value_of_an_outer_trace_is_a_constant():
    outer = ReverseTrace("the outer")
    x = outer.root(3.0)
    inner = ReverseTrace("the inner")
    y = inner.root(2.0)
    (dy,) = inner.pull_back(x * y * y, 1.0)
    assert dy.value == 12.0
    assert outer.pull_back(dy, 1.0) == [4.0]
