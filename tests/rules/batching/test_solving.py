"""Least squares with a matrix for each example have the solutions that NumPy finds for each."""

import numpy as np
import pytest

from fgrad import BatchingError, grad, vmap
from fgrad.numpy.linalg.solving import LSTSQ
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop
from tests.transforms.differences import jacobian_of

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(5)
SHAPES = [(5, 3), (3, 3), (3, 5), (4, 1), (1, 4), (3, 0), (0, 3), (0, 0)]
DTYPES = [np.float64, np.float32, np.complex128, np.complex64, np.int64]


def drawn(dtype, *shape):
    numbers = 10 * RNG.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        numbers = numbers + 10j * RNG.normal(size=shape)
    return numbers.astype(dtype)


def precision(*dtypes):
    is_single = all(np.dtype(dtype).char in "fF" for dtype in dtypes)
    return 1e-5 if is_single else 1e-12


def bound(a):
    return max(a.shape[-2:], default=0) * float(np.finfo(float).eps)


@pytest.mark.parametrize("mine", [(True, True), (True, False), (False, True)], ids=str)
@pytest.mark.parametrize("columns", [(), (2,), (0,)], ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_least_squares_are_those_of_each(shape, columns, mine):
    for size in (1, 4):
        a, b = drawn(float, size, *shape), drawn(float, size, shape[0], *columns)
        values = [x if own else x[0] for x, own in zip((a, b), mine, strict=True)]
        assert_is_the_loop(LSTSQ, values, mine, size, 1e-12, rcond=bound(a))


@pytest.mark.parametrize("of_b", DTYPES)
@pytest.mark.parametrize("of_a", DTYPES)
def test_least_squares_have_the_dtype_of_each(of_a, of_b):
    values = [drawn(of_a, 4, 5, 3), drawn(of_b, 4, 5)]
    rtol = precision(of_a, of_b)
    assert_is_the_loop(LSTSQ, values, (True, True), 4, rtol, rcond=bound(values[0]))


def test_least_squares_in_half_precision_are_refused_as_by_numpy():
    values = [np.ones((2, 3, 2), np.float16), np.ones((2, 3), np.float16)]
    with pytest.raises(TypeError, match="float16 is unsupported"):
        all_at_once(LSTSQ, values, (True, True), 2, {"rcond": 1e-15})


@pytest.mark.parametrize("rcond", [0.0, 1e-17, 1e-9, 0.03, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("shape", [(7, 5), (5, 5), (5, 7)], ids=str)
def test_the_rank_is_that_of_lapack(shape, rcond):
    values = np.array([1.0, 0.1, 1e-3, 1e-8, 3e-15])
    u, vh = (np.linalg.qr(drawn(float, 4, n, 5 if n == 7 else n))[0] for n in shape)
    a = (u * values) @ np.matrix_transpose(vh)
    b = drawn(float, 4, shape[0])
    _, _, rank = all_at_once(LSTSQ, [a, b], (True, True), 4, {"rcond": rcond})
    expected = [np.linalg.lstsq(x, y, rcond)[2] for x, y in zip(a, b, strict=True)]
    assert np.array_equal(rank, expected)
    if rcond in (1e-9, 0.03, 0.5):  # the others keep values whose reciprocals are all errors
        assert_is_the_loop(LSTSQ, [a, b], (True, True), 4, 1e-6, rcond=rcond)


def test_a_matrix_of_zeros_has_rank_zero():
    a = np.zeros((2, 4, 2))
    values = [a, drawn(float, 2, 4)]
    assert_is_the_loop(LSTSQ, values, (True, True), 2, 1e-15, rcond=bound(a))


def test_residuals_in_some_examples_only_are_refused():
    a = drawn(float, 3, 4, 2)
    a[1, :, 1] = a[1, :, 0]
    with pytest.raises(BatchingError, match=r"differs between the examples .* shapes \(0,\) and \(1,\)"):
        all_at_once(LSTSQ, [a, np.ones((3, 4))], (True, True), 3, {"rcond": bound(a)})


def test_ranks_may_differ_where_there_are_no_residuals_anyway():
    a = drawn(float, 3, 3, 3)
    a[1, :, 1] = a[1, :, 0]
    assert_is_the_loop(LSTSQ, [a, drawn(float, 3, 3)], (True, True), 3, 1e-11, rcond=bound(a))


@pytest.mark.parametrize("mine", [(True, True), (False, True)], ids=str)
@pytest.mark.parametrize(("shape", "left"), [((4, 2), (3,)), ((2, 4), (0,))], ids=str)
def test_no_examples_have_solutions_of_the_right_shape(shape, left, mine):
    m, n = shape
    a = np.zeros((0, m, n)) if mine[0] else drawn(float, m, n)
    found = all_at_once(LSTSQ, [a, np.zeros((0, m, 3))], mine, 0, {"rcond": 1e-15})
    assert [part.shape for part in found] == [(0, n, 3), (0, *left), (0,)]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_matrix_that_is_not_finite_is_refused(bad):
    a = drawn(float, 2, 3, 2)
    a[1, 0, 0] = bad
    with pytest.raises(np.linalg.LinAlgError, match="did not converge"):
        all_at_once(LSTSQ, [a, np.ones((2, 3))], (True, True), 2, {"rcond": 1e-15})


def test_nan_on_the_right_stays_in_its_example():
    b = drawn(float, 2, 3)
    b[1, 1] = np.nan
    values = [drawn(float, 2, 3, 2), b]
    assert_is_the_loop(LSTSQ, values, (True, True), 2, 1e-12, rcond=1e-15)


@pytest.mark.parametrize("shapes", [((3, 2), (4,)), ((3,), (3,)), ((3, 2), (3, 1, 1)), ((3, 2), ())], ids=str)
def test_shapes_that_do_not_fit_are_refused_as_by_numpy(shapes):
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.lstsq(*map(np.zeros, shapes))
    values = [np.zeros((2, *shape)) for shape in shapes]
    with pytest.raises(np.linalg.LinAlgError):
        all_at_once(LSTSQ, values, (True, True), 2, {"rcond": 1e-15})


def solved(a, b):
    """Return a number that depends on the solution, and on how well it solves."""
    x, residuals, *_ = np.linalg.lstsq(a, b)
    return np.sum(np.sin(x)) + np.sum(residuals**2)


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3)], ids=str)
def test_the_gradient_through_all_solutions_is_that_of_differences(shape):
    a, b = RNG.normal(size=(3, *shape)), RNG.normal(size=(3, shape[0]))

    def total(a, b):
        return np.sum(vmap(solved)(a, b))

    of_a, of_b = grad(total, (0, 1))(a, b)
    for i in range(3):
        expected = jacobian_of(lambda x, i=i: solved(x, b[i]), a[i])
        np.testing.assert_allclose(of_a[i], expected, rtol=1e-6, atol=1e-7)
        expected = jacobian_of(lambda y, i=i: solved(a[i], y), b[i])
        np.testing.assert_allclose(of_b[i], expected, rtol=1e-6, atol=1e-7)


def test_least_squares_of_examples_of_examples_are_those_of_each():
    a, b = RNG.normal(size=(2, 3, 4, 2)), RNG.normal(size=(2, 3, 4))
    x, residuals, rank, s = vmap(vmap(lambda a, b: np.linalg.lstsq(a, b)))(a, b)
    for i in np.ndindex(2, 3):
        for found, expected in zip((x, residuals, rank, s), np.linalg.lstsq(a[i], b[i]), strict=True):
            np.testing.assert_allclose(found[i], expected, rtol=1e-11)
