"""Arrays made out of boxes, and arrays that only have a box's shape."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, grad, jacobian, jvp
from fgrad.core.box import Box

X = np.array([1.0, 2.0, 4.0])


def test_nested_lists_of_boxes_become_arrays():
    def function(x):
        matrix = fnp.array([[x[0], 1.0], [x[1] * x[2], x[0]]])
        assert matrix.shape == (2, 2)
        return np.sum(matrix @ matrix)

    x0, x1, x2 = X
    # trace-free check by hand: sum of entries of [[a, 1], [b, a]] squared is 2 a^2 + 2 b + 2 a (1 + b)
    a, b = x0, x1 * x2
    by_a, by_b = 4 * a + 2 + 2 * b, 2 + 2 * a
    assert grad(function)(X) == pytest.approx([by_a, by_b * x2, by_b * x1], rel=1e-15)


def test_lists_of_arrays_and_tuples_become_arrays():
    assert grad(lambda x: np.sum(fnp.array([x, (1.0, 2.0, 3.0), list(x)])[2]))(X).tolist() == [1, 1, 1]


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match="same shape"):
        grad(lambda x: np.sum(fnp.array([[x, x], [x]])))(1.0)


CONVERSIONS = [
    *(fnp.array, fnp.asarray, fnp.asanyarray, fnp.ascontiguousarray, fnp.asfortranarray),
    *(fnp.asarray_chkfinite, fnp.require),
]


@pytest.mark.parametrize("make", CONVERSIONS)
def test_a_dtype_may_be_asked_for(make):
    def function(x):
        made = make(x, dtype="float32")
        assert made.dtype == np.float32
        return np.sum(made * 2)

    assert grad(function)(X).tolist() == [2, 2, 2]
    assert grad(function)(X).dtype == np.float64


def test_least_numbers_of_axes():
    assert grad(lambda x: fnp.array(x, ndmin=3)[0, 0, 1])(X).tolist() == [0, 1, 0]
    assert grad(lambda x: fnp.ascontiguousarray(x)[0])(2.0) == 1


@pytest.mark.parametrize("make", [np.zeros_like, np.ones_like, np.empty_like])
def test_arrays_of_a_shape_alone_are_new_ones(make):
    seen = []
    grad(lambda x: seen.extend([make(x), make(x, dtype=int), make(x, shape=(2, 2))]) or np.sum(x))(X)
    for found, expected in zip(seen, [make(X), make(X, dtype=int), make(X, shape=(2, 2))], strict=True):
        assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
        found[...] = 7  # each is its own, and can be written into


def test_zeros_like_of_a_list_of_boxes():
    assert grad(lambda x: np.sum(x * fnp.ones_like([x, x])))(1.0) == 2


def test_full_with_a_traced_value():
    assert grad(lambda x: np.sum(fnp.full((2, 3), x)))(1.0) == 6
    assert grad(lambda x: np.sum(fnp.full((2, 3), x) * X))(X).tolist() == (2 * X).tolist()
    assert grad(lambda x: np.sum(fnp.full_like(X, x)))(1.0) == 3
    assert grad(lambda x: np.sum(np.full_like(x, 2.0) * x))(X).tolist() == [2, 2, 2]


def test_numpy_does_not_look_for_a_box_in_a_fill_value():
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.full((2, 3), x)))(1.0)
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.full_like(X, x)))(1.0)


def test_full_like_takes_the_dtype_of_the_model():
    value = jvp(lambda x: fnp.full_like(np.ones(2, "float32"), x), (1.0,), (1.0,))[0]
    assert value.dtype == np.float32


def test_linspace_between_traced_ends():
    ends = jacobian(lambda ends: np.linspace(ends[0], ends[1], 5))(np.array([0.0, 1.0]))
    assert np.array_equal(ends, np.stack([np.linspace(1, 0, 5), np.linspace(0, 1, 5)], axis=1))
    assert grad(lambda x: np.linspace(x, 1.0, 4, retstep=True)[1])(0.0) == -1 / 3
    assert grad(lambda x: np.linspace(x, 1.0, 4, endpoint=False, retstep=True)[1])(0.0) == -1 / 4
    assert grad(lambda x: np.linspace(x, 1.0, 1)[0])(0.0) == 1
    assert np.isnan(jvp(lambda x: np.linspace(x, 1.0, 1, retstep=True), (0.0,), (1.0,))[0][1])


def test_meshgrid_of_traced_axes():
    def function(x):
        columns, rows = np.meshgrid(x, X[:2])
        return np.sum(columns * rows)

    assert grad(function)(X).tolist() == [3, 3, 3]


def test_result_type_looks_at_dtypes_only():
    seen = []
    grad(lambda x: seen.append(np.result_type(x, np.float32)) or np.sum(x))(X)
    assert seen == [np.dtype(float)]


def test_no_value_is_made_for_the_shape_of_a_large_array():
    """zeros_like of a box looks at the shape and dtype, not at the values."""
    nan = np.full(3, np.nan)
    assert grad(lambda x: np.sum(np.zeros_like(x)) + np.sum(x[:0]))(nan).tolist() == [0, 0, 0]


def test_what_is_made_of_boxes_is_a_box():
    seen = []
    grad(lambda x: seen.append(fnp.array([x, 2.0])) or x)(1.0)
    assert type(seen[0]) is Box


@pytest.mark.parametrize("make", CONVERSIONS[1:])
def test_an_array_that_is_one_is_not_copied(make):
    def function(x):
        y = x * 2
        assert make(y) is y
        return np.sum(y)

    assert grad(function)(X).tolist() == [2, 2, 2]


def test_a_copy_does_not_show_what_is_written_into_the_original():
    def function(x):
        y = x * 2
        kept, same = fnp.array(y), fnp.array(y, copy=None)
        y[0] = 0.0
        assert (kept[0] == 2, same[0] == 0) == (True, True)
        return np.sum(kept) + np.sum(same)

    assert grad(function)(X).tolist() == [2, 4, 4]


@pytest.mark.parametrize("values", [lambda x: [x, x], lambda x: x.astype("float32")])
def test_a_copy_that_cannot_be_avoided(values):
    with pytest.raises(ValueError, match="Unable to avoid copy"):
        grad(lambda x: np.sum(fnp.asarray(values(x), float, copy=False)))(X)
    assert grad(lambda x: np.sum(fnp.asarray(x, float, copy=False)))(X).tolist() == [1, 1, 1]


def test_an_order_or_a_requirement_that_there_is_not():
    with pytest.raises(ValueError, match="order must be one of"):
        grad(lambda x: np.sum(fnp.array(x, order="Z")))(X)
    with pytest.raises(KeyError):
        grad(lambda x: np.sum(fnp.require(x, requirements="Z")))(X)
    for order in ("C", "F", "A", "K", None):
        assert grad(lambda x, o=order: np.sum(fnp.asarray(x, order=o)))(X).tolist() == [1, 1, 1]


def test_a_value_that_is_not_finite_is_found():
    with pytest.raises(ValueError, match="infs or NaNs"):
        grad(lambda x: np.sum(fnp.asarray_chkfinite(x)))(X * np.inf)
    assert grad(lambda x: np.sum(fnp.asarray_chkfinite([x, 2.0])))(1.0) == 1


def test_arrays_of_what_is_iterated_over():
    assert grad(lambda x: np.sum(fnp.fromiter((v * v for v in x), float)))(X).tolist() == [2, 4, 8]
    assert grad(lambda x: fnp.fromiter((v for v in x), float, 2)[1])(X).tolist() == [0, 1, 0]
    assert fnp.fromiter(range(3), int).tolist() == [0, 1, 2]
    assert jvp(lambda x: fnp.fromiter(x, "float32"), (X,), (X,))[1].dtype == np.float32
    with pytest.raises(ValueError, match="iterator too short"):
        grad(lambda x: np.sum(fnp.fromiter(iter(x), float, 4)))(X)


def test_an_array_as_a_function_of_its_indices():
    def function(x):
        return np.sum(fnp.fromfunction(lambda i, scale: i * scale + x, (3,), scale=x * 2))

    assert grad(function)(1.0) == 9
    assert grad(lambda x: np.sum(np.fromfunction(lambda i: i * x, (3,))))(1.0) == 3


def test_a_list_with_one_box_deep_inside():
    assert grad(lambda x: fnp.array([[[1.0, 2.0]], [[3.0, x]]]).sum())(1.0) == 1
    assert grad(lambda x: fnp.array([X, [1.0, x, 2.0]])[1, 1])(1.0) == 1
    with pytest.raises(ValueError, match="shape"):
        grad(lambda x: fnp.array([X, [1.0, x]]).sum())(1.0)


@pytest.mark.parametrize("full_like", [np.full_like, fnp.full_like])
def test_an_array_of_one_value_may_be_written_into(full_like):
    def function(x):
        plain, traced = full_like(x, 2.0), full_like(x, x[1])
        plain[0] = x[0] * 3
        traced[0] = 0.0
        return np.sum(plain) + np.sum(traced)

    assert grad(function)(X).tolist() == [3, 2, 0]
