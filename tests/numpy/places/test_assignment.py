"""Writing into arrays: each program, run on plain arrays by NumPy itself, is its own oracle."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, grad, jacobian, jvp, vjp
from fgrad.core.box import Box
from tests.numpy.places.writing_programs import PROGRAMS
from tests.oracles import numerical_jacobian

X = np.array([0.7, -1.2, 2.3])


def as_vector(result):
    return np.ravel(result)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_value_is_that_of_numpy(name):
    function = PROGRAMS[name]
    expected = function(np, X.copy())
    value, _ = vjp(lambda x: function(fnp, x), X)
    assert type(value) is np.ndarray
    np.testing.assert_allclose(value, expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_modes_at_order_one(name):
    function = PROGRAMS[name]
    expected = numerical(lambda x: as_vector(function(np, x.copy())))
    before = X.copy()
    reverse = jacobian(lambda x: as_vector_of(function(fnp, x)))(X)
    forward = np.stack([jvp(lambda x: as_vector_of(function(fnp, x)), (X,), (t,))[1] for t in np.eye(3)], -1)
    np.testing.assert_allclose(reverse, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(forward, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("name", PROGRAMS)
def test_order_two(name):
    function = PROGRAMS[name]
    weights = np.cos(np.arange(np.size(function(np, X.copy()))))

    def scalar(x):
        return fnp.sum(weights * as_vector_of(function(fnp, x)) ** 2)

    expected = numerical(grad(scalar))
    np.testing.assert_allclose(jacobian(grad(scalar))(X), expected, rtol=1e-8, atol=1e-8)
    over = np.stack([jvp(grad(scalar), (X,), (t,))[1] for t in np.eye(3)], -1)
    np.testing.assert_allclose(over, expected, rtol=1e-8, atol=1e-8)
    under = np.stack([grad(lambda x, t=t: jvp(scalar, (x,), (t,))[1])(X) for t in np.eye(3)])
    np.testing.assert_allclose(under, expected, rtol=1e-8, atol=1e-8)


def as_vector_of(result):
    return fnp.reshape(result, -1)


def numerical(function):
    """Return the Jacobian at X by central differences."""
    return numerical_jacobian(lambda arrays: function(arrays[0]), [X])


# new arrays


@pytest.mark.parametrize(
    "name", ["zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like"]
)
def test_a_new_array_is_an_ordinary_one_outside_a_differentiated_function(name):
    arguments = {"full": (3, 1.0), "full_like": (X, 1.0)}.get(name, (X,) if name.endswith("like") else (3,))
    assert type(getattr(fnp, name)(*arguments)) is np.ndarray


def test_a_new_array_inside_passes_for_an_array_while_it_is_plain():
    def function(x):
        a = fnp.zeros(3)
        a[1] = 4.0
        assert type(a) is Box
        assert np.asarray(a).tolist() == [0.0, 4.0, 0.0]
        assert np.linalg.svd(fnp.ones((2, 2)))[1].shape == (2,)
        assert float(a[1]) == int(a[1]) == 4
        assert a.tolist() == [0.0, 4.0, 0.0]
        assert [1, 2, 3][fnp.zeros(1, int)[0]] == 1
        assert np.arange(5)[fnp.ones(2, int)].tolist() == [1, 1]
        return fnp.sum(a * x)

    assert grad(function)(2.0) == 4.0


def test_a_new_array_that_is_returned_is_plain():
    assert type(vjp(lambda x: fnp.zeros(2), 1.0)[0]) is np.ndarray
    assert type(jvp(lambda x: {"a": fnp.ones(2)}, (1.0,), (1.0,))[0]["a"]) is np.ndarray


def test_an_inner_gradient_takes_a_new_array():
    def outer(x):
        start = fnp.ones(2)
        return fnp.sum(grad(lambda w: fnp.sum(w**2) * x)(start))

    assert grad(outer)(3.0) == 4.0


def test_a_traced_value_of_an_inner_transform_does_not_survive_it():
    kept = []

    def outer(x):
        buffer = fnp.zeros(2)
        kept.append(buffer)

        def inner(y):
            buffer[0] = y
            return y * x

        return grad(inner)(1.0) + buffer[0]

    with pytest.raises(LeakedBoxError, match="grad, which has already returned"):
        grad(outer)(2.0)


def test_a_constant_of_an_outer_function_that_is_written_into_afterwards_keeps_its_value():
    def outer(y):
        y = y * 1.0

        def inner(x):
            product = x * y[0] + fnp.sum(x * y)
            y[0] = 100.0
            return product

        return grad(inner)(1.0)

    np.testing.assert_array_equal(grad(outer)(np.array([3.0, 5.0])), [2.0, 1.0])


def test_float32_stays_float32():
    def function(x):
        out = fnp.zeros(3, np.float32)
        out[:2] = x[1:]
        out += x
        return fnp.sum(out * out)

    assert grad(function)(X.astype(np.float32)).dtype == np.float32


def test_complex_elements():
    def function(x):
        out = fnp.zeros(3, complex)
        out[0] = x[0] * 1j
        out[1] = x[1] * x[2]
        out.real[2] = x[0]
        out.imag[2] = x[1]
        return fnp.sum(fnp.abs(out) ** 2)

    expected = 2 * X * [2, 1, 0] + 2 * X[1] * X[2] * np.array([0, X[2], X[1]])
    np.testing.assert_allclose(grad(function)(X), expected, rtol=1e-14)


def test_masks_that_are_made_inside():
    def function(x):
        mask = fnp.zeros_like(x, dtype=bool)
        mask[0] = True
        mask |= x > 2.0
        other = ~mask & fnp.ones(3, bool)
        return fnp.sum(fnp.where(mask ^ other, x, 0.0) * mask) + fnp.sum(x[other] ** 2)

    np.testing.assert_allclose(grad(function)(X), [1.0, 2 * X[1], 1.0])
