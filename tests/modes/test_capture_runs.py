import contextvars
import gc
import operator
import threading
import weakref

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, capture, grad, vjp
from fgrad.core.trace import watcher
from fgrad.ir.graph import Constant, Variable
from fgrad.ir.validity import check
from fgrad.modes.capture import CaptureTrace

X = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def trace():
    trace = CaptureTrace("an example")
    yield trace
    trace.finish()


def test_an_output_is_a_variable_or_a_constant(trace):
    x = trace.root(2.0)
    assert trace.atom_of(x) is x.payload
    assert trace.atom_of("a").value == "a"
    graph = trace.graph_of("f", [x, fnp.sin(x), 3.0])
    check(graph)
    assert [type(atom) for atom in graph.outputs] == [Variable, Variable, Constant]


def test_a_box_that_is_left_over_raises_and_keeps_no_frame():
    left = []
    capture(lambda x: left.append(x * 2.0))(1.0)
    with pytest.raises(LeakedBoxError, match="traced value of capture, which has already returned"):
        left[0] + 1.0
    with pytest.raises(LeakedBoxError):
        bool(left[0])
    assert repr(left[0]) == "Box(2.0, left over from capture, which has returned)"


def test_a_way_back_that_is_left_over_raises():
    graph = capture(lambda x: vjp(fnp.sin, x)[1])(1.0)
    pull = graph(2.0)
    with pytest.raises(LeakedBoxError, match="the way back received a traced value of capture, which has"):
        pull(1.0)


def test_a_way_back_from_outside_is_captured():
    _, pull = vjp(fnp.sin, X)
    np.testing.assert_array_equal(capture(lambda g: pull(g)[0])(X)(2 * X), 2 * X * np.cos(X))


def test_the_repr_of_a_box_names_the_transform(trace):
    assert repr(trace.root(2.0)) == "Box(2.0, captured by an example)"


@pytest.mark.parametrize("exception", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_exception_leaves_nothing_behind(exception):
    before = watcher.get()
    kept = []

    class Large:
        """Stands for a local array."""

    def f(x):
        large = Large()
        kept.append(weakref.ref(large))
        y = x * 2.0
        raise exception(y.shape)

    with pytest.raises(exception):
        capture(f)(1.0)
    gc.collect()
    assert kept[0]() is None
    assert watcher.get() is before
    assert capture(lambda x: grad(lambda y: y * y)(x))(3.0)(4.0) == 8.0
    assert grad(lambda x: x * x)(3.0) == 6.0


def test_captures_in_several_threads_do_not_mix():
    graphs = {}

    def work(i):
        def f(x):
            for _ in range(50):
                x = fnp.sin(x) * float(i + 1)
            return x

        graphs[i] = capture(f)(0.5)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(4):
        assert len(graphs[i].nodes) == 100
        expected = 0.25
        for _ in range(50):
            expected = np.sin(expected) * (i + 1)
        assert graphs[i](0.25) == pytest.approx(expected, rel=1e-15)


def test_threads_inside_of_a_captured_function_are_captured():
    def f(x):
        out = [None] * 3

        def work(i):
            y = fnp.sin(x * float(i))
            out[i] = grad(lambda z: z * y)(2.0) + y

        threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return out

    found = capture(f)(0.3)(0.7)
    np.testing.assert_allclose(found, [2 * np.sin(0.7 * i) for i in range(3)], rtol=1e-15)


def test_other_contexts_see_nothing_of_a_capture():
    seen = []

    def f(x):
        seen.append(contextvars.Context().run(watcher.get))
        return x * 2.0

    capture(f)(1.0)
    assert seen == [None]


def test_a_generator_that_was_begun_in_a_capture_goes_on_outside_of_it():
    def numbers(x):
        yield x * 2.0
        yield x * 3.0

    begun = []

    def f(x):
        begun.append(numbers(x))
        return next(begun[0])

    assert capture(f)(1.0)(5.0) == 10.0
    with pytest.raises(LeakedBoxError):
        next(begun[0])


def test_operators_from_both_sides_are_noted_in_their_order(trace):
    x = trace.root(2.0)
    assert (3.0 - x).value == 1.0
    (node,) = trace.nodes
    assert node.primitive.raw is operator.sub
    assert node.args[0].value == 3.0
    assert node.args[1] is x.payload
