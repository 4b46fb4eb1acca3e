"""Constants as code: read back by Python they are what they were."""

from __future__ import annotations

import numpy as np
import pytest

from fgrad.numpy.places.indexing import PLACE
from fgrad.sources.literals import index_text, literal


class At:
    def __getitem__(self, index):
        return index


def read(text):
    return eval(text, {"np": np, "at": At()})


def assert_equal(found, value):
    """Check that two values are the same to the last bit, in their dtypes and shapes."""
    if isinstance(value, np.ndarray):
        assert found.dtype == value.dtype
        assert found.shape == value.shape
        assert found.tobytes() == np.ascontiguousarray(value).tobytes()
    elif isinstance(value, float | complex):
        assert np.array([found]).tobytes() == np.array([value]).tobytes()
    else:
        assert type(found) is type(value)
        assert found == value


NUMBERS = [0, 1, -3, 0.0, -0.0, 0.1, -2.5, 1e300, 5e-324, np.inf, -np.inf, 1 + 2j, 3j, -1.5 - 2e-7j]
COMPLEX = [complex(-0.0, 1), complex(1, -0.0), complex(np.inf, 1)]


@pytest.mark.parametrize("value", [*NUMBERS, *COMPLEX, True, None, "a", 'say "x"', "it's", "\n", "é", ...])
def test_numbers_and_texts_are_read_back_as_they_were(value):
    assert_equal(read(literal(value)), value)


def test_nan_is_written_by_its_name():
    assert literal(np.nan) == "np.nan"
    assert literal(np.float32("nan")) == "np.float32(np.nan)"


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "uint16", "int32", "complex64"])
def test_a_number_of_another_dtype_keeps_it(dtype):
    value = np.dtype(dtype).type(3)
    found = read(literal(value))
    assert type(found) is type(value)
    assert found == value


def test_double_precision_is_written_as_pythons_own():
    assert [literal(v) for v in (np.float64(0.1), np.int64(3), np.bool_(True))] == ["0.1", "3", "True"]
    assert literal(np.complex128(1 + 2j)) == "(1.0 + 2.0j)"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "int32", "bool", "complex128"])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (0,), (0, 3), (3, 0), (1, 1), (50, 40)])
@pytest.mark.parametrize("fill", [0, 1, 5])
def test_arrays_of_one_number_are_read_back_as_they_were(dtype, shape, fill):
    value = np.full(shape, fill, dtype=dtype)
    assert_equal(read(literal(value)), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.zeros(3), "np.zeros(3)"),
        (np.ones((2, 3), np.float32), "np.ones((2, 3), dtype=np.float32)"),
        (np.full(4, 2.5), "np.full(4, 2.5)"),
        (np.eye(3), "np.eye(3)"),
        (-np.eye(3, 2), "-np.eye(3, 2)"),
        (2 * np.eye(3, 4, k=1), "2.0 * np.eye(3, 4, k=1)"),
        (np.eye(4, 3, k=-1), "np.eye(4, 3, k=-1)"),
        (np.arange(20), "np.arange(20)"),
        (np.array([1.0, 2.0]), "np.array([1.0, 2.0])"),
        (np.array([0, 2]), "np.array([0, 2])"),
        (np.array([True, False]), "np.array([True, False])"),
        (np.array([1, 2], np.int32), "np.array([1, 2], dtype=np.int32)"),
        (np.array(0.5), "np.array(0.5)"),
        (np.broadcast_to(2.0, (10**6, 10**6)), "np.full((1000000, 1000000), 2.0)"),
    ],
)
def test_arrays_have_the_short_form_that_numpy_has_for_them(value, text):
    assert literal(value) == text
    if value.size < 1000:
        assert_equal(read(text), value)


@pytest.mark.parametrize(
    "value",
    [
        np.array([-0.0, 0.0]),
        np.array([-0.0, -0.0]),
        np.array([np.nan, 1.0]),
        np.array([np.inf, np.inf]),
        np.array([[1.0, -0.0], [0.0, 1.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0 + 1e-15]]),
        np.array([[0.0, 0.0, 1.0]]),
        np.array([1 + 2j, 3]),
    ],
)
def test_zeros_with_signs_and_what_is_nearly_regular_are_written_out(value):
    assert_equal(read(literal(value)), value)


def test_large_arrays_texts_in_arrays_and_objects_have_no_short_form():
    assert literal(np.linspace(0, 1, 50)) is None
    assert literal(np.array(["a", "b"])) is None
    assert literal(object()) is None
    assert literal((1, object())) is None


@pytest.mark.parametrize("value", [(), (1,), (1, 2.5), [1, [2]], (slice(None), None), slice(1, None, 2)])
def test_tuples_lists_and_slices_are_read_back_as_they_were(value):
    assert read(literal(value)) == value


def test_a_dtype_is_written_by_its_name():
    assert literal(np.dtype("float32")) == "np.float32"
    assert read(literal(np.dtype(">f8"))) == np.dtype(">f8")


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        slice(None),
        slice(1, None),
        slice(None, -1),
        slice(None, None, -1),
        slice(0, 6, 2),
        ...,
        None,
        (0, 1),
        (slice(None), None, ..., 0),
        (),
    ],
)
def test_an_index_between_brackets_is_the_index(index):
    assert read(f"at[{index_text(index)}]") == index


@pytest.mark.parametrize("positions", [[0, 0, 2], [[0, 1], [1, 0]], [True, False, True], [2]])
def test_short_arrays_of_positions_are_lists_in_an_index(positions):
    x = np.arange(30.0).reshape(3, 10)[:, :3]
    text = index_text((np.array(positions), slice(None)))
    assert text == f"{positions}, :"
    np.testing.assert_array_equal(eval(f"x[{text}]", {"x": x}), x[np.array(positions), :])
    text = index_text(np.array(positions))
    np.testing.assert_array_equal(eval(f"x[{text}]", {"x": x}), x[np.array(positions)])


def test_an_index_with_arrays_of_the_graph_takes_their_names():
    assert index_text((slice(None), PLACE, PLACE), iter(["i", "j + 1"])) == ":, i, j + 1"
    assert index_text(PLACE) is None


def test_an_index_with_a_large_array_has_no_short_form():
    assert index_text((0, np.array([3, 1, 4, 1, 5, 9, 2, 6]))) is None
    assert index_text(slice(object(), None)) is None
