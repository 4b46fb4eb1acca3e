"""Choosing between arrays."""

import numpy as np
import pytest

from fgrad import grad, jvp

X = np.array([-1.0, 0.0, 4.0])


def test_a_traced_condition_chooses_by_its_value():
    assert grad(lambda x: np.sum(np.where(x, 2 * x, 3 * x)))(X).tolist() == [2, 3, 2]
    assert jvp(lambda x: np.where(x, 2 * x, 3 * x), (X,), (np.ones(3),))[1].tolist() == [2, 3, 2]


def test_where_without_alternatives_gives_plain_indices():
    assert grad(lambda x: np.sum(x[np.where(x > 0)]))(X).tolist() == [0, 0, 1]


def test_where_with_one_alternative_is_refused_as_in_numpy():
    with pytest.raises(ValueError, match="both x and y"):
        grad(lambda x: np.where(x > 0, x))(X)


def test_an_unused_branch_gives_no_nan():
    with np.errstate(divide="ignore"):
        assert grad(lambda x: np.sum(np.where(x > 0, np.log(np.abs(x)), x)))(X).tolist() == [1, 1, 0.25]
        assert grad(lambda x: np.sum(np.where(x > 0, 1 / x, x)))(X).tolist() == [1, 1, -1 / 16]


def test_clip_with_no_limit_is_the_identity():
    assert grad(lambda x: np.sum(np.clip(x, None, None)))(X).tolist() == [1, 1, 1]


def test_clip_passes_derivatives_to_its_limits():
    assert grad(lambda low: np.sum(np.clip(X, low, 10.0)))(-0.5) == 1
    assert grad(lambda high: np.sum(np.clip(X, -10.0, high)))(1.0) == 1
