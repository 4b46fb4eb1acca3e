"""Every way of writing a contraction is brought into one."""

import numpy as np
import pytest

from fgrad import ArgumentError
from fgrad.numpy.algebra.subscripts import explicit


def ones(*shape):
    return np.ones(shape)


@pytest.mark.parametrize(
    ("operands", "expected"),
    [
        (["ij,jk->ik", ones(2, 3), ones(3, 2)], "ij,jk->ik"),
        (["ij,jk", ones(2, 3), ones(3, 2)], "ij,jk->ik"),
        (["kj,ji", ones(2, 3), ones(3, 2)], "kj,ji->ik"),
        (["ii", ones(2, 2)], "ii->"),
        (["ba", ones(2, 3)], "ba->ab"),
        ([" i , i -> ", ones(2), ones(2)], "i,i->"),
        (["...i->i...", ones(2, 3, 4)], "abi->iab"),
        (["...ij,...jk", ones(5, 2, 3), ones(3, 2)], "aij,jk->aik"),
        (["i...,...", ones(2, 3), ones(4, 3)], "ib,ab->abi"),
        (["...,...", ones(2), ones()], "a,->a"),
        ([ones(2, 3), [0, 1], ones(3), [1], [0]], "ab,b->a"),
        ([ones(2, 3), [7, 3]], "ba->ab"),
        ([ones(2, 3), [..., 1], [1, ...]], "ba->ab"),
    ],
)
def test_explicit_subscripts(operands, expected):
    assert explicit(operands)[0] == expected


@pytest.mark.parametrize(
    "operands",
    [
        ["aB,Bc", np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2)],
        ["...ij,...kj", np.arange(12.0).reshape(2, 2, 3), np.arange(6.0).reshape(2, 3)],
        [np.arange(6.0).reshape(2, 3), [20, 4], np.arange(3.0), [4]],
        [np.arange(6.0).reshape(2, 3), [1, ...], [..., 1]],
    ],
)
def test_the_explicit_form_means_the_same(operands):
    subscripts, arrays = explicit(operands)
    assert np.array_equal(np.einsum(subscripts, *arrays), np.einsum(*operands))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ArgumentError, match="1 terms for 2 arrays"):
        explicit(["ij", ones(2, 2), ones(2, 2)])
    with pytest.raises(ArgumentError, match="does not fit an array of 1 axes"):
        explicit(["ij->i", ones(2)])
    with pytest.raises(ArgumentError, match="does not fit an array of 1 axes"):
        explicit(["...ij->i", ones(2)])
