"""Rolling and repeating by what differs between examples: the loop over them, without a loop."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(7)
X = RNG.normal(size=(5, 3, 4))
BY = np.array([0, 1, -1, 7, -13])


@pytest.mark.parametrize("axis", [None, 0, -1, 1, (0, 1), (1, 1), (0, -2)])
@pytest.mark.parametrize("dtype", [np.int64, np.int8])
def test_rolls_by_one_number(axis, dtype):
    by = BY.astype(dtype)
    assert_is_the_loop(lambda x, by: np.roll(x, by, axis), X, by)
    assert_is_the_loop(lambda x, by: fnp.roll(x, by, axis), X[0], by, axes=(None, 0))


@pytest.mark.parametrize("by", [np.array([True, False, True]), np.array([0, 7, 13], np.uint8)], ids=str)
def test_rolls_by_numbers_without_a_sign(by):
    expected = [np.roll(x, int(i), 1) for x, i in zip(X, by, strict=False)]
    assert np.array_equal(vmap(lambda x, by: np.roll(x, by, 1))(X[:3], by), expected)


@pytest.mark.parametrize("axis", [None, 1, (0, 1), (1, 0), (1, 1)])
def test_rolls_by_several_numbers(axis):
    assert_is_the_loop(lambda x, by: np.roll(x, by, axis), X, np.stack([BY, BY[::-1]], axis=1))
    assert_is_the_loop(lambda x, by: np.roll(x, (by, 2), axis), X, BY)


@pytest.mark.parametrize("shape", [(5,), (5, 0), (5, 1), (5, 2, 0)])
def test_rolls_of_little(shape):
    x = RNG.normal(size=shape)
    assert_is_the_loop(lambda x, by: np.roll(x, by), x, BY)


def test_rolls_by_integers_that_no_float_can_tell_apart():
    for big in (2**62 + np.arange(5), np.uint64(2**63) + np.arange(5, dtype=np.uint64)):
        expected = [np.roll(x, int(by) % 3, 0) for x, by in zip(X, big, strict=True)]
        assert np.array_equal(vmap(lambda x, by: np.roll(x, by, 0))(X, big), expected)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rolls_by_fractions_mean_what_they_mean_to_numpy(dtype):
    by = np.array([0.5, -1.5, 2.0, -7.9, 3e4], dtype)
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
        assert_is_the_loop(lambda x, by: np.roll(x, by, 1), X, by)
    else:
        assert_fails_like_the_loop(lambda x, by: np.roll(x, by, 1), X, by)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rolls_by_no_number_raise_as_in_numpy(bad):
    by = np.array([0.0, 1.0, bad, 0.0, -bad])
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
        assert_fails_like_the_loop(lambda x, by: np.roll(x, by, 1), X, by)


def test_rolls_that_cannot_be_raise_as_in_numpy():
    assert_fails_like_the_loop(lambda x, by: np.roll(x, by, 2), X, BY)
    assert_fails_like_the_loop(lambda x, by: np.roll(x, by, (0, 1)), X, np.ones((5, 3), int))
    assert_fails_like_the_loop(lambda x, by: np.roll(x, by, 0), X, np.ones((5, 1, 2), int))


def test_the_derivative_of_a_roll_is_rolled_back():
    w = RNG.normal(size=(3, 4))
    found = vmap(grad(lambda x, by: np.sum(w * np.roll(x, by, 1))))(X, BY)
    assert np.array_equal(found, np.stack([np.roll(w, -by, 1) for by in BY]))
    over = grad(lambda x: np.sum(vmap(lambda x, by: np.sum(w * np.roll(x, by, 1)))(x, BY)))(X)
    assert np.array_equal(over, found)


# repeats

COUNTS = np.array([[1, 0, 2], [0, 3, 0], [1, 1, 1], [3, 0, 0], [0, 0, 3]])


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
def test_repeats_by_a_count_for_each_element(dtype):
    assert_is_the_loop(lambda x, counts: np.repeat(x, counts, axis=0), X, COUNTS.astype(dtype))
    assert_is_the_loop(lambda x, counts: fnp.repeat(x, counts, 0), X[0], COUNTS.astype(dtype), axes=(None, 0))


def test_repeats_of_all_elements():
    assert_is_the_loop(lambda x, count: np.repeat(x, count), X, np.full(5, 2))
    assert_is_the_loop(lambda x, count: np.repeat(x, count, axis=-1), X, np.full((5, 1), 3))
    assert_is_the_loop(lambda x, count: np.repeat(x, count, axis=-1), X, np.zeros((5, 1), int))
    assert_is_the_loop(lambda x, count: np.repeat(x, count, axis=0), X[:, :0], np.arange(5))
    assert_is_the_loop(
        lambda x, mask: np.repeat(x, mask, axis=0), X, np.eye(5, 3, dtype=bool)[[0, 1, 2, 0, 1]]
    )


def test_a_single_fraction_is_the_count_that_it_is_to_numpy():
    assert_is_the_loop(lambda x, count: np.repeat(x, count), X, np.array([2.0, 2.5, 2.9, 2.0, 2.1]))


def test_repeats_of_different_totals_are_refused():
    with pytest.raises(BatchingError, match=r"repeat: how many elements .* differs .*: 2 and 3"):
        vmap(lambda x, counts: np.repeat(x, counts, axis=0))(
            X, np.array([[1, 0, 1], [2, 0, 1], [1, 1, 0], [1, 1, 1], [0, 0, 2]])
        )
    with pytest.raises(BatchingError, match=r"repeat: .* there are no examples"):
        vmap(lambda counts: fnp.repeat(X[0], counts))(np.zeros(0, int))


@pytest.mark.parametrize(
    "counts",
    [
        np.array([[1, 0, 2], [1, -1, 3], [-2, 2, 3], [1, 1, 1], [1, 1, 1]]),
        np.array([1, 1, -1, 1, 1]),
        np.array([1.0, np.nan, 1, 1, 1]),
        np.array([1.0, np.inf, 1, 1, 1]),
        np.ones((5, 2), int),
        np.ones((5, 1, 3), int),
        np.ones((5, 3)),
        np.ones((5, 3), np.uint64),
        np.ones((5, 3), complex),
    ],
)
def test_repeats_that_cannot_be_raise_as_in_numpy(counts):
    assert_fails_like_the_loop(lambda x, counts: np.repeat(x, counts, axis=0), X, counts)


def test_the_derivative_of_a_repeat_adds_up():
    w = RNG.normal(size=(3, 4))
    expected = np.stack([_added(w, counts) for counts in COUNTS])
    found = vmap(grad(lambda x, counts: np.sum(w * np.repeat(x, counts, axis=0))))(X, COUNTS)
    assert found == pytest.approx(expected, rel=1e-15)


def _added(w, counts):
    ends = np.cumsum(counts)
    return np.stack([w[end - count : end].sum(axis=0) for end, count in zip(ends, counts, strict=True)])


def test_a_captured_total_is_a_decision_and_a_captured_roll_is_none(capture):
    trace = capture()
    counts, by = trace.root(np.array([1, 2, 0])), trace.root(np.int64(1))
    outputs = [np.roll(X[0, 0, :3] * by, by)]
    assert trace.decisions == []
    outputs.append(np.repeat(counts * 1.5, counts))
    graph = trace.graph_of("a test", outputs)
    assert len(graph.decisions) == 1
    assert outputs[1].value.tolist() == [1.5, 3, 3]
