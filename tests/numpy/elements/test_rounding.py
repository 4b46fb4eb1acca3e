"""Rounding is constant, in NumPy's functions and in Python's."""

import math

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, grad, jvp

#: NumPy 2.5 warns of its own function.
pytestmark = pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")

X = np.array([1.26, -2.5, 3.5])


@pytest.mark.parametrize("namespace", [np, fnp])
def test_the_methods_and_functions_of_numpy(namespace):
    def function(x):
        assert namespace.round(x, 1).tolist() == [1.3, -2.5, 3.5]
        assert namespace.around(x, decimals=0).tolist() == x.round().tolist() == [1, -2, 4]
        assert namespace.fix(x).tolist() == [1, -2, 3]
        assert namespace.rint(x).tolist() == [1, -2, 4]
        return np.sum(x * namespace.round(x))

    assert grad(function)(X).tolist() == [1, -2, 4]


@pytest.mark.parametrize("function", [round, math.floor, math.ceil, math.trunc])
@pytest.mark.parametrize("x", [2.5, -1.75, np.float32(0.25)])
def test_python_rounds_a_traced_number_to_an_int(function, x):
    seen = []
    grad(lambda x: seen.append(function(x)) or x)(x)
    assert seen == [function(float(x))]
    assert type(seen[0]) is int


def test_an_element_of_an_array_is_rounded_by_python():
    assert grad(lambda x: x[round(x[0])] * math.ceil(x[1]))(X).tolist() == [0, -2, 0]


def test_python_rounds_to_digits():
    seen = []
    jvp(lambda x: seen.extend([round(x, 1), round(x, 0), round(x, None)]) or x, (2.26,), (1.0,))
    assert seen == [2.3, 2.0, 2]
    assert list(map(type, seen)) == [float, float, int]


def test_python_rounds_in_all_nestings():
    assert grad(grad(lambda x: x**3 * math.floor(x)))(2.5) == 30


@pytest.mark.parametrize("function", [round, math.floor, math.ceil, math.trunc])
def test_python_does_not_round_arrays(function):
    with pytest.raises(TypeError, match="traced array of shape"):
        grad(lambda x: function(x) * x[0])(X)


def test_python_does_not_round_nan():
    with pytest.raises(ValueError, match="NaN"):
        grad(lambda x: round(x) * x)(float("nan"))


def test_a_leaked_number_is_not_rounded():
    leaked = []
    grad(lambda x: leaked.append(x) or x)(1.5)
    with pytest.raises(LeakedBoxError, match="grad"):
        round(leaked[0])
