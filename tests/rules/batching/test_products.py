"""Convolutions of all examples are those of each."""

import numpy as np
import pytest

from fgrad import grad, vmap
from fgrad.numpy.algebra.convolution import CONVOLVE
from tests.rules.batching.comparison import all_at_once, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")
RNG = np.random.default_rng(8)
PATTERNS = pytest.mark.parametrize("mine", [(True, True), (True, False), (False, True)], ids=str)
MODES = pytest.mark.parametrize("mode", ["full", "same", "valid", 2])
#: Of numbers that are exact in single precision, and whose products are.
DTYPES = [np.float64, np.float32, np.float16, np.complex128, np.complex64, np.int64, np.int8, np.bool_]


def given(a, v, mine):
    return [x if own else x[0] for x, own in zip((a, v), mine, strict=True)]


@PATTERNS
@MODES
@pytest.mark.parametrize(("n", "m"), [(1, 1), (5, 1), (5, 4), (5, 5), (16, 3), (33, 16), (40, 17), (100, 64)])
def test_convolutions_are_those_of_each(n, m, mode, mine):
    for size in (1, 5):
        values = given(RNG.normal(size=(size, n)), RNG.normal(size=(size, m)), mine)
        assert_is_the_loop(CONVOLVE, values, mine, size, 1e-14, mode=mode)


@PATTERNS
@pytest.mark.parametrize("of_v", DTYPES)
@pytest.mark.parametrize("of_a", DTYPES)
def test_convolutions_of_small_integers_are_exact_in_all_dtypes(of_a, of_v, mine):
    a, v = RNG.integers(-3, 4, (3, 20)).astype(of_a), RNG.integers(-3, 4, (3, 6)).astype(of_v)
    assert_is_the_loop(CONVOLVE, given(a, v, mine), mine, 3, mode="same")


@PATTERNS
@MODES
@pytest.mark.parametrize("where", ["a", "v", "both"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_stays_where_it_belongs(bad, where, mode, mine):
    a, v = RNG.normal(size=(3, 9)), RNG.normal(size=(3, 4))
    if where in ("a", "both"):
        a[0, 2] = bad
    if where in ("v", "both"):
        v[0, 0] = bad
    assert_is_the_loop(CONVOLVE, given(a, v, mine), mine, 3, 1e-14, mode=mode)


def test_what_leaves_the_range_is_infinite_without_a_warning():
    values = [np.full((2, 4), 1e308), np.full((2, 3), 10.0)]
    assert_is_the_loop(CONVOLVE, values, (True, True), 2, mode="full")


def test_a_wrong_mode_is_refused_as_by_numpy():
    values = [np.ones((2, 3)), np.ones((2, 2))]
    with pytest.raises(ValueError, match="mode must be one of"):
        all_at_once(CONVOLVE, values, (True, True), 2, {"mode": "half"})


def test_no_examples_have_no_convolutions():
    values = [np.ones((0, 5)), np.ones(3)]
    (found,) = all_at_once(CONVOLVE, values, (True, False), 0, {"mode": "full"})
    assert found.shape == (0, 7)


def test_an_array_that_repeats_an_example_is_left_alone():
    a, v = (np.broadcast_to(np.arange(1.0, n), (4, n - 1)) for n in (6, 3))
    assert_is_the_loop(CONVOLVE, [a, v], (True, True), 4, 1e-14, mode="full")
    assert vmap(np.convolve)(a, v).flags.writeable


@pytest.mark.parametrize("shared", [False, True])
def test_the_gradient_through_all_convolutions_is_a_correlation(shared):
    a, v, g = RNG.normal(size=(3, 9)), RNG.normal(size=(3, 5)), RNG.normal(size=(3, 13))
    if shared:
        v[:] = v[0]

    def total(a, v):
        return np.sum(vmap(np.convolve, (0, None if shared else 0))(a, v) * g)

    of_a = [np.correlate(h, w, "valid") for h, w in zip(g, v, strict=True)]
    of_v = [np.correlate(h, x, "valid") for h, x in zip(g, a, strict=True)]
    given_v = v[0] if shared else v
    np.testing.assert_allclose(grad(total)(a, given_v), of_a, rtol=1e-12)
    np.testing.assert_allclose(
        grad(total, 1)(a, given_v), np.sum(of_v, axis=0) if shared else of_v, rtol=1e-12
    )


def test_convolutions_of_examples_of_examples_are_those_of_each():
    a, v = RNG.normal(size=(2, 9)), RNG.normal(size=(3, 4))
    found = vmap(lambda a: vmap(lambda v: np.convolve(a, v))(v))(a)
    np.testing.assert_allclose(found, [[np.convolve(x, y) for y in v] for x in a], rtol=1e-13)
