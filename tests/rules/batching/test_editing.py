"""Inserting and deleting at positions that differ between examples: the loop over them, without a loop."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(11)
X = RNG.normal(size=(5, 3, 4))
AT = np.array([0, 2, -1, 3, -3])
SEVERAL = np.array([[0, 2], [2, 0], [1, 1], [-1, 3], [3, -3]])
MASKS = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]], bool)

takes_masks = np.lib.NumpyVersion(np.__version__) >= "2.2.0"
if_ints = pytest.mark.filterwarnings("ignore:in the future insert will treat boolean arrays:FutureWarning")


@pytest.mark.parametrize("axis", [None, 0, 1, -1, -2])
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.intp])
def test_one_value_is_inserted_anywhere(axis, dtype):
    at = AT.astype(dtype)
    assert_is_the_loop(lambda x, at: np.insert(x, at, 7.0, axis), X, at)
    assert_is_the_loop(lambda x, at: np.insert(x, at, 7.0, axis), X, at[:, None])
    assert_is_the_loop(lambda x, at: fnp.insert(x, at, 7.0, axis), X[0], at, axes=(None, 0))


@pytest.mark.parametrize("values", [RNG.normal(size=(5, 4)), RNG.normal(size=(5, 2, 4))], ids=["row", "rows"])
def test_several_values_are_inserted_at_one_place(values):
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, v, 0), X, AT, values)
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, v, 0), X, AT[:, None], values)
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, np.swapaxes(v, 0, -1)[:3], -2), X, AT, values[:, :1])
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, v), X, AT, values[:, 0])


@pytest.mark.parametrize("axis", [None, 0, -1])
def test_values_are_inserted_at_several_places(axis):
    assert_is_the_loop(lambda x, at: np.insert(x, at, 7.0, axis), X, SEVERAL)
    assert_is_the_loop(lambda x, at: np.insert(x, [at, 1], 7.0, axis), X, AT)
    far = np.array([[-4, 0], [-5, 0], [0, 0], [-4, -4], [-3, 3]])  # which NumPy lets wrap around
    assert_is_the_loop(lambda x, at: np.insert(x, at, [7.0, 8.0], 0), X[:, :, 0], far)
    values = RNG.normal(size=(5, 2))
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, v), X, SEVERAL, values)
    assert_is_the_loop(lambda x, at, v: np.insert(x, at, v, 1), X, SEVERAL, values)


def test_nothing_is_inserted_nowhere():
    assert_is_the_loop(lambda x, at: np.insert(x, at, 7.0), X, np.zeros((5, 0), int))
    assert_is_the_loop(lambda x, at: np.insert(x, at, 7.0, 0), X[:, :0], np.zeros(5, int))


@if_ints
def test_masks_to_insert_at_mean_what_they_mean_to_numpy():
    assert_is_the_loop(lambda x, mask: np.insert(x, mask, [7.0], 0), X[:, :, 0], MASKS)
    if takes_masks:
        assert_is_the_loop(lambda x, mask: np.insert(x, mask, [7.0, 8.0], 0), X[:, :, 0], MASKS)
        with pytest.raises(BatchingError, match="how many elements there are depends on the values"):
            vmap(lambda x, mask: np.insert(x, mask, 7.0, 0))(X, np.tri(5, 3, dtype=bool))


@if_ints
@pytest.mark.parametrize(
    ("at", "axis"),
    [
        (np.array([0, 4, 9, 0, 0]), 0),
        (np.array([0, 0, 0, 0, -6]), 1),
        (np.array([[0, 1], [5, 1], [9, 9], [0, 0], [0, 0]]), 0),
        (np.array([[0, 1], [-9, 1], [9, 9], [0, 0], [0, 0]]), 1),
        (AT * 1.0, 0),
        (SEVERAL * 1.0, 0),
        (SEVERAL[:, None], 0),
        (MASKS[:, None], 0),
        (AT, 2),
    ],
)
def test_insertions_that_cannot_be_raise_as_in_numpy(at, axis):
    assert_fails_like_the_loop(lambda x, at: np.insert(x, at, 7.0, axis), X, at)


def test_values_that_do_not_fit_raise_as_in_numpy():
    assert_fails_like_the_loop(lambda x, at: np.insert(x, at, [1.0, 2.0, 3.0], 0), X, SEVERAL)
    assert_fails_like_the_loop(lambda x, at: np.insert(x, at, [1.0, 2.0, 3.0], 0), X, AT)


def test_the_derivatives_of_an_insertion_are_read_where_things_come_to_stand():
    w = RNG.normal(size=4)
    x, v = X[:, :, 0], RNG.normal(size=5)
    by_x, by_v = vmap(grad(lambda x, v, at: w @ np.insert(x, at, v) ** 2, (0, 1)))(x, v, AT)
    places = np.where(AT < 0, AT + 3, AT)
    assert by_v == pytest.approx(2 * w[places] * v, rel=1e-15)
    expected = np.stack([2 * np.delete(w, i) * row for i, row in zip(places, x, strict=True)])
    assert by_x == pytest.approx(expected, rel=1e-15)
    total = grad(lambda v: np.sum(vmap(lambda x, v, at: w @ np.insert(x, at, v) ** 2)(x, v, AT)))(v)
    assert total == pytest.approx(by_v, rel=1e-15)


# deleting


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("dtype", [np.int64, np.int8])
def test_one_element_is_deleted(axis, dtype):
    at = np.clip(AT, -3, 2).astype(dtype)
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, at)
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, at[:, None])
    assert_is_the_loop(lambda x, at: fnp.delete(x, at, axis), X[0], at, axes=(None, 0))


@pytest.mark.parametrize("axis", [None, 0, -1])
def test_several_elements_are_deleted(axis):
    at = np.array([[0, 2], [2, 0], [-3, -1], [0, 1], [2, -3]])
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, at)
    assert_is_the_loop(lambda x, at: np.delete(x, [at, 1], axis), X, np.array([0, 2, -1, 2, 0]))
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, at[:, None, :])
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, np.ones((5, 3), int))
    assert_is_the_loop(lambda x, at: np.delete(x, at, axis), X, np.zeros((5, 0), int))


def test_what_a_mask_names_is_deleted():
    assert_is_the_loop(lambda x, mask: np.delete(x, mask, 0), X, MASKS)
    assert_is_the_loop(lambda x, mask: np.delete(x, mask), X[:, :, 0], MASKS)


def test_numbers_of_deletions_that_differ_are_refused():
    with pytest.raises(BatchingError, match=r"delete: how many elements there are .*: 1 and 2"):
        vmap(lambda x, at: np.delete(x, at, 0))(X, np.array([[0, 1], [0, 1], [1, 1], [0, 2], [2, 2]]))
    assert vmap(lambda x, at: np.delete(x, at, 1))(X[:0], AT[:0]).shape == (0, 3, 3)
    assert vmap(lambda x, at: np.insert(x, at, 7.0, 1))(X[:0], AT[:0]).shape == (0, 3, 5)


@pytest.mark.parametrize(
    ("at", "axis"),
    [
        (np.array([0, 3, 9, 0, 0]), 0),
        (np.array([0, 0, 0, 0, -6]), 1),
        (np.array([[0, 1], [5, 1], [9, 9], [0, 0], [0, 0]]), 1),
        (AT * 1.0, 0),
        (SEVERAL * 1.0, 0),
        (MASKS[:, :2], 0),
        (MASKS[:, :1], 0),
        (MASKS[:, 0], 0),
        (AT, 2),
    ],
)
def test_deletions_that_cannot_be_raise_as_in_numpy(at, axis):
    assert_fails_like_the_loop(lambda x, at: np.delete(x, at, axis), X, at)


def test_a_number_of_deletions_that_values_decide_is_a_decision(capture):
    trace = capture()
    one, several = trace.root(np.int64(1)), trace.root(np.array([1, 1]))
    kept = [fnp.delete(X[0, 0], one), fnp.insert(X[0, 0], one, 7.0)]
    assert trace.decisions == []
    kept.append(fnp.delete(X[0, 0], several))
    assert len(trace.graph_of("a test", kept).decisions) == 1
    assert [len(part.value) for part in kept] == [3, 5, 3]
