"""Piecewise constant operations: derivative zero in every mode and nesting, and plain results."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp, vjp
from fgrad.core.box import Box
from fgrad.modes.forward import ForwardTrace
from fgrad.modes.reverse import ReverseTrace
from fgrad.modes.slate import plain
from tests.rules.cases.case import listed
from tests.rules.cases.constants import CASES

#: NumPy 2.5 warns of its own function.
pytestmark = pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")

#: Those whose arguments are floats, and which a user therefore can differentiate.
OF_FLOATS = [c for c in CASES if c[1][0].dtype.kind == "f"]

OF_TWO_FLOATS = [c for c in OF_FLOATS if len(c[1]) == 2 and isinstance(c[1][1], np.ndarray)]


def name_of(case):
    function, args, kwargs = case
    return " ".join(
        [getattr(function, "__name__", getattr(function, "name", "")), *map(str, args[1:]), str(kwargs)]
    )


def root(trace, array):
    return trace.root(array, np.ones_like(array)) if isinstance(trace, ForwardTrace) else trace.root(array)


@pytest.mark.parametrize("make_trace", [ReverseTrace, ForwardTrace])
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_results_are_plain_and_those_of_numpy(case, make_trace):
    function, args, kwargs = case
    trace = make_trace("a test")
    boxes = [root(trace, arg) if isinstance(arg, np.ndarray) else arg for arg in args]
    found = listed(function(*boxes, **kwargs))
    expected = listed(function(*args, **kwargs))
    found = [plain(part) for part in found]  # what is new may be written into, but is plain
    assert not any(type(part) is Box for part in found)
    for part, whole in zip(found, expected, strict=True):
        assert np.array_equal(part, whole)


def is_number(value):
    return isinstance(value, bool | int | np.generic | np.ndarray)


def total(case):
    """Return a scalar function in which the derivative of a case would show, beside that of a square."""
    function, args, kwargs = case

    def scalar(x, *others):
        result = function(x, *others, *args[1 + len(others) :], **kwargs)
        return np.sum(x**2) + sum((3 * np.sum(part) for part in listed(result) if is_number(part)), 0.0)

    return scalar


@pytest.mark.parametrize("case", OF_FLOATS, ids=name_of)
def test_derivatives_are_zero_in_all_modes(case):
    scalar, x = total(case), case[1][0]
    t = np.full(x.shape, 0.5)
    assert np.array_equal(grad(scalar)(x), 2 * x, equal_nan=True)
    assert np.array_equal(jvp(scalar, (x,), (t,))[1], np.sum(2 * x * t), equal_nan=True)


@pytest.mark.parametrize("case", OF_FLOATS, ids=name_of)
def test_derivatives_are_zero_in_all_nestings(case):
    scalar, x = total(case), case[1][0]
    t = np.full(x.shape, 0.5)
    gradient = grad(scalar)

    def slope(y):
        return jvp(scalar, (y,), (t,))[1]

    assert np.array_equal(vjp(gradient, x)[1](t)[0], 2 * t, equal_nan=True)
    assert np.array_equal(jvp(gradient, (x,), (t,))[1], 2 * t, equal_nan=True)
    assert np.array_equal(grad(slope)(x), 2 * t, equal_nan=True)
    assert jvp(slope, (x,), (t,))[1] == np.sum(2 * t * t)


@pytest.mark.parametrize(
    "case", [c for c in OF_FLOATS if len(c[1]) == 2 and isinstance(c[1][1], np.ndarray)], ids=name_of
)
def test_the_second_argument_has_derivative_zero(case):
    scalar, (x, y) = total(case), case[1]
    assert np.array_equal(grad(scalar, argnums=1)(x, y), np.zeros_like(y))
    assert jvp(scalar, (x, y), y, argnums=1)[1] == 0


def test_plain_results_steer_python():
    def steered(x):
        if x[0] > x[1]:
            return x[fnp.argmax(x)] * 2
        return sum(x[i] for i in range(int(fnp.floor(x[1]))))

    assert grad(steered)(np.array([3.0, 1.0, 5.0])).tolist() == [0.0, 0.0, 2.0]
    assert grad(steered)(np.array([1.0, 2.5, 5.0])).tolist() == [1.0, 1.0, 0.0]
