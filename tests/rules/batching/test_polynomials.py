"""Zeros and coefficients of polynomials of all examples are those of each."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, jvp, vmap
from fgrad.numpy.algebra.polynomials import CHARACTERISTIC, ROOTS
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(7)

#: Rows of coefficients with as many zeros in front each.
ROWS = {
    "no zeros": [[1.0, -3.0, 2.0], [2.0, 0.0, -8.0]],
    "pairs": [[1.0, 0.0, 1.0], [1.0, 2.0, 5.0]],
    "real and complex": [[1.0, 0.0, 1.0], [1.0, 0.0, -1.0]],
    "zeros behind": [[1.0, -3.0, 2.0, 0.0], [1.0, -3.0, 0.0, 0.0], [1.0, -3.0, 2.0, 1.0]],
    "zeros before": [[0.0, 1.0, -3.0, 2.0], [0.0, 2.0, 1.0, -3.0]],
    "zeros on both sides": [[0.0, 1.0, -3.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0]],
    "powers alone": [[2.0, 0.0, 0.0], [3.0, 0.0, 0.0]],
    "a power and another": [[2.0, 0.0, 0.0], [3.0, 1.0, 1.0]],
    "constants and nothing": [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]],
    "one coefficient": [[1.0], [0.0]],
    "no coefficient": [[], []],
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64, np.int64])
@pytest.mark.parametrize("name", ROWS)
def test_the_zeros_are_those_of_each(name, dtype):
    rows = np.array(ROWS[name]).astype(dtype)
    rtol = 1e-5 if rows.dtype.char in "fF" else 1e-14
    assert_is_the_loop(ROOTS, [rows], (True,), len(rows), rtol)
    assert_is_the_loop(ROOTS, [rows[:1]], (True,), 1, rtol)


@pytest.mark.parametrize("is_complex", [False, True])
def test_the_zeros_of_larger_polynomials_are_those_of_each(is_complex):
    rows = RNG.normal(size=(20, 7)) + (1j * RNG.normal(size=(20, 7)) if is_complex else 0)
    rows[RNG.uniform(size=20) < 0.5, -1] = 0
    rows[RNG.uniform(size=20) < 0.3, -2:] = 0
    assert_is_the_loop(ROOTS, [rows], (True,), 20, 1e-12)


def test_degrees_that_differ_are_refused():
    rows = np.array([[1.0, 2.0, 1.0], [0.0, 2.0, 1.0]])
    with pytest.raises(BatchingError, match=r"differs between the examples .* shapes \(1,\) and \(2,\)"):
        all_at_once(ROOTS, [rows], (True,), 2, {})


def test_no_examples_have_as_many_zeros_as_their_degree_says():
    (found,) = all_at_once(ROOTS, [np.zeros((0, 4))], (True,), 0, {})
    assert found.shape == (0, 3)


# characteristic polynomials


def matrices(kind):
    """Return matrices whose characteristic polynomials NumPy takes for real, or not."""
    a = RNG.normal(size=(4, 3, 3))
    if kind == "real":
        return a
    if kind == "all pairs":
        return np.triu(a).astype(complex)
    mixed = a + 1j * RNG.normal(size=(4, 3, 3))
    if kind == "some pairs":
        mixed[1::2] = np.triu(a[1::2])
    return mixed


@pytest.mark.parametrize("kind", ["real", "all pairs", "some pairs", "no pairs"])
@pytest.mark.parametrize("is_single", [False, True])
def test_the_characteristic_polynomials_are_those_of_each(is_single, kind):
    a = matrices(kind)
    if is_single:
        a = a.astype(np.complex64 if a.dtype.kind == "c" else np.float32)
    is_real = [not np.iscomplexobj(np.poly(matrix)) for matrix in a]
    assert (all(is_real), any(is_real)) == {
        "real": (True, True),
        "all pairs": (True, True),
        "some pairs": (False, True),
        "no pairs": (False, False),
    }[kind]
    assert_is_the_loop(CHARACTERISTIC, [a], (True,), 4, 2e-6 if is_single else 1e-13)


def test_zeros_in_pairs_make_real_polynomials_in_their_examples():
    zeros = np.array([[1 + 1j, 1 - 1j, 2], [1 + 1j, 1 - 1j, 2j], [1, 2, 3]], complex)
    found = vmap(np.poly)(zeros)
    np.testing.assert_allclose(found, [np.poly(row) for row in zeros], rtol=1e-14)
    assert not np.iscomplexobj(vmap(np.poly)(zeros[::2]))


def test_products_drop_the_leading_zeros_that_all_examples_have():
    p, q = np.array([[0.0, 1.0, 2.0], [0.0, 3.0, 1.0]]), np.array([[1.0, 1.0], [2.0, 1.0]])
    assert np.array_equal(vmap(np.polymul)(p, q), [np.polymul(*row) for row in zip(p, q, strict=True)])
    with pytest.raises(BatchingError, match="leading zeros"):
        vmap(np.polymul)(np.array([[0.0, 1.0], [1.0, 1.0]]), q)


def test_differentiated_from_outside_there_is_no_loop():
    """The zeros of x^2 - s x + p are (s +- sqrt(s^2 - 4 p)) / 2."""
    s, p = np.array([5.0, 7.0]), np.array([6.0, 10.0])

    def larger(s, p):
        return np.max(np.real(fnp.roots(fnp.stack([1.0 + 0 * s, -s, p]))))

    for transform in (grad, lambda f: lambda x: jvp(f, (x,), (np.ones(2),))[1]):
        found = transform(lambda s: np.sum(vmap(larger)(s, p)))(s)
        expected = (1 + s / np.sqrt(s**2 - 4 * p)) / 2
        assert np.allclose(found, expected if np.ndim(found) else np.sum(expected), rtol=1e-13)

    def constant_term(a):
        return fnp.poly(a)[2]  # the determinant

    a = np.random.default_rng(0).normal(size=(3, 2, 2))
    found = grad(lambda a: np.sum(vmap(constant_term)(a)))(a)
    cofactors = np.stack([np.linalg.inv(m).T * np.linalg.det(m) for m in a])
    assert np.allclose(found, cofactors, rtol=1e-12)
