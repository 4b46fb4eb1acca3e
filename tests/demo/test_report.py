import io

import pytest

from fgrad.demo.report import Report, array, clip, number, width_of


def written(write, encoding="utf-8"):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    write(Report(stream))
    stream.flush()
    return raw.getvalue().decode(encoding)


def test_tables_align_and_the_first_column_gives_way():
    text = written(lambda r: r.table(["name", "value"], [["n" * 100, "1"], ["m", "123"]]))
    lines = text.splitlines()
    assert lines[0] == "  name" + " " * 69 + "value"
    assert lines[1] == "  " + "n" * 68 + "...      1"
    assert lines[2] == "  m" + " " * 74 + "123"


def test_wide_characters_count_twice():
    text = written(lambda r: r.table(["name", "value"], [["年齢", "1"]]))
    assert text == "  name  value\n  年齢      1\n"


@pytest.mark.parametrize("name", ["word " * 60, "x" * 300, "年" * 100])
def test_paragraphs_and_headings_keep_to_80_columns(name):
    lines = written(lambda r: (r.paragraph(f"Of {name}."), r.heading(name))).splitlines()
    assert len(lines) > 4
    assert max(width_of(line) for line in lines) <= 80


def test_what_the_encoding_lacks_is_escaped():
    assert written(lambda r: r.paragraph("naïve"), "ascii") == "na\\xefve\n"


def test_control_characters_are_escaped():
    assert written(lambda r: r.paragraph("a\x1b[31mb\nc")) == "a\\x1b[31mb\\nc\n"


def test_clip_cuts_wide_characters_whole():
    assert clip("年齢年齢", 6) == "年..."


@pytest.mark.parametrize(
    ("value", "width", "text"),
    [
        (0.1, 9, "0.1"),
        ([1.0, 2.0], 5, "[1 2]"),
        ([1.25, 2.25, 3.25, 4.25], 20, "[1.25 ... 4.25] (4,)"),
        ([1.0, 2.0, 3.0], 4, "(3,)"),
    ],
)
def test_arrays_show_what_fits(value, width, text):
    assert array(value, width) == text


def test_numbers_have_no_negative_zero():
    assert number(-0.0) == "0"
