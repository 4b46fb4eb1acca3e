"""What must be the same for all examples, and which values are said to have decided."""

import numpy as np
import pytest

from fgrad import BatchingError, grad, vmap
from fgrad.numpy.places.examples import agreed, agreed_count

X = np.array([[3.0, 0.0, 2.0], [0.0, 4.0, 5.0]])


def agreed_of(value):
    return agreed(value, "a test", "Do something else.")


def test_what_is_plain_is_returned_as_it_is():
    array = np.arange(3)
    assert agreed_of(array) is array
    assert agreed_of(2.5) == 2.5
    assert agreed_count("a test", 3) == 3


def test_what_all_examples_have_in_common_is_plain():
    seen = []

    def look(x):
        seen.extend([agreed_of(x.shape[0] + 0 * np.argmax(x)), agreed_count("a test", np.count_nonzero(x))])
        return x

    vmap(look)(X)
    assert seen == [3, 2]
    assert type(seen[1]) is int
    seen.clear()
    vmap(vmap(look))(X.reshape(2, 1, 3))
    assert seen == [3, 2]
    seen.clear()
    grad(lambda x: np.sum(vmap(look)(x)))(X)
    assert seen == [3, 2]


def test_what_differs_is_refused():
    with pytest.raises(BatchingError, match=r"a test: .*between the 2 examples .* Do something else\."):
        vmap(lambda x: x * agreed_of(np.argmax(x)))(X)
    with pytest.raises(BatchingError, match=r"a test: how many elements .* differs .*: 1 and 2"):
        vmap(lambda x: x * agreed_count("a test", np.count_nonzero(x > 2)))(X)


def test_without_examples_nothing_is_agreed_but_that_there_can_be_none():
    with pytest.raises(BatchingError):
        vmap(lambda x: x * agreed_of(np.argmax(x)))(X[:0])
    with pytest.raises(BatchingError, match="there are no examples"):
        vmap(lambda x: x * agreed_count("a test", np.argmax(x)))(X[:0])
    assert vmap(lambda x: x * agreed_count("a test", np.argmax(x), most=0))(X[:0]).shape == (0, 3)


@pytest.mark.parametrize("ask", [agreed_of, lambda value: agreed_count("a test", value)])
def test_a_capture_knows_that_it_decided_by_the_value(ask, capture):
    for function in (ask, vmap(lambda x: x * ask(np.count_nonzero(x)))):
        trace = capture()
        function(trace.root(X if function is not ask else np.int64(2)))
        assert len(trace.decisions) == 1
