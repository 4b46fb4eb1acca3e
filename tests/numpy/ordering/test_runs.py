"""Runs of equal elements in rows, against Python's own grouping."""

from itertools import groupby

import numpy as np
import pytest

from fgrad import BatchingError
from fgrad.numpy.ordering.runs import arrays_of, elements_of, lines_of, runs_of

RNG = np.random.default_rng(2)
#: Three different numbers in each row, in another order.
ROWS = np.stack(
    [RNG.permutation(row) for row in ([1, 1, 2, 3, 3, 3], [5, 6, 6, 7, 7, 7], [0, 0, 0, 0, 2, 4])]
)


def grouped(row):
    return [(value, len(list(group))) for value, group in groupby(sorted(row.tolist()))]


def test_what_a_run_is_made_of_and_how_long_it_is():
    runs = runs_of(ROWS)
    found = zip(runs.chosen(runs.values, "a test").tolist(), runs.counts("a test").tolist(), strict=True)
    assert [list(zip(*pair, strict=True)) for pair in found] == [grouped(row) for row in ROWS]
    assert np.array_equal(np.take_along_axis(ROWS, runs.order, 1), runs.values)


def test_the_first_of_equal_elements_comes_first():
    runs = runs_of(ROWS)
    firsts = runs.chosen(runs.order, "a test")
    assert firsts.tolist() == [[row.tolist().index(value) for value, _ in grouped(row)] for row in ROWS]


def test_every_element_knows_its_run():
    runs = runs_of(ROWS)
    distinct = runs.chosen(runs.values, "a test")
    assert np.array_equal(np.take_along_axis(distinct, runs.members(), 1), ROWS)
    places = runs.firsts()
    assert np.array_equal(np.take_along_axis(runs.values, places, 1), runs.values)
    assert np.all(np.take_along_axis(runs.starts, places, 1))


def test_unsorted_undoes_the_order():
    runs = runs_of(ROWS)
    assert np.array_equal(runs.unsorted(runs.values), ROWS)


def test_nan_are_one_run_if_they_are_to_be():
    rows = np.array([[np.nan, 1.0, np.nan], [2.0, np.nan, np.nan]])
    assert runs_of(rows, equal_nan=True).counts("a test").tolist() == [[1, 2], [1, 2]]
    assert runs_of(rows).counts("a test").tolist() == [[1, 1, 1], [1, 1, 1]]


def test_rows_with_other_numbers_of_runs_make_no_array():
    with pytest.raises(BatchingError, match=r"a test: how many elements .*: 1 and 2"):
        runs_of(np.array([[1, 1], [1, 2]])).counts("a test")
    assert runs_of(np.zeros((2, 0))).counts("a test").shape == (2, 0)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_lines_are_what_lies_along_an_axis_and_make_the_arrays_again(hidden, axis):
    grid = (2, 3)[:hidden]
    a = RNG.normal(size=(*grid, 4, 5))
    lines = lines_of(a, axis, hidden)
    arrays = a.reshape(-1, 4, 5)
    assert np.array_equal(lines[0], arrays[0].ravel() if axis is None else np.moveaxis(arrays[0], axis, 0))
    assert len(lines) == len(arrays)
    expected = a.reshape(*grid, 20) if axis is None else a
    assert np.array_equal(arrays_of(lines, axis, grid), expected)


def test_a_slice_is_compared_as_one_element():
    lines = np.array([[[2, 1], [1, 9], [2, 0], [1, 9]]])
    elements = elements_of(lines)
    assert elements.shape == (1, 4)
    assert np.argsort(elements, axis=1, kind="stable").tolist() == [[1, 3, 2, 0]]
    assert runs_of(elements).counts("a test").tolist() == [[2, 1, 1]]
    assert np.array_equal(elements_of(lines[..., 0]), lines[..., 0])
    assert runs_of(elements_of(np.zeros((2, 3, 0)))).counts("a test").tolist() == [[3], [3]]
