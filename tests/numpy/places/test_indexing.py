"""Reading elements: iteration, unpacking, and what cannot be an index."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, DetachedError, grad, jacobian, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

X = np.array([2.0, 3.0, 5.0])


def test_iteration_and_unpacking():
    def product(x):
        first, *rest = x
        for other in rest:
            first = first * other
        return first

    assert grad(product)(X).tolist() == [15, 10, 6]
    assert grad(lambda x: sum(row[0] * row[1] for row in x))(np.ones((2, 2))).tolist() == [[1, 1], [1, 1]]


def test_builtins_that_iterate():
    assert grad(sum)(X).tolist() == [1, 1, 1]
    assert grad(max)(X).tolist() == [0, 0, 1]
    assert grad(lambda x: sorted(x, reverse=True)[1] ** 2)(X).tolist() == [0, 6, 0]
    assert grad(lambda x: next(reversed(x)))(X).tolist() == [0, 0, 1]
    assert grad(lambda x: sum(a * b for a, b in zip(x, X, strict=True)))(X).tolist() == X.tolist()


def test_unpacking_the_wrong_number_raises_as_in_python():
    def two(x):
        a, b = x
        return a * b

    with pytest.raises(ValueError, match="too many values to unpack"):
        grad(two)(X)


def test_a_scalar_is_not_iterable():
    with pytest.raises(TypeError, match="iteration over a traced scalar"):
        grad(lambda x: [*x])(1.0)


def test_containment_compares_values():
    assert grad(lambda x: x[0] if 3.0 in x else x[1])(X).tolist() == [1, 0, 0]
    assert grad(lambda x: x[0] if 4.0 in x else x[1])(X).tolist() == [0, 1, 0]


def test_repeated_indices_add_up():
    assert grad(lambda x: np.sum(x[[0, 0, 2, 0]]))(X).tolist() == [3, 0, 1]
    assert grad(lambda x: np.sum(x[np.array([[1, 1], [1, 2]])]))(X).tolist() == [0, 3, 1]


def test_reads_of_single_elements_and_of_the_whole_add_up():
    assert grad(lambda x: x[0] * x[-1] + np.sum(x) + x[1:].sum() + x[0])(X).tolist() == [7, 2, 4]


def test_an_index_may_come_from_a_comparison_or_an_argmax():
    assert grad(lambda x: np.sum(x[x > 2.5]))(X).tolist() == [0, 1, 1]
    assert grad(lambda x: x[np.argmax(x)])(X).tolist() == [0, 0, 1]
    assert grad(lambda x: np.sum(x[np.nonzero(x - 3)]))(X).tolist() == [1, 0, 1]
    assert jacobian(lambda x: x[np.argsort(-x)])(X).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    "read",
    [
        lambda x: x[x],
        lambda x: x[x[0]],
        lambda x: x[[0, x[0]]],
        lambda x: x[(x[0],)],
        lambda x: x[(slice(None, x[0]),)],
        lambda x: fnp.take(x, x),
        lambda x: fnp.take(x, [x[0]]),
    ],
)
def test_a_traced_index_is_refused(read):
    with pytest.raises(DetachedError, match="no derivative with respect to a position"):
        grad(lambda x: np.sum(read(x)))(X)


def test_a_traced_index_of_plain_containers_is_refused():
    with pytest.raises(DetachedError, match="index or a count"):
        grad(lambda x: [1.0, 2.0][x])(1.0)
    with pytest.raises(DetachedError, match="index or a count"):
        grad(lambda x: np.sum(x[: x[0]]))(X)
    with pytest.raises(DetachedError, match="index or a count"):
        grad(lambda x: sum(range(x)) * x)(2.0)


def test_an_index_beyond_the_end_raises_as_in_numpy():
    with pytest.raises(IndexError, match="out of bounds"):
        grad(lambda x: x[3])(X)


def test_deleting_elements_is_refused_and_the_message_names_the_cure():
    with pytest.raises(DetachedError, match=r"np\.where, np\.concatenate or np\.stack"):
        grad(lambda x: x.__delitem__(0) or np.sum(x))(X)


@pytest.mark.parametrize(
    "read",
    [
        lambda x: np.take_along_axis(x, x, 0),
        lambda x: fnp.take_along_axis(x, fnp.floor(x) * x, 0),
        lambda x: fnp.insert(x, x[0], 1.0),
        lambda x: fnp.delete(x, [x[0]]),
        lambda x: fnp.choose(x, [x, x]),
        lambda x: fnp.pad(x, [x[0], 1]),
        lambda x: x[fnp.ix_(x)],
    ],
)
def test_a_traced_position_is_refused_by_every_function(read):
    with pytest.raises(DetachedError, match="no derivative with respect to a position"):
        grad(lambda x: np.sum(read(x)))(X)


def test_truth_values_taken_are_zero_and_one_as_in_numpy():
    assert np.take(X, [True, False]).tolist() == [3, 2]
    assert grad(lambda x: np.sum(np.take(x, [True, False, True]) * [1.0, 10, 100]))(X).tolist() == [
        10,
        101,
        0,
    ]


def test_a_scalar_can_be_read_along_its_only_axis():
    for axis in (None, 0, -1):
        assert grad(lambda x, axis=axis: np.sum(np.take(x, [0, 0], axis)))(2.0) == 2
        assert grad(lambda x, axis=axis: np.compress([True], x, axis)[0])(2.0) == 1


def test_modes_of_take_beyond_the_ends():
    assert grad(lambda x: np.take(x, 4, mode="wrap"))(X).tolist() == [0, 1, 0]
    assert grad(lambda x: np.take(x, -4, mode="clip"))(X).tolist() == [1, 0, 0]
    for mode, error, match in (
        ("raise", IndexError, "out of bounds"),
        ("nearest", ValueError, "clipmode must be one of"),
    ):
        with pytest.raises(error, match=match):
            grad(lambda x, mode=mode: np.take(x, 4, mode=mode))(X)
    with pytest.raises(IndexError, match="non-empty take from an empty axes"):
        grad(lambda x: np.take(x[:0], [0], mode="wrap")[0])(X)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.take(x, 0, axis=1), np.exceptions.AxisError),
        (lambda x: np.take_along_axis(x, np.array([0]), 1), np.exceptions.AxisError),
        (lambda x: np.take_along_axis(x, np.array([0.0]), 0), IndexError),
        (lambda x: np.take_along_axis(x, np.array([[0]]), 0), ValueError),
        (lambda x: np.take_along_axis(x, np.array([[0]]), None), ValueError),
        (lambda x: np.compress([True], x, axis=-2), np.exceptions.AxisError),
        (lambda x: np.compress([0, 0, 0, 1], x), IndexError),
        (lambda x: np.compress([[True]], x), ValueError),
        (lambda x: np.ix_(x, x[0])[0], ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(X)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(X)


def test_a_condition_may_be_traced():
    assert grad(lambda x: np.sum(np.compress(x > 2.5, x)))(X).tolist() == [0, 1, 1]
    assert grad(lambda x: np.sum(np.extract(x - 3, x)))(X).tolist() == [1, 0, 1]
    assert grad(lambda x: np.sum(x.compress(x < 4)))(X).tolist() == [1, 1, 0]


def test_ix_of_traced_arrays_is_an_outer_arrangement():
    def table(x):
        rows, columns = np.ix_(x, x[:2])
        assert (rows.shape, columns.shape) == ((3, 1), (1, 2))
        return np.sum(rows * columns)

    assert grad(table)(X).tolist() == [15, 15, 5]


def test_ix_of_traced_truth_values_reads():
    assert grad(lambda x: np.sum(np.outer(x, x)[np.ix_(x > 2.5, [0])]))(X).tolist() == [8, 2, 2]


# conditions that differ between examples

STACK = np.random.default_rng(4).normal(size=(5, 3, 4))
TRUTH = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]])


@pytest.mark.parametrize("axis", [None, 0, 1, -1, -2])
@pytest.mark.parametrize("dtype", [bool, int, float, complex])
def test_conditions_of_examples_compress(axis, dtype):
    truth = (2 * TRUTH).astype(dtype)
    assert_is_the_loop(lambda x, truth: np.compress(truth, x, axis), STACK, truth)
    assert_is_the_loop(lambda x, truth: fnp.compress(truth, x, axis), STACK[0], truth, axes=(None, 0))


def test_conditions_shorter_and_longer_than_the_axis():
    assert_is_the_loop(lambda x, truth: np.compress(truth, x, 1), STACK, TRUTH)
    assert_is_the_loop(lambda x, truth: np.compress(truth, x, 0), STACK, np.pad(TRUTH, ((0, 0), (0, 2))))
    assert_is_the_loop(lambda x, truth: np.compress(truth, x, 0), STACK, TRUTH[:, :0])
    assert_is_the_loop(lambda x, truth: np.compress(truth, x, 0), STACK[:, :0], 0 * TRUTH)


@pytest.mark.parametrize(
    "truth",
    [
        np.pad(TRUTH, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1))),
        np.array([[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]]),
        TRUTH[:, None],
        TRUTH[:, 0],
    ],
)
def test_conditions_that_do_not_fit_raise_as_in_numpy(truth):
    assert_fails_like_the_loop(lambda x, truth: np.compress(truth, x, 0), STACK, truth)


def test_counts_that_differ_are_refused():
    with pytest.raises(BatchingError, match=r"how many elements .* differs .*: 1 and 2"):
        vmap(lambda x, truth: np.compress(truth, x, 0))(STACK, np.tri(5, 3, dtype=bool)[[0, 1, 0, 1, 0]])


def test_what_is_left_out_has_derivative_zero():
    found = vmap(grad(lambda x, truth: np.sum(np.compress(truth, x, 0) ** 2)))(STACK, TRUTH)
    assert np.array_equal(found, 2 * STACK * TRUTH[:, :, None])


@pytest.mark.parametrize(
    "read",
    [
        lambda x: x[x > 1.5],
        lambda x: fnp.compress(x > 1.5, x),
        lambda x: fnp.extract(x > 1.5, x),
        lambda x: np.nonzero(x > 1.5)[0],
        lambda x: np.where(x > 1.5)[0],
        lambda x: np.flatnonzero(x > 1.5),
        lambda x: np.argwhere(x > 1.5),
    ],
)
def test_a_number_of_elements_that_values_decide_is_a_decision(read, capture):
    for function in (read, vmap(read)):
        trace = capture()
        x = np.array([1.0, 2.0, 3.0])
        found = function(trace.root(x if function is read else np.stack([x, 1.2 * x])))
        assert found.shape[-1 if function is not read else 0] in (1, 2)
        assert len(trace.decisions) >= 1


def test_a_selection_of_fixed_shape_is_none(capture):
    trace = capture()
    x = trace.root(np.array([1.0, 2.0, 3.0]))
    found = np.where(x > 1.5, x, 0) + x[np.argsort(x)] + np.take(x, np.argmax(x))
    assert found.value.tolist() == [4, 7, 9]
    assert trace.decisions == []
