"""Fourier transforms: hand-derived derivatives, half spectra, dtypes, errors, and when they are imported."""

import subprocess
import sys

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, jacobian, jvp, vjp

X = np.array([1.0, -2.0, 0.5, 3.0, -1.5])


def dft(n):
    """Return the matrix of the transform."""
    k = np.arange(n)
    return np.exp(-2j * np.pi * np.outer(k, k) / n)


def test_the_cotangent_is_multiplied_by_the_matrix_of_the_transform():
    g = np.array([1 + 2j, -0.5j, 3.0, 1j, -1 - 1j])
    assert vjp(np.fft.fft, X + 0j)[1](g)[0] == pytest.approx(dft(5) @ g, rel=1e-13)
    assert vjp(np.fft.fft, X)[1](g)[0] == pytest.approx((dft(5) @ g).real, rel=1e-13)
    assert vjp(np.fft.ifft, X + 0j)[1](g)[0] == pytest.approx(dft(5).conj() @ g / 5, rel=1e-13)


def test_elements_that_are_cropped_away_have_derivative_zero():
    assert grad(lambda x: np.real(np.fft.fft(x, 2)[0]))(X).tolist() == [1, 1, 0, 0, 0]
    assert grad(lambda x: np.real(np.fft.rfft(x, 3)[0]))(X).tolist() == [1, 1, 1, 0, 0]
    half = grad(lambda z: np.fft.irfft(z, 2)[0])(X + 0j)
    assert half.tolist() == [0.5, 0.5, 0, 0, 0]


@pytest.mark.parametrize("n", [4, 5])
@pytest.mark.parametrize("function", [np.fft.irfft, np.fft.hfft])
def test_imaginary_parts_that_a_half_spectrum_cannot_have_do_not_count(function, n):
    z = np.array([1 + 5j, 2 - 1j, 3 + 7j])
    for direction in (np.array([1j, 0, 0]), np.array([0, 0, 1j])):
        moved = jvp(lambda z: function(z, n), (z,), (direction,))[1]
        counts = direction[2] != 0 and n == 5
        assert bool(np.any(moved != 0)) == counts
    g = np.array([1.0, -2.0, 0.5, 4.0, 3.0])[:n]
    cotangent = vjp(lambda z: function(z, n), z)[1](g)[0]
    assert cotangent[0].imag == 0
    assert (cotangent[2].imag == 0) == (n == 4)


def test_parsevals_theorem_gives_the_gradient_of_the_power():
    """The power of a spectrum is n times that of the signal; the half spectrum counts its pairs twice."""
    twice = np.array([1.0, 2.0, 2.0])

    def power(x):
        return np.sum(twice * np.abs(np.fft.rfft(x)) ** 2)

    assert grad(power)(X) == pytest.approx(10 * X, rel=1e-13)


def test_a_convolution_by_transforms_has_the_derivative_of_the_convolution():
    kernel = np.array([0.5, 1.0, -2.0])

    def convolved(x):
        return np.fft.irfft(np.fft.rfft(x, 7) * np.fft.rfft(kernel, 7), 7)

    matrix = np.stack([np.convolve(unit, kernel) for unit in np.eye(5)], axis=1)
    assert jacobian(convolved)(X) == pytest.approx(matrix, abs=1e-14)


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "ihfft", "fftn", "rfftn", "fftshift"])
def test_single_precision_stays_single(name):
    function = getattr(fnp.fft, name)
    x = X.astype(np.float32)
    value, pullback = vjp(function, x)
    assert value.dtype == function(x).dtype
    assert value.dtype in (np.complex64, np.float32)
    assert pullback(value)[0].dtype == np.float32


def test_lists_of_traced_numbers_are_transformed():
    assert grad(lambda x: np.real(fnp.fft.fft([x, 2.0, x])[1]))(1.0) == pytest.approx(0.5, rel=1e-15)
    assert grad(lambda x: fnp.fft.irfftn([[x, 1.0], [2.0, x]])[0, 0])(1.0) == pytest.approx(0.5, rel=1e-15)


def test_an_empty_stack_is_transformed():
    value, pullback = vjp(np.fft.rfft, np.zeros((0, 4)))
    assert value.shape == (0, 3)
    assert pullback(value)[0].shape == (0, 4)


@pytest.mark.parametrize("name", ["fftfreq", "rfftfreq"])
def test_frequencies_depend_on_the_spacing(name):
    plain, function = getattr(np.fft, name), getattr(fnp.fft, name)
    expected = -plain(5, 0.5) / 0.5
    assert jvp(lambda d: function(5, d), (0.5,), (1.0,))[1] == pytest.approx(expected, rel=1e-15)
    assert jvp(lambda d: plain(5, d), (0.5,), (1.0,))[1] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", ["fftfreq", "rfftfreq"])
def test_a_traced_number_is_no_count(name):
    with pytest.raises(DetachedError, match="as an index or a count"):
        grad(lambda n: np.sum(getattr(fnp.fft, name)(n)))(4.0)
    with pytest.raises(DetachedError, match="as an index or a count"):
        grad(lambda n: np.sum(np.abs(fnp.fft.fft(X, n))))(4.0)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda fft, x: fft.fft(x, 0), ValueError),
        (lambda fft, x: fft.fft(x, -2), ValueError),
        (lambda fft, x: fft.fft(x, 2.0), TypeError),
        (lambda fft, x: fft.irfft(x[:1]), ValueError),
        (lambda fft, x: fft.fft(x, axis=1), IndexError),
        (lambda fft, x: fft.fft(x, 3, axis=-2), np.exceptions.AxisError),
        (lambda fft, x: fft.fft(x, norm="other"), ValueError),
        (lambda fft, x: fft.irfft(x, norm="other"), ValueError),
        (lambda fft, x: fft.hfft(x, norm="other"), ValueError),
        (lambda fft, x: fft.ihfft(x, norm="other"), ValueError),
        (lambda fft, x: fft.rfft(x + 1j), TypeError),
        (lambda fft, x: fft.fft(x[0]), IndexError),
        (lambda fft, x: fft.fft2(x), IndexError),
        (lambda fft, x: fft.fftn(x, (2, 2), (0,)), ValueError),
        (lambda fft, x: fft.fftn(x, axes=(0, 1)), IndexError),
        (lambda fft, x: fft.rfftn(x, axes=()), IndexError),
        (lambda fft, x: fft.irfftn(x, (0,), (0,)), ValueError),
        (lambda fft, x: fft.fftshift(x, 1), IndexError),
        (lambda fft, x: fft.ifftshift(x[0]), ValueError),
        (lambda fft, x: fft.fftn(x, (3,)), DeprecationWarning),
        (lambda fft, x: fft.fftn(x, (None,), (0,)), DeprecationWarning),
    ],
)
def test_errors_are_those_of_numpy(call, kind):
    with pytest.raises(kind):
        call(np.fft, X)
    for namespace in (np.fft, fnp.fft):
        with pytest.raises(kind):
            grad(lambda x, namespace=namespace: np.sum(np.abs(call(namespace, x))))(X)


@pytest.mark.filterwarnings("ignore:.*deprecated in NumPy 2.0", "ignore:.*NumPy 2.0:DeprecationWarning")
def test_deprecated_sizes_mean_what_they_mean_in_numpy():
    matrix = np.outer(X, [1.0, 2.0, -1.0])
    for call in (
        lambda fft, x: fft.fftn(x, (2,)),
        lambda fft, x: fft.rfftn(x, (4, None), (0, 1)),
        lambda fft, x: fft.irfftn(x, (4, None), (0, 1)),
    ):
        assert np.array_equal(vjp(lambda x, call=call: call(np.fft, x), matrix)[0], call(np.fft, matrix))


def run(code):
    """Return what a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_namespace_is_imported_when_it_is_asked_for():
    assert run("import fgrad, sys; print('fgrad.numpy.fft' in sys.modules)") == "False"
    assert run("import fgrad.numpy as np, sys; np.fft; print('fgrad.numpy.fft' in sys.modules)") == "True"


def test_code_that_imports_numpy_alone_finds_the_rules():
    code = (
        "import numpy as np; from fgrad import grad; "
        "print(grad(lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2))(np.array([1.0, 2.0])).tolist())"
    )
    assert run(code) == "[4.0, 8.0]"
