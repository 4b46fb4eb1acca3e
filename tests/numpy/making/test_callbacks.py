"""Functions that call the user's, with traced values as arguments and by closure."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, vjp

X = np.array([-1.0, 0.5, 2.0])
M = np.arange(6.0).reshape(2, 3)


def test_each_piece_has_its_own_derivative():
    pieces = [lambda v: v**2, lambda v: 3 * v, 7.0]
    assert grad(lambda x: np.sum(np.piecewise(x, [x < 0, x > 1], pieces)))(X).tolist() == [-2, 0, 3]


def test_a_piece_that_nothing_falls_into_is_not_called():
    def never(v):
        raise AssertionError

    assert grad(lambda x: np.sum(np.piecewise(x, [x > 9, x < 9], [never, lambda v: v])))(X).tolist() == [
        1,
        1,
        1,
    ]


def test_values_beyond_a_domain_give_no_nan():
    assert grad(lambda x: np.sum(np.piecewise(x, [x > 0], [np.log, 0.0])))(X).tolist() == [0, 2, 0.5]


def test_a_piece_must_fit_the_dtype():
    with pytest.raises(TypeError, match="cannot write float64 into an array of int64"):
        grad(lambda w: np.sum(fnp.piecewise(np.arange(3), [np.arange(3) > 1], [w, 0])))(1.5)
    value = vjp(lambda x: np.piecewise(x, [x > 0], [lambda v: v * np.float64(2)]), X.astype("float32"))[0]
    assert value.dtype == np.float32


def test_values_may_come_from_a_closure():
    assert grad(lambda w: np.sum(fnp.piecewise(X, [X > 0], [lambda v: v * w])))(1.0) == 2.5
    assert grad(lambda w: np.sum(fnp.apply_along_axis(lambda row: row * w, 1, M)))(1.0) == 15
    assert (
        grad(lambda w: np.sum(fnp.apply_over_axes(lambda a, axis: np.sum(a, axis) * w, M, [0, 1])))(1.0) == 30
    )


def test_numpys_own_functions_refuse_what_comes_from_a_closure():
    for call in (
        lambda w: np.piecewise(X, [X > 0], [lambda v: v * w]),
        lambda w: np.apply_along_axis(lambda row: row * w, 1, M),
    ):
        with pytest.raises(DetachedError):
            grad(lambda w, call=call: np.sum(call(w)))(1.0)


@pytest.mark.parametrize(
    "function", [np.sum, np.diff, lambda v: v[0], lambda v: np.outer(v, v), lambda v: 1.0]
)
@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_results_take_the_place_of_the_axis_as_in_numpy(function, axis):
    x = np.arange(12.0).reshape(2, 2, 3)
    expected = np.apply_along_axis(function, axis, x)
    seen = []
    grad(lambda x: seen.append(fnp.apply_along_axis(function, axis, x)) or x[0, 0, 0])(x)
    assert seen[0].shape == expected.shape
    assert np.array_equal(
        vjp(lambda x: np.apply_along_axis(function, axis, x) + 0 * x[0, 0, 0], x)[0], expected
    )


def test_plain_arrays_give_numpys_results_while_something_is_differentiated():
    seen = []
    grad(lambda w: seen.append(fnp.apply_along_axis(np.cumsum, 0, M)) or w)(1.0)
    grad(lambda w: seen.append(fnp.apply_over_axes(np.max, M, (0, 1))) or w)(1.0)
    grad(lambda w: seen.append(fnp.piecewise(M, [M > 2], [np.sqrt, -1.0])) or w)(1.0)
    expected = [np.cumsum(M, 0), [[5.0]], np.where(M > 2, np.sqrt(M), -1)]
    for found, wanted in zip(seen, expected, strict=True):
        assert type(found) is np.ndarray
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.piecewise(x, [x > 0], [1, 2, 3]), ValueError),
        (lambda x: np.apply_along_axis(np.sum, 1, x), np.exceptions.AxisError),
        (lambda x: np.apply_along_axis(np.sum, 1, x[:0].reshape(0, 2)), ValueError),
        (lambda x: np.apply_over_axes(lambda a, axis: np.sum(a), np.outer(x, x), 0), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(X)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(X)
