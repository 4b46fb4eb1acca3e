"""What a capture costs: in time, by how it grows with the function, and in memory."""

import gc
import time
import tracemalloc

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, custom_vjp, grad

X = np.array([1.0, 2.0, 3.0])


def chain(count):
    def f(x):
        for _ in range(count):
            x = x * 0.5
            x = x + 0.5
        return x

    return f


def step(x):
    half = fnp.sin(x)
    return half * 0.5


def calls(count):
    def f(x):
        for _ in range(count):
            x = step(x)
        return x

    return f


def training(count):
    def loss(w):
        return fnp.sum((w - X) ** 2)

    def f(w):
        for _ in range(count):
            w = w - 0.1 * grad(loss)(w)
        return w

    return f


def rules(count):
    doubled = custom_vjp(lambda x: 2 * x)

    def back(_, g):
        result = g * 2.0
        return (result,)

    doubled.defvjp(lambda x: (doubled(x), None), back)

    def f(x):
        for _ in range(count):
            x = doubled(x) * 0.5
        return x

    return grad(f)


def recursion(count):
    def f(x, left=count):
        return x if left == 0 else f(fnp.sin(x), left - 1)

    return f


def seconds(function, argument):
    """Return the shortest of three times."""
    capture(function)(argument)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        capture(function)(argument)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize(
    ("make", "argument", "counts"),
    [
        (chain, 0.5, (300, 2400)),
        (calls, 0.5, (300, 2400)),
        (training, X, (30, 240)),
        (rules, 0.5, (60, 480)),
        (recursion, 0.5, (50, 400)),
    ],
)
def test_the_time_grows_like_the_number_of_operations(make, argument, counts):
    few, many = counts
    # eight times the operations; 64 times the time if each looked at all before
    assert seconds(make(many), argument) < 24 * seconds(make(few), argument)


def test_a_graph_of_1e5_operations_is_captured_written_and_run():
    start = time.perf_counter()
    graph = capture(chain(50_000))(1.0)
    assert len(graph.nodes) == 100_000
    assert graph(3.0) == 1.0
    assert len(str(graph).splitlines()) == 100_002
    assert time.perf_counter() - start < 60.0  # it takes 4 s on a laptop; each step that is quadratic, hours


def test_a_node_takes_less_than_a_kilobyte():
    function = chain(2_000)
    capture(function)(1.0)
    gc.collect()
    tracemalloc.start()
    graph = capture(function)(1.0)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 1000 * len(graph.nodes)


def test_values_on_the_way_are_forgotten():
    x = np.ones(50_000)
    capture(calls(2))(x)
    gc.collect()
    tracemalloc.start()
    graph = capture(calls(100))(x)
    gc.collect()
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(graph.nodes) == 200
    assert peak < 10 * x.nbytes
    assert size < x.nbytes  # the graph has no values


def test_a_large_array_from_outside_is_not_copied():
    large = np.ones(2**20)
    gc.collect()
    tracemalloc.start()
    graph = capture(lambda x: fnp.sum(x * large[:2]) + large[-1])(2.0)
    whole = capture(lambda x: fnp.dot(x, large))(large)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert graph(3.0) == 7.0
    assert any(c.value is large for c in whole.constants())
    assert size < large.nbytes
