import math

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.core.box import Box, new_box
from fgrad.core.trace import is_tracing
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.slate import SLATES, distinct, holds_traced, is_slate, plain, plain_all, slate, write_plain


def new_slate(array):
    return new_box(array, SLATES, False)


def test_outside_a_transform_a_new_array_is_numpys():
    assert not is_tracing()
    array = np.zeros(2)
    assert slate(array) is array


def test_inside_it_is_a_slate_until_a_traced_value_is_written():
    def function(x):
        assert is_tracing()
        a = fnp.zeros(2)
        assert is_slate(a)
        a[0] = 3.0
        assert is_slate(a)
        a[1] = x
        assert type(a) is Box
        assert not is_slate(a)
        return a[0] * a[1]

    assert grad(function)(2.0) == 3.0


def test_a_failed_transform_leaves_nothing_behind():
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: x / 0)(1.0)
    assert not is_tracing()


def test_a_generator_that_is_left_behind_leaves_nothing():
    def suspended():
        trace = ReverseTrace("a test")
        yield trace.root(1.0)

    steps = suspended()
    next(steps)
    assert is_tracing()
    del steps
    assert not is_tracing()


def test_a_slate_is_a_constant_of_every_trace():
    a = new_slate(np.array([1.0, 2.0]))
    assert SLATES.level == math.inf
    assert (a * 2).tolist() == [2, 4]
    assert type(np.sin(a)) is np.ndarray
    trace = ReverseTrace("a test")
    x = trace.root(3.0)
    assert (x * a).owner is trace
    assert trace.pull_back(np.sum(a * x), 1.0) == [3.0]


def test_plain_values_are_written_in_place_until_a_record_keeps_the_array():
    a = new_slate(np.zeros(3))
    buffer = a.value
    write_plain(a, 0, 1.0)
    assert a.value is buffer
    kept = ReverseTrace("a test").root(2.0) * a
    write_plain(a, 1, 5.0)
    assert a.value is not buffer
    assert kept.value.tolist() == [2, 0, 0]
    assert buffer.tolist() == [1, 0, 0]


def test_a_view_follows_when_its_array_is_copied_to_be_written():
    a = new_slate(np.zeros((2, 2)))
    row = a[1]
    ReverseTrace("a test").root(2.0) * a
    row[0] = 4.0
    assert a.value.tolist() == [[0, 0], [4, 0]]
    a[1] = 7.0
    assert row.value.tolist() == [7, 7]


def test_what_is_handed_out_is_not_written_into():
    a = new_slate(np.zeros(2))
    out = plain(a)
    a[0] = 1.0
    assert out.tolist() == [0, 0]


def test_copies_are_distinct():
    a = new_slate(np.zeros(2))
    b = distinct(a)
    a[0] = 1.0
    assert plain(b).tolist() == [0, 0]
    x = ReverseTrace("a test").root(np.ones(2))
    y = distinct(x)
    x[0] = 5.0
    assert y.value.tolist() == [1, 1]
    assert distinct(2.0) == 2.0


def test_lists_of_slates_are_made_plain():
    a, x = new_slate(np.zeros(1)), ReverseTrace("a test").root(1.0)
    assert plain_all([a, (a, 2)])[1][1] == 2
    assert not holds_traced([a, (a, 2)])
    assert holds_traced([a, (x,)])
