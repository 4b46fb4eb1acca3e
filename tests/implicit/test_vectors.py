import numpy as np
import pytest

from fgrad import ArgumentError, InputError, OutputError, jacobian
from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.vectors import Layout, as_like, copied, flattened, is_finite, mapped, size_of

TREE = {"a": np.arange(6.0).reshape(2, 3), "b": [1.0 + 2.0j, np.float32(3.0)], "c": None}


def test_a_container_survives_the_way_to_a_vector_and_back():
    layout = Layout(TREE)
    vector = layout.vector(TREE)
    assert vector.tolist() == [0, 1, 2, 3, 4, 5, 1, 2, 3]
    assert layout.size == 9
    back = layout.tree(vector)
    np.testing.assert_array_equal(back["a"], TREE["a"])
    assert back["b"] == TREE["b"]
    assert [type(leaf) for leaf in back["b"]] == [np.complex128, np.float32]
    assert back["c"] is None


def test_a_vector_is_as_precise_as_the_most_precise_leaf():
    assert Layout([np.float32(1.0), np.complex64(1.0)]).dtype == np.float32
    assert Layout([np.float32(1.0), 1.0]).dtype == np.float64
    assert Layout([]).vector([]).shape == (0,)


def test_traced_values_go_both_ways():
    layout = Layout(TREE)
    np.testing.assert_array_equal(
        jacobian(lambda v: layout.vector(layout.tree(v)))(np.arange(9.0)), np.eye(9)
    )


def test_a_solver_of_vectors_takes_containers():
    def halve(function, x):
        assert x.shape == (9,)
        return function(x) / 2

    found = flattened(halve)(lambda tree: mapped(lambda leaf: 4 * leaf, tree), TREE)
    np.testing.assert_array_equal(found["a"], 2 * TREE["a"])
    assert found["b"] == [2.0 + 4.0j, 6.0]


def test_a_solver_of_vectors_must_return_one():
    with pytest.raises(ConvergenceError, match=r"shape \(2,\); needed is a vector of the 9 unknowns"):
        flattened(lambda f, x: x[:2])(lambda tree: tree, TREE)


def test_sizes_and_copies():
    assert size_of([np.array([1.0, -4.0]), 3.0]) == 4.0
    assert size_of(3 + 4j) == 5.0
    assert np.isnan(size_of([np.nan, 1.0]))
    assert size_of([]) == 0.0
    assert is_finite(TREE)
    assert not is_finite([1.0, np.array([np.inf])])
    again = copied(TREE)
    again["a"][...] = 0.0
    assert TREE["a"][0, 1] == 1.0


def test_a_result_gets_the_dtypes_of_what_it_must_be_like():
    found = as_like({"b": 1, "a": [1.0]}, {"a": [np.float32(0.0)], "b": 0.0}, "it", "x0")
    assert found == {"a": [1.0], "b": 1.0}
    assert [type(found["a"][0]), type(found["b"])] == [np.float32, np.float64]


@pytest.mark.parametrize(
    ("result", "model", "error", "message"),
    [
        ([1.0], 1.0, OutputError, "it is a list; it must be an array like x0"),
        (1.0, [1.0], InputError, "it must be a list"),
        ([None], [1.0], InputError, r"it\[0\] must be an array"),
        (["text"], [1.0], OutputError, r"it\[0\] is a str"),
        (np.array(["text"]), np.zeros(1), OutputError, "it has dtype <U4"),
        (
            np.zeros(2),
            np.zeros(3),
            ArgumentError,
            r"it has shape \(2,\); it must have the shape \(3,\) of x0",
        ),
        (1j, 1.0, ArgumentError, "it is complex where x0 is real"),
    ],
)
def test_a_result_that_is_not_alike_is_refused(result, model, error, message):
    with pytest.raises(error, match=message):
        as_like(result, model, "it", "x0")
