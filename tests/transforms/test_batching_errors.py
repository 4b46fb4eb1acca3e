"""What ``vmap`` cannot do, and the errors that say so."""

import math

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, BatchingError, InputError, LeakedBoxError, grad
from fgrad.transforms.batching import vmap

X = np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x if x[0] > 0 else -x, "A condition .* np.where"),
        (lambda x: max(x), "A condition"),
        (lambda x: x[0] and x[1], "A condition"),
        (lambda x: 3.0 in x, "A condition"),
        (lambda x: float(x[0]), r"float\(\)"),
        (lambda x: int(x[0]), r"int\(\)"),
        (lambda x: math.sin(x[0]), "float"),
        (lambda x: [1, 2, 3][np.argmax(x)], "index"),
        (lambda x: np.zeros(np.argmax(x)), "shape"),
        (lambda x: x[np.argmax(x) :], "bounds of a slice"),
        (lambda x: x.tolist(), r"tolist\(\)"),
        (lambda x: np.linalg.pinv(np.outer(x, x), rcond=x[0]), "pinv: the bound"),
    ],
)
def test_a_decision_by_a_value_that_differs_is_refused(function, words):
    with pytest.raises(BatchingError, match=words) as caught:
        vmap(function)(X)
    assert "may differ between the 5 examples that vmap computes at once" in str(caught.value)
    with pytest.raises(BatchingError):
        vmap(grad(lambda x: np.sum(function(x))))(X)


def test_a_refusal_does_not_claim_that_values_differ_which_are_the_same():
    with pytest.raises(BatchingError, match="the value may differ between the 2 examples that vmap computes"):
        vmap(lambda x: x if x > 0 else -x)(np.array([4.0, 9.0]))


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x: x[x > 0], r"x\[index\]"),
        (lambda x: np.nonzero(x > 0)[0], "nonzero"),
        (lambda x: np.flatnonzero(x > 0), "flatnonzero"),
        (lambda x: np.argwhere(x > 0), "argwhere"),
        (lambda x: np.compress(x > 0, x), "compress"),
        (lambda x: np.extract(x > 0, x), "flatnonzero"),
        (lambda x: np.unique(np.sign(x)), "unique"),
        (lambda x: np.union1d(np.sign(x), [2.0]), "unique"),
        (lambda x: np.trim_zeros(np.maximum(x, 0)), "trim_zeros"),
        (lambda x: fnp.arange(np.abs(10 * x[0])), "arange"),
        (lambda x: np.repeat(x, np.abs(10 * x).astype(int)), "repeat"),
    ],
)
def test_a_shape_that_differs_is_refused(function, name):
    with pytest.raises(BatchingError, match=rf"{name}.*differ.* between the.*examples.*vmap"):
        vmap(function)(X)


def test_what_all_examples_agree_on_is_done():
    x = np.array([[0.0, 1.0, 2.0, 0.0], [0.0, 3.0, 4.0, 0.0]])
    assert np.array_equal(vmap(np.trim_zeros)(x), x[:, 1:3])
    assert np.array_equal(vmap(lambda x: x[x > 0])(x), x[:, 1:3])
    assert np.array_equal(vmap(lambda x: fnp.arange(x[1], x[1] + 2))(x), x[:, 1:2] + np.arange(2))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: vmap(np.sin)(1.0), ArgumentError, r"no axis 0; None in in_axes"),
        (lambda: vmap(np.sin, 2)(X), ArgumentError, r"shape \(5, 3\) has no axis 2"),
        (lambda: vmap(np.add)(X, X[:2]), ArgumentError, "numbers of examples differ.* has 5.* has 2"),
        (lambda: vmap(np.add, (0,))(X, X), ArgumentError, "in_axes has 1 entries, for 2"),
        (lambda: vmap(np.add, None)(X, X), ArgumentError, "no argument has an axis of examples"),
        (lambda: vmap(np.sin, "0")(X), InputError, "in_axes"),
        (lambda: vmap(np.sin, (0.5,))(X), InputError, "int"),
        (lambda: vmap(np.sin)("text"), InputError, "is a str"),
        (lambda: vmap(lambda p: p["a"], ({"b": 0},))({"a": X}), InputError, r"keys \['b'\]"),
        (lambda: vmap(lambda p: p[0], ((0, 0),))([X]), InputError, "2 entries"),
        (lambda: vmap(np.sin, out_axes=3)(X), ArgumentError, "out_axes has 3"),
        (lambda: vmap(np.sin, out_axes=None)(X), ArgumentError, "differs between the examples"),
        (lambda: vmap(np.sin, out_axes=(0, 0))(X), InputError, "out_axes"),
        (lambda: vmap(lambda x: "text")(X), InputError, "must return numbers"),
        (lambda: vmap(np.sin, chunk_size=0), ArgumentError, "chunk_size"),
        (lambda: vmap(np.sin, chunk_size=True), ArgumentError, "chunk_size"),
    ],
)
def test_wrong_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_leaked_box_raises_and_names_the_transform():
    kept = []
    vmap(lambda x: kept.append(x) or x)(X)
    with pytest.raises(LeakedBoxError, match="vmap"):
        kept[0] + 1


def test_an_error_of_the_function_comes_through():
    def function(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        vmap(function)(X)


def test_what_is_passed_by_keyword_has_another_cure_than_in_axes():
    def step(x, *, rate, rule="plain"):
        return x * rate

    for keywords in ({"rate": 0.1}, {"rate": np.ones(5), "rule": "plain"}):
        with pytest.raises((ArgumentError, InputError), match=r"functools.partial passes") as caught:
            vmap(step)(X, **keywords)
        assert "in_axes" not in str(caught.value)
    with pytest.raises(ArgumentError, match="None in in_axes"):
        vmap(lambda x, rate: x * rate)(X, 0.1)


class Tagged(np.ndarray):
    """An array of a class of the user's."""


@pytest.mark.parametrize("kind", [np.ma.MaskedArray, Tagged])
def test_arrays_with_a_behaviour_of_their_own_are_refused(kind):
    with pytest.raises(InputError, match=r"^vmap: x is a .* whose own behaviour would be lost"):
        vmap(lambda x: np.sum(x))(np.array([[1.0, 2.0]]).view(kind))
