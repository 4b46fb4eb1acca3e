import numpy as np
import pytest

from fgrad.testing.coordinates import Space

LEAVES = [np.array([[1.0, 2.0]]), 3.0, np.float32(4.0), np.array([5.0 + 6.0j, 7.0 + 8.0j]), np.arange(3)]
NAMES = ["a", "b", "c", "z", "counts"]


def test_a_vector_goes_to_leaves_and_back():
    space = Space(LEAVES, NAMES)
    vector = np.arange(8.0)
    assert space.size == 8
    assert np.array_equal(space.vector(space.from_vector(vector)), vector)
    assert np.array_equal(space.vector(space.from_vector(vector, dual=True), dual=True), vector)


def test_leaves_keep_their_types_and_dtypes():
    moved = Space(LEAVES, NAMES).shifted(np.ones(8))
    assert [type(leaf) for leaf in moved] == [type(leaf) for leaf in LEAVES]
    assert [np.asarray(leaf).dtype for leaf in moved] == [np.asarray(leaf).dtype for leaf in LEAVES]
    assert np.array_equal(moved[3], LEAVES[3] + 1 + 1j)
    assert moved[4] is LEAVES[4]


def test_cotangents_and_tangents_pair_as_real_vectors():
    space = Space(LEAVES[:4], NAMES[:4])
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(2, 8))
    gs, ts = space.from_vector(u, dual=True), space.from_vector(v)
    paired = sum(np.real(np.sum(g * t)) for g, t in zip(gs, ts, strict=True))
    assert paired == pytest.approx(u @ v, rel=1e-6)  # one of them is float32


def test_elements_are_named():
    space = Space(LEAVES, NAMES)
    assert [space.name(i) for i in (1, 2, 3, 4, 7)] == [
        "a[0, 1]",
        "b",
        "c",
        "z[0], real part",
        "z[1], imaginary part",
    ]


def test_the_resolution_is_that_of_the_coarsest_dtype():
    assert Space([1.0, np.float32(1.0)], ["x", "y"]).resolution == np.finfo(np.float32).eps
    assert Space([1.0, np.arange(2)], ["x", "n"]).resolution == np.finfo(np.float64).eps
