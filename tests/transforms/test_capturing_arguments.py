"""Which arguments a captured graph takes, and what it says of others."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, FgradError, InputError, OutputError, capture, graph, source

X = np.array([1.0, 2.0, 3.0])


def test_arguments_are_passed_as_in_the_capture():
    graph = capture(lambda x, y=1.0: x * y)(2.0, y=3.0)
    assert graph(4.0, y=5.0) == 20.0
    with pytest.raises(ArgumentError, match="captured with 1 argument by position and y by name; got 2 argu"):
        graph(4.0, 5.0)
    with pytest.raises(ArgumentError, match="got 0 arguments by position and x, y by name"):
        graph(x=4.0, y=5.0)
    with pytest.raises(ArgumentError, match="got 1 argument by position"):
        graph(4.0)


@pytest.mark.parametrize(
    ("args", "others", "message"),
    [
        ((X,), (np.ones(2),), r"captured with float64\[3\] for x0; got float64\[2\]"),
        ((X,), (X.astype("f4"),), r"captured with float64\[3\] for x0; got float32\[3\]"),
        ((1.0,), (1j,), r"captured with float64\[\] for x0; got complex128\[\]"),
        ((1.0,), ("a",), r"captured with float64\[\] for x0; got str"),
        ((1.0,), (True,), r"captured with float64\[\] for x0; got bool"),
        ((X,), (np.array([1, 2, 3]),), r"captured with float64\[3\] for x0; got ndarray"),
        ((1.0, 2), (1.0, 3), "captured with 2, which is no array of floats, and holds for that alone; got 3"),
        ((1.0, 1), (1.0, True), "captured with 1, .* got True"),
        ((1.0, "a"), (1.0, "b"), "captured with 'a', .* got 'b'. Capture it again"),
        ((1.0, False), (1.0, None), "must be an array, like what it belongs to; got NoneType"),
        ((1.0, np.array([0, 1])), (1.0, np.array([0, 2])), r"captured with array\(\[0, 1\]\)"),
        ((1.0, np.array([0, 1])), (1.0, np.array([0, 1], "i2")), r"captured with array\(\[0, 1\]\)"),
        (({"a": 1.0},), ({"b": 1.0},), r"needed are \['a'\]"),
        (([1.0],), ((1.0,),), "list"),
    ],
)
def test_wrong_arguments_are_refused(args, others, message):
    graph = capture(lambda *args: args)(*args)
    with pytest.raises(FgradError, match=message):
        graph(*others)


def test_an_array_of_ints_that_the_user_changes_is_not_what_it_was():
    index = np.array([0, 1])
    graph = capture(lambda x, i: x[i])(X, index)
    np.testing.assert_array_equal(graph(2 * X, index.copy()), [2.0, 4.0])
    index[:] = 2
    with pytest.raises(ArgumentError, match=r"captured with array\(\[0, 1\]\)"):
        graph(X, index)


def test_arguments_are_not_modified():
    x, y = X.copy(), {"a": X.copy()}

    def f(x, y):
        x[0] = 5.0
        y["a"] *= 2.0
        return x * y["a"]

    def g(x, y):
        return f(fnp.copy(x), {"a": fnp.copy(y["a"])})

    found = capture(g)(x, y)(x, y)
    np.testing.assert_array_equal(found, [10.0, 8.0, 18.0])
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y["a"], X)


class Tagged(np.ndarray):
    """An array of a class of the user's."""


@pytest.mark.parametrize("kind", [np.ma.MaskedArray, Tagged])
def test_arrays_with_a_behaviour_of_their_own_are_refused(kind):
    given = np.array([[1.0, 2.0]]).view(kind)
    with pytest.raises(InputError, match=r"^x is a .* whose own behaviour would be lost"):
        capture(lambda x: np.sum(x))(given)
    again = capture(lambda x: np.sum(x))(np.ones((1, 2)))
    with pytest.raises(InputError, match=r"^x is a .* whose own behaviour would be lost"):
        again(given)


@pytest.mark.parametrize("transform", [capture, graph, lambda f: lambda x: source(f, x)])
def test_a_generator_has_computed_nothing_that_could_be_captured(transform):
    def steps(x):
        yield x * 2.0

    with pytest.raises(OutputError, match=r"steps returned a generator, .* return a list"):
        transform(steps)(1.0)
