import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, capture, grad
from fgrad.core.box import is_captured, is_variable, moves, still
from fgrad.modes.batching import BatchTrace
from fgrad.modes.capture import CaptureTrace
from fgrad.modes.reverse import ReverseTrace

X = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def trace():
    trace = CaptureTrace("an example")
    yield trace
    trace.finish()


def test_decisions_have_a_line_and_the_variable():
    def f(x):
        if x > 1.0:
            return x * 2.0
        return x

    (decision,) = capture(f)(3.0).decisions
    assert decision.place.source() == "if x > 1.0:"
    assert decision.variable.dtype == bool


@pytest.mark.parametrize(
    "decide",
    [
        bool,
        lambda x: int(fnp.trunc(x).astype(int)),
        lambda x: [10, 20, 30][fnp.trunc(x).astype(int)],
        lambda x: len(fnp.stack([x, x])[fnp.array([x, x]) > 1]),
        lambda x: fnp.nonzero(fnp.stack([x, -x]))[0].shape,
        lambda x: np.asarray(fnp.trunc(x).astype(int)),
        lambda x: max(x, 1.0),
        lambda x: x in (1.0, 2.0),
        lambda x: not x,
        lambda x: range(fnp.trunc(x).astype(int)),
        lambda x: fnp.unique(fnp.stack([x, x])).size,
        lambda x: fnp.roots(fnp.stack([x, 1.0, 0.0])).size,
        lambda x: fnp.bincount(fnp.trunc(fnp.stack([x, x])).astype(int)).size,
        lambda x: fnp.arange(x).size,
        lambda x: fnp.compress(fnp.stack([x, x]) > 1, X[:2]).size,
        lambda x: fnp.delete(X, fnp.stack([x, x, -x]) > 1).size,
        lambda x: fnp.setdiff1d(fnp.stack([x, x]), fnp.stack([x, 0.0])).size,
        lambda x: fnp.trim_zeros(fnp.stack([x, 0.0])).size,
        lambda x: fnp.repeat(X, fnp.trunc(x).astype(int)).shape,
    ],
)
def test_whatever_is_decided_by_a_value_is_noted(decide):
    def f(x):
        decide(x)
        return x * 2.0

    assert capture(f)(2.0).decisions


@pytest.mark.parametrize(
    "use",
    [
        lambda x: fnp.where(x > 1.0, x, 0.0),
        lambda x: fnp.maximum(x, 1.0),
        lambda x: fnp.sort(fnp.stack([x, 1.0])),
        lambda x: fnp.reshape(x, (1,))[0],
        lambda x: fnp.repeat(X, 2) * x,
        lambda x: (X * x)[np.array([True, False, True])],
        lambda x: fnp.stack([x, 2 * x])[fnp.argsort(fnp.stack([x, 1.0]))],
        lambda x: fnp.count_nonzero(fnp.stack([x, 1.0]) > 1.5) * x,
    ],
)
def test_what_is_computed_for_each_run_is_no_decision(use):
    graph = capture(use)(2.0)
    assert not graph.decisions
    for x in (2.0, 0.5):
        np.testing.assert_allclose(graph(x), use(x), rtol=1e-15)


@pytest.mark.parametrize("use", [float, complex, lambda x: np.asarray(x), lambda x: x.tolist(), int])
def test_a_float_does_not_become_a_plain_one(use):
    with pytest.raises(DetachedError, match="being captured into a plain one"):
        capture(lambda x: use(x) * 2.0)(1.5)


def test_a_decision_on_a_constant_is_none(trace):
    assert bool(trace.seen(1.0))
    assert trace.decisions == []


# boxes of core


def test_captured_values_stand_for_others_and_do_not_move(trace):
    x = trace.root(X)
    assert is_captured(x)
    assert is_variable(x)
    assert not moves(x)
    assert not is_captured(X)
    batch = BatchTrace("vmap", 3)
    b = batch.root(X)
    assert is_variable(b)
    assert not is_captured(b)
    assert is_captured(batch.root(trace.root(X)))
    reverse = ReverseTrace("grad")
    moving = reverse.root(x)
    assert is_captured(moving)
    assert moves(moving)
    for other in (batch, reverse):
        other.finish()


def test_what_is_still_stays_captured(trace):
    reverse = ReverseTrace("grad")
    x = trace.root(X)
    found = still(reverse.root(x))
    assert found.owner is trace
    assert found.payload is x.payload
    assert type(still(reverse.root(X))) is np.ndarray
    reverse.finish()


def test_a_comparison_of_what_moves_is_captured():
    def f(x):
        return fnp.sum(fnp.where(x > 1.5, x**2, 0.0))

    graph = capture(grad(f))(X)
    np.testing.assert_array_equal(graph(np.array([2.0, 1.0, -3.0])), [4.0, 0.0, 0.0])
