"""Functions of numbers made functions of arrays."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, MissingRuleError, grad, jacobian, jvp

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


def test_a_signature_is_refused_by_name():
    with pytest.raises(MissingRuleError, match="signature="):
        grad(lambda x: np.sum(fnp.vectorize(np.sum, signature="(n)->()")(x)))(X)


def test_numpys_own_does_not_detach_a_value():
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.vectorize(relu)(x)))(X)
