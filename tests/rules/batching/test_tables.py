"""Searches for all examples at once find what NumPy finds for each."""

import numpy as np
import pytest

from fgrad import grad, vmap
from fgrad.numpy.ordering.histograms import DIGITIZE, SEARCHSORTED
from fgrad.numpy.ordering.interpolation import INTERVALS
from fgrad.numpy.ordering.quantiles import PLACES
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(20261125)
BOTH = pytest.mark.parametrize("mine", [(True, True), (True, False), (False, True)], ids=str)
SIZES = pytest.mark.parametrize("size", [1, 5])

#: Numbers of which many are equal, and some are neither finite nor zero of one sign.
REALS = np.array([-np.inf, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 1.0, 2.0, np.inf, np.nan])
PARTS = np.array([-1.0, 0.0, 2.0, np.nan])
NUMBERS = {
    "float64": REALS,
    "float32": REALS.astype(np.float32),
    "float16": REALS.astype(np.float16),
    "int8": np.arange(-4, 5, dtype=np.int8),
    "uint64": np.array([0, 1, 2**53, 2**53 + 1, 2**64 - 1], np.uint64),
    "bool": np.array([False, True]),
    "complex128": np.add.outer(PARTS, 1j * PARTS).ravel(),
}


def some(kind, *shape):
    return RNG.choice(NUMBERS[kind], size=shape)


def sorted_rows(kind, size, n):
    return np.sort(some(kind, size, n), axis=1)


def given(arrays, mine):
    """Return the examples of some arguments, and the first alone of others."""
    return [array if own else array[0] for array, own in zip(arrays, mine, strict=True)]


@BOTH
@SIZES
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_a_search_in_sorted_tables_is_that_of_each(kind, side, size, mine):
    for n in (0, 1, 2, 3, 7, 8, 9, 33):
        values = given([sorted_rows(kind, size, n), some(kind, size, 40)], mine)
        assert_is_the_loop(SEARCHSORTED, values, mine, size, side=side, sorter=None)


@pytest.mark.parametrize(
    ("of_table", "of_keys"), [("int8", "float64"), ("uint64", "int8"), ("float32", "int8")]
)
def test_a_search_compares_in_the_common_dtype(of_table, of_keys):
    values = [sorted_rows(of_table, 5, 6), some(of_keys, 5, 9)]
    assert_is_the_loop(SEARCHSORTED, values, (True, True), 5, side="left", sorter=None)


@pytest.mark.parametrize("shape", [(), (0,), (2, 3)], ids=str)
def test_keys_may_have_any_axes(shape):
    values = [sorted_rows("float64", 5, 6), some("float64", 5, *shape)]
    assert_is_the_loop(SEARCHSORTED, values, (True, True), 5, side="right", sorter=None)


@BOTH
def test_a_search_by_a_sorter_is_that_of_each(mine):
    order = RNG.permutation(7)
    values = given([sorted_rows("float64", 5, 7)[:, np.argsort(order)], some("float64", 5, 4)], mine)
    assert_is_the_loop(SEARCHSORTED, values, mine, 5, side="left", sorter=order)


@pytest.mark.parametrize(
    ("side", "sorter", "error"),
    [
        ("middle", None, "search side must be"),
        ("left", np.array([0, 1]), "sorter.size"),
        ("left", np.array([0, 1, 3]), "Sorter index out of range"),
        ("left", np.array([0, -1, 2]), "Sorter index out of range"),
    ],
)
def test_a_search_refuses_what_numpy_refuses(side, sorter, error):
    table, keys = np.arange(6.0).reshape(2, 3), np.full((2, 2), 10.0)
    with pytest.raises(ValueError, match=error):
        np.searchsorted(table[0], keys[0], side, sorter)
    with pytest.raises(ValueError, match=error):
        all_at_once(SEARCHSORTED, [table, keys], (True, True), 2, {"side": side, "sorter": sorter})


def test_a_sorter_may_differ_between_examples():
    tables, keys = RNG.normal(size=(4, 6)), RNG.normal(size=(4, 5))
    found = vmap(lambda a, v: np.searchsorted(a, v, sorter=np.argsort(a)))(tables, keys)
    expected = [np.searchsorted(a, v, sorter=np.argsort(a)) for a, v in zip(tables, keys, strict=True)]
    assert np.array_equal(found, expected)
    found = vmap(lambda order: np.searchsorted(tables[0], keys[0], sorter=order))(np.argsort(tables[:1]))
    assert np.array_equal(found, [np.searchsorted(tables[0], keys[0], sorter=np.argsort(tables[0]))])


def test_a_search_in_examples_of_examples_is_that_of_each():
    tables, keys = np.sort(RNG.normal(size=(2, 3, 6))), RNG.normal(size=(2, 3, 5))
    expected = [
        [np.searchsorted(a, v) for a, v in zip(*row, strict=True)] for row in zip(tables, keys, strict=True)
    ]
    assert np.array_equal(vmap(vmap(np.searchsorted))(tables, keys), expected)
    expected = [[np.searchsorted(a, v) for a in tables[0]] for v in keys[0]]
    crossed = vmap(lambda v: vmap(lambda a: np.searchsorted(a, v))(tables[0]))(keys[0])
    assert np.array_equal(crossed, expected)


def test_no_examples_have_no_positions():
    for primitive, values, params in (
        (SEARCHSORTED, [np.zeros((0, 3)), np.zeros((0, 2, 5))], {"side": "left", "sorter": None}),
        (DIGITIZE, [np.zeros((0, 2, 5)), np.zeros((0, 3))], {"right": False}),
    ):
        (found,) = all_at_once(primitive, values, (True, True), 0, params)
        assert (found.shape, found.dtype) == ((0, 2, 5), np.intp)


# bins

#: Each row rises or falls; two have no more than one value, one of them NaN.
BINS = np.array(
    [
        [-1.0, 0.0, 0.0, 2.0],
        [2.0, 1.0, 1.0, -1.0],
        [1.0, 1.0, 1.0, 1.0],
        [1.0, 1.0, 2.0, np.inf],
        [np.inf, 2.0, 1.0, 1.0],
        [0.0, 1.0, 2.0, np.nan],
    ]
)


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("own_x", [True, False])
def test_bins_may_rise_in_one_example_and_fall_in_another(own_x, right):
    x = some("float64", 6, 3, 4)
    values = [x if own_x else x[0], BINS]
    assert_is_the_loop(DIGITIZE, values, (own_x, True), 6, right=right)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_bins_are_bins(n):
    values = [some("float64", 4), np.array([[1.0, 0.5], [0.5, 1.0], [2.0, 2.0], [0.0, np.inf]])[:, :n]]
    assert_is_the_loop(DIGITIZE, values, (True, True), 4, right=False)


@pytest.mark.parametrize("bins", [[0.0, 2.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 2.0, 0.0], [np.nan, 0.0, 1.0]])
def test_bins_that_neither_rise_nor_fall_are_refused(bins):
    with pytest.raises(ValueError, match="monotonically"):
        np.digitize([0.5], bins)
    values = [np.zeros((2, 1)), np.array([sorted(bins, key=abs), bins])]
    with pytest.raises(ValueError, match="monotonically"):
        all_at_once(DIGITIZE, values, (True, True), 2, {"right": False})


def test_complex_numbers_have_no_bins():
    values = [np.zeros((2, 1), complex), np.array([[0.0, 1.0], [1.0, 0.0]])]
    with pytest.raises(TypeError, match="complex"):
        all_at_once(DIGITIZE, values, (True, True), 2, {"right": False})


# intervals


@BOTH
@SIZES
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_intervals_of_interp_are_those_of_each(n, size, mine):
    tables = np.sort(RNG.integers(-2, 3, (size, n)).astype(float), axis=1)
    for shape in ((), (0,), (2, 10)):
        values = given([some("float64", size, *shape), tables], mine)
        assert_is_the_loop(INTERVALS, values, mine, size)


def test_interpolation_in_a_table_for_each_example_has_the_slopes_of_its_lines():
    x, xp, fp = (
        np.array([0.5, 3.0]),
        np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 4.0]]),
        np.arange(6.0).reshape(2, 3),
    )

    def total(x, fp):
        return np.sum(vmap(np.interp)(x, xp, fp) ** 2)

    values, slopes = np.array([0.5, 4.5]), np.array([1.0, 0.5])
    np.testing.assert_allclose(grad(total)(x, fp), 2 * values * slopes, rtol=1e-14)
    np.testing.assert_allclose(
        grad(total, 1)(x, fp), 2 * values[:, None] * [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]], rtol=1e-14
    )


# quantiles

PATTERNS = [(True, False), (False, True), (True, True)]


@pytest.mark.parametrize("mine", PATTERNS, ids=str)
@pytest.mark.parametrize("skip_nan", [False, True])
@pytest.mark.parametrize("moving", [False, True])
@pytest.mark.parametrize("method", ["linear", "inverted_cdf", "nearest", "hazen"])
def test_the_places_of_quantiles_are_those_of_each(method, moving, skip_nan, mine):
    rows, q = RNG.normal(size=(5, 3, 7)), RNG.uniform(size=(5, 4))
    q[:, :2] = [0.0, 1.0]
    if skip_nan:
        rows[RNG.uniform(size=rows.shape) < 0.3] = np.nan
        rows[0, 0] = np.nan
    values = [*given([rows, q], mine), None]
    options = {"method": method, "skip_nan": skip_nan, "moving": moving}
    assert_is_the_loop(PLACES, values, (*mine, False), 5, **options)


@pytest.mark.parametrize("mine", [(a, b, c) for a, b in PATTERNS for c in (True, False)], ids=str)
@pytest.mark.parametrize("skip_nan", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_places_of_weighted_quantiles_are_those_of_each(dtype, skip_nan, mine):
    rows = RNG.normal(size=(5, 3, 7))
    weights = RNG.integers(0, 3, rows.shape).astype(float)
    weights[..., 0] += 1
    q = np.concatenate([np.tile([0.0, 1.0, 0.4, 0.5], (5, 1)), RNG.uniform(size=(5, 2))], 1).astype(dtype)
    if skip_nan:
        rows[RNG.uniform(size=rows.shape) < 0.3] = np.nan
        rows[..., 0] = 0.1
    values = given([rows, q, weights], mine)
    options = {"method": "inverted_cdf", "skip_nan": skip_nan, "moving": False}
    assert_is_the_loop(PLACES, values, mine, 5, **options)


@pytest.mark.parametrize("q", [np.full(2, 0.5), np.full((2, 2), 0.5)], ids=["one", "each"])
def test_wrong_weights_are_refused(q):
    rows = np.arange(6.0).reshape(2, 3)
    in_axes = (0, None, 0) if q.ndim == 1 else (0, 0, 0)
    quantiles = vmap(lambda a, q, w: np.quantile(a, q, method="inverted_cdf", weights=w), in_axes)
    with pytest.raises(ValueError, match="non-negative"):
        quantiles(rows, q, np.array([[1.0, -1.0, 2.0], [1.0, 1.0, 1.0]]))


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("method", ["linear", "median_unbiased"])
def test_quantiles_of_examples_of_examples_are_those_of_each(method, axis):
    a, q = RNG.normal(size=(2, 3, 4, 5)), RNG.uniform(size=(2, 3, 2))
    expected = [
        [np.quantile(x, p, axis, method=method) for x, p in zip(*row, strict=True)]
        for row in zip(a, q, strict=True)
    ]
    found = vmap(vmap(lambda x, p: np.quantile(x, p, axis, method=method)))(a, q)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    expected = [[np.quantile(x, p, axis, method=method) for p in q[0]] for x in a[0]]
    crossed = vmap(lambda x: vmap(lambda p: np.quantile(x, p, axis, method=method))(q[0]))(a[0])
    np.testing.assert_allclose(crossed, expected, rtol=1e-13)


def test_weighted_quantiles_of_examples_of_examples_are_those_of_each():
    a, q, w = RNG.normal(size=(2, 3, 5)), RNG.uniform(size=(2, 3, 2)), RNG.uniform(size=(2, 3, 5))

    def quantile(x, p, w):
        return np.quantile(x, p, method="inverted_cdf", weights=w)

    expected = [[quantile(*one) for one in zip(*row, strict=True)] for row in zip(a, q, w, strict=True)]
    assert np.array_equal(vmap(vmap(quantile))(a, q, w), expected)
    expected = [[quantile(x, p, w[0, 0]) for p in q[0]] for x in a[0]]
    crossed = vmap(lambda x: vmap(lambda p: quantile(x, p, w[0, 0]))(q[0]))(a[0])
    assert np.array_equal(crossed, expected)


def test_a_quantile_moves_with_its_rank_in_each_example():
    a, q = np.array([[0.0, 1.0, 4.0], [5.0, 2.0, 2.5]]), np.array([0.25, 0.6])
    slopes = grad(lambda q: np.sum(vmap(np.quantile)(a, q)))(q)
    np.testing.assert_allclose(slopes, [2.0, 5.0], rtol=1e-14)  # twice the differences of the neighbours


def test_quantiles_of_nothing_have_the_shape_of_each():
    q = np.full((4, 2), 0.5)
    found = vmap(lambda q: np.quantile(np.zeros((3, 0)), q, axis=0, keepdims=True))(q)
    assert found.shape == (4, 2, 1, 0)
    with pytest.raises(IndexError):
        vmap(lambda q: np.quantile(np.zeros(0), q))(q)
