"""Rows that are swapped: by Python as NumPy's own are, by compiled code rightly or not at all."""

import operator
import random

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad, jacobian, jvp

VECTOR = np.arange(1.0, 7.0)
MATRIX = np.arange(8.0).reshape(4, 2)


def generators():
    return [np.random.default_rng(5), np.random.RandomState(5), np.random]


@pytest.mark.parametrize("position", range(3))
@pytest.mark.filterwarnings("ignore:you are shuffling a 'Box' object:UserWarning")
def test_numpys_shuffle_of_numbers_is_right(position):
    np.random.seed(5)
    order = [0, 1, 2, 3, 4, 5]
    generators()[position].shuffle(order)
    np.random.seed(5)

    def shuffled(x):
        y = x * 1.0
        generators()[position].shuffle(y)
        return y

    assert np.array_equal(jacobian(shuffled)(VECTOR), np.eye(6)[order])


@pytest.mark.parametrize("rows", [2, 4])
@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize("make", [lambda x: x * 1.0, lambda x: fnp.zeros(x.shape), lambda x: x[::-1] + 1])
@pytest.mark.filterwarnings("ignore:you are shuffling a 'Box' object:UserWarning")
def test_numpys_shuffle_of_rows_is_refused_with_the_cure(make, position, rows):
    def shuffled(x):
        y = make(x)
        generators()[position].shuffle(y)
        return np.sum(y * x)

    with pytest.raises(MissingRuleError, match=r"Use shuffle of fgrad\.numpy\.random"):
        grad(shuffled)(MATRIX[:rows])


def swaps(np, x):
    y = x * 1.0
    y[0], y[1] = y[1], y[0]
    y[2:], y[:2] = y[:2], y[2:]
    return y


def swaps_of_numbers(np, x):
    y = x * 1.0
    row = y[0]
    row[0], row[1] = row[1], row[0]
    y[1, 0], y[1, 1] = y[1, 1], y[1, 0]
    return y


def swaps_of_copies(np, x):
    y = x * 1.0
    y[0], y[1] = y[1].copy(), y[0].copy()
    y[[2, 3]] = y[[3, 2]]
    return y


def functions_that_assign(np, x):
    y = x * 1.0
    held = y[1]
    operator.setitem(y, 0, y[1])
    y.__setitem__(2, y[3])
    y[1] = y[3]
    return y + held


def pythons_shuffle(np, x):
    y = x * 1.0
    random.Random(3).shuffle(y)
    return y


@pytest.mark.parametrize(
    "program", [swaps, swaps_of_numbers, swaps_of_copies, functions_that_assign, pythons_shuffle]
)
def test_what_is_written_in_python_does_what_numpys_arrays_do(program):
    value, moved = jvp(lambda x: program(fnp, x), (MATRIX,), (MATRIX,))
    assert np.array_equal(value, program(np, MATRIX.copy()))
    assert np.array_equal(moved, value)  # it is linear
