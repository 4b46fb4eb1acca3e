"""Functions of numbers made functions of arrays."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, grad, jacobian, jvp
from tests.rules.cases.case import listed

X = np.array([[-1.0, 2.0, 0.5], [3.0, -0.25, 1.0]])


def relu(x):
    return x if x > 0 else 0.1 * x


def test_a_branch_for_each_element():
    assert grad(lambda x: np.sum(fnp.vectorize(relu)(x)))(X).tolist() == [[0.1, 1, 1], [1, 0.1, 1]]


def test_a_constant_branch():
    step = fnp.vectorize(lambda x: x * x if x > 0 else 0.0)
    value, moved = jvp(step, (X,), (np.ones_like(X),))
    assert np.array_equal(value, np.where(X > 0, X * X, 0))
    assert np.array_equal(moved, np.where(X > 0, 2 * X, 0))


def test_arguments_broadcast_and_may_be_keywords():
    product = fnp.vectorize(lambda x, y, scale=1.0: x * y * scale)
    assert grad(lambda x: np.sum(product(x, [1.0, 2.0, 3.0], scale=x[0, 0])))(X) == pytest.approx(
        np.array([[-1.0 + np.sum(X * [1, 2, 3]), -2, -3], [-1, -2, -3]])
    )


def test_excluded_arguments_are_passed_whole():
    evaluate = fnp.vectorize(lambda p, x: p[0] * x + p[1], excluded={0})
    assert grad(lambda p: np.sum(evaluate(p, X)))(np.array([1.0, 2.0])).tolist() == [np.sum(X), 6]


def test_a_value_from_around_the_function_is_differentiated():
    assert grad(lambda s: np.sum(fnp.vectorize(lambda x: x * s)(X)))(2.0) == np.sum(X)


def test_several_results():
    lower, upper = jvp(fnp.vectorize(lambda x: (x - 1, x + 1)), (X,), (X,))[0]
    assert np.array_equal(lower, X - 1)
    assert np.array_equal(upper, X + 1)


def test_it_decorates_a_function():
    @fnp.vectorize
    def twice(x):
        return 2 * x

    @fnp.vectorize(otypes=[np.float32])
    def single(x):
        return 2 * x

    assert jacobian(twice)(X[0]).tolist() == (2 * np.eye(3)).tolist()
    assert jvp(single, (X,), (X,))[1].dtype == np.float32


def test_on_plain_arrays_it_is_numpys():
    assert isinstance(fnp.vectorize(relu), np.vectorize)
    assert np.array_equal(fnp.vectorize(relu)(X), np.vectorize(relu)(X))
    counted = []
    grad(lambda x: np.sum(x * fnp.vectorize(lambda i: counted.append(i) or i)(np.arange(3))))(X)
    assert counted == [0, 1, 2]


def test_no_elements():
    empty = fnp.vectorize(lambda x: x * x, otypes=[float])
    assert jacobian(empty)(np.zeros(0)).shape == (0, 0)
    with pytest.raises(ValueError, match="otypes"):
        jacobian(fnp.vectorize(lambda x: x * x))(np.zeros(0))


def test_numpys_own_does_not_detach_a_value():
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.vectorize(relu)(x)))(X)


STACK = np.arange(24.0).reshape(4, 2, 3) - 7.5
ROWS = np.linspace(-1.0, 2.0, 15).reshape(5, 1, 3)

#: A function, the options of vectorize, and what it is called with.
CALLS = {
    "a core dimension is summed": (lambda r: r[-1] - r[0] ** 2, {"signature": "(n)->()"}, (X,), {}),
    "loops broadcast": (lambda m, v: m @ v, {"signature": "(m, n),(n)->(m)"}, (STACK, ROWS), {}),
    "several results": (lambda m: (m[0], m.sum()), {"signature": "(m,n)->(n),()"}, (STACK,), {}),
    "a new dimension": (lambda r: r[:2], {"signature": "(n)->(k)"}, (X,), {}),
    "a result with an axis of one": (lambda r: r[None] * 2, {"signature": "(n)->(n)"}, (X,), {}),
    "otypes": (lambda r: (r, 1), {"signature": "(n)->(n),()", "otypes": "fd"}, (X,), {}),
    "excluded by position": (
        lambda r, k: r * k[0],
        {"signature": "(n)->(n)", "excluded": {1}},
        (X, [2.0, 3.0]),
        {},
    ),
    "excluded by name": (
        lambda r, k=1.0: r * k,
        {"signature": "(n)->(n)", "excluded": {"k"}},
        (X,),
        {"k": 3.0},
    ),
    "a keyword is an argument": (
        lambda r, k=1.0: r * k,
        {"signature": "(n),()->(n)"},
        (X,),
        {"k": [1.0, 2.0]},
    ),
    "cache": (lambda x: x * x, {"cache": True}, (X,), {}),
    "two otypes": (lambda x: (x * x, x), {"otypes": "df"}, (X,), {}),
    "two otypes of nothing": (lambda x: (x * x, x), {"otypes": "df"}, (np.zeros((0, 2)),), {}),
    "the dtype is that of the first result": (lambda x: 0 if x < 0 else x, {}, (X,), {}),
    "vectors of nothing": (
        lambda r: (r, r),
        {"signature": "(n)->(n),()", "otypes": "dd"},
        (np.zeros((0, 3)),),
        {},
    ),
    "everything excluded": (lambda x, y: x * y, {"excluded": {0, 1}}, (X, 2.0), {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_results_are_those_of_numpy(name):
    function, options, args, kwargs = CALLS[name]
    expected = np.vectorize(function, **options)(*args, **kwargs)
    ours = fnp.vectorize(function, **options)
    found = jvp(lambda x: ours(x, *args[1:], **kwargs), args[:1], args[:1])[0]
    assert isinstance(found, tuple) == isinstance(expected, tuple)
    for one, other in zip(listed(found), listed(expected), strict=True):
        assert np.shape(one) == np.shape(other)
        assert np.asarray(one).dtype == np.asarray(other).dtype
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("function", "options", "args"),
    [
        (lambda r: r, {"signature": "(n)->(n)"}, (np.zeros((0, 3)),)),
        (lambda r: r, {"signature": "(n)->(k)", "otypes": "d"}, (np.zeros((0, 3)),)),
        (lambda m: m, {"signature": "(n,n)->(n)"}, (X,)),
        (lambda m: m, {"signature": "(n,m,k)->(n)"}, (X,)),
        (lambda r: r, {"signature": "(n),(n)->(n)"}, (X,)),
        (lambda r: (r, r), {"signature": "(n)->(n)"}, (X,)),
        (lambda r: r, {"signature": "(n)->(n),(n)"}, (X,)),
        (lambda r: r[:2], {"signature": "(n)->(n)"}, (X,)),
        (lambda m, v: m @ v, {"signature": "(m,n),(n)->(m)"}, (np.ones((3, 2, 3)), np.ones((2, 3)))),
    ],
)
def test_errors_are_those_of_numpy(function, options, args):
    with pytest.raises((TypeError, ValueError)) as theirs:
        np.vectorize(function, **options)(*args)
    with pytest.raises(type(theirs.value)) as ours:
        grad(lambda x: fnp.vectorize(function, **options)(x, *args[1:]))(args[0])
    assert str(ours.value) == str(theirs.value)


def test_a_result_that_does_not_fit_is_refused():
    with pytest.raises(
        ValueError, match=r"could not broadcast input array from shape \(3,\) into shape \(\)"
    ):
        grad(lambda x: np.sum(fnp.vectorize(lambda r: r, signature="(n)->()")(x)))(X)


def test_results_of_which_one_alone_is_traced():
    halves = fnp.vectorize(lambda r: r * 2 if r[0] > 0 else np.zeros(3), signature="(n)->(n)")
    assert grad(lambda x: np.sum(halves(x)))(X).tolist() == [[0, 0, 0], [2, 2, 2]]
