"""Reading elements: iteration, unpacking, and what cannot be an index."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, FgradError, grad, jacobian

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


def test_diag_of_a_stack_is_refused_as_in_numpy():
    with pytest.raises(ValueError, match="one or two axes"):
        grad(lambda x: np.sum(fnp.diag(x)))(np.ones((2, 2, 2)))


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.__setitem__(slice(None), 1.0),
        lambda x: x.__delitem__(0),
        lambda x: x.fill(0.0),
        lambda x: x.put([0], 1.0),
    ],
)
def test_assignment_is_refused_and_the_message_names_the_cure(change):
    def function(x):
        change(x)
        return np.sum(x)

    with pytest.raises(DetachedError, match=r"np\.where, np\.concatenate or np\.stack"):
        grad(function)(X)


def test_augmented_assignment_of_an_element_is_refused():
    def function(x):
        x[0] += 1.0
        return np.sum(x)

    with pytest.raises(FgradError, match="Assigning into a traced array"):
        grad(function)(X)
