"""Reading and writing at an index of each example: positions, masks, and new axes."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, jvp, vmap
from fgrad.numpy.places.indexing import PLACE
from fgrad.rules.batching.positions import written_out
from tests.rules.batching.loops import assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(5)
A = RNG.normal(size=(5, 3, 4, 5))


def turned(row, shape=None):
    """Return five examples of a mask, as often true in each."""
    rows = np.array([np.roll(row, i) for i in range(5)])
    return rows if shape is None else rows.reshape(5, *shape)


ONE = RNG.integers(0, 3, 5)
TWO = RNG.integers(0, 3, (5, 2))
ROWS = turned([True, True, False])
COLUMNS = turned([True, False, True, False])
BOTH = turned([True, True] + [False] * 10, (3, 4))
YES = np.ones(5, bool)
NO = np.zeros(5, bool)
SAME = np.array([True, False, True])
ALL = slice(None)

#: Each is an index of what differs between examples, and that.
INDICES = {
    "a number": (lambda i: i, ONE),
    "positions": (lambda i: i, TWO),
    "positions that repeat in the cotangent": (lambda i: (i, 0, 1), TWO),
    "positions apart": (lambda i: (i, ALL, i), TWO),
    "positions and an empty Ellipsis": (lambda i: (i, ..., i, ALL), TWO),
    "positions in a table": (lambda i: (i[:, None], i), TWO),
    "a new axis": (lambda i: (ALL, None, i), ONE),
    "new axes around positions": (lambda i: (None, i, None, ..., None), TWO),
    "a new axis between positions": (lambda i: (i, None, i), TWO),
    "numbers and a new axis": (lambda i: (i, None, 1, 2), ONE),
    "a list, a new axis and a truth value": (lambda i: (i, [0, 1], None, True), ONE),
    "a mask": (lambda m: m, ROWS),
    "a mask of all axes": (lambda m: m, turned([True] * 7 + [False] * 53, (3, 4, 5))),
    "a mask of two axes": (lambda m: (m, slice(1, 4)), BOTH),
    "a mask behind": (lambda m: (..., m, ALL), COLUMNS),
    "a mask and a number": (lambda m, i: (i, m), COLUMNS, ONE),
    "a mask and a number apart": (lambda m, i: (m, ALL, i), ROWS, ONE),
    "a mask and positions": (lambda m, i: (ALL, m, i), COLUMNS, TWO),
    "two masks": (lambda m, n: (m, n), ROWS, COLUMNS),
    "a mask that is the same for all": (lambda i: (SAME, i), TWO),
    "a truth value": (lambda t: t, YES),
    "no": (lambda t: t, NO),
    "a truth value and positions": (lambda t, i: (t, i, None), YES, TWO),
    "a truth value apart": (lambda t, i: (t, ..., i), YES, TWO),
    "a mask that is false": (lambda m: m, np.zeros((5, 3), bool)),
}
CASES = pytest.mark.parametrize(("index", "parts"), [(f, p) for f, *p in INDICES.values()], ids=INDICES)


@CASES
def test_reading(index, parts):
    assert_is_the_loop(lambda a, *parts: a[index(*parts)] * 1, A, *parts)
    only_index = (None,) + (0,) * len(parts)
    assert_is_the_loop(lambda a, *parts: fnp.copy(a)[index(*parts)] * 1, A[0], *parts, axes=only_index)


def written(a, v, at):
    a = a * 1.0
    a[at] = v
    return a


@CASES
def test_writing(index, parts):
    shape = A[0][index(*(part[0] for part in parts))].shape
    v = RNG.normal(size=(5, *shape))
    if index(*parts) is not TWO:  # NumPy does not say which of two values stays where a position repeats
        assert_is_the_loop(lambda a, v, *parts: written(a, v, index(*parts)), A, v, *parts)
    assert_is_the_loop(lambda a, *parts: written(a, 7.0, index(*parts)), A, *parts)
    last = RNG.normal(size=(5, *shape[-1:]))
    assert_is_the_loop(lambda a, v, *parts: written(a, v[..., :1], index(*parts)), A, last, *parts)


@CASES
def test_the_cotangent_of_what_was_read_is_added_there(index, parts):
    at = [index(*(part[i] for part in parts)) for i in range(5)]
    c = RNG.normal(size=(5, *A[0][at[0]].shape))
    expected = np.zeros_like(A)
    for i in range(5):
        np.add.at(expected[i], at[i], c[i])

    def total(a, c, *parts):
        return np.sum(c * a[index(*parts)])

    assert np.allclose(vmap(grad(total))(A, c, *parts), expected, rtol=1e-14)
    assert np.allclose(grad(lambda a: np.sum(vmap(total)(a, c, *parts)))(A), expected, rtol=1e-14)
    t = RNG.normal(size=A.shape)
    by_hand = [np.sum(c[i] * t[i][at[i]]) for i in range(5)]
    assert np.allclose(jvp(lambda a: vmap(total)(a, c, *parts), (A,), (t,))[1], by_hand, rtol=1e-13)
    pushed = vmap(lambda a, t, c, *parts: jvp(lambda a: total(a, c, *parts), (a,), (t,))[1])
    assert np.allclose(pushed(A, t, c, *parts), by_hand, rtol=1e-13)


@CASES
def test_what_is_overwritten_receives_nothing_and_each_value_what_stays_of_it(index, parts):
    at = [index(*(part[i] for part in parts)) for i in range(5)]
    v = RNG.normal(size=(5, *A[0][at[0]].shape))
    c = RNG.normal(size=A.shape)
    kept, values = c.copy(), np.zeros_like(v)
    for i in range(5):
        kept[i][at[i]] = 0
        order = np.full(A[0].shape, -1)
        order[at[i]] = np.arange(v[i].size).reshape(v[i].shape)
        values[i].ravel()[order[order >= 0]] = c[i][order >= 0]

    def total(a, v, c, *parts):
        return np.sum(c * written(a, v, index(*parts)))

    for found in (
        vmap(grad(total, argnums=(0, 1)))(A, v, c, *parts),
        grad(lambda a, v: np.sum(vmap(total)(a, v, c, *parts)), argnums=(0, 1))(A, v),
    ):
        assert np.allclose(found[0], kept, rtol=1e-15)
        assert np.allclose(found[1], values, rtol=1e-15)


# masks that are true in different numbers of places

ANY = {
    "of all axes": (lambda m: m, RNG.random(A.shape) > 0.6, [(), (1,)]),
    "of the first axis": (lambda m: m, RNG.random((5, 3)) > 0.5, [(), (5,), (4, 5), (1, 4, 5), (1, 1, 4, 1)]),
    "in the middle": (lambda m: (ALL, m), RNG.random((5, 4)) > 0.5, [(), (5,), (3, 1, 5)]),
    "after an Ellipsis": (lambda m: (..., m, slice(1, 3)), RNG.random((5, 4)) > 0.5, [(), (2,), (3, 1, 2)]),
    "beside a number": (lambda m: (1, m), RNG.random((5, 4)) > 0.5, [(), (5,), (1, 5)]),
    "apart from a number": (lambda m: (m, ALL, 1), RNG.random((5, 3)) > 0.5, [(), (4,), (1, 4)]),
    "behind a number and a new axis": (lambda m: (2, None, m), RNG.random((5, 4)) > 0.5, [(), (1, 1, 5)]),
    "of two axes": (lambda m: (m, slice(2)), RNG.random((5, 3, 4)) > 0.5, [(), (2,), (1, 2)]),
    "of no axes": (lambda m: m, np.array([True, False, True, True, False]), [(), (5,), (1, 3, 4, 5)]),
}


@pytest.mark.parametrize(
    ("index", "mask", "shape"),
    [(f, mask, shape) for f, mask, shapes in ANY.values() for shape in shapes],
    ids=[f"{name} {shape}" for name, (_, _, shapes) in ANY.items() for shape in shapes],
)
def test_one_value_is_written_in_any_number_of_places(index, mask, shape):
    assert len(set(np.count_nonzero(mask, axis=tuple(range(1, mask.ndim))))) > 1
    v, c = RNG.normal(size=(5, *shape)), RNG.normal(size=A.shape)

    def function(a, v, m):
        return written(a, v, index(m))

    assert_is_the_loop(function, A, v, mask)
    assert_is_the_loop(function, A, v[0], mask, axes=(0, None, 0))
    found = vmap(grad(lambda v, a, m, c: np.sum(c * function(a, v, m))))(v, A, mask, c)
    for i in range(5):
        places = np.arange(A[0].size).reshape(A[0].shape)
        region = places[index(mask[i])]
        source = np.arange(v[i].size).reshape(shape[max(len(shape) - region.ndim, 0) :])
        sources = np.broadcast_to(source, region.shape)
        by_hand = np.bincount(sources.ravel(), c[i].ravel()[region.ravel()], v[i].size)
        assert np.allclose(found[i].ravel(), by_hand, rtol=1e-13)


def test_the_dtype_of_an_array_that_is_written_into_is_kept():
    x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    assert vmap(lambda x: written(np.float32(1) * x, 2, (x > 1,)))(x).tolist() == [[1, 2], [2, 2]]
    with pytest.raises(TypeError, match="complex128 into an array of float64"):
        vmap(lambda x: written(x, 1j, x > 1))(x.astype(float))


def test_what_cannot_be_read_or_written_in_different_numbers_of_places_is_refused():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(
        BatchingError, match=r"x\[index\]: how many .* differs between the examples .*: 1 and 2\."
    ):
        vmap(lambda x: x[x > 1])(x)
    with pytest.raises(BatchingError, match=r"setitem: how many .* differs between the examples"):
        vmap(lambda x: written(x, 7.0, (x[:, 0] > 1, [0, 0])))(x[..., None])
    with pytest.raises(BatchingError, match=r"x\[index\]: how many .* no examples"):
        vmap(lambda x: x[x > 1])(x[:0])


@pytest.mark.parametrize(
    "index",
    [
        lambda i: (i, 0, 0, 0),
        lambda i: (i, ..., ...),
        lambda i: (i, np.array([True, False])),
        lambda i: i > 0,
        lambda i: i * 1.0,
        lambda i: i + 9,
    ],
)
def test_wrong_indices_raise_as_in_numpy(index):
    with pytest.raises(IndexError):
        A[0][index(TWO[0])]
    with pytest.raises(IndexError):
        vmap(lambda a, i: a[index(i)])(A, TWO)


@pytest.mark.parametrize(
    "index",
    [
        lambda i: i + 9,
        lambda i: i - 9,
        lambda i: (0, i + 9),
        lambda i: (None, ALL, i + 9),
        lambda i: (..., i, [1, 2], i + 9),
        lambda i: (i[:, None], i, 77),
        lambda i: (np.array([True, False, True]), i, i + 9),
    ],
)
def test_an_index_out_of_bounds_names_the_axis_of_the_example(index):
    """As NumPy names it: for positions that differ, and for those that are the same for all."""
    a, i = A[0] * 1.0, np.array([1, 1])
    with pytest.raises(IndexError) as wanted:
        a[index(i)]
    for call in (
        lambda: vmap(lambda a, i: a[index(i)])(A, np.array([i] * 5)),
        lambda: vmap(lambda i: fnp.copy(a)[index(i)])(np.array([i] * 5)),
        lambda: vmap(lambda a: a[index(i)])(A),
        lambda: vmap(lambda a, i: written(a, 1.0, index(i)))(A, np.array([i] * 5)),
        lambda: vmap(lambda a: written(a, 1.0, index(i)))(A),
        lambda: vmap(vmap(lambda a, i: a[index(i)]))(A[None], np.array([[i] * 5])),
        lambda: vmap(vmap(lambda a: a[index(i)]))(A[None]),
        lambda: grad(lambda a: np.sum(vmap(lambda a, i: a[index(i)])(a, np.array([i] * 5))))(A),
    ):
        with pytest.raises(IndexError) as caught:
            call()
        assert str(caught.value) == str(wanted.value)


def test_a_mask_of_all_examples_beside_a_position_out_of_bounds():
    with pytest.raises(IndexError, match="index 10 is out of bounds for axis 1 with size 4"):
        vmap(lambda a, m, i: a[m, i + 9])(A, ROWS, np.ones(5, int))


def test_a_value_that_does_not_fit_raises_as_in_numpy():
    with pytest.raises(ValueError, match="shape"):
        vmap(lambda a, m: written(a, np.zeros(3), m))(A, ROWS)


def test_an_index_is_written_out_as_one_array_for_each_axis():
    index = written_out("x[index]", (None, slice(1, 3), PLACE), [np.array([2, 0])], [True], (4, 5), 2)
    assert index.shape == (1, 4, 5)
    assert np.broadcast_shapes(*map(np.shape, index.positions)) == (2, 1, 2)
    assert [part.ravel().tolist() for part in index.positions] == [[0], [1, 2], [2, 0]]
