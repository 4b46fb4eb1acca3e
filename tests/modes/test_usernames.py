import gc
import weakref

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, grad, jacfwd
from fgrad.ir.graph import Constant, Variable
from fgrad.ir.names import names_of
from fgrad.modes.capture import CaptureTrace

X = np.array([1.0, 2.0, 3.0])
ROWS = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 1.0]])


def results_of(graph):
    return [variable.name for node in graph.nodes for variable in node.results]


def test_variables_are_called_like_the_local_variables_that_hold_them():
    def f(x):
        hidden = fnp.sin(x)
        y = fnp.exp(hidden) * 2.0
        return y

    assert results_of(capture(f)(X)) == ["hidden", None, "y"]


def test_a_value_that_is_assigned_by_a_helper_has_the_name_that_it_has_there():
    def helper(z):
        inner = fnp.sin(z)
        return inner

    def f(x):
        outer = helper(x)
        return outer + 1.0

    assert results_of(capture(f)(X)) == ["inner", None]


def test_all_results_of_an_operation_that_are_unpacked_have_names():
    def f(x):
        q, r = fnp.linalg.qr(x)
        return q @ r

    assert results_of(capture(f)(np.eye(2)))[:2] == ["q", "r"]


def test_the_name_of_an_operation_on_several_lines_is_known():
    def f(x):
        y = fnp.sin(
            x,
        )
        z = (
            y
            + fnp.cos(y)
        )  # fmt: skip
        return z

    assert results_of(capture(f)(X)) == ["y", None, "z"]


def test_each_turn_of_a_loop_has_the_name():
    def f(x):
        total = x
        for _ in range(3):
            half = total * 0.5
            total = half + 1.0
        return total

    assert results_of(capture(f)(X)) == ["half", "total"] * 3


def test_the_first_name_is_kept():
    def f(x):
        first = fnp.sin(x)
        second = first
        return second + 1.0

    assert results_of(capture(f)(X))[0] == "first"


def test_names_that_are_hidden_are_not_taken():
    def f(x):
        _private = fnp.sin(x)
        return _private * 2.0

    assert results_of(capture(f)(X)) == [None, None]


def test_an_array_that_is_written_into_keeps_its_name_for_each_state():
    def f(x):
        out = fnp.zeros(2)
        out[0] = x
        out[1] = x * x
        return out

    graph = capture(f)(2.0)
    names = list(names_of(graph).values())
    assert "out" in names
    assert "out_2" in names


def test_names_in_generators_and_comprehensions_are_known():
    def halves(x):
        while True:
            x = x * 0.5
            yield x

    def f(x):
        source = halves(x)
        first, second = next(source), next(source)
        return [part + 1.0 for part in (first, second)]

    graph = capture(f)(8.0)
    assert {"first", "x"} & {*results_of(graph)}
    assert [float(v) for v in graph(8.0)] == [5.0, 3.0]


def test_cotangents_are_called_after_what_they_belong_to():
    def loss(w):
        residual = ROWS @ w
        return fnp.sum(residual**2)

    names = results_of(capture(grad(loss))(X))
    assert "d_residual" in names
    assert names[0] == "residual"


def test_cotangents_have_names_in_nested_gradients_too():
    def loss(w):
        inner = w * w
        return fnp.sum(fnp.exp(inner))

    def step(w):
        return w - 0.1 * grad(loss)(w)

    assert "inner" in results_of(capture(step)(X))
    assert "inner" in results_of(capture(jacfwd(grad(loss)))(X))


def test_code_without_a_file_has_names_and_no_expressions():
    scope = {"np": fnp, "X": X}
    exec("def f(x):\n    y = np.sin(x)\n    return y * (-X)", scope)
    graph = capture(scope["f"])(X)
    assert results_of(graph)[0] == "y"
    assert [c.origin for c in graph.constants()] == [None]


def test_the_values_of_functions_that_have_returned_are_not_kept():
    alive = []

    class Watched:
        """Stands for an array that a helper made."""

    def helper(x):
        watched = Watched()
        alive.append(weakref.ref(watched))
        y = fnp.sin(x)
        return y

    peak = 0

    def f(x):
        nonlocal peak
        for _ in range(20):
            x = helper(x) + 1.0
            gc.collect()
            peak = max(peak, sum(ref() is not None for ref in alive))
        return x

    capture(f)(1.0)
    assert peak <= 2
    gc.collect()
    assert not any(ref() is not None for ref in alive)


def test_frames_are_forgotten_if_the_function_raises():
    left = []

    def f(x):
        left.append(x * 2.0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        capture(f)(1.0)
    names = left[0].owner.names
    assert not names.lines
    assert names.last is None


def test_names_can_be_asked_for_by_hand():
    trace = CaptureTrace("an example")
    box = trace.root(2.0)
    trace.names.name("given", box)
    assert isinstance(box.payload, Variable)
    assert box.payload.name == "given"
    trace.names.name("again", box)
    assert box.payload.name == "given"
    trace.names.name("constant", trace.seen(np.ones(2)))
    assert isinstance(trace.seen(np.ones(2)).payload, Constant)
