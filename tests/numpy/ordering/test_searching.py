"""The search in many tables at once finds what ``np.searchsorted`` finds in each."""

import numpy as np
import pytest

from fgrad.numpy.ordering.searching import search_rows

PARTS = np.array([-np.inf, -1.0, -0.0, 0.0, 2.0, np.inf, np.nan])
NUMBERS = {"real": PARTS, "complex": np.array([complex(x, y) for x in PARTS for y in PARTS])}


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 15, 16, 17])
@pytest.mark.parametrize("kind", NUMBERS)
def test_the_places_are_those_of_numpy_with_nan_last(kind, n, side):
    rng = np.random.default_rng(n)
    tables = np.sort(rng.choice(NUMBERS[kind], (30, n)), axis=1)
    keys = np.broadcast_to(NUMBERS[kind], (30, len(NUMBERS[kind])))
    expected = [np.searchsorted(table, row, side) for table, row in zip(tables, keys, strict=True)]
    found = search_rows(tables, keys, side)
    assert found.dtype == np.intp
    assert np.array_equal(found, expected)


def test_nothing_is_written_into():
    tables, keys = np.arange(6.0).reshape(2, 3), np.ones((2, 1))
    for array in (tables, keys):
        array.flags.writeable = False
    assert np.array_equal(search_rows(tables, keys, "left"), [[1], [0]])
