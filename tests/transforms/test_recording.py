"""Graphs: what was done to some values, to be done again with others."""

import numpy as np
import pytest

from fgrad import LeakedBoxError, grad, jvp, vmap
from fgrad.core.box import Box
from fgrad.ir.graph import Variable
from fgrad.transforms.recording import Recorder


def recorded(function, *values):
    """Return the graph of a function that returns a list, and what it was given."""
    recorder = Recorder("a test")
    try:
        outputs = function(*(recorder.root(value) for value in values))
        return recorder.graph_of(outputs), recorder.given
    finally:
        recorder.finish()


X = np.array([0.3, -0.7, 1.2])


def test_a_graph_does_again_what_was_done_with_other_values():
    graph, given = recorded(lambda x, y: [np.sin(x) * y, np.sum(x)], X, 2.0)
    assert given[0] is X
    assert given[1] == 2.0
    first, second = graph.run([2 * X, 5.0])
    np.testing.assert_array_equal(first, np.sin(2 * X) * 5.0)
    assert second == np.sum(2 * X)


def test_steps_that_no_output_needs_are_left_out():
    graph, _ = recorded(lambda x: [x * 2.0, np.exp(x) + np.tanh(x)][:1], X)
    assert [step.primitive.name for step in graph.nodes] == ["operator.mul"]


def test_values_are_let_go_after_their_last_use():
    graph, _ = recorded(lambda x: [np.sin(np.cos(np.exp(x)) * x)], X)
    at_once = 1
    most = 1
    for step, done in zip(graph.nodes, graph.last_uses(), strict=True):
        at_once += 1
        most = max(most, at_once)
        at_once -= len(done)
        assert step.results[0] not in done
    assert most == 3
    assert at_once == 1


def test_an_operation_with_several_results_gives_them_all_again():
    def function(a):
        w, v = np.linalg.eigh(a)
        return [w, v * w]

    a = np.array([[2.0, 1.0], [1.0, 0.0]])
    graph, _ = recorded(function, a)
    w, vw = graph.run([3 * a])
    np.testing.assert_allclose(w, np.linalg.eigvalsh(3 * a), rtol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(vw, axis=0), np.abs(w), rtol=1e-14)
    only_values, _ = recorded(lambda a: function(a)[:1], a)
    np.testing.assert_allclose(only_values.run([3 * a])[0], w, rtol=1e-14)


def test_what_is_decided_by_a_value_stays_as_it_was():
    graph, _ = recorded(lambda x: [np.where(x > 0, x, 10 * x)], X)
    np.testing.assert_array_equal(graph.run([np.ones(3)])[0], [1.0, 10.0, 1.0])
    assert all(
        type(arg) is Variable or type(arg.value) is not Box for step in graph.nodes for arg in step.args
    )


def test_traced_values_from_outside_become_inputs_each_once():
    graphs = []

    def outer(w):
        h = w * 3.0
        graph, given = recorded(lambda x: [x * h + x * w + x * h], 2.0)
        graphs.append((graph, given))
        return graph.run(given)[0]

    assert grad(outer)(5.0) == 2 * (3.0 + 1.0 + 3.0)
    graph, given = graphs[0]
    assert len(given) == 3  # x, h and w
    assert graph.run([1.0, 10.0, 100.0]) == [120.0]


def test_two_uses_of_one_plain_value_are_two_inputs():
    graph, given = recorded(lambda a, b: [a * b], X, X)
    assert len(given) == 2
    np.testing.assert_array_equal(graph.run([X, np.ones(3)])[0], X)


def test_a_graph_can_be_differentiated_batched_and_recorded():
    graph, _ = recorded(lambda x: [np.sum(np.sin(x) ** 2)], X)
    run = lambda x: graph.run([x])[0]  # noqa: E731
    np.testing.assert_allclose(grad(run)(X), np.sin(2 * X), rtol=1e-14)
    np.testing.assert_allclose(jvp(run, (X,), (X,))[1], np.sin(2 * X) @ X, rtol=1e-14)
    np.testing.assert_allclose(vmap(run)(np.stack([X, 2 * X])), [run(X), run(2 * X)], rtol=1e-14)
    again, _ = recorded(lambda x: [run(x)], 2 * X)
    assert again.run([X])[0] == run(X)


def test_a_recording_leaves_no_trace_on_other_transforms():
    def outer(w):
        before = len(list(filter(None, w.owner.tape.pulls)))
        recorded(lambda x: [np.sin(x) * w], w)
        assert len(list(filter(None, w.owner.tape.pulls))) == before
        return w * w

    assert grad(outer)(3.0) == 6.0


def test_warnings_are_held_back_where_values_only_stand_in():
    for quiet in (True, False):
        recorder = Recorder("a test", quiet=quiet)
        try:
            x = recorder.root(np.float64(1e300))
            if quiet:
                assert type(x * 1e300) is Box
            else:
                with pytest.raises(RuntimeWarning, match="overflow"):
                    x * 1e300
        finally:
            recorder.finish()


def test_a_box_that_outlives_the_recording_is_refused():
    recorder = Recorder("a test")
    x = recorder.root(2.0)
    recorder.finish()
    with pytest.raises(LeakedBoxError, match="traced value of a test, which has already returned"):
        x * 2.0


def test_a_leaked_value_from_outside_is_refused():
    kept = []
    grad(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(LeakedBoxError, match="traced value of grad, which has already returned"):
        recorded(lambda x: [x * kept[0]], 2.0)
