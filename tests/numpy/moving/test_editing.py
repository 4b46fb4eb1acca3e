"""Inserting, deleting, trimming and repeating: values, dtypes and errors as in NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, jvp, vjp, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

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


# zeros at the ends of examples, of which there must be as many

_ROWS = np.array([[0, 1, 0, 2, 0, 0], [0, 3, 4, 5, 0, 0], [0, -1, 0, np.nan, 0, 0], [0, 1, 0, 1, 0, 0]])
ROWS = np.concatenate([_ROWS, 2 * _ROWS[:1]])


@pytest.mark.parametrize("trim", ["fb", "f", "b", "BF"])
@pytest.mark.parametrize("dtype", [float, complex, "float32"])
def test_trimming_of_each_example_is_that_of_all(trim, dtype):
    assert_is_the_loop(lambda x: np.trim_zeros(x, trim), ROWS.astype(dtype))
    assert_is_the_loop(lambda x: np.trim_zeros(x, trim), np.zeros_like(ROWS, dtype))
    assert_is_the_loop(lambda x: np.trim_zeros(x, trim), ROWS[:, :0].astype(dtype))


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), ()])
def test_axes_are_trimmed_together(axis):
    inner = np.random.default_rng(0).normal(size=(5, 2, 3))
    trimmed = {None: (0, 1), 0: (0,), -1: (1,)}.get(axis, axis)
    widths = [(0, 0), *((0, 0) if i in trimmed else width for i, width in enumerate([(1, 2), (2, 0)]))]
    x = np.pad(inner, [(0, 0), (1, 2), (2, 0)])
    assert np.array_equal(vmap(lambda x: fnp.trim_zeros(x, axis=axis))(x), np.pad(inner, widths))
    for shape in ((5, 2, 3), (5, 2, 0), (5, 0, 2)):
        nothing = [0 if i - 1 in trimmed else n for i, n in enumerate(shape)]
        assert vmap(lambda x: fnp.trim_zeros(x, axis=axis))(np.zeros(shape)).shape == tuple(nothing)


def test_trimmings_that_cannot_be_raise_as_in_numpy():
    assert_fails_like_the_loop(lambda x: np.insert(x, 0, x, axis=1), ROWS)
    with pytest.raises(
        BatchingError, match=r"numpy\.trim_zeros: what is left depends on the zeros at the ends"
    ):
        vmap(np.trim_zeros)(np.eye(3))


def test_the_derivative_of_what_is_trimmed_off_is_zero():
    x = np.where(np.isnan(ROWS), 7.0, ROWS)
    found = vmap(grad(lambda x: np.sum(np.trim_zeros(x) ** 2 + np.trim_zeros(x))))(x)
    assert np.array_equal(found, (2 * x + 1) * [0, 1, 1, 1, 0, 0])


def test_captured_bounds_are_decisions(capture):
    for function, x in ((np.trim_zeros, ROWS[0]), (vmap(np.trim_zeros), ROWS)):
        trace = capture()
        assert function(trace.root(x)).shape[-1] == 3
        assert len(trace.decisions) == 1
