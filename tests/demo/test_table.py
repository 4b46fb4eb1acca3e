"""What is read, and the one line that each defect gets."""

import numpy as np
import pytest

from fgrad.demo.table import TableError, read_table, shipped_table, table_from_file


def read(text, target="y"):
    return read_table("t.csv", text if isinstance(text, bytes) else text.encode(), target)


def test_numbers_labels_and_lines():
    table = read("a,y,b\n1,yes,2.5\n-3e2,no, 4 \n")
    assert (table.names, table.target, table.labels, table.lines) == (("a", "b"), "y", ["yes", "no"], [2, 3])
    np.testing.assert_array_equal(table.x, [[1, 2.5], [-300, 4]])


def test_byte_order_mark_quotes_windows_line_ends_and_blank_lines():
    table = read(b'\xef\xbb\xbf"a, b",y\r\n"1",2\r\n\r\n3,4\r\n \r\n\r\n')
    assert (table.names, table.labels, table.lines) == (("a, b",), ["2", "4"], [2, 4])


def test_lines_are_those_of_the_file_where_a_quoted_cell_spans_two():
    table = read('a,y\n1,"two\nlines"\n3,x\n')
    assert table.lines == [2, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("a,y\n", "the table is empty: there is a header, but no rows"),
        ("a,y\n1,2\n\nx,3\n", "line 4, column 'a': 'x' is not a number"),
        ("a,y\n1,2\n,3\n", "line 3, column 'a': the cell is empty"),
        ("a,y\n1,2\n3,\n", "line 3, column 'y': the cell is empty"),
        ("a,y\nNaN,3\n", "line 2, column 'a': 'NaN' is NaN, not a number"),
        ("a,y\n1,nan\n", "line 2, column 'y': 'nan' is NaN, not a number"),
        ("a,y\n-inf,3\n", "line 2, column 'a': '-inf' is not finite"),
        ("a,y\n1e999,3\n", "line 2, column 'a': '1e999' is not finite"),
        ("a,y\n1e151,3\n", "line 2, column 'a': '1e151' is beyond 1e+150, too large to standardise"),
        ("a,y\n1_0,3\n", "line 2, column 'a': '1_0' is not a number"),
        ('a,y\n"1,5",3\n', "line 2, column 'a': '1,5' is not a number"),
        ("a,y\n1,2\n3\n", "line 3: the number of cells is 1, but the header has 2"),
        ("a,y\n1,2,3\n", "line 2: the number of cells is 3, but the header has 2"),
        ("a,b,a,y\n1,2,3,4\n", "line 1: columns 1 and 3 are both called 'a'"),
        ("a,,y\n1,2,3\n", "line 1: column 2 has no name"),
        ("y\n1\n", "no column but the target 'y'; there is nothing to fit it by"),
        ("a;y\n1;2\n", "no column 'y'; line 1 is separated by ';', and not by commas"),
        ("a,yy\n1,2\n", "no column 'y'; did you mean 'yy'?"),
        ("a,b\n1,2\n", "no column 'y'; the columns are 'a', 'b'"),
        ('a,y\n1,2\n"3,4\n', "line 3: not CSV: unexpected end of data"),
        (b"a,y\n1,2\n\xe9,3\n", "line 3: byte 0xe9 is not UTF-8 text"),
        (b"\xff\xfea\x00", "line 1: byte 0xff is not UTF-8 text"),
        (b"a,y\n1\x00,2\n", "line 2, column 'a': '1\\x00' is not a number"),
    ],
)
def test_a_defect_is_named_with_its_place(text, message):
    with pytest.raises(TableError) as caught:
        read(text)
    assert str(caught.value) == f"t.csv: {message}"


@pytest.mark.parametrize(
    ("name", "message"), [("none.csv", "No such file or directory"), ("", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, message):
    path = str(tmp_path / name)
    with pytest.raises(TableError) as caught:
        table_from_file(path, "y")
    assert str(caught.value) == f"{path}: {message}"


def test_a_path_that_would_break_the_line_is_escaped():
    with pytest.raises(TableError, match=r"^'no\\nfile': No such file"):
        table_from_file("no\nfile", "y")


def test_a_path_with_a_null_is_refused():
    with pytest.raises(TableError, match="null"):
        table_from_file("a\0b", "y")


@pytest.mark.parametrize(
    ("name", "target", "shape"),
    [("breast_cancer.csv", "benign", (569, 30)), ("diabetes.csv", "progression", (442, 10))],
)
def test_shipped_tables_are_whole(name, target, shape):
    table = shipped_table(name, target)
    assert table.x.shape == shape
    assert np.isfinite(table.x).all()
    if target == "benign":
        assert (table.labels.count("1"), table.labels.count("0")) == (357, 212)
