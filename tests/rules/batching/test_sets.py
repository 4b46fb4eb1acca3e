"""Sets of many examples at once: distinct elements, their positions, and membership."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, jacfwd, jacrev, jvp, vmap
from fgrad.numpy.ordering.sets import COMMON_POSITIONS, ISIN, UNIQUE, UNIQUE_POSITIONS
from tests.rules.batching.loops import assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(3)
NAN = np.nan


def shuffled(row):
    """Return five examples with the elements of a row, each in another order."""
    return np.array([RNG.permutation(row) for _ in range(5)])


REPEATED = shuffled([0.5, -1.0, 0.5, 2.0, 2.0, 2.0])
ROWS = {
    "floats": REPEATED,
    "float32": REPEATED.astype(np.float32),
    "integers": (4 * REPEATED).astype(int),
    "truth values": shuffled([True, False, True]),
    "complex": shuffled([1 + 2j, 1 - 2j, 1 + 2j, 0j]),
    "NaN": shuffled([NAN, 1.0, NAN, 1.0]),
    "complex NaN": shuffled([complex(NAN, 1), 1j, complex(2, NAN), 1j]),
    "zeros of both signs": shuffled([0.0, -0.0, 1.0]),
    "all equal": np.full((5, 3), 7.0),
    "one": RNG.normal(size=(5, 1)),
    "numbers": RNG.normal(size=5),
    "matrices": REPEATED.reshape(5, 2, 3),
    "nothing": np.zeros((5, 0)),
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("equal_nan", [True, False])
def test_distinct_elements_and_all_their_positions(rows, equal_nan):
    wanted = {"return_index": True, "return_inverse": True, "return_counts": True}
    assert_is_the_loop(lambda x: fnp.unique(x, equal_nan=equal_nan), rows)
    assert_is_the_loop(lambda x: fnp.unique(x, **wanted, equal_nan=equal_nan), rows)


@pytest.mark.parametrize("wanted", ["return_index", "return_inverse", "return_counts"])
def test_one_kind_of_positions(wanted):
    assert_is_the_loop(lambda x: fnp.unique(x, **{wanted: True}), REPEATED)


SLICES = np.array([[[i, 1.0, 2.0], [3.0, i, 0.0], [i, 1.0, 2.0]] for i in range(5)])


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
@pytest.mark.parametrize("dtype", [float, int, complex])
def test_distinct_slices(axis, dtype):
    x = np.concatenate([SLICES, SLICES[..., :1]], axis=2).astype(dtype)
    wanted = {"return_index": True, "return_inverse": True, "return_counts": True}
    assert_is_the_loop(lambda x: fnp.unique(x, axis=axis, **wanted), x)


@pytest.mark.parametrize(
    ("shape", "axis"), [((2, 0), 0), ((2, 0, 3), 0), ((0, 2), 0), ((0, 2), 1), ((3,), 0)]
)
def test_distinct_slices_of_few_elements(shape, axis):
    assert_is_the_loop(lambda x: fnp.unique(x, axis=axis, return_counts=True), np.zeros((5, *shape)))


def test_slices_with_nan_are_never_equal():
    assert_is_the_loop(lambda x: fnp.unique(x, axis=0), np.full((5, 2, 2), NAN))


def test_an_axis_that_does_not_exist_raises_as_in_numpy():
    with pytest.raises(np.exceptions.AxisError, match="axis 1 is out of bounds for array of dimension 1"):
        vmap(lambda x: fnp.unique(x, axis=1))(REPEATED)


def test_elements_in_any_order_are_in_order():
    found = vmap(fnp.unique_values)(REPEATED)
    assert found.tolist() == [[-1.0, 0.5, 2.0]] * 5


def test_numbers_of_distinct_elements_that_differ_are_refused():
    x = np.array([[1.0, 1.0], [1.0, 2.0]])
    with pytest.raises(
        BatchingError, match=r"unique: how many .* differs between the examples .*: 1 and 2\."
    ):
        vmap(fnp.unique)(x)
    assert_is_the_loop(
        lambda x: UNIQUE_POSITIONS(x, axis=None, options={"return_inverse": True}),
        np.array([[1.0, 1.0], [1.0, 2.0], [2.0, 1.0], [0.0, 0.0], [3.0, 4.0]]),
    )


def test_no_examples_of_what_depends_on_the_values_are_refused():
    with pytest.raises(BatchingError, match=r"unique: how many elements .* no examples"):
        vmap(fnp.unique)(np.zeros((0, 3)))
    assert vmap(fnp.unique)(np.zeros((0, 0))).shape == (0, 0)


# derivatives


def mean_of_equal(weights, x):
    """Return by hand what the distinct elements' cotangents send back: to equal elements equal parts."""
    _, members, counts = np.unique(x, return_inverse=True, return_counts=True)
    return (weights / counts)[members].reshape(x.shape)


@pytest.mark.parametrize("rows", [ROWS["floats"], ROWS["matrices"], ROWS["all equal"]])
def test_equal_elements_share_the_cotangent_in_each_example(rows):
    weights = np.arange(1.0, len(np.unique(rows[0])) + 1)
    expected = np.stack([mean_of_equal(weights, x) for x in rows])

    def total(x):
        return np.sum(weights * np.unique(x))

    assert np.allclose(vmap(grad(total))(rows), expected, rtol=1e-14)
    assert np.allclose(grad(lambda x: np.sum(vmap(total)(x)))(rows), expected, rtol=1e-14)
    t = RNG.normal(size=rows.shape)
    by_hand = np.sum((expected * t).reshape(len(rows), -1), axis=1)
    pushed = vmap(lambda x, t: jvp(total, (x,), (t,))[1])
    assert np.allclose(pushed(rows, t), by_hand, rtol=1e-13)
    assert np.allclose(jvp(vmap(total), (rows,), (t,))[1], by_hand, rtol=1e-13)


def test_the_derivative_of_distinct_elements_of_examples_of_examples():
    x = REPEATED[:4].reshape(2, 2, 6)
    weights = np.array([1.0, 4.0, 9.0])

    def gradient(x):
        return grad(lambda x: np.sum(weights * np.unique(x) ** 2))(x)

    expected = [[mean_of_equal(2 * weights * np.unique(v), v) for v in row] for row in x]
    assert np.allclose(vmap(vmap(gradient))(x), expected, rtol=1e-14)

    def total(x):
        return np.sum(vmap(vmap(lambda v: np.sum(weights * np.unique(v) ** 2)))(x))

    assert np.allclose(grad(total)(x), expected, rtol=1e-14)
    # 2 w J^T J: each distinct element is the mean of those that are equal
    t = RNG.normal(size=x.shape)
    second = jvp(lambda x: vmap(vmap(gradient))(x), (x,), (t,))[1]
    means = [
        [np.array([np.mean(s[v == u]) for u in np.unique(v)]) for v, s in zip(*r, strict=True)]
        for r in zip(x, t, strict=True)
    ]
    by_hand = [
        [mean_of_equal(2 * weights * m, v) for v, m in zip(*r, strict=True)]
        for r in zip(x, means, strict=True)
    ]
    assert np.allclose(second, by_hand, rtol=1e-13)


@pytest.mark.parametrize("axis", [0, -1])
def test_equal_slices_share_the_cotangent(axis):
    x = SLICES if axis == 0 else np.swapaxes(SLICES, 1, 2).copy()
    cotangent = RNG.normal(size=np.unique(x[0], axis=axis).shape)
    found = vmap(grad(lambda x: np.sum(cotangent * np.unique(x, axis=axis))))(x)
    for i in range(5):
        _, members, counts = np.unique(x[i], axis=axis, return_inverse=True, return_counts=True)
        shares = np.moveaxis(cotangent, axis, 0)[members.ravel()] / counts[members.ravel()][:, None]
        assert np.allclose(found[i], np.moveaxis(shares, 0, axis), rtol=1e-14)


def test_single_precision_is_kept():
    x = REPEATED.astype(np.float32)
    assert vmap(grad(lambda x: np.sum(np.unique(x) ** 2)))(x).dtype == np.float32


# two sets

FIRST = np.array(
    [
        [1.0, 5.0, 3.0, 3.0],
        [2.0, 2.0, 9.0, 4.0],
        [7.0, 0.0, 7.0, 8.0],
        [1.0, 2.0, 3.0, 4.0],
        [6.0, 6.0, 6.0, 5.0],
    ]
)
SECOND = np.array([[3.0, 1.0, 3.0], [9.0, 2.0, 2.0], [8.0, 7.0, 5.0], [4.0, 1.0, 0.0], [5.0, 6.0, 5.0]])


@pytest.mark.parametrize("dtype", [float, int, complex])
def test_positions_in_an_intersection(dtype):
    first, second = FIRST.astype(dtype), SECOND.astype(dtype)
    common = lambda a, b: COMMON_POSITIONS(a, b, assume_unique=False)  # noqa: E731
    assert_is_the_loop(common, first, second)
    assert_is_the_loop(common, first.reshape(5, 2, 2), second)
    with pytest.raises(BatchingError, match="differs between the examples"):
        vmap(lambda a: np.sum(common(a, second[0])[0]))(first)


def test_positions_in_an_intersection_of_sets():
    first, second = shuffled([1.0, 4.0, NAN, 6.0]), shuffled([6, 1, 0])
    assert_is_the_loop(lambda a, b: COMMON_POSITIONS(a, b, assume_unique=True), first, second)
    assert_is_the_loop(
        lambda a, b: COMMON_POSITIONS(a, b, assume_unique=True), first, second[0], axes=(0, None)
    )
    assert_is_the_loop(lambda a, b: fnp.intersect1d(a, b, return_indices=True), first, second)


def test_sets_that_are_made_of_two():
    first, second = shuffled([1.0, 4.0, 5.0, 6.0]), shuffled([6.0, 1.0, 0.0])
    for function in (fnp.union1d, fnp.intersect1d, fnp.setxor1d, fnp.setdiff1d):
        assert_is_the_loop(function, first, second)
        assert_is_the_loop(function, first, second[0], axes=(0, None))


@pytest.mark.parametrize(
    ("function", "first", "second"),
    [
        # the arrays have different numbers of distinct elements, and of those that are in both
        (fnp.intersect1d, [[1, 1, 2, 3], [1, 2, 3, 4], [5, 5, 5, 2]], [[2, 3, 3], [4, 2, 7], [5, 2, 2]]),
        (fnp.intersect1d, [[1, 1, 1], [NAN, NAN, 2], [3, 4, 5]], [[1, 7, 1], [2, NAN, 2], [0, 1, 5]]),
        (fnp.setdiff1d, [[1, 1, 2, 3], [1, 2, 3, 4], [5, 5, 4, 2]], [[3, 3, 3], [4, 2, 7], [2, 0, 0]]),
        (fnp.setdiff1d, [[1, NAN, NAN], [1, 2, NAN], [5, 5, NAN]], [[3, 3, 3], [2, 2, NAN], [2, 0, 0]]),
        (fnp.setxor1d, [[1, 1, 2, 2], [1, 2, 3, 4], [0, 5, 5, 0]], [[3, 9, 9], [4, 7, 7], [1, 2, 1]]),
        (fnp.setxor1d, [[1, 1, 1], [4, 4, 3], [NAN, NAN, 5]], [[1, NAN, 2], [3, 3, 5], [5, 5, 0]]),
    ],
)
def test_only_what_is_left_must_be_as_many(function, first, second):
    first, second = np.array(first, float), np.array(second, float)
    loop = [function(a, b) for a, b in zip(first, second, strict=True)]
    assert len({np.unique(a).size for a in first} | {np.unique(b).size for b in second}) > 1
    assert np.array_equal(vmap(function)(first, second), loop, equal_nan=True)
    for argnum in (0, 1):
        for transform in (jacrev, jacfwd):
            jacobian = transform(lambda *arrays: function(*arrays), argnum)
            expected = [jacobian(a, b) for a, b in zip(first, second, strict=True)]
            assert np.array_equal(vmap(jacobian)(first, second), expected)


@pytest.mark.parametrize("function", [fnp.intersect1d, fnp.setdiff1d, fnp.setxor1d])
def test_what_is_left_in_different_numbers_is_refused(function):
    first, second = np.array([[1.0, 2.0, 2.0], [1.0, 2.0, 3.0]]), np.array([[2.0, 1.0], [4.0, 4.0]])
    with pytest.raises(BatchingError, match="differs between the examples"):
        vmap(function)(first, second)


# membership

TABLES = np.array(
    [
        [1.0, NAN, 3.0, 3.0],
        [0.0, 2.0, -0.0, 5.0],
        [9.0, 8.0, 7.0, 1.0],
        [1.0, 1.0, 1.0, 1.0],
        [2.0, 3.0, 5.0, NAN],
    ]
)
ELEMENTS = np.array(
    [[[1.0, 3.0, NAN]], [[0.0, -0.0, 2.5]], [[9.0, 9.0, 1.0]], [[2.0, 1.0, 0.0]], [[5.0, NAN, 3.0]]]
)


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("kind", [None, "sort"])
def test_membership_in_tables_of_their_own(invert, kind):
    isin = lambda x, table: fnp.isin(x, table, invert=invert, kind=kind)  # noqa: E731
    assert_is_the_loop(isin, ELEMENTS, TABLES)
    assert_is_the_loop(isin, ELEMENTS[0], TABLES, axes=(None, 0))
    assert_is_the_loop(isin, ELEMENTS, TABLES[0], axes=(0, None))
    assert_is_the_loop(isin, ELEMENTS[:, 0, 0], TABLES[:, 0])
    assert_is_the_loop(isin, ELEMENTS, TABLES[:, :0])
    assert_is_the_loop(isin, ELEMENTS[..., :0], TABLES)
    assert_is_the_loop(isin, ELEMENTS + 1j, TABLES + 1j)


@pytest.mark.parametrize("kind", [None, "sort", "table"])
def test_membership_of_integers(kind):
    x, table = RNG.integers(-4, 4, (5, 7)), RNG.integers(-4, 4, (5, 3))
    assert_is_the_loop(lambda x, t: fnp.isin(x, t, kind=kind), x, table)
    assert_is_the_loop(lambda x, t: fnp.isin(x, t, kind=kind), x.astype(np.int8), table)


def test_integers_that_no_float_can_tell_apart_are_told_apart():
    x = np.full((5, 40), 2**53, np.int64)
    table = np.full((5, 2), 2**53 + 1, np.uint64)
    assert not vmap(fnp.isin)(x, table).any()
    assert vmap(fnp.isin)(x + 1, table).all()


def test_wrong_kinds_of_search_raise_as_in_numpy():
    for kind, words in (("quick", "Invalid kind"), ("table", "only supported for boolean or integer")):
        with pytest.raises(ValueError, match=words):
            vmap(lambda x, t, kind=kind: fnp.isin(x, t, kind=kind))(ELEMENTS, TABLES)


def test_no_examples_of_membership():
    assert vmap(fnp.isin)(np.zeros((0, 2)), np.zeros((0, 3))).shape == (0, 2)


def test_rules_are_declared():
    assert all(primitive.batch for primitive in (UNIQUE, UNIQUE_POSITIONS, COMMON_POSITIONS, ISIN))
