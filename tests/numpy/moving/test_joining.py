"""Joining and splitting: sequences, traced arrays as sequences, and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, vjp

M = np.arange(6.0).reshape(2, 3) + 1


def test_a_traced_array_is_a_sequence_of_its_rows():
    assert grad(lambda x: np.sum(np.concatenate(x) ** 2))(M).tolist() == (2 * M).tolist()
    assert grad(lambda x: np.sum(np.stack(x, axis=1)[0] ** 2))(M).tolist() == [[2, 0, 0], [8, 0, 0]]
    assert grad(lambda x: np.sum(np.vstack(x)[1]))(M).tolist() == [[0, 0, 0], [1, 1, 1]]


def test_lists_among_the_parts():
    assert grad(lambda x: np.sum(fnp.concatenate([[x, 2 * x], [1.0], [x]])))(1.0) == 4
    assert grad(lambda x: np.sum(fnp.hstack([x, [x, x]])))(1.0) == 3
    assert grad(lambda x: np.sum(fnp.block([[x, 1.0], [x, x]])))(1.0) == 3


def test_plain_parts_between_traced_ones_keep_their_place():
    def function(x):
        joined = np.concatenate([M[0], x, M[1], x])
        assert joined.shape == (10,)
        return joined[1] * joined[3] * joined[5] * joined[9]

    assert grad(function)(np.array([2.0, 3.0])).tolist() == [2 * 4 * 3, 2 * 4 * 2]


def test_a_dtype_may_be_asked_for():
    x = np.ones(2, "float32")
    assert grad(lambda x: np.sum(np.concatenate([x, x], dtype="float64")))(x).dtype == np.float32
    assert grad(lambda x: np.sum(np.stack([x, x], dtype="float64")))(x).tolist() == [2, 2]


def test_shapes_that_do_not_fit_raise_as_in_numpy():
    with pytest.raises(ValueError, match="dimensions"):
        grad(lambda x: np.sum(np.concatenate([x, M[0]])))(M)
    with pytest.raises(ValueError, match="same shape"):
        grad(lambda x: np.sum(np.stack([x, M[0, :2]])))(M[0])


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    for split in (np.array_split, np.split):
        with pytest.raises(IndexError):
            grad(lambda x, split=split: np.sum(split(x, 1, axis=2)[0]))(M)
        with pytest.raises(IndexError):
            grad(lambda x, split=split: split(x, 1)[0])(1.0)


def test_a_traced_position_to_split_at_is_refused():
    for split in (np.array_split, np.split, np.hsplit):
        with pytest.raises(DetachedError, match="no derivative with respect to a position"):
            grad(lambda x, split=split: np.sum(split(x, [x[0]])[0]))(M[0])
        with pytest.raises(DetachedError, match="no derivative with respect to a position"):
            grad(lambda x, split=split: np.sum(split(M[0], x)[0]))(1.0)


def test_parts_that_are_not_equal_are_refused_with_the_sibling():
    with pytest.raises(ValueError, match=r"use np\.array_split"):
        grad(lambda x: np.sum(np.split(x, 2)[0]))(M[0])


def test_split_parts_can_be_used_alone():
    assert grad(lambda x: np.sum(np.split(x, [1, 2])[1]))(M[0]).tolist() == [0, 1, 0]
    assert grad(lambda x: np.sum(np.array_split(x, 2)[1]))(M[0]).tolist() == [0, 0, 1]
    assert grad(lambda x: sum(np.prod(part) for part in np.split(x, 3, axis=1)))(M).tolist() == [
        [4, 5, 6],
        [1, 2, 3],
    ]


@pytest.mark.parametrize("sections", [2, [1], [0, 2], [1, 1], [-1], [2, 1], [5]])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_split_gives_the_parts_of_numpy(sections, axis):
    x = np.arange(16.0).reshape(4, 4)
    parts = vjp(lambda x: np.array_split(x, sections, axis), x)[0]
    for part, expected in zip(parts, np.array_split(x, sections, axis), strict=True):
        assert np.array_equal(part, expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda np, x: np.vsplit(x[0], 3),
        lambda np, x: np.hsplit(x[0, 0], 1),
        lambda np, x: np.dsplit(x, 1),
        lambda np, x: np.split(x, 2, axis=2),
        lambda np, x: np.array_split(x, 0),
        lambda np, x: np.concatenate([x, x[0]]),
        lambda np, x: np.concatenate([x[0, 0], x[0, 1]]),
        lambda np, x: np.concatenate([x, x], axis=2),
        lambda np, x: np.stack([x, x], axis=4),
        lambda np, x: np.stack([x, x[0]]),
        lambda np, x: np.concatenate([x, x], dtype=int),
        lambda np, x: np.stack([x, x], dtype="float32", casting="safe"),
        lambda np, x: np.hstack([x, x], dtype=bool),
    ],
)
def test_what_numpy_refuses_to_join_or_split_is_refused(call):
    with pytest.raises((ValueError, IndexError, TypeError)) as numpys:
        call(np, M)
    with pytest.raises(numpys.type):
        grad(lambda x: np.sum(call(fnp, x)[0]))(M)


def test_arrays_are_joined_in_another_dtype():
    value, pull = vjp(lambda x: np.vstack([x, x], dtype="float32", casting="same_kind"), M)
    assert value.dtype == np.float32
    assert pull(np.ones((4, 3), "float32"))[0].tolist() == [[2, 2, 2], [2, 2, 2]]
    counts = []
    grad(lambda x: counts.append(np.concatenate([x, x], dtype=int, casting="unsafe")) or np.sum(x))(M)
    assert counts[0].dtype == int
