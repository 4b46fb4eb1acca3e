import numpy as np
import pytest

from fgrad import jvp
from fgrad.core.reals import from_reals, real_parts, real_size
from fgrad.core.spec import spec_of

LEAVES = [np.float32(2.0), np.array([[1 + 2j, 3 - 1j]]), np.zeros((0, 2)), np.arange(3.0)]
SPECS = [spec_of(leaf) for leaf in LEAVES]


def test_arrays_come_back_with_their_shapes_and_dtypes():
    vector = np.concatenate(real_parts(LEAVES, SPECS))
    assert vector.tolist() == [2.0, 1.0, 3.0, 2.0, -1.0, 0.0, 1.0, 2.0]
    assert vector.size == sum(map(real_size, SPECS))
    for found, leaf in zip(from_reals(vector, SPECS), LEAVES, strict=True):
        assert (found.shape, found.dtype) == (np.shape(leaf), leaf.dtype)
        assert np.array_equal(found, leaf)


def test_traced_arrays_go_both_ways():
    z, t = LEAVES[1], np.array([[0.5j, 1.0]])

    def there_and_back(z):
        return from_reals(np.concatenate(real_parts([z], [SPECS[1]])), [SPECS[1]])[0]

    value, tangent = jvp(there_and_back, (z,), (t,))
    assert value == pytest.approx(z)
    assert tangent == pytest.approx(t)
