"""Numbers taken apart."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacobian, jvp


def test_whole_and_fraction():
    fraction, whole = jvp(np.modf, (2.75,), (1.0,))[1]
    assert (fraction, whole) == (1, 0)
    assert grad(lambda x: np.modf(x)[0] * np.modf(x)[1])(-2.75) == -2


def test_mantissa_and_exponent():
    seen = []
    assert grad(lambda x: seen.append(np.frexp(x)) or np.frexp(x)[0])(6.0) == 1 / 8
    mantissa, exponent = seen[0]
    assert exponent == 3
    assert str(mantissa) == "0.75"


def test_quotient_and_remainder():
    assert grad(lambda x: np.divmod(x, 2.0)[1])(7.5) == 1
    assert grad(lambda x: np.divmod(7.5, x)[1])(2.0) == -3
    assert grad(lambda x: np.divmod(x, 2.0)[0])(7.5) == 0


def test_the_imaginary_part_of_a_real_number_is_plain_zero():
    assert grad(lambda x: np.imag(x) + 2 * x)(3.0) == 2
    assert grad(lambda x: np.sum(x.imag) + np.sum(x))(np.ones(2, "float32")).tolist() == [1, 1]


def test_the_angle_of_a_real_number_is_constant():
    assert grad(lambda x: np.angle(x) + x)(-3.0) == 1
    assert np.array_equal(jacobian(np.angle)(np.array([1.0, -2.0])), np.zeros((2, 2)))


def test_angles_in_degrees():
    z = 1 + 1j
    assert grad(lambda z: np.angle(z, deg=True))(z) == pytest.approx(
        np.degrees(grad(np.angle)(z).real) + 1j * np.degrees(grad(np.angle)(z).imag), rel=1e-15
    )


def test_the_sign_of_a_complex_number_moves_along_the_circle():
    z = 3 + 4j
    value, moved = jvp(np.sign, (z,), (1j * z,))
    assert value == pytest.approx(z / 5, rel=1e-15)
    assert moved == pytest.approx(1j * z / 5, rel=1e-14)
    assert jvp(np.sign, (z,), (z,))[1] == pytest.approx(0, abs=1e-15)


def test_the_sign_of_a_real_number_is_plain():
    seen = []
    grad(lambda x: seen.append(np.sign(x)) or x)(-2.0)
    assert seen == [-1]
    assert isinstance(seen[0], float)


def test_kinds_are_told_without_values():
    def function(x):
        assert fnp.isrealobj(x)
        assert not fnp.iscomplexobj(x)
        assert fnp.iscomplexobj(x + 0j)
        assert fnp.iscomplexobj([x, 1j])
        return x

    assert grad(function)(1.0) == 1


def test_a_complex_array_that_is_real_loses_its_imaginary_parts():
    z = np.array([1 + 1e-15j, 2.0])
    assert grad(lambda z: np.sum(np.real_if_close(z) ** 2))(z).tolist() == [2, 4]
    kept = jvp(lambda z: np.real_if_close(z, tol=1e-16), (z,), (z,))[0]
    assert kept.dtype == np.complex128
    assert jvp(np.real_if_close, (z.real,), (z.real,))[1].tolist() == [1, 2]


def test_parts_of_infinities_and_zeros_are_numpys():
    x = np.array([np.inf, -np.inf, -2.0, -0.0])
    found, moved = jvp(np.modf, (x,), (np.ones(4),))
    for part, whole in zip(found, np.modf(x), strict=True):
        assert np.array_equal(part, whole)
        assert np.array_equal(np.signbit(part), np.signbit(whole))
    assert moved[0].tolist() == [1, 1, 1, 1]


def test_the_sign_of_a_complex_number_at_zero_and_infinity_stands_still():
    z = np.array([0j, complex(np.inf, 1), 3 + 4j])
    value, moved = jvp(np.sign, (z,), (np.ones(3) * 1j,))
    assert value == pytest.approx(np.sign(z), rel=1e-15)
    assert moved[:2].tolist() == [0, 0]
    assert moved[2] == pytest.approx(-0.096 + 0.072j, rel=1e-14)  # across, not along
