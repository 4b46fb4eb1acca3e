"""Choosing between arrays."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, jvp, vjp
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

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


def test_clip_at_a_limit_has_half_of_each_derivative():
    x = np.array([0.0, 0.5, 1.0])
    assert grad(lambda x: np.sum(np.clip(x, 0, 1)))(x).tolist() == [0.5, 1, 0.5]
    assert jvp(lambda x: np.clip(x, 0, 1), (x,), (np.ones(3),))[1].tolist() == [0.5, 1, 0.5]
    assert grad(lambda low: np.sum(np.clip(x, low, 1)))(0.0) == 0.5


def test_clip_with_limits_out_of_order_is_the_upper_one_as_in_numpy():
    value, pullback = vjp(lambda x, high: np.clip(x, 2.0, high), X, 1.0)
    assert value.tolist() == np.clip(X, 2.0, 1.0).tolist() == [1, 1, 1]
    of_x, of_high = pullback(np.ones(3))
    assert (of_x.tolist(), of_high) == ([0, 0, 0], 3)


def test_limits_of_clip_are_given_as_numpy_takes_them():
    assert grad(lambda x: np.sum(x.clip(0.5, 2)))(X).tolist() == [0, 0, 0]
    assert grad(lambda x: np.sum(fnp.clip(x, a_min=-2, a_max=None)))(X).tolist() == [1, 1, 1]
    assert grad(lambda x: np.sum(fnp.clip(x, min=0.5)))(X).tolist() == [0, 0, 1]
    assert grad(lambda x: np.sum(fnp.clip(x)))(X).tolist() == [1, 1, 1]
    with pytest.raises(TypeError, match="together"):
        grad(lambda x: np.sum(fnp.clip(x, 1)))(X)
    with pytest.raises(ValueError, match="two names of one limit"):
        grad(lambda x: np.sum(fnp.clip(x, 1, 2, min=1)))(X)


def test_nan_is_clipped_to_nan():
    assert np.isnan(vjp(lambda x: np.clip(x, 0, 1), np.array([np.nan]))[0]).all()


def test_a_python_number_does_not_decide_the_dtype_of_a_choice():
    x = X.astype("float32")
    for call in (
        lambda x: np.choose([0, 1, 1], [x, 2.5]),
        lambda x: np.select([x > 0, x < 0], [x, 2.5], 1.5),
        lambda x: fnp.select([x > 0, x < 0], [1.5, 2.5], x),
        lambda x: np.clip(x, 0.5, 2),
        lambda x: np.where(x > 0, x, 2.5),
    ):
        assert vjp(call, x)[0].dtype == call(x).dtype == np.float32
    assert vjp(lambda x: np.select([x > 0], [x], np.float64(2.5)), x)[0].dtype == np.float64


def test_an_unused_choice_gives_no_nan():
    with np.errstate(divide="ignore", invalid="ignore"):
        selected = grad(lambda x: np.sum(np.select([x > 0, x < 0], [np.log(x), 1 / x], x)))(X)
        chosen = grad(lambda x: np.sum(np.choose([1, 1, 0], [np.log(x), x])))(X)
    assert selected.tolist() == [-1, 1, 0.25]
    assert chosen.tolist() == [1, 1, 0.25]


def test_the_first_condition_that_holds_decides():
    conditions = [X > 1, X > -1]
    assert grad(lambda w: np.sum(fnp.select(conditions, [2 * w, 3 * w], w)))(1.0) == 6


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.select([x], [x]), TypeError),
        (lambda x: np.select([x > 0, x > 1], [x]), ValueError),
        (lambda x: np.select([], [], x), ValueError),
        (lambda x: np.choose([0, 2, 0], [x, x]), ValueError),
        (lambda x: np.choose(X, [x, x]), TypeError),
        (lambda x: np.choose([0, 1, 0], [x, x], mode="nearest"), ValueError),
        (lambda x: np.choose([0, 1], [x, x]), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(X)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(X)


def test_a_traced_selector_is_refused():
    with pytest.raises(DetachedError, match="no derivative with respect to a position"):
        grad(lambda x: np.sum(np.choose(x, [x, x])))(X)
    with pytest.raises(DetachedError, match="no derivative with respect to a position"):
        grad(lambda x: np.sum(x.choose([X, X])))(X)


def test_positions_where_it_is_not_zero():
    assert grad(lambda x: np.sum(x[np.flatnonzero(x > 0)]))(X).tolist() == [0, 0, 1]
    assert grad(lambda x: x[tuple(np.argwhere(x > 0)[0])])(X).tolist() == [0, 0, 1]
    assert grad(lambda x: x[0] * np.count_nonzero(x))(X).tolist() == [2, 0, 0]


# selectors that differ between examples

RNG = np.random.default_rng(4)
STACK = RNG.normal(size=(5, 3, 4))


def choose_from(mode):
    return lambda i, x: fnp.choose(i, list(x), mode=mode)


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
@pytest.mark.parametrize("mode", ["raise", "wrap", "clip", 0, 1, 2])
def test_selectors_of_examples_choose(mode, dtype):
    inside = RNG.integers(0, 3, (5, 2, 4))
    beyond = RNG.integers(0, 9, (5, 2, 4)) - (5 if np.dtype(dtype).kind == "i" else 0)
    selectors = inside if mode in ("raise", 2) else beyond
    assert_is_the_loop(choose_from(mode), selectors.astype(dtype), STACK)
    assert_is_the_loop(choose_from(mode), selectors[:, 0, 0].astype(dtype), STACK)
    assert_is_the_loop(choose_from(mode), inside.astype(dtype), STACK)


@pytest.mark.parametrize(
    ("selector", "mode"),
    [
        (np.array([0, 1, 3, 0, 0]), "raise"),
        (np.array([0, 1, -1, 0, 0]), "raise"),
        (np.array([0, 1, -1, 0, 0]), 2),
        (np.array([0, 1, 7, 0, 0]), "mirror"),
    ],
)
def test_selectors_that_cannot_be_raise_as_in_numpy(selector, mode):
    assert_fails_like_the_loop(choose_from(mode), selector, STACK)
