"""Writing under masks of examples: in any number of places, the same value wherever the mask is true."""

import numpy as np
import pytest

from fgrad import grad, vmap
from fgrad.modes.batching import BatchTrace
from fgrad.numpy.places.masking import under_mask
from tests.rules.batching.loops import assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(8)
X = RNG.normal(size=(5, 3, 4))
MASK = X > 0  # true in another number of places in each example
ROWS = MASK[:, :, 0]


@pytest.fixture
def trace():
    trace = BatchTrace("a test", 5)
    yield trace
    trace.finish()


def written(index, value):
    def function(x, mask, v):
        x = x * 1.0
        x[index(mask)] = value(v)
        return x

    return function


@pytest.mark.parametrize(
    ("mask", "index", "value"),
    [
        (MASK, lambda m: m, lambda v: v[0]),
        (MASK, lambda m: (m,), lambda v: 2.0),
        (MASK, lambda m: (..., m), lambda v: v[:1]),
        (ROWS, lambda m: m, lambda v: v),
        (ROWS, lambda m: m, lambda v: v[None]),
        (ROWS, lambda m: (m, slice(1, 3)), lambda v: v[1:3]),
        (ROWS, lambda m: (m, 2), lambda v: v[1]),
        (ROWS, lambda m: (m, None), lambda v: v),
        (MASK[:, 0], lambda m: (slice(None), m), lambda v: v[:3, None]),
        (MASK[:, 0], lambda m: (1, m), lambda v: v[2]),
        (MASK[:, 0], lambda m: (slice(0, 2), m), lambda v: v[0]),
    ],
)
def test_one_value_is_written_wherever_the_mask_is_true(mask, index, value):
    assert_is_the_loop(written(index, value), X, mask, X[:, 0] + 10)


def test_what_is_written_has_the_arrays_dtype():
    def function(x, mask):
        x = x.astype(np.float32)
        x[mask] = np.float64(1) / 3
        return x

    assert_is_the_loop(function, X, MASK)


def test_the_value_receives_what_was_written_of_it_and_the_array_the_rest():
    def total(x, mask, v):
        x = x * 1.0
        x[mask] = v
        return np.sum(x**2)

    v = RNG.normal(size=5)
    by_x, by_v = vmap(grad(total, (0, 2)))(X, MASK, v)
    assert np.array_equal(by_x, np.where(MASK, 0, 2 * X))
    assert by_v == pytest.approx(2 * v * np.count_nonzero(MASK, axis=(1, 2)), rel=1e-14)


@pytest.mark.parametrize(
    ("mask", "index", "value"),
    [
        (MASK, lambda m: m, np.ones(3)),  # another value for each place
        (MASK, lambda m: (m, m), 1.0),
        (ROWS, lambda m: (m, np.array([0, 1, 2])), 1.0),
        (MASK[:, :, :3], lambda m: m, 1.0),  # a mask that does not fit
        (ROWS, lambda m: m, np.ones((2, 1, 4))),  # more axes than there are
        (MASK, lambda m: slice(None), 1.0),  # no mask
    ],
)
def test_everything_else_is_left_to_others(trace, mask, index, value):
    assert under_mask(trace.root(X), value, index(trace.root(mask))) is None


def test_the_region_and_what_is_in_it_afterwards(trace):
    region, new = under_mask(trace.root(X), 7.0, (trace.root(ROWS), slice(1, 3)))
    assert region == (slice(None), slice(1, 3))
    assert np.array_equal(new.value, np.where(ROWS[:, :, None], 7.0, X[:, :, 1:3]))
