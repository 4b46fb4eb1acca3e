"""What a box tells of itself, like an array."""

import numpy as np
import pytest

from fgrad import grad, jvp

MODELS = [np.arange(6.0).reshape(2, 3), np.arange(3, dtype="float32"), np.float64(2), np.ones((2, 0, 1))]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("attribute", ["shape", "dtype", "ndim", "size", "itemsize", "nbytes"])
def test_attributes_are_those_of_the_array(model, attribute):
    seen = []
    grad(lambda x: seen.append(getattr(x, attribute)) or np.sum(x))(model)
    jvp(lambda x: seen.append(getattr(x, attribute)) or x, (model,), (model,))
    assert seen == [getattr(model, attribute)] * 2


def test_attributes_of_nested_transforms():
    def inner(x):
        assert x.shape == (3,)
        assert x.dtype == np.float32
        return np.sum(x**2)

    grad(lambda x: np.sum(grad(inner)(x)))(np.ones(3, "float32"))


def test_a_python_float_has_no_axes():
    seen = []
    grad(lambda x: seen.append((x.shape, x.ndim, x.size, x.dtype)) or x)(1.0)
    assert seen == [((), 0, 1, np.dtype(float))]


def test_length_is_that_of_the_first_axis():
    assert grad(lambda x: len(x) * x[0, 0])(np.ones((2, 3))).tolist() == [[2, 0, 0], [0, 0, 0]]


def test_a_scalar_has_no_length():
    with pytest.raises(TypeError, match="no length"):
        grad(lambda x: len(x) * x)(1.0)


def test_truth_is_that_of_the_value():
    assert grad(lambda x: 2 * x if x else x)(3.0) == 2
    assert grad(lambda x: 2 * x if x else x)(0.0) == 1
    assert grad(lambda x: np.sum(x) if x else 0.0)(np.array([3.0])) == [1]


def test_real_and_imaginary_parts():
    z = np.array([1 + 2j, 3 - 1j])
    assert np.array_equal(grad(lambda z: np.sum(z.real))(z), [1, 1])
    assert np.array_equal(grad(lambda z: np.sum(z.imag))(z), [-1j, -1j])
    assert grad(lambda x: x.real)(2.0) == 1
    assert grad(lambda x: x.imag + x)(2.0) == 1


def test_texts_show_the_value():
    seen = []
    grad(lambda x: seen.extend([str(x), f"{x:.2f}", repr(x)]) or x)(1.5)
    assert seen == ["1.5", "1.50", "Box(1.5, traced by grad)"]
