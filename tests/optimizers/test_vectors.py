import numpy as np

from fgrad import grad
from fgrad.optimizers.numbers import parameters_of
from fgrad.optimizers.vectors import Packing

TREE = {
    "f": 1.5,
    "a": np.arange(6.0).reshape(2, 3),
    "c": [np.array([1 + 2j, 3 - 4j], np.complex64), 5j],
    "s": (np.float32(7.0), np.array(8.0), np.zeros(0)),
}


def make():
    leaves, structure = parameters_of(TREE, "x0")
    return Packing(leaves, structure), leaves


def test_a_container_comes_back_from_its_vector():
    packing, leaves = make()
    vector = packing.pack(leaves)
    np.testing.assert_array_equal(vector, [1.5, 0, 1, 2, 3, 4, 5, 1, 3, 2, -4, 0, 5, 7, 8])
    assert packing.size == vector.size == 15
    assert vector.dtype == np.float64
    back = parameters_of(packing.unpack(vector), "back")[0]
    for leaf, other in zip(leaves, back, strict=True):
        assert type(leaf) is type(other)
        assert np.asarray(leaf).dtype == np.asarray(other).dtype
        np.testing.assert_array_equal(leaf, other)


def test_what_is_unpacked_shares_nothing_with_the_vector():
    packing, leaves = make()
    vector = packing.pack(leaves)
    packing.unpack(vector)["a"][0, 0] = 100.0
    assert vector[1] == 0.0


def test_a_gradient_is_packed_as_derivatives_by_real_coordinates():
    packing, _ = make()

    def function(tree):
        c, d = tree["c"]
        return np.sum(np.real(c * np.array([2 + 1j, 1j]))) + np.imag(d) ** 2 + 3 * tree["f"]

    gradient = grad(function)(TREE)
    vector = packing.pack_gradient(gradient)
    # Re((x + iy)(2 + i)) = 2x - y; Re((x + iy) i) = -y; Im(d)**2 at 5
    np.testing.assert_allclose(vector, [3, 0, 0, 0, 0, 0, 0, 2, 0, -1, -1, 0, 10, 0, 0], atol=1e-6)
    back = packing.unpack_gradient(vector)
    np.testing.assert_array_equal(back["c"][0], gradient["c"][0])
    assert back["c"][1] == gradient["c"][1]
    assert type(back["f"]) is float
