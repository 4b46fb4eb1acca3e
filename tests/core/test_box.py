import numpy as np

from fgrad import grad, jvp
from fgrad.core.box import Box, bottom, key_of, snapshot
from fgrad.modes.reverse import ReverseTrace


def test_a_box_prints_as_its_value():
    seen = []

    def function(x):
        seen.append((str(x), f"{x:.3f}", repr(x)))
        return x * x

    grad(function)(3.0)
    grad(grad(function))(2.0)
    jvp(function, (1.0,), (1.0,))
    texts = [text for text, _, _ in seen]
    assert texts == ["3.0", "2.0", "1.0"]
    assert seen[0][1] == "3.000"
    assert seen[0][2] == "Box(3.0, traced by grad)"
    assert seen[2][2] == "Box(1.0, traced by jvp)"


def test_the_bottom_of_a_box_is_the_plain_value():
    found = []
    grad(grad(lambda x: found.append((type(x), bottom(x))) or x * x))(2.0)
    assert found == [(Box, 2.0)]
    assert bottom("anything") == "anything"


def test_a_box_is_hashed_by_identity():
    def function(x):
        y = x * 1.0
        assert len({x, y, x}) == 2
        return {x: x * x}[x]

    assert grad(function)(3.0) == 6.0


def test_an_array_hands_over_to_a_box_on_its_right():
    a = np.array([1.0, 2.0])
    for function in (lambda x: a * x, lambda x: a - x, lambda x: a / x, lambda x: a**x, lambda x: a @ x):
        assert grad(lambda x: np.sum(function(x)))(np.array([2.0, 3.0])).shape == (2,)


def test_copies_of_a_box_have_its_key_and_results_have_not():
    trace = ReverseTrace("a test")
    x, y = trace.root(2.0), trace.root(2.0)
    assert key_of(snapshot(x)) == key_of(x)
    assert len({key_of(x), key_of(y), key_of(x * 1.0), key_of(np.positive(x))}) == 4
