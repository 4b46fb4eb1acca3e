import tracemalloc

import numpy as np
import pytest

from fgrad import vmap
from fgrad.graphs.summary import joined, number_text, summary_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.73105857863, "0.7311"),
        (2, "2"),
        (12345, "12345"),
        (np.float32(0.5), "0.5"),
        (-0.0, "0"),
        (1e-20, "1e-20"),
        (np.nan, "nan"),
        (-np.inf, "-inf"),
        (True, "True"),
        (1 - 2j, "1-2j"),
        (np.array(3.0), "3"),
        (np.array([1.0, 2.0]), "[1 2]"),
        (np.array([[1, 2, 3]]), "[1 2 3]"),
        (np.zeros((0, 3)), "empty"),
        (np.array([3.0, -1.0, 2.0, 0.0]), "-1 to 3"),
        (np.full(9, 0.25), "all 0.25"),
        (np.array([1.0, 1.0, 1.0, 1.0 + 1e-12]), "all 1"),
        (np.arange(10), "0 to 9"),
        (np.array([True, False, True, True]), "False to True"),
        (np.ones(5, dtype=bool), "all True"),
        (np.array([1.0, np.nan, -2.0, np.inf]), "-2 to 1, 2 not finite"),
        (np.array([1.0, np.nan, 1.0, 1.0]), "1 to 1, 1 not finite"),
        (np.full(4, np.nan), "nothing finite"),
        (np.array([-np.inf, np.inf, np.inf, 0.0]), "0 to 0, 3 not finite"),
        (np.full(4, 1j), "complex"),
        (np.array([1j, np.nan, 1, 1]), "complex, 1 not finite"),
        (np.full(4, 1.5, dtype=np.float16), "all 1.5"),
        (np.full(4, 1.5, dtype=np.longdouble), "all 1.5"),
    ],
)
def test_a_value_is_shown_as_a_number_or_by_its_range(value, text):
    assert summary_of(value).text() == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, ""),
        (np.float64(1.0), ""),
        (np.zeros((3, 4)), "(3, 4)"),
        (np.zeros(3), "(3,)"),
        (np.zeros(3, dtype=np.float32), "(3,) float32"),
        (np.int64(3), "int64"),
    ],
)
def test_the_shape_is_shown_and_the_dtype_where_it_is_not_the_usual_one(value, text):
    assert summary_of(value).type_text() == text


def test_numbers_have_four_digits():
    assert [number_text(x) for x in (np.pi, 1e10, -1 / 3)] == ["3.142", "1e+10", "-0.3333"]


@pytest.mark.parametrize(
    ("value", "width", "text"),
    [
        (np.array([0.73078, 0.73078, 0.73078]), 24, "[0.7308 0.7308 0.7308]"),
        (np.array([0.73078, 0.73078, 0.73078]), 17, "all 0.7308"),
        (np.array([1.234567, -2.0, 0.0]), 11, "-2 to 1.235"),
        (np.linspace(-0.0123456, 0.0345678, 9), 20, "-0.01235 to 0.03457"),
        (np.linspace(-0.0123456, 0.0345678, 9), 17, "-0.0123 to 0.0346"),
        (np.linspace(-0.0123456, 0.0345678, 9), 15, "-0.012 to 0.035"),
        (np.linspace(-0.0123456, 0.0345678, 9), 3, "-0.01235 to 0.03457"),
        (-1.23456e-300, 8, "-1.2e-300"),
        (np.array([1 + 2j, 3.25j]), 8, "[1+2j 0+3.25j]"),
    ],
)
def test_with_less_room_a_range_or_fewer_digits_are_shown(value, width, text):
    shown = summary_of(value).text_within(width)
    assert shown == text or (len(text) > width and shown == summary_of(value).text())


def test_of_a_batch_the_shape_is_an_examples_and_the_range_is_that_of_all():
    seen = []

    def look(x):
        seen.append(summary_of(x))
        return x

    vmap(look)(np.arange(12.0).reshape(3, 4))
    assert [(s.shape, s.text()) for s in seen] == [((4,), "0 to 11")]


@pytest.mark.parametrize("worst", [0.0, np.nan, np.inf])
def test_a_large_array_is_not_copied(worst):
    x = np.linspace(-1.0, 1.0, 2_000_000)
    x[7] = worst
    tracemalloc.start()
    summary = summary_of(x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (summary.low, summary.high, summary.wrong) == (-1.0, 1.0, int(not np.isfinite(worst)))
    assert peak < 0.3 * x.nbytes  # at most a mask, an eighth


def test_values_of_one_type_are_shown_together_by_the_range_of_all():
    parts = [summary_of(np.array(x)) for x in ([1.0, 2.0], [-3.0, np.nan], [0.5, np.inf])]
    assert joined(parts).text() == "-3 to 2, 2 not finite"
    assert joined(parts).shape == (2,)
    assert joined([summary_of(np.arange(9.0)), summary_of(np.arange(9.0) - 5)]).text() == "-5 to 8"
    assert joined([summary_of(2.0), summary_of(2.0)]).text() == "all 2"
    assert joined([summary_of(np.full(2, np.nan))]).text() == "nothing finite"


def test_values_of_several_types_are_not_shown_together():
    assert joined([summary_of(np.zeros(2)), summary_of(np.zeros(3))]) is None
    assert joined([summary_of(np.zeros(2)), summary_of(np.zeros(2, dtype=np.float32))]) is None
    assert joined([summary_of(1.0), None]) is None
