"""Boxes of examples: what is read and written in them, and what a number of an example is."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.transforms.batching import vmap

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3))
M = RNG.normal(size=(5, 3, 3))


def looped(function, *columns):
    return np.stack([function(*row) for row in zip(*columns, strict=True)])


def test_each_example_has_its_own_position():
    def function(x):
        i = np.argmax(x)
        written = fnp.zeros(4)
        written[i] = x[i]
        written[3] += x[0]
        return x[i], np.take(x, i), written, x[np.argsort(x)], fnp.take(M[0], i, axis=1)

    found = vmap(function)(X)
    i = X.argmax(1)
    top = X.max(1)
    assert np.array_equal(found[0], top)
    assert np.array_equal(found[1], top)
    written = np.zeros((5, 4))
    written[np.arange(5), i] = top
    written[:, 3] += X[:, 0]
    assert np.array_equal(found[2], written)
    assert np.array_equal(found[3], np.sort(X))
    assert np.array_equal(found[4], M[0][:, i].T)
    one = np.zeros_like(X)
    one[np.arange(5), i] = 2 * top
    assert np.array_equal(vmap(grad(lambda x: x[np.argmax(x)] ** 2))(X), one)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, i: x[1, i],
        lambda x, i: x[:, i],
        lambda x, i: x[i],
        lambda x, i: x[i, 1:],
        lambda x, i: x[..., i, None],
        lambda x, i: x[:2, :2][i % 2],
        lambda x, i: x[None][[0, 0], :, [i, 1]],
        lambda x, i: x[::-1, [i, 0]],
        lambda x, i: x[[[i], [1]], [0, 2]],
        lambda x, i: np.take(x, [i, 1], axis=1, mode="wrap"),
        lambda x, i: np.take_along_axis(x, np.argsort(x, axis=0), 0) * i,
        lambda x, i: np.roll(x, i, 1),
        lambda x, i: np.delete(x, i, 0),
        lambda x, i: np.insert(x, i, 9.0, 1),
        lambda x, i: np.repeat(x, [i, 2 - i, 1], 0),
        lambda x, i: np.choose(i, x),
    ],
)
def test_reading_at_positions_that_differ(function):
    i = np.array([0, 2, 1, 1, 0])
    assert np.array_equal(vmap(function)(M, i), looped(function, M, i))
    slope = grad(lambda x, i: np.sum(np.sin(function(x, i))))
    assert vmap(slope)(M, i) == pytest.approx(looped(slope, M, i))
    shared = vmap(lambda x, i: function(fnp.copy(x), i), (None, 0))
    assert np.array_equal(shared(M[0], i), looped(lambda i: function(M[0], i), i))


def written(statement):
    def function(x, i, v):
        array = fnp.copy(x)
        statement(array, x, i, v)
        return array

    return function


@pytest.mark.parametrize(
    "statement",
    [
        lambda a, x, i, v: a.__setitem__(i, v),
        lambda a, x, i, v: a.__setitem__((i, 0), v[0]),
        lambda a, x, i, v: a.__setitem__((slice(None), i), v),
        lambda a, x, i, v: a.__setitem__((slice(1), i), 2.0),
        lambda a, x, i, v: a.__setitem__(([i, 0], [0, 1]), v[:2]),
        lambda a, x, i, v: a.__setitem__(x > 0, v[0]),
        lambda a, x, i, v: a.__setitem__(x[0] > 0, v),
        lambda a, x, i, v: a[i].__setitem__(1, v[1]),
        lambda a, x, i, v: a[1].__setitem__(i, v[1]),
        lambda a, x, i, v: np.put(a, i, v),
        lambda a, x, i, v: np.put(a, [0, 3], v),
        lambda a, x, i, v: np.place(a, x > 0, v),
        lambda a, x, i, v: np.putmask(a, x > 0, v),
        lambda a, x, i, v: np.copyto(a, v, where=x > 0),
        lambda a, x, i, v: np.put_along_axis(a, np.argsort(x, axis=1)[:, :1], v[:, None], 1),
        lambda a, x, i, v: np.add.at(a, (i, [0, 0]), v[:2]),
        lambda a, x, i, v: np.multiply.at(a, i, v),
        lambda a, x, i, v: np.add(a[0], v, out=a[1]),
        lambda a, x, i, v: np.cumsum(x, axis=0, out=a),
        lambda a, x, i, v: a.sort(axis=0),
        lambda a, x, i, v: a.fill(v[2]),
        lambda a, x, i, v: np.fill_diagonal(a, v),
    ],
)
def test_writing_at_positions_that_differ(statement):
    function = written(statement)
    i, v = np.array([0, 2, 1, 1, 0]), X + 3
    expected = looped(lambda x, i, v: plainly(statement, x, i, v), M, i, v)
    assert np.array_equal(vmap(function)(M, i, v), expected)
    for wanted in (0, 2):
        slope = grad(lambda x, i, v: np.sum(np.sin(function(x, i, v))), wanted)
        assert vmap(slope)(M, i, v) == pytest.approx(looped(slope, M, i, v))
    expected = looped(lambda i, v: plainly(statement, M[0], i, v), i, v)
    assert np.array_equal(vmap(function, (None, 0, 0))(M[0], i, v), expected)


def plainly(statement, x, i, v):
    array = x.copy()
    statement(array, x, i, v)
    return array


# a number of an example is a number


def test_a_number_of_an_example_is_a_number_and_no_view():
    def function(x):
        first, again = x[0], x[0]
        first += 10
        x = x * 1
        second = x[1]
        x[1] = 100.0
        assert fnp.isscalar(first)
        assert np.ndim(second) == 0
        with pytest.raises(TypeError, match="float64 does not support item assignment"):
            second[...] = 1
        return np.stack([first, again, second])

    assert np.array_equal(vmap(function)(X), np.stack([X[:, 0] + 10, X[:, 0], X[:, 1]], 1))


def test_an_array_without_axes_stays_an_array():
    def function(x):
        total = fnp.zeros(())
        alias = total
        for element in x:
            total += element
        total[...] = total * 2
        return alias

    assert vmap(function)(X) == pytest.approx(2 * X.sum(1))
    assert vmap(grad(function))(X) == pytest.approx(np.full(X.shape, 2.0))


def test_views_of_a_new_array_show_what_is_written():
    def function(x):
        table = fnp.zeros((2, 3))
        row, column = table[1], table[:, 0]
        row[:] = x
        column *= 2
        table.T[2] = x[:2]
        return table, row

    table, row = vmap(function)(X)
    assert np.array_equal(row, np.stack([2 * X[:, 0], X[:, 1], X[:, 1]], 1))
    assert np.array_equal(table[:, 1], row)
    assert np.array_equal(table[:, 0, 2], X[:, 0])


def test_the_text_of_a_value_says_how_many_examples_it_has():
    seen = []
    vmap(lambda x: seen.append((repr(x), str(x[0]), f"{x[0]:.2f}", f"{x[0]}")) or x)(
        np.array([[1.0, 2.0], [3.0, 4.0]])
    )
    assert seen == [
        (
            "Box(2 examples of shape (2,): array([[1., 2.],\n       [3., 4.]]), traced by vmap)",
            "2 examples of shape (): [1. 3.]",
            "2 examples of shape (): [1.00 3.00]",
            "2 examples of shape (): [1. 3.]",
        )
    ]
