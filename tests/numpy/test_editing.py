"""Inserting, deleting, trimming and repeating: values, dtypes and errors as in NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp, vjp

X = np.array([2.0, 3.0, 5.0])


def test_what_is_inserted_may_be_traced_alone():
    assert grad(lambda w: fnp.insert(X, 1, w) @ np.array([1.0, 10, 100, 1000]))(7.0) == 10
    assert grad(lambda w: np.sum(fnp.insert(X, [0, 3], [w, 2 * w])))(7.0) == 3


def test_what_is_inserted_becomes_of_the_arrays_dtype():
    x = X.astype("float32")
    value, pullback = vjp(lambda x, w: np.insert(x, 1, w), x, np.float64(7))
    assert value.dtype == np.float32
    assert [g.dtype for g in pullback(value)] == [np.float32, np.float64]
    with pytest.raises(TypeError, match="cannot write float64 into an array of int64"):
        grad(lambda w: np.sum(fnp.insert(np.arange(3), 1, w)))(1.5)
    with pytest.raises(TypeError, match="cannot write complex128 into an array of float64"):
        grad(lambda x: np.sum(np.insert(x, 1, 1j)))(X)


@pytest.mark.filterwarnings("ignore:in the future insert will treat boolean arrays:FutureWarning")
def test_a_mask_to_insert_at_means_what_it_means_to_numpy():
    mask = np.array([True, False, True])
    expected = np.insert(X, mask, 7.0)
    value, pullback = vjp(lambda x, w: np.insert(x, mask, w), X, 7.0)
    assert np.array_equal(value, expected)
    assert pullback(np.ones_like(value))[0].tolist() == [1, 1, 1]
    assert pullback(np.ones_like(value))[1] == np.sum(expected == 7.0)


def test_a_mask_a_slice_and_negative_positions_delete_alike():
    for obj in ([0, 2], slice(None, None, 2), np.array([True, False, True]), [-1, -3]):
        assert grad(lambda x, obj=obj: np.sum(np.delete(x, obj) ** 2))(X).tolist() == [0, 6, 0]


def test_elements_count_as_often_as_resizing_repeats_them():
    assert grad(lambda x: np.sum(np.resize(x, (2, 4))))(X).tolist() == [3, 3, 2]
    assert grad(lambda x: np.sum(np.resize(x, 2)))(X).tolist() == [1, 1, 0]


def test_resizing_nothing_gives_zeros():
    value, pullback = vjp(lambda x: np.concatenate([np.resize(x[:0], 2), x]), X)
    assert value.tolist() == [0, 0, 2, 3, 5]
    assert pullback(np.ones(5))[0].tolist() == [1, 1, 1]


def test_trimming_goes_by_the_values():
    x = np.array([0.0, 2.0, 0.0, 3.0, 0.0])
    for trim, expected in (("fb", [0, 1, 1, 1, 0]), ("f", [0, 1, 1, 1, 1]), ("b", [1, 1, 1, 1, 0])):
        assert grad(lambda x, trim=trim: np.sum(np.trim_zeros(x, trim)))(x).tolist() == expected
        assert (
            jvp(lambda x, trim=trim: np.trim_zeros(x, trim), (x,), (x,))[1].tolist()
            == np.trim_zeros(x, trim).tolist()
        )
    assert vjp(np.trim_zeros, np.zeros(3))[0].shape == (0,)


def test_a_list_is_trimmed_to_a_list():
    parts = []
    grad(lambda x: parts.append(fnp.trim_zeros([0.0, x, 0.0])) or x)(1.0)
    assert type(parts[0]) is list
    assert len(parts[0]) == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.insert(x, 9, 1.0), IndexError),
        (lambda x: np.insert(x, 0, 1.0, axis=1), np.exceptions.AxisError),
        (lambda x: np.insert(x, [0, 1], [1.0, 2.0, 3.0]), ValueError),
        (lambda x: np.delete(x, 9), IndexError),
        (lambda x: np.delete(x, 0, axis=-2), np.exceptions.AxisError),
        (lambda x: np.delete(x, np.array([True])), ValueError),
        (lambda x: np.resize(x, (-1, 2)), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(X)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(X)


def test_an_end_to_trim_that_is_none_is_refused():
    with pytest.raises(ValueError, match="unexpected character"):
        grad(lambda x: np.sum(np.trim_zeros(x, "middle")))(X)
