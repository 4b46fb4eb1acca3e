"""Turns of phases, and orders by several keys, are those of each example."""

import subprocess
import sys

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, vmap
from fgrad.numpy.elements.special import TURNS
from fgrad.numpy.ordering.sorting import LEXSORT
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(6)
PATTERNS = [(a, b, c) for a in (True, False) for b in (True, False) for c in (True, False)][:-1]


@pytest.mark.parametrize("mine", PATTERNS, ids=str)
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_the_turns_of_phases_are_those_of_each(axis, mine):
    for size in (1, 5):
        p = 10 * RNG.normal(size=(size, 3, 8))
        p[0, 0, 3] = np.nan
        period, discont = RNG.uniform(1, 4, size), RNG.uniform(1, 8, size)
        values = [x if own else x[0] for x, own in zip((p, period, discont), mine, strict=True)]
        assert_is_the_loop(TURNS, values, mine, size, axis=axis)


def unwrapped(p, period, discont, axis):
    return p + TURNS(p, period, discont, axis=axis) * period


@pytest.mark.parametrize("period", [4, 5, 1])
@pytest.mark.parametrize("discont", [0, 2, 3, 9])
@pytest.mark.parametrize("dtype", [np.int64, np.float64, np.float32])
def test_turns_are_those_of_numpy(dtype, discont, period):
    p = RNG.integers(-20, 20, (3, 40)).astype(dtype)  # with steps of half a period, both ways
    for axis in (0, 1):
        found, expected = (f(p, period, discont, axis) for f in (unwrapped, by_numpy))
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected)


def by_numpy(p, period, discont, axis):
    return np.unwrap(p, discont, axis, period=period)


@pytest.mark.parametrize("mine", PATTERNS, ids=str)
def test_an_odd_period_may_stand_beside_an_even_one(mine):
    p, period, discont = RNG.integers(-20, 20, (4, 30)), np.array([4, 5, 6, 7]), np.array([2, 2, 4, 9])
    values = [x if own else x[0] for x, own in zip((p, period, discont), mine, strict=True)]
    assert_is_the_loop(TURNS, values, mine, 4, axis=-1)
    in_axes = tuple(0 if own else None for own in mine)
    found = vmap(lambda p, period, discont: fnp.unwrap(p, discont, period=period), in_axes)(*values)
    expected = [
        by_numpy(*(x[i] if own else x for x, own in zip(values, mine, strict=True)), -1) for i in range(4)
    ]
    assert found.dtype == np.int64
    assert np.array_equal(found, expected)


def test_no_examples_have_no_turns():
    values = [np.zeros((0, 2, 3)), np.zeros(0), 1.0]
    (found,) = all_at_once(TURNS, values, (True, True, False), 0, {"axis": 0})
    assert found.shape == (0, 2, 3)


def test_unwrapping_moves_with_the_period_of_each_example_by_its_turns():
    p, period = np.array([[0.0, 3.5, 7.1], [0.0, -1.0, -2.6]]), np.array([3.0, 1.5])
    found = grad(lambda period: np.sum(vmap(lambda p, t: np.unwrap(p, period=t))(p, period)))(period)
    assert np.array_equal(found, [-1 - 2, 1 + 2])
    both = vmap(vmap(lambda p, t: np.unwrap(p, period=t), (None, 0)), (0, None))(p, period)
    expected = [[np.unwrap(x, period=t) for t in period] for x in p]
    np.testing.assert_allclose(both, expected, rtol=1e-14)


# orders by several keys


@pytest.mark.parametrize("mine", [(True, True), (True, False), (False, True)], ids=str)
@pytest.mark.parametrize("shape", [(6,), (2, 6), (0,)], ids=str)
def test_the_order_by_several_keys_is_that_of_each(shape, mine):
    for size in (1, 5):
        keys = RNG.integers(0, 3, (2, size, *shape))
        values = [x if own else x[0] for x, own in zip(keys, mine, strict=True)]
        assert_is_the_loop(LEXSORT, values, mine, size, axis=-1)


def test_one_number_has_one_order():
    assert_is_the_loop(LEXSORT, [np.arange(3.0), 1.0], (True, False), 3, axis=-1)


# what works element by element and has derivative zero


def test_comparisons_have_their_rule_whether_or_not_anything_was_differentiated_before():
    program = """
import numpy as np
from fgrad import modes, vmap

def refuse(primitive, *args):
    raise AssertionError(primitive.name)

modes.batching.one_by_one = refuse
print(vmap(lambda x: np.floor(x) * (x > 1))(np.array([0.5, 2.5])))
"""
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[0. 2.]\n"
