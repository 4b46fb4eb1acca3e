import gc
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import defvjp, grad, primitive, value_and_grad, vjp
from fgrad.modes.tape import Tape


@pytest.fixture
def no_collector():
    """Without the garbage collector, only what has no cycle is freed."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def frequent_switches():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


# the way back


def test_entries_are_pulled_from_the_last_to_the_first():
    tape = Tape()
    order = []
    root = tape.write(None, None, None)
    first = tape.write(lambda g, residual: order.append(residual) or g * residual, root, 2.0)
    second = tape.write(lambda g, residual: order.append(residual) or g * residual, first, 3.0)
    assert tape.pull_back([(second, 1.0)], 1) == [6.0]
    assert order == [3.0, 2.0]


def test_entries_after_the_seeds_are_not_pulled():
    tape = Tape()
    root = tape.write(None, None, None)
    used = tape.write(lambda g, residual: 5 * g, root, None)
    tape.write(lambda g, residual: pytest.fail("nothing depends on this"), root, None)
    assert tape.pull_back([(used, 1.0)], 1) == [5.0]


def test_a_root_on_which_nothing_depends_has_no_cotangent():
    tape = Tape()
    roots = [tape.write(None, None, None) for _ in range(2)]
    out = tape.write(lambda g, residual: g, roots[1], None)
    assert tape.pull_back([(out, 1.0)], 2) == [None, 1.0]
    assert tape.pull_back([], 2) == [None, None]


def test_a_tape_can_be_pulled_again():
    tape = Tape()
    root = tape.write(None, None, None)
    out = tape.write(lambda g, residual: 2 * g, root, None)
    assert tape.pull_back([(out, 1.0)], 1, again=True) == [2.0]
    assert tape.pull_back([(out, 10.0), (root, 1.0)], 1, again=True) == [21.0]


# long programs


def test_a_million_operations():
    def program(x):
        for _ in range(500_000):
            x = x * 1.000001 - 0.0
        return x

    value, slope = value_and_grad(program)(1.0)
    assert slope == pytest.approx(value, rel=1e-12)


def test_a_hundred_thousand_operations_twice_differentiated():
    def program(x):
        y = x
        for _ in range(50_000):
            y = y + x * x
        return y

    assert grad(grad(program))(1.0) == 100_000.0


def test_a_long_tape_takes_three_words_an_entry():
    """A tape holds no object of its own for an entry: what grows is lists."""

    def program(x):
        for _ in range(20_000):
            x = -x
        return x

    program(1.0)
    tracked = len(gc.get_objects())
    _, pullback = vjp(program, 1.0)
    assert len(gc.get_objects()) - tracked < 200
    assert pullback(1.0) == (1.0,)


# memory


def test_residuals_that_no_rule_names_are_not_held(no_collector):
    alive = {}

    def program(x):
        a = fnp.sin(x)  # its rule names x
        alive["sin"] = weakref.ref(a.value)
        b = a + x  # a sum names nothing
        alive["sum"] = weakref.ref(b.value)
        c = fnp.exp(b)  # names its result
        alive["exp"] = weakref.ref(c.value)
        d = c * 2.0  # names the constant
        alive["product"] = weakref.ref(d.value)
        del a, b, c
        alive["during"] = [name for name in ("sin", "sum", "exp") if alive[name]() is not None]
        return fnp.sum(d)

    grad(program)(np.ones(3))
    assert alive["during"] == ["exp"]
    assert all(alive[name]() is None for name in ("sin", "sum", "exp", "product"))


def test_a_constant_factor_keeps_only_the_constant(no_collector):
    constant = np.ones((50, 50))
    held = {}

    def program(x):
        product = x @ constant
        held["traced operand"] = weakref.ref(x.value)
        held["product"] = weakref.ref(product.value)
        return fnp.sum(product)

    value, pullback = vjp(lambda x: program(x + 0.0), np.ones((50, 50)))
    assert {name: ref() is not None for name, ref in held.items()} == {
        "traced operand": False,
        "product": False,
    }
    np.testing.assert_array_equal(pullback(value.dtype.type(1))[0], np.full((50, 50), 50.0))


def test_entries_are_freed_while_the_cotangent_travels_back(no_collector):
    held = []
    seen = {}

    @primitive
    def first(x):
        return x * 1.0

    def pull(g):
        seen["alive"] = sum(ref() is not None for ref in held)
        return g

    defvjp(first, lambda ans, x: pull)

    def program(x):
        y = first(x)
        for _ in range(10):
            y = fnp.exp(y * 0.1)
            held.append(weakref.ref(y.value))
        return fnp.sum(y)

    grad(program)(np.ones(3))
    assert seen == {"alive": 0}


@pytest.mark.parametrize("order", [1, 2])
def test_nothing_is_left_for_the_garbage_collector(no_collector, order):
    def program(x):
        y = fnp.concatenate([fnp.tanh(x[1:]), x[:1]]) @ np.vander(np.arange(3.0))
        _, spread = fnp.linalg.slogdet(fnp.outer(y, y) + 3 * np.eye(3))
        return fnp.max(y) + fnp.std(y) + spread

    derivative = program
    for _ in range(order):
        derivative = grad(lambda x, f=derivative: fnp.sum(f(x)))
    derivative(np.arange(3.0))
    gc.collect()
    derivative(np.arange(3.0))
    assert gc.collect() == 0


def test_nothing_is_left_of_a_program_that_failed(no_collector):
    held = []

    def program(x):
        y = fnp.exp(x)
        held.append(weakref.ref(y.value))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        grad(program)(np.ones(3))
    assert held[0]() is None


# threads


def test_threads_write_to_one_tape(frequent_switches):
    """A loss that maps over a thread pool records on the tape of the thread that differentiates."""

    def part(x, k):
        for _ in range(50):
            x = fnp.sin(x) + k * x
        return x

    def serial(x):
        return sum(part(x, 0.01 * k) for k in range(16))

    with ThreadPoolExecutor(8) as pool:

        def parallel(x):
            return sum(pool.map(lambda k: part(x, 0.01 * k), range(16)))

        for x in np.linspace(0.1, 0.9, 20):
            assert grad(parallel)(x) == pytest.approx(grad(serial)(x), rel=1e-12)


def test_a_tape_grows_under_threads(frequent_switches):
    tape = Tape()
    start = threading.Barrier(8)
    indices = [[] for _ in range(8)]

    def write(mine):
        start.wait()
        for i in range(2000):
            mine.append((tape.write(i, i + 1, i + 2), i))

    threads = [threading.Thread(target=write, args=(mine,)) for mine in indices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [entry for mine in indices for entry in mine]
    assert sorted(index for index, _ in written) == list(range(16_000))
    for index, i in written:
        assert (tape.pulls[index], tape.parents[index], tape.residuals[index]) == (i, i + 1, i + 2)
