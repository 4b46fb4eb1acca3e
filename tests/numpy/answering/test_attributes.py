"""What a box tells of itself, like an array."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingAttributeError, grad, jvp

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


def test_the_base_of_a_view_is_the_array_that_it_shows():
    def function(x):
        y = x * 1.0
        assert y.base is None
        assert y[1:].T[0].base is y
        assert y.reshape(-1).base is y
        assert y.copy().base is None
        assert y[[0]].base is None
        return np.sum(y[1].base * x)

    assert np.array_equal(grad(function)(np.ones((2, 3))), 2 * np.ones((2, 3)))


def test_parts_are_set_like_those_of_an_array():
    def function(x):
        z = x * (1 + 1j)
        z.real = 3 * x
        z.imag = [x[0], 2.0]
        return np.sum(z.real + 10 * z.imag)

    assert grad(function)(np.array([1.0, 2.0])).tolist() == [13, 3]


def test_a_real_array_has_no_imaginary_part_to_set():
    def function(x):
        y = x * 1.0
        y.imag = 1.0
        return np.sum(y)

    with pytest.raises(TypeError, match="imaginary part"):
        np.ones(2).imag = 1.0
    with pytest.raises(TypeError, match="imaginary part"):
        grad(function)(np.ones(2))


def test_a_number_has_no_part_to_set():
    def function(x):
        x.real = 2.0
        return x

    with pytest.raises(TypeError, match="does not support item assignment"):
        grad(function)(1.0)


@pytest.mark.parametrize(
    ("name", "value", "cure"), [("shape", (4,), r"x\.reshape"), ("dtype", int, r"x\.astype")]
)
def test_what_would_reinterpret_the_memory_is_not_set(name, value, cure):
    with pytest.raises(
        MissingAttributeError, match=f"The {name} of a traced array is not set in place.*{cure}"
    ):
        grad(lambda x: setattr(x, name, value) or np.sum(x))(np.ones((2, 2)))


def test_code_for_any_array_type_finds_the_functions():
    def function(x):
        xp = x.__array_namespace__()
        return xp.sum(xp.exp(x)) if xp is fnp else 0.0

    assert np.array_equal(grad(function)(np.zeros(2)), [1, 1])
    assert grad(lambda x: x if x.__array_namespace__(api_version="2022.12") is fnp else 0.0)(1.0) == 1
    with pytest.raises(ValueError, match="not supported"):
        grad(lambda x: x.__array_namespace__(api_version="1066"))(1.0)


def test_an_array_is_on_the_cpu():
    assert grad(lambda x: x.to_device(x.device) * x)(3.0) == 6
    with pytest.raises(ValueError, match="nsupported device"):
        grad(lambda x: x.to_device("abacus"))(3.0)
