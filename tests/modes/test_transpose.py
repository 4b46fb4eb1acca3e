import numpy as np
import pytest

from fgrad.core.spec import Spec
from fgrad.modes.transpose import linear_transpose, pairing, transpose_by_basis

GENERATOR = np.random.default_rng(0)
MATRIX = GENERATOR.standard_normal((3, 4))
COMPLEX = MATRIX + 1j * GENERATOR.standard_normal((3, 4))
REAL_4 = Spec((4,), np.dtype(float))
COMPLEX_4 = Spec((4,), np.dtype(complex))


@pytest.mark.parametrize("transpose", [linear_transpose, transpose_by_basis])
def test_the_transpose_of_a_matrix(transpose):
    g = GENERATOR.standard_normal(3)
    (found,) = transpose(lambda ts: [MATRIX @ ts[0]], [REAL_4], [g])
    np.testing.assert_allclose(found, MATRIX.T @ g, rtol=1e-14)


@pytest.mark.parametrize("transpose", [linear_transpose, transpose_by_basis])
def test_the_transpose_of_a_complex_matrix_is_not_conjugated(transpose):
    g = GENERATOR.standard_normal(3) + 1j
    (found,) = transpose(lambda ts: [COMPLEX @ ts[0]], [COMPLEX_4], [g])
    np.testing.assert_allclose(found, COMPLEX.T @ g, rtol=1e-14)


@pytest.mark.parametrize("transpose", [linear_transpose, transpose_by_basis])
def test_a_real_argument_has_a_real_cotangent(transpose):
    g = GENERATOR.standard_normal(3) + 1j
    (found,) = transpose(lambda ts: [COMPLEX @ ts[0]], [REAL_4], [g])
    np.testing.assert_allclose(found, (COMPLEX.T @ g).real, rtol=1e-14)
    assert found.dtype == float


@pytest.mark.parametrize("transpose", [linear_transpose, transpose_by_basis])
def test_several_arguments_and_results(transpose):
    specs = [REAL_4, Spec((), np.dtype(float))]
    gs = [GENERATOR.standard_normal(3), 2.0]
    found = transpose(lambda ts: [MATRIX @ ts[0] + ts[1], np.sum(ts[0])], specs, gs)
    np.testing.assert_allclose(found[0], MATRIX.T @ gs[0] + 2.0, rtol=1e-14)
    np.testing.assert_allclose(found[1], np.sum(gs[0]), rtol=1e-14)


def test_a_result_that_does_not_depend_gives_zeros():
    (found,) = linear_transpose(lambda ts: [np.zeros(3)], [REAL_4], [np.ones(3)])
    np.testing.assert_array_equal(found, np.zeros(4))


def test_an_argument_without_elements():
    (found,) = transpose_by_basis(lambda ts: [np.sum(ts[0])], [Spec((0, 2), np.dtype(float))], [1.0])
    assert found.shape == (0, 2)


def test_the_pairing_is_real():
    assert pairing([np.array([1.0, 1j])], [np.array([2.0, 3j])]) == -1.0
