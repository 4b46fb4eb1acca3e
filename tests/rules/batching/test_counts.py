"""Counts of many examples at once: of numbers, of what is not zero, and in the bins of histograms."""

from functools import partial

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, vmap
from fgrad.numpy.elements.selection import ARGWHERE, FLATNONZERO, NONZERO
from fgrad.numpy.ordering.histograms import BINS, COUNTS
from tests.rules.batching.loops import assert_is_the_loop, of_examples

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(11)
NUMBERS = np.array([RNG.permutation([0, 1, 1, 4, 2, 4]) for _ in range(5)])


@pytest.mark.parametrize("minlength", [0, 3, 5, 9])
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint32])
def test_counts(minlength, dtype):
    assert_is_the_loop(lambda x: COUNTS(x, minlength=minlength), NUMBERS.astype(dtype))


def test_counts_of_few_numbers():
    assert_is_the_loop(lambda x: COUNTS(x, minlength=2), np.zeros((5, 0), int))
    assert_is_the_loop(lambda x: COUNTS(x, minlength=0), np.zeros((5, 0), int))
    assert_is_the_loop(lambda x: COUNTS(x, minlength=0), np.ones((5, 2), bool))
    assert_is_the_loop(lambda x: COUNTS(x, minlength=8), np.arange(10).reshape(5, 2) % 7)


def test_counts_of_different_lengths_are_refused():
    with pytest.raises(
        BatchingError, match=r"bincount: how many .* differs between the examples .*: 2 and 4\."
    ):
        of_examples(fnp.bincount, [np.array([[1, 1], [3, 0]])], (0,), 2)
    with pytest.raises(BatchingError, match=r"bincount: how many .* no examples"):
        of_examples(fnp.bincount, [np.zeros((0, 2), int)], (0,), 0)


@pytest.mark.parametrize(
    ("x", "minlength", "error"),
    [
        (np.array([[1, 2], [3, -1]]), 0, ValueError),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), 0, TypeError),
        (np.zeros((2, 0)), 1, TypeError),
        (np.zeros((2, 2, 2), int), 0, ValueError),
        (np.array([3, 3]), 0, ValueError),
        (np.array([[1, 2], [2, 1]]), -1, ValueError),
    ],
)
def test_what_numpy_does_not_count_raises_as_in_numpy(x, minlength, error):
    with pytest.raises(error) as expected:
        list(map(partial(np.bincount, minlength=minlength), x))
    with pytest.raises(error) as found:
        of_examples(lambda x: COUNTS(x, minlength=minlength), [x], (0,), len(x))
    assert str(found.value) == str(expected.value)


def test_sums_of_weights_at_numbers_of_each_example():
    weights = RNG.normal(size=(5, 6))
    assert_is_the_loop(lambda x, w: fnp.bincount(x, w, 6), NUMBERS, weights)
    c = RNG.normal(size=6)
    pulled = vmap(grad(lambda w, x: np.sum(c * np.bincount(x, w, 6))), (0, 0))(weights, NUMBERS)
    assert np.allclose(pulled, c[NUMBERS], rtol=1e-15)


# what is not zero

MASKS = np.array([RNG.permutation([True] * 5 + [False] * 7) for _ in range(5)]).reshape(5, 3, 4)


@pytest.mark.parametrize("function", [NONZERO, FLATNONZERO, ARGWHERE])
@pytest.mark.parametrize("dtype", [bool, float, complex, np.int8])
def test_positions_of_what_is_not_zero(function, dtype):
    assert_is_the_loop(function, MASKS.astype(dtype))
    assert_is_the_loop(function, MASKS.reshape(5, 12).astype(dtype))
    assert_is_the_loop(function, np.zeros((5, 2, 0), dtype))
    assert_is_the_loop(function, np.zeros((5, 3), dtype))


@pytest.mark.parametrize("x", [np.zeros(5), np.ones(5)])
def test_positions_in_a_number(x):
    assert_is_the_loop(FLATNONZERO, x)
    assert_is_the_loop(ARGWHERE, x)


def test_a_number_is_refused_as_in_numpy():
    with pytest.raises((ValueError, DeprecationWarning), match="nonzero on 0d arrays"):  # as of NumPy 2.1
        of_examples(NONZERO, [np.ones(3)], (0,), 3)


@pytest.mark.parametrize("function", [NONZERO, FLATNONZERO, ARGWHERE])
def test_numbers_of_positions_that_differ_are_refused(function):
    with pytest.raises(BatchingError, match=f"{function.name}: how many .* differs between the examples"):
        of_examples(function, [np.eye(3)[:2] + np.eye(3)[1]], (0,), 2)
    with pytest.raises(BatchingError, match=f"{function.name}: how many .* no examples"):
        of_examples(function, [np.zeros((0, 3))], (0,), 0)
    found = of_examples(function, [np.zeros((0, 2, 0))], (0,), 0)
    assert [part.shape[:2] for part in found] == [(0, 0)] * len(found)


# bins

X = RNG.normal(size=(5, 8))
EDGES = np.sort(RNG.normal(size=(5, 4)), axis=1)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int64, np.uint8])
@pytest.mark.parametrize("limits", [(None, None), (-0.5, 1.0), (0, 3), (2.0, 2.0), (np.float64(-1), 1.5)])
def test_even_bins(several, dtype, limits):
    x = np.abs(4 * X).astype(dtype)
    assert_is_the_loop(lambda x: BINS(x, 3, *limits, several=several), x)


@pytest.mark.parametrize("several", [False, True])
def test_bins_in_a_range_of_each_example(several):
    low, high = X.min(axis=1) + 0.1, X.max(axis=1) - 0.1
    bins = lambda x, low, high: BINS(x, 3, low, high, several=several)  # noqa: E731
    assert_is_the_loop(bins, X, low, high)
    assert_is_the_loop(bins, X[0], low, high, axes=(None, 0, 0))
    assert_is_the_loop(bins, X, -5.0, high, axes=(0, None, 0))
    assert_is_the_loop(bins, X.astype(np.float32), low.astype(np.float32), 5.0, axes=(0, 0, None))


@pytest.mark.parametrize("several", [False, True])
def test_given_edges(several):
    bins = lambda x, edges: BINS(x, edges, None, None, several=several)  # noqa: E731
    assert_is_the_loop(bins, X, EDGES)
    assert_is_the_loop(bins, X, EDGES[0], axes=(0, None))
    assert_is_the_loop(bins, X[0], EDGES, axes=(None, 0))
    on_edges = np.concatenate([EDGES, EDGES[:, -1:], np.full((5, 1), np.nan)], axis=1)
    assert_is_the_loop(bins, on_edges, EDGES)
    assert_is_the_loop(bins, X.astype(np.float32), EDGES)


def test_a_number_of_bins_of_each_example_must_be_the_same():
    bins = lambda x, count: BINS(x, count, None, None, several=False)  # noqa: E731
    assert_is_the_loop(bins, X, np.full(5, 4))
    with pytest.raises(BatchingError, match=r"bins of a histogram: how many .* differs .*: 3 and 4"):
        of_examples(bins, [X[:2], np.array([3, 4])], (0, 0), 2)


@pytest.mark.parametrize("bins", ["auto", "sqrt", "scott", "doane"])
def test_estimated_numbers_of_bins(bins):
    same = np.array([3.0 * i + (1 + i) * X[0] for i in range(5)])
    assert_is_the_loop(lambda x: BINS(x, bins, None, None, several=False), same)
    with pytest.raises(BatchingError, match=r"bins of a histogram: how many .* no examples"):
        of_examples(lambda x: BINS(x, bins, None, None, several=False), [X[:0]], (0,), 0)


def test_estimated_numbers_that_differ_are_refused():
    x = np.array([np.arange(8.0), np.r_[:7, 1000.0]])
    with pytest.raises(BatchingError, match=r"bins of a histogram: how many .* differs between the examples"):
        of_examples(lambda x: BINS(x, "fd", None, None, several=False), [x], (0,), 2)


def test_bins_of_nothing():
    assert_is_the_loop(lambda x: BINS(x, 3, None, None, several=False)[:2], np.zeros((5, 0)))
    found = of_examples(lambda x: BINS(x, 3, None, None, several=False), [X[:0]], (0,), 0)
    assert [part.shape for part in found] == [(0, 4), (0, 8), (0,), (0,)]
    assert np.array_equal(found[1].dtype, np.dtype(int))


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize(
    ("bins", "limits", "spoiled"),
    [
        (0, (None, None), 0.0),
        (2.5, (None, None), 0.0),
        (3, (2.0, 1.0), 0.0),
        (3, (0.0, np.inf), 0.0),
        (3, (None, None), np.nan),
        (3, (None, None), np.inf),
        ([1.0, 0.0], (None, None), 0.0),
        (np.zeros((2, 2)), (None, None), 0.0),
        ("automatic", (None, None), 0.0),
    ],
)
def test_wrong_bins_raise_as_in_numpy(several, bins, limits, spoiled):
    x = X.copy()
    x[3, 2] = spoiled
    bins = np.array(bins) if isinstance(bins, list) else bins
    binned = lambda x: BINS(x, bins, *limits, several=several)  # noqa: E731
    with pytest.raises((TypeError, ValueError)) as expected:
        list(map(binned, x))
    with pytest.raises(type(expected.value)) as found:
        of_examples(binned, [x], (0,), 5)
    assert str(found.value) == str(expected.value)


def test_edges_of_an_example_that_do_not_rise_raise_as_in_numpy():
    edges = EDGES.copy()
    edges[2] = edges[2, ::-1]
    with pytest.raises(ValueError, match="must increase monotonically"):
        of_examples(lambda x, e: BINS(x, e, None, None, several=False), [X, edges], (0, 0), 5)


@pytest.mark.parametrize("density", [False, True])
def test_histograms(density):
    weights = np.abs(RNG.normal(size=X.shape))
    assert_is_the_loop(lambda x: fnp.histogram(x, 4, density=density), X)
    found = vmap(lambda x, w: np.histogram(x, EDGES[0], weights=w, density=density)[0])(X, weights)
    expected = [
        np.histogram(x, EDGES[0], weights=w, density=density)[0] for x, w in zip(X, weights, strict=True)
    ]
    assert np.allclose(found, expected, rtol=1e-14)


def test_the_edges_of_each_example_move_with_its_ends():
    c = np.array([1.0, 2.0, 4.0, 8.0])
    total = lambda x: np.sum(c * np.histogram(x, 3)[1])  # noqa: E731
    fractions = np.arange(4) / 3
    expected = np.zeros_like(X)
    rows = np.arange(5)
    expected[rows, X.argmin(axis=1)] = np.sum(c * (1 - fractions))
    expected[rows, X.argmax(axis=1)] = np.sum(c * fractions)
    assert np.allclose(vmap(grad(total))(X), expected, rtol=1e-14)
    assert np.allclose(grad(lambda x: np.sum(vmap(total)(x)))(X), expected, rtol=1e-14)
