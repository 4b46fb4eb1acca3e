"""Products and powers of vectors in a pattern: hard places, dtypes and errors."""

import numpy as np
import pytest

from fgrad import grad, hessian, vjp

V = np.array([1.0, 2.0, 3.0])


def test_the_cross_product_has_the_derivative_of_a_rotation():
    axis, weights = np.array([0.5, -1.0, 2.0]), np.array([1.0, 10.0, 100.0])
    assert np.allclose(grad(lambda v: weights @ np.cross(axis, v))(V), np.cross(weights, axis))
    assert np.allclose(grad(lambda v: weights @ np.cross(v, axis))(V), np.cross(axis, weights))
    assert grad(lambda v: np.sum(np.cross(v, v) ** 2))(V).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(V[:2], V[1:], [3, -2]), (V[:2], V, [-1, 2]), (V, V[:2], [-1, 2, -1])]
)
def test_vectors_of_two_elements_warn_as_in_numpy(a, b, expected):
    if np.lib.NumpyVersion(np.__version__) >= "2.5.0":  # which no longer takes them
        for call in (np.cross, lambda a, b: vjp(np.cross, a, b)):
            with pytest.raises(ValueError, match="3-dimensional vectors, but they are"):
                call(a, b)
        return
    with pytest.warns(DeprecationWarning, match="2-dimensional vectors are deprecated"):
        plain = np.cross(a, b)
    with pytest.warns(DeprecationWarning, match="2-dimensional vectors are deprecated"):
        value, pullback = vjp(np.cross, a, b)
    assert np.array_equal(value, plain)
    last = np.zeros_like(value)
    last[() if value.ndim == 0 else -1] = 1
    assert pullback(last)[0].tolist() == [b[1], -b[0], 0][: len(a)]
    assert pullback(last)[1].tolist() == [-a[1], a[0], 0][: len(b)]


def test_powers_at_zero():
    x = np.array([0.0, 2.0])
    assert grad(lambda x: np.sum(np.vander(x, 3)))(x).tolist() == [1, 5]
    assert hessian(lambda x: np.sum(np.vander(x, 3)))(x).tolist() == [[2, 0], [0, 2]]


def test_vander_has_numpys_dtype():
    x = V.astype("float32")
    value, pullback = vjp(np.vander, x)
    assert value.dtype == np.vander(x).dtype == np.float64
    assert pullback(value)[0].dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda v: np.cross(v, v[0]), ValueError),
        (lambda v: np.cross(v, [1.0]), ValueError),
        (lambda v: np.cross(v, v, axisa=1), np.exceptions.AxisError),
        (lambda v: np.cross(v, v, axisc=1), np.exceptions.AxisError),
        (lambda v: np.vander(v, -1), ValueError),
        (lambda v: np.vander(v[None]), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(V)
    with pytest.raises(error):
        grad(lambda v: np.sum(call(v)))(V)
