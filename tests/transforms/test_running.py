"""What leaves a differentiated function is what was said in it."""

import traceback

import numpy as np
import pytest

from fgrad import DetachedError, LeakedBoxError, grad, jacobian, jvp, value_and_grad, vjp
from fgrad.transforms.running import run

CURE = r"make the array inside the function with np\.zeros of fgrad\.numpy"


def store(x):
    out = np.zeros(3)
    out[0] = x  # the line that is to be found
    return np.sum(out)


@pytest.mark.parametrize(
    "transform",
    [grad, value_and_grad, jacobian, lambda f: lambda x: vjp(f, x), lambda f: lambda x: jvp(f, (x,), (x,))],
)
def test_a_traced_number_written_into_an_array_of_numpys_is_a_detached_error(transform):
    with pytest.raises(DetachedError, match=CURE) as caught:
        transform(store)(1.0)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    lines = [frame.line for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert any(line.startswith("out[0] = x") for line in lines)


@pytest.mark.parametrize(
    "write",
    [
        lambda a, x: a.__setitem__(0, x),
        lambda a, x: a.__setitem__((0,), x),
        lambda a, x: a.__setitem__(slice(None), x),
        lambda a, x: a.__setitem__(..., x),
        lambda a, x: a.__setitem__([0, 1], x),
        lambda a, x: a.__setitem__(np.array([True, False, True]), x),
        lambda a, x: a.__setitem__(slice(2), [x, x]),
        lambda a, x: a.fill(x),
        lambda a, x: a.put(0, x),
        lambda a, x: np.array([x, 1.0]),
        lambda a, x: np.asarray(x),
        lambda a, x: np.full(3, x),
        lambda a, x: np.fromiter([x], float),
        lambda a, x: np.float64(x),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "int64"])
@pytest.mark.parametrize("point", [1.0, np.float64(1.0), np.ones(3)])
def test_every_way_of_writing_into_an_array_of_numpys_is_a_detached_error(write, dtype, point):
    with pytest.raises(DetachedError):
        grad(lambda x: write(np.zeros(3, dtype), x) or np.sum(x))(point)


def test_numpys_flat_says_only_that_it_failed():
    with pytest.raises(ValueError, match="Error setting single item of array"):
        grad(lambda x: np.zeros(3).flat.__setitem__(0, x) or x)(1.0)


def test_a_value_that_was_left_over_says_so():
    kept = []
    grad(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(LeakedBoxError, match="grad, which has already returned"):
        grad(lambda x: np.zeros(1).__setitem__(0, kept[0]) or x)(1.0)


def test_other_errors_leave_as_they_are():
    def ragged(x):
        out = np.zeros(2)
        out[0] = [1.0, 2.0]
        return x

    with pytest.raises(ValueError, match="setting an array element with a sequence"):
        grad(ragged)(1.0)

    def chained(x):
        raise ValueError("mine") from DetachedError("a cause")

    with pytest.raises(ValueError, match="mine"):
        grad(chained)(1.0)


def test_a_function_gets_its_arguments():
    assert run(lambda x, y, *, z: (x, y, z), (1, 2), {"z": 3}) == (1, 2, 3)
