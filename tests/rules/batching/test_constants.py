"""Batching rules from plain code for all examples: what they are given, and under which transforms."""

import numpy as np
import pytest

from fgrad import grad, jvp, vmap
from fgrad.core.primitive import Primitive
from fgrad.kinds import constant
from fgrad.rules.batching.constants import of_plain_arrays

pytestmark = pytest.mark.usefixtures("no_loops")

RNG = np.random.default_rng(5)
X, LIMIT = RNG.normal(size=(4, 3)), np.array([0.0, 1.0, -1.0, 0.5])


@pytest.fixture
def counted():
    """Return the operation that counts what is above a limit, and the shapes that its rule was given."""
    given = []

    def single(x, limit, *, step):
        return step * np.count_nonzero(x > limit)

    def rule(size, x, limit, *, step):
        assert type(x) is type(limit) is np.ndarray
        given.append((size, x.shape, limit.shape))
        return step * np.count_nonzero(x > limit[:, None], axis=1)

    operation = Primitive("counted", single, ("x", "limit"))
    constant(operation)
    operation.batch = of_plain_arrays(rule)
    return operation, given


EXPECTED = 2 * np.count_nonzero(LIMIT[:, None] < X, axis=1)


def test_all_arrays_come_with_the_examples_in_front(counted):
    operation, given = counted
    assert np.array_equal(vmap(lambda x, limit: operation(x, limit, step=2))(X, LIMIT), EXPECTED)
    assert np.array_equal(vmap(lambda x: operation(x, 0.0, step=1))(X), np.count_nonzero(X > 0, axis=1))
    assert np.array_equal(
        vmap(lambda limit: operation(X[0], limit, step=1))(LIMIT), [np.sum(X[0] > limit) for limit in LIMIT]
    )
    assert given == [(4, (4, 3), (4,))] * 3


def test_examples_of_examples_are_one_row_of_examples(counted):
    operation, given = counted
    both = vmap(vmap(lambda x, limit: operation(x, limit, step=2)))(X.reshape(2, 2, 3), LIMIT.reshape(2, 2))
    assert np.array_equal(both, EXPECTED.reshape(2, 2))
    table = vmap(vmap(lambda x, limit: operation(x, limit, step=2), (0, None)), (None, 0))(X, LIMIT[:3])
    assert np.array_equal(table, [2 * np.count_nonzero(limit < X, axis=1) for limit in LIMIT[:3]])
    assert given == [(4, (4, 3), (4,)), (12, (12, 3), (12,))]


def test_what_is_found_does_not_move(counted):
    operation, _ = counted

    def weighed(x, limit):
        return operation(x, limit, step=2) * np.sum(x)

    assert np.array_equal(vmap(grad(weighed))(X, LIMIT), np.repeat(EXPECTED, 3).reshape(4, 3))
    total = grad(lambda x: np.sum(vmap(weighed)(x, LIMIT)))
    assert np.array_equal(total(X), np.repeat(EXPECTED, 3).reshape(4, 3))
    pushed = jvp(lambda x: vmap(weighed)(x, LIMIT), (X,), (np.ones_like(X),))[1]
    assert np.array_equal(pushed, 3 * EXPECTED)
    both = vmap(vmap(grad(weighed)))(X.reshape(2, 2, 3), LIMIT.reshape(2, 2))
    assert np.array_equal(both, np.repeat(EXPECTED, 3).reshape(2, 2, 3))


def test_a_capture_of_it_is_one_operation_for_all_examples(counted, capture):
    operation, _ = counted
    trace = capture()
    found = vmap(lambda x, limit: operation(x, limit, step=2))(trace.root(X), LIMIT)
    names = [node.primitive.name for node in trace.graph_of("a test", [found]).nodes]
    assert np.array_equal(found.value, EXPECTED)
    assert sum("counted" in name for name in names) == 1
