"""Traced arrays in random order: NumPy's order, from the same place of the stream."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad, jacobian, vjp

X = np.arange(1.0, 7.0)
WEIGHTS = np.array([1.0, -2.0, 3.0, 0.5, 4.0, -1.0])
MATRIX = np.arange(12.0).reshape(3, 4)
KINDS = ["default_rng", "RandomState"]
CALLS = {
    "permutation": [((X,), {}), ((MATRIX,), {}), (([1.0, 2.0, 3.0],), {})],
    "choice": [
        ((X,), {}),
        ((X, 4), {}),
        ((X, (2, 2), False), {}),
        ((X, 3), {"p": X / X.sum()}),
        ((X, ()), {}),
    ],
}
MODERN = {
    "permutation": [((MATRIX, 1), {}), ((MATRIX,), {"axis": -1})],
    "choice": [
        ((MATRIX, 2), {}),
        ((MATRIX,), {"axis": 1}),
        ((MATRIX, (2, 2), False), {"axis": 1, "shuffle": False}),
    ],
    "permuted": [((MATRIX,), {}), ((MATRIX,), {"axis": 1}), ((MATRIX,), {"axis": -2}), ((X,), {"axis": 0})],
}
ALL = [(kind, name, *call) for kind in KINDS for name, calls in CALLS.items() for call in calls]
ALL += [("default_rng", name, *call) for name, calls in MODERN.items() for call in calls]


@pytest.mark.parametrize(("kind", "name", "args", "kwargs"), ALL)
def test_the_elements_are_those_that_numpy_takes_and_the_stream_goes_on_alike(kind, name, args, kwargs):
    theirs, ours = getattr(np.random, kind)(9), getattr(fnp.random, kind)(9)
    expected = getattr(theirs, name)(*args, **kwargs)
    value = vjp(lambda x: getattr(ours, name)(x, *args[1:], **kwargs), args[0])[0]
    assert np.array_equal(value, expected)
    assert theirs.random() == ours.random()


def test_each_element_of_a_permutation_comes_from_one():
    jac = jacobian(lambda x: fnp.random.default_rng(9).permutation(x))(X)
    assert np.array_equal(jac @ X, np.random.default_rng(9).permutation(X))
    assert np.array_equal(jac.sum(axis=0), np.ones(6))


def test_an_element_that_is_chosen_twice_counts_twice():
    counts = np.bincount(np.random.default_rng(9).choice(6, 10), minlength=6)
    assert counts.max() > 1
    found = grad(lambda x: np.sum(fnp.random.default_rng(9).choice(x, 10)))(X)
    assert np.array_equal(found, counts)


def test_the_global_state_is_numpys():
    np.random.seed(2)
    expected = [np.random.permutation(X), np.random.choice(X, 3), np.random.random()]
    np.random.seed(2)
    found = [
        vjp(lambda x: fnp.random.permutation(x), X)[0],
        vjp(lambda x: fnp.random.choice(x, 3), X)[0],
        fnp.random.random(),
    ]
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("array", [X, MATRIX])
def test_an_array_made_inside_is_shuffled_in_place(kind, array):
    weights = np.arange(array.size).reshape(array.shape) * 1.0

    def function(x):
        y = x * 2
        getattr(fnp.random, kind)(9).shuffle(y)
        return np.sum(weights * y)

    order = np.arange(array.shape[0])
    getattr(np.random, kind)(9).shuffle(order)
    expected = np.zeros_like(array)
    expected[order] = 2 * weights
    before = array.copy()
    assert np.array_equal(grad(function)(array), expected)
    assert np.array_equal(array, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_traced_numbers_is_shuffled_in_place(kind):
    def function(x):
        parts = [x[0], x[1], x[2], 4.0]
        getattr(fnp.random, kind)(9).shuffle(parts)
        return parts[0] + 10 * parts[1] + 100 * parts[2] + 1000 * parts[3]

    order = [0, 1, 2, 3]
    getattr(np.random, kind)(9).shuffle(order)
    expected = [10.0 ** order.index(i) for i in range(3)]
    assert grad(function)(X[:3]).tolist() == expected


def test_a_new_array_is_shuffled_and_what_was_recorded_with_it_stays():
    def function(x):
        y = fnp.zeros(4)
        y[:] = [1.0, 2.0, 3.0, 4.0]
        product = x * y
        fnp.random.default_rng(9).shuffle(y)
        expected = np.arange(1.0, 5.0)
        np.random.default_rng(9).shuffle(expected)
        assert np.array_equal(fnp.asarray(y) * 1, expected)
        return np.sum(product * np.array([1.0, 10.0, 100.0, 1000.0]))

    assert grad(function)(1.0) == 4321.0


def test_numbers_have_no_order():
    rng = fnp.random.default_rng(0)
    for function in (rng.permutation, rng.choice, fnp.random.permutation):
        with pytest.raises(IndexError):
            grad(function)(1.0)
    with pytest.raises(ValueError, match="1-dimensional"):
        grad(lambda x: np.sum(fnp.random.choice(x)))(MATRIX)
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(rng.permutation(x, axis=2)))(MATRIX)


def test_probabilities_are_refused_with_the_reason():
    for draw in (fnp.random.default_rng(0).choice, fnp.random.choice):
        with pytest.raises(MissingRuleError, match="no derivative in p"):
            grad(lambda x, draw=draw: draw(x, p=x / np.sum(x)))(X)
        with pytest.raises(MissingRuleError, match="no derivative in p"):
            grad(lambda x, draw=draw: draw(X, p=x / np.sum(x)))(X)


def test_a_permuted_array_is_written_into_another():
    def permuted(x, out):
        result = fnp.random.default_rng(0).permuted(x, out=out)
        assert result is out
        return np.sum(WEIGHTS * out)

    order = np.random.default_rng(0).permuted(np.arange(6))
    slope = grad(lambda x: permuted(x**2, fnp.zeros(6)))(X)
    assert np.array_equal(slope, 2 * X * WEIGHTS[np.argsort(order)])
    assert np.array_equal(grad(lambda x: permuted(X, fnp.zeros(6) * x))(X), np.zeros(6))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: np.zeros(6), MissingRuleError, "array that NumPy holds"),
        (lambda: [0.0] * 6, TypeError, "must be an array; got list"),
        (lambda: fnp.zeros(5), ValueError, r"shape \(5,\) for x of shape \(6,\)"),
        (lambda: fnp.zeros(6, "float32"), TypeError, "float32 cannot hold"),
    ],
)
def test_what_a_permuted_array_does_not_fit_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        grad(lambda x: np.sum(fnp.random.default_rng(0).permuted(x, out=make())))(X)
