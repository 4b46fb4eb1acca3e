import numpy as np
import pytest

from fgrad import ArgumentError
from fgrad.modes.capture import CaptureTrace
from fgrad.modes.outside import COPIED, OutsideArrays, checksum, kept_value


def changed(array):
    """Write into the last element of an array, whatever its axes."""
    array.flat[-1] += 1


def test_an_array_is_kept_as_it_was_and_once():
    arrays, a = OutsideArrays("capture"), np.arange(3.0)
    kept = arrays.kept(a)
    assert kept is not a
    assert arrays.kept(a) is kept
    changed(a)
    assert arrays.find(a) is None
    again = arrays.kept(a)
    np.testing.assert_array_equal(kept, [0, 1, 2])
    np.testing.assert_array_equal(again, [0, 1, 3])
    assert arrays.kept(a) is again


@pytest.mark.parametrize(
    ("before", "after"),
    [(0.0, -0.0), (np.nan, 1.0), (1.0, np.nan), (1j, -1j), (True, False), (np.int8(1), np.int8(2))],
)
def test_every_change_is_noticed(before, after):
    arrays, a = OutsideArrays("capture"), np.array([before])
    kept = arrays.kept(a)
    assert arrays.find(a) is kept  # NaN is what it was
    a[0] = after
    assert arrays.find(a) is None


def test_a_read_only_view_of_an_array_that_changes_is_kept_as_it_was():
    arrays, a = OutsideArrays("capture"), np.array(2.0)
    view = np.broadcast_to(a, (3,))
    kept = arrays.kept(view)
    a[...] = 5.0
    np.testing.assert_array_equal(kept, [2, 2, 2])
    np.testing.assert_array_equal(arrays.kept(view), [5, 5, 5])


def test_two_arrays_that_are_equal_are_kept_apart():
    arrays, a, b = OutsideArrays("capture"), np.ones(2), np.ones(2)
    assert arrays.kept(a) is not arrays.kept(b)


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros(COPIED + 1),
        lambda: np.zeros((300, 300), order="F"),
        lambda: np.zeros((600, 600))[::2, ::2],
        lambda: np.zeros(COPIED + 1, ">f4"),
        lambda: np.zeros(COPIED + 1, complex),
        lambda: np.zeros(COPIED + 1, bool),
        lambda: np.zeros(2 * COPIED).reshape(2, -1).T,
    ],
)
def test_a_large_array_is_not_copied_and_must_not_change(make):
    arrays, a = OutsideArrays("capture"), make()
    assert arrays.kept(a) is a
    assert arrays.kept(a) is a
    arrays.check()
    changed(a)
    message = f"capture: an array of shape .* of more than {COPIED} elements are not copied"
    with pytest.raises(ArgumentError, match=message):
        arrays.kept(a)
    with pytest.raises(ArgumentError, match=message):
        arrays.check()


def test_a_permutation_is_a_change():
    a = np.arange(COPIED + 2.0)
    before = checksum(a)
    a[:] = a[::-1].copy()
    assert checksum(a) != before


def test_the_checksum_of_what_is_broadcast_looks_at_each_element_once():
    one = np.arange(3.0)
    huge = np.broadcast_to(one, (2**50, 3))  # a look at all would not end
    assert checksum(huge) == checksum(one[None])


def test_the_limit_is_that_of_copies():
    arrays, a = OutsideArrays("capture"), np.zeros(COPIED)
    assert arrays.kept(a) is not a


def test_large_arrays_of_objects_are_copied_since_there_is_no_checksum():
    arrays, a = OutsideArrays("capture"), np.array([None] * (COPIED + 1))
    assert arrays.kept(a) is not a


def test_a_value_of_several_parts_is_kept_as_it_is_in_all_of_them():
    index, inner = np.array([0, 1]), [1, 2]
    kept = kept_value((index, inner, slice(0, 1), "C"))
    index[0], inner[0] = 5, 5
    assert type(kept) is tuple
    np.testing.assert_array_equal(kept[0], [0, 1])
    assert kept[1:] == ([1, 2], slice(0, 1), "C")


def test_a_traced_parameter_is_kept_as_the_plain_value_that_has_decided():
    trace = CaptureTrace("an example")
    index = trace.root(np.array([1, 0]))
    kept = kept_value((index, "C"))
    np.testing.assert_array_equal(kept[0], [1, 0])
    assert type(kept[0]) is np.ndarray
    assert [decision.variable for decision in trace.decisions] == [index.payload]
    trace.finish()
