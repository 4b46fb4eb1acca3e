from contextvars import Context

import numpy as np
import pytest

from fgrad import LeakedBoxError
from fgrad.core.box import key_of
from fgrad.implicit.watching import Environment, level_of, resolve, standing_in
from fgrad.modes.forward import ForwardTrace
from fgrad.modes.reverse import ReverseTrace


@pytest.mark.parametrize("stands", [5.0, np.array([5.0, 6.0])])
def test_a_value_stands_for_a_box_in_every_kind_of_operation(stands):
    trace = ReverseTrace("a test")
    x = trace.root(2.0)
    with standing_in(Environment({key_of(x): stands}), [trace]):
        np.testing.assert_array_equal(np.exp(x), np.exp(stands))
        np.testing.assert_array_equal(x * 3.0, stands * 3.0)
        np.testing.assert_array_equal(3.0 - x, 3.0 - stands)
        np.testing.assert_array_equal(x + x, stands + stands)
        np.testing.assert_array_equal(np.sum(x), np.sum(stands))
        np.testing.assert_array_equal(resolve(x), stands)
    assert (x + x).value == 4.0


def test_an_operation_belongs_to_the_inner_of_the_traces_that_stand_in():
    outer, inner = ReverseTrace("outer"), ForwardTrace("inner")
    x, y = outer.root(2.0), inner.root(3.0, 1.0)
    newest = ForwardTrace("newest")
    z = newest.root(4.0, 1.0)
    with standing_in(Environment({key_of(x): z}), [outer]):
        product = x * y
    assert product.owner is newest
    assert (newest.tangent(product).owner, product.value.owner) == (inner, inner)
    assert level_of(outer) < level_of(inner) < level_of(newest)


def test_other_boxes_of_a_watched_trace_are_recorded_as_ever():
    trace = ReverseTrace("a test")
    x, y = trace.root(2.0), trace.root(3.0)
    later = ForwardTrace("later")
    z = later.root(4.0, 1.0)
    with standing_in(Environment({key_of(x): 5.0}), [trace]):
        product = x * y * z
    assert product.owner is later
    assert trace.pull_back(later.tangent(product), 1.0) == [None, 5.0]


def test_what_stands_for_a_box_is_known_to_one_context_only():
    trace = ReverseTrace("a test")
    x = trace.root(2.0)
    with standing_in(Environment({key_of(x): 5.0}), [trace]):
        elsewhere = Context().run(lambda: x * x)
        assert x * x == 25.0
    assert trace.pull_back(elsewhere, 1.0) == [4.0]


def test_environments_nest_and_the_inner_one_is_asked_first():
    trace = ReverseTrace("a test")
    x, y = trace.root(2.0), trace.root(3.0)
    with standing_in(Environment({key_of(x): y}), [trace]):
        with standing_in(Environment({key_of(y): 7.0}), [trace]):
            assert x * 1.0 == 7.0
        with standing_in(Environment({key_of(x): 8.0}), [trace]):
            assert x * 1.0 == 8.0
    assert type(trace) is ReverseTrace


def test_a_finished_trace_may_be_watched_and_still_refuses_other_boxes():
    trace = ReverseTrace("a test")
    x, y = trace.root(2.0), trace.root(3.0)
    trace.finish()
    with standing_in(Environment({key_of(x): 5.0}), [trace]):
        assert x * 2.0 == 10.0
        with pytest.raises(LeakedBoxError, match="a test, which has already returned"):
            y * 2.0
    with pytest.raises(LeakedBoxError):
        x * 2.0


def test_a_trace_that_finishes_while_it_is_watched_stays_finished():
    trace = ReverseTrace("a test")
    x = trace.root(2.0)
    with standing_in(Environment({key_of(x): 5.0}), [trace]):
        trace.finish()
    with pytest.raises(LeakedBoxError):
        x * 2.0
