import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.core.box import Box
from fgrad.core.spec import spec_of
from fgrad.modes.forward import ForwardTrace


def pushed(function, *pairs):
    """Return the value and the tangent of a function of values that move along tangents."""
    trace = ForwardTrace("a test")
    out = function(*(trace.root(value, tangent) for value, tangent in pairs))
    return out.value, trace.tangent(out)


def test_a_tangent_travels_through_a_program():
    x, t = np.array([0.5, 1.0]), np.array([1.0, -2.0])
    value, tangent = pushed(lambda x: fnp.sum(fnp.sin(x) * x), (x, t))
    assert value == np.sum(np.sin(x) * x)
    assert tangent == pytest.approx(np.sum((np.cos(x) * x + np.sin(x)) * t), rel=1e-15)


def test_tangents_of_several_arguments_add_up():
    assert pushed(lambda x, y: x * y + x, (2.0, 1.0), (3.0, 10.0)) == (8.0, 24.0)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (2.0, np.arange(3.0)),
        (np.ones((3, 1)), np.arange(4.0)),
        (np.ones(3, np.float32), 2.0),
        (np.ones(3, np.float32), np.arange(3.0)),
        (np.ones(3), np.array(2j)),
    ],
    ids=lambda value: f"{np.shape(value)}-{np.result_type(value)}",
)
def test_a_tangent_has_the_shape_and_dtype_of_its_value(x, y):
    for program, pairs in [
        (lambda x: x + y, [(x, np.ones_like(x))]),
        (lambda x: x * y, [(x, np.ones_like(x))]),
        (lambda x, y: x + y, [(x, np.ones_like(x)), (y, np.ones_like(y))]),
    ]:
        value, tangent = pushed(program, *pairs)
        assert spec_of(tangent) == spec_of(value)


def test_what_does_not_move_is_not_boxed():
    trace = ForwardTrace("a test")
    x = trace.root(1.5, 1.0)
    assert fnp.floor(x) == 1.0
    assert type(fnp.floor(x)) is not Box
    assert trace.tangent(fnp.floor(x)) == 0.0


def test_parts_that_do_not_move_are_not_boxed():
    """The sign of a determinant is piecewise constant; the logarithm of its size moves."""
    matrix = np.array([[2.0, 1.0], [0.5, 3.0]])
    trace = ForwardTrace("a test")
    sign, size = fnp.linalg.slogdet(trace.root(matrix, np.eye(2)))
    assert trace.tangent(sign) == 0.0
    assert trace.tangent(size) == pytest.approx(np.trace(np.linalg.inv(matrix)), rel=1e-14)
