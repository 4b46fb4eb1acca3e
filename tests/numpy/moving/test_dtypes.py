"""Conversions of the dtype."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, jvp, vmap

M = np.arange(6.0).reshape(2, 3) + 1


def test_the_method_that_converts_takes_numpys_arguments():
    def function(x):
        assert x.astype("float32", "C", "same_kind", False).dtype == np.float32
        assert x.astype(float, copy=False) is x
        assert x.astype(float) is not x
        assert x.astype(int).tolist() == M.astype(int).tolist()
        return np.sum(x.astype(complex).real)

    assert grad(function)(M).tolist() == np.ones((2, 3)).tolist()
    with pytest.raises(TypeError, match="according to 'safe'"):
        grad(lambda x: np.sum(x.astype("float32", casting="safe")))(M)


def test_an_array_of_objects_would_lose_the_derivative():
    for convert in (lambda x: x.astype(object), lambda x: fnp.array([x, x], dtype=object)):
        with pytest.raises(DetachedError, match="array of objects"):
            grad(lambda x, c=convert: np.sum(c(x)))(M)


LOSS = "Casting complex values to real discards the imaginary part"

CONVERSIONS = {
    "the method": lambda z: z.astype(float),
    "fgrad.numpy": lambda z: fnp.astype(z, "float32"),
    "numpy": lambda z: np.astype(z, float),
    "to integers": lambda z: z.astype(int) + 0.0,
    "a new array": lambda z: fnp.array(z, dtype=float),
    "a sum": lambda z: np.sum(z, dtype=float),
    "of examples": lambda z: vmap(lambda z: z.astype(float))(z),
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_a_conversion_to_real_drops_the_imaginary_part_and_warns_as_numpy_does(name):
    convert = CONVERSIONS[name]
    z = np.array([1 + 2j, 3 - 1j])
    moves = name != "to integers"
    with pytest.warns(np.exceptions.ComplexWarning, match=LOSS) as of_numpy:
        expected = convert(z)
    with pytest.warns(np.exceptions.ComplexWarning, match=LOSS) as caught:
        gradient = grad(lambda z: np.sum(convert(z) * np.real(z)))(z)
    assert len(caught) == len(of_numpy) == 1
    assert np.allclose(gradient, expected + moves * (np.sum(z.real) if name == "a sum" else z.real))
    with pytest.warns(np.exceptions.ComplexWarning, match=LOSS):
        value, tangent = jvp(convert, (z,), (1j * z,))
    assert np.array_equal(value, expected)
    assert value.dtype == np.asarray(expected).dtype
    assert np.allclose(tangent, moves * (np.sum(-z.imag) if name == "a sum" else -z.imag))


@pytest.mark.parametrize("name", ["the method", "fgrad.numpy", "numpy", "to integers"])
def test_the_warning_points_to_the_line_that_converts(name):
    with pytest.warns(np.exceptions.ComplexWarning) as caught:
        grad(lambda z: np.sum(CONVERSIONS[name](z)) + z[0].real)(np.ones(2) + 1j)
    assert caught[0].filename == __file__


def test_a_conversion_that_loses_nothing_does_not_warn():
    """Warnings are errors in these tests: cotangents become real without one, and so do truth values."""
    z = np.array([1 + 2j, 3 - 1j])
    assert grad(lambda z: np.sum(np.real(z) * z.astype(bool)))(z).tolist() == [1, 1]
    assert grad(lambda z: np.sum(np.abs(z.astype("complex64"))))(z).dtype == complex
    x = np.array([1.0, 2.0])
    assert grad(lambda x: np.sum(np.abs(x.astype(complex) * 1j)))(x).dtype == float
    assert grad(lambda x: np.sum(np.imag(np.exp(1j * x))))(x).dtype == float
    second = grad(lambda x: np.sum(grad(lambda y: np.sum(np.abs(y.astype(complex)) ** 2))(x)))
    assert second(x).tolist() == [2, 2]
    seen = []
    assert grad(lambda x: seen.append(jvp(lambda y: (1j * y).imag, (x,), (x,))) or x[0])(x).tolist() == [1, 0]


def test_a_conversion_to_complex_keeps_the_gradient_real():
    assert grad(lambda x: np.sum(np.abs(x.astype(complex)) ** 2))(M).dtype == np.float64


def test_a_conversion_to_integers_or_truth_values_is_plain():
    seen = []
    grad(lambda x: seen.extend([x.astype(int), x.astype(bool)]) or np.sum(x))(M)
    assert [type(part) for part in seen] == [np.ndarray, np.ndarray]
    assert [part.dtype for part in seen] == [np.dtype(int), np.dtype(bool)]
