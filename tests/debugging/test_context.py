import asyncio
import re
import threading
import warnings

import numpy
import pytest

import fgrad.numpy as np
from fgrad import FgradError, grad
from fgrad.core.errors import InputError
from fgrad.debugging.context import debug_nans
from fgrad.debugging.nonfinite import NonFiniteError
from fgrad.modes.reverse import ReverseTrace
from tests.debugging.messages import headline_of


def test_the_error_is_one_of_fgrad_and_a_floating_point_error():
    assert issubclass(NonFiniteError, FgradError)
    assert issubclass(NonFiniteError, FloatingPointError)


def test_only_what_is_asked_for_is_looked_for():
    with numpy.errstate(divide="ignore"), debug_nans(inf=False):
        assert grad(np.sqrt)(0.0) == numpy.inf
    head = headline_of(grad(lambda x: x / x), np.float64(0.0), inf=False)
    assert head == "operator.truediv: its value became NaN"
    with numpy.errstate(invalid="ignore"), debug_nans(nan=False):
        assert numpy.isnan(grad(lambda x: np.inf * x - np.inf * x)(1.0))


def test_nothing_is_checked_outside():
    with debug_nans():
        assert grad(np.sin)(0.0) == 1.0
    with numpy.errstate(divide="ignore"):
        assert grad(np.sqrt)(0.0) == numpy.inf


def test_the_interpreters_outside_are_those_without_checks():
    kinds = []

    def f(x):
        kinds.append(type(x.owner))
        return x * x

    grad(f)(1.0)
    with debug_nans():
        grad(f)(1.0)
    grad(f)(1.0)
    assert kinds[0] is kinds[2] is ReverseTrace
    assert issubclass(kinds[1], ReverseTrace)
    assert kinds[1] is not ReverseTrace


def test_the_context_is_left_after_an_error():
    headline_of(grad(np.sqrt), 0.0)
    with numpy.errstate(divide="ignore"):
        assert grad(np.sqrt)(0.0) == numpy.inf


def test_contexts_nest_and_the_inner_one_counts():
    with debug_nans():
        with numpy.errstate(divide="ignore"), debug_nans(nan=False, inf=False):
            assert grad(np.sqrt)(0.0) == numpy.inf
        with pytest.raises(NonFiniteError):
            grad(np.sqrt)(0.0)


def test_it_decorates_a_function():
    @debug_nans()
    def slope(x):
        return grad(np.sqrt)(x)

    assert slope(4.0) == 0.25
    for _ in range(2):
        with pytest.raises(NonFiniteError):
            slope(0.0)


def test_other_threads_are_not_checked():
    found = []

    def work():
        with numpy.errstate(divide="ignore"):
            found.append(grad(np.sqrt)(0.0))

    with debug_nans():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert found == [numpy.inf]


def test_a_task_does_not_see_the_context_of_another():
    async def checked(entered, done):
        with debug_nans():
            entered.set()
            await done.wait()
            with pytest.raises(NonFiniteError):
                grad(np.sqrt)(0.0)

    async def unchecked(entered, done):
        await entered.wait()
        with numpy.errstate(divide="ignore"):
            value = grad(np.sqrt)(0.0)
        done.set()
        return value

    async def main():
        entered, done = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(checked(entered, done), unchecked(entered, done))

    assert asyncio.run(main()) == [None, numpy.inf]


def test_a_transform_that_began_before_is_not_checked_but_one_inside_it_is():
    def outer(x):
        with debug_nans():
            inner = grad(np.sqrt)(x + 1.0)
        return inner + np.sqrt(x)

    with numpy.errstate(divide="ignore"):
        assert grad(outer)(0.0) == numpy.inf


def test_numpy_does_not_warn_of_what_is_reported():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert headline_of(grad(np.log), 0.0) == "log: its value became infinite"


def test_options_that_are_no_bools_are_refused():
    with pytest.raises(InputError, match=re.escape("got nan=1, inf=True")):  # noqa: SIM117
        with debug_nans(nan=1):
            pass
