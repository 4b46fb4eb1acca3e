"""Captured runs in which arrays are written into, and in which values decide."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, LeakedBoxError, capture

X = np.array([1.0, 2.0, 3.0])
# arrays that are written into


def test_arrays_are_made_and_filled_inside():
    def f(x):
        out = fnp.zeros(3)
        out[0] = x
        out[1:] += x * out[0]
        last = out[::-1]
        last[0] = 7.0
        return out

    np.testing.assert_array_equal(capture(f)(2.0)(3.0), [3.0, 9.0, 7.0])


def test_views_show_what_is_written_into_what_they_are_of():
    def f(x):
        y = x * 1.0
        view = y[1:]
        view *= 3.0
        y[0] += view[1]
        return y, view

    y, view = capture(f)(X)(2 * X)
    np.testing.assert_array_equal(y, [2 + 18.0, 12.0, 18.0])
    np.testing.assert_array_equal(view, [12.0, 18.0])


def test_out_and_where_are_captured():
    def f(x):
        out = fnp.full(3, 9.0)
        fnp.multiply(x, 2.0, out=out, where=x > 1.5)
        return out

    np.testing.assert_array_equal(capture(f)(X)(X[::-1].copy()), [6.0, 4.0, 9.0])


def test_an_array_that_changes_between_two_uses_is_in_the_graph_as_it_was_at_each():
    a = np.array([1.0, 1.0, 1.0])

    def f(x):
        y = x * a
        a[0] += 10.0
        z = y + a
        a[0] -= 10.0
        return z

    graph = capture(f)(X)
    a[:] = 100.0
    np.testing.assert_array_equal(graph(X), [1 + 11.0, 2 + 1.0, 3 + 1.0])


def test_an_index_and_a_mask_that_change_are_in_the_graph_as_they_were():
    index, mask = np.array([0, 1]), np.array([True, False, True])
    graph = capture(lambda x: (x[index], x[mask], fnp.take(x, index)))(X)
    index[:], mask[:] = 2, False
    for found, expected in zip(graph(X), ([1, 2], [1, 3], [1, 2]), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_large_array_that_changes_after_it_was_used_is_refused():
    large = np.ones(100_000)

    def f(x):
        y = x * large
        large[0] += 1.0
        return y

    with pytest.raises(ArgumentError, match=r"array of shape \(100000,\) was changed in place after"):
        capture(f)(2.0)
    assert capture(lambda x: fnp.sum(x * large))(2.0)(3.0) == 3.0 * large.sum()


# decisions


def test_each_decision_has_its_line():
    def f(x):
        if x > 1.0:
            x = x * 0.5
        while x > 0.2:
            x = x * 0.5
        return x

    lines = [decision.place.source() for decision in capture(f)(3.0).decisions]
    assert lines[0] == "if x > 1.0:"
    assert set(lines[1:]) == {"while x > 0.2:"}
    assert len(lines) == 1 + 4


def test_the_graph_holds_for_inputs_that_decide_alike():
    graph = capture(lambda x: x * 2.0 if x > 1.0 else -x)(3.0)
    assert graph(2.0) == 4.0
    assert graph(0.5) == 1.0  # as it was decided in the capture


@pytest.mark.parametrize("count", [len, lambda a: a.shape[0], lambda a: a.size, lambda a: sum(1 for _ in a)])
def test_how_many_elements_there_are_is_a_decision(count):
    graph = capture(lambda x: fnp.sum(x) / count(x[x > 1.5]))(X)
    assert graph.decisions[0].place.source().startswith("graph = capture(")
    assert graph(2 * X) == 12.0 / 2


# boxes that are left over


def test_a_function_that_leaks_a_box_raises_where_that_is_used():
    left = []

    def leaking(x):
        left.append(x)
        return x * 2.0

    graph = capture(leaking)(1.0)
    assert graph(4.0) == 8.0
    with pytest.raises(LeakedBoxError, match="capture, which has already returned"):
        fnp.sin(left[0])
    with pytest.raises(LeakedBoxError, match="x received a traced value of capture"):
        capture(lambda x: x)(left[0])
    with pytest.raises(LeakedBoxError):
        graph(left[0])
