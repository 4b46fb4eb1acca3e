"""Levels without a stack: generators, tasks and threads."""

import asyncio
import copy
import itertools
import math
import pickle
import threading

import numpy as np
import pytest

from fgrad import LeakedBoxError, grad, hessian, jvp, vjp
from fgrad.core.trace import FinishedTrace, Trace, is_tracing


def test_levels_rise_with_every_trace():
    first, second = Trace("a"), Trace("b")
    assert second.level > first.level
    first.finish()
    assert isinstance(first, FinishedTrace)
    assert first.describe() == "left over from a, which has returned"
    second.finish()


def test_code_is_differentiated_while_a_trace_is_alive_and_not_finished():
    first, second, third = Trace("a"), Trace("b"), Trace("c")
    second.finish()
    del third
    assert is_tracing()
    first.finish()
    assert not is_tracing()


# generators


def test_a_generator_can_be_consumed_inside_the_function():
    def powers(x):
        y = x
        while True:
            yield y
            y = y * x

    def series(x):
        return sum(itertools.islice(powers(x), 5))

    assert grad(series)(2.0) == sum(k * 2.0 ** (k - 1) for k in range(1, 6))


def test_a_gradient_taken_between_two_yields_does_not_disturb_the_outer_one():
    def stages(x):
        yield x * x
        yield grad(lambda y: y * x)(1.0)
        yield x * jvp(lambda y: y * y * x, (x,), (1.0,))[1]

    def function(x):
        total = 0.0
        for stage in stages(x):
            total = total + stage + grad(lambda y: y * y)(x)
        return total

    # x^2 + x + 2 x^3, and three times 2 x
    assert grad(function)(3.0) == 2 * 3.0 + 1 + 6 * 9.0 + 6.0


def test_a_generator_that_is_resumed_after_its_transform_has_returned_is_leaked():
    generators = []

    def function(x):
        def steps():
            yield x * x
            yield x * x * x

        generators.append(steps())
        return next(generators[0])

    assert grad(function)(3.0) == 6.0
    with pytest.raises(LeakedBoxError):
        next(generators[0])
    assert grad(lambda x: x * x)(3.0) == 6.0


# tasks and threads


def nested(x):
    """Return the third derivative of x^5 through three levels, with branches between them."""

    def inner(y):
        return y**5 if y > -10 else y

    return grad(lambda y: jvp(grad(inner), (y,), (1.0,))[1])(x)


def test_interleaved_asyncio_tasks_are_independent():
    async def gradient(x):
        loop = asyncio.get_running_loop()
        results = []
        for _ in range(20):
            results.append(nested(x))
            results.append(await loop.run_in_executor(None, nested, x))
            await asyncio.sleep(0)
        return results

    async def main():
        return await asyncio.gather(*(gradient(float(k)) for k in range(1, 6)))

    for k, results in enumerate(asyncio.run(main()), start=1):
        assert results == [60.0 * k**2] * 40


def test_a_coroutine_may_stand_still_inside_a_differentiated_function():
    def function(x):
        async def body():
            y = x * x
            await asyncio.sleep(0)
            return y * x

        coroutine = body()
        coroutine.send(None)
        meanwhile = grad(lambda z: z * x)(1.0)
        with pytest.raises(StopIteration) as finished:
            coroutine.send(None)
        return finished.value.value + meanwhile

    assert grad(function)(3.0) == 3 * 9.0 + 1.0


def test_a_trace_may_end_before_one_that_began_later():
    """Two threads take turns so that their traces overlap; a stack would pop the wrong one."""
    turns = [threading.Semaphore(0) for _ in range(2)]
    results = [None, None]

    def work(k):
        def function(x):
            y = x * grad(lambda z: z * x)(1.0)
            turns[1 - k].release()
            assert turns[k].acquire(timeout=10)
            return y * grad(lambda z: z * z * x)(x)  # x^2 times 2 x^2

        assert turns[k].acquire(timeout=10)
        results[k] = grad(function)(k + 1.0)
        turns[1 - k].release()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    turns[0].release()
    for thread in threads:
        thread.join()
    assert results == [8.0 * (k + 1) ** 3 for k in range(2)]


def test_thousands_of_nested_gradients_in_eight_threads_are_all_right():
    repetitions = 300
    wrong = []
    barrier = threading.Barrier(8)

    def work(k):
        x = 1.0 + k / 8
        vector = np.full(3, x)
        barrier.wait()
        for _ in range(repetitions):
            found = (
                nested(x),
                grad(lambda a: a * grad(lambda b: a + b)(1.0))(x),
                hessian(lambda v: np.sum(v**3))(vector)[1, 1],
                vjp(grad(np.sin), x)[1](1.0)[0],
            )
            expected = (60 * x**2, 1.0, 6 * x, -math.sin(x))
            if not np.allclose(found, expected, rtol=1e-13, atol=0):
                wrong.append((k, found, expected))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_thread_may_differentiate_with_respect_to_another_variable_of_an_outer_transform():
    """The inner gradient runs in a thread of its own, and still is a constant of the outer level."""

    def outer(x):
        results = []
        thread = threading.Thread(target=lambda: results.append(grad(lambda y: x * y * y)(x)))
        thread.start()
        thread.join()
        return results[0]

    assert grad(outer)(3.0) == 12.0


def test_exceptions_in_some_threads_do_not_disturb_the_others():
    def failing(x):
        y = x * x
        raise KeyError(str(y))

    outcomes = []

    def work(k):
        for _ in range(100):
            if k % 2:
                try:
                    grad(failing)(float(k))
                except KeyError:
                    outcomes.append(True)
            else:
                outcomes.append(nested(float(k)) == 60.0 * k**2)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * 800


def test_a_box_can_not_be_pickled():
    def function(x):
        with pytest.raises(TypeError, match="Pickling would turn"):
            pickle.dumps(x)
        return x

    assert grad(function)(1.0) == 1.0


def test_a_copy_of_a_box_is_differentiated():
    assert grad(lambda x: copy.copy(x) * copy.deepcopy([x])[0])(3.0) == 6.0
