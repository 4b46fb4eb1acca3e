r"""Reading a table from CSV text, and naming the line and column of whatever is wrong with it.

>>> table = read_table("small.csv", b"age,weight,ill\n51,80.5,yes\n47,62,no\n", "ill")
>>> table.names, table.labels
(('age', 'weight'), ['yes', 'no'])
>>> read_table("small.csv", b"age,weight,ill\n51,80.5,yes\n47,?,no\n", "ill")
Traceback (most recent call last):
    ...
fgrad.demo.table.TableError: small.csv: line 3, column 'weight': '?' is not a number
"""

from __future__ import annotations

import csv
import difflib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

#: The squares of larger numbers overflow.
LARGEST = 1e150


class TableError(ValueError):
    """A table that cannot be used.  The message is one line and names the place."""


@dataclass(frozen=True)
class Table:
    """A header and rows of numbers, with one column set aside as the target.

    Attributes
    ----------
    source : str
        What messages call the table.
    names : tuple of str
        The columns that are not the target.
    target : str
        The target column.
    x : array of shape (rows, columns)
        Their numbers, all finite.
    labels : list of str
        The cells of the target, as they are in the file.
    lines : list of int
        The line of the file that each row starts at.
    """

    source: str
    names: tuple[str, ...]
    target: str
    x: Any
    labels: list[str]
    lines: list[int]

    def error(self, row: int, column: str, problem: str) -> TableError:
        """Return the error for one cell."""
        return TableError(f"{self.source}: line {self.lines[row]}, column {column!r}: {problem}")


def shipped_table(name: str, target: str) -> Table:
    """Return one of the tables that come with fgrad."""
    data = (resources.files("fgrad.demo") / "tables" / name).read_bytes()
    return read_table(name, data, target)


def table_from_file(path: str, target: str) -> Table:
    """Return the table of a file."""
    source = path if path.isprintable() else repr(path)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(f"{source}: {reason}") from None
    return read_table(source, data, target)


def read_table(source: str, data: bytes, target: str) -> Table:
    """Return the table that the bytes of a CSV file hold.

    Parameters
    ----------
    source : str
        What messages call the file.
    data : bytes
        UTF-8 text: a line of column names, then lines of cells, separated by commas.  Blank lines are
        passed over.
    target : str
        The column to predict.  Its cells may be text; all others must be finite numbers.

    Raises
    ------
    TableError
        If anything is not so.
    """
    records = records_of(source, data)
    line, header = next(records, (1, []))
    if not header:
        raise TableError(f"{source}: the file is empty")
    names = check_header(source, line, header, target)
    where = names.index(target)
    rows: list[list[float]] = []
    labels: list[str] = []
    lines: list[int] = []
    for line, cells in records:
        if len(cells) != len(names):
            raise TableError(
                f"{source}: line {line}: the number of cells is {len(cells)}, but the header has {len(names)}"
            )
        numbers = []
        for name, cell in zip(names, cells, strict=True):
            place = f"{source}: line {line}, column {name!r}"
            if name == target:
                labels.append(check_label(place, cell))
            else:
                numbers.append(check_number(place, cell))
        rows.append(numbers)
        lines.append(line)
    if not rows:
        raise TableError(f"{source}: the table is empty: there is a header, but no rows")
    features = tuple(name for i, name in enumerate(names) if i != where)
    return Table(source, features, target, np.array(rows), labels, lines)


def records_of(source: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, each with the line that it starts at, cells stripped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise TableError(f"{source}: line {line}: byte 0x{byte:02x} is not UTF-8 text") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if stripped not in ([], [""]):
                yield line, stripped
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{source}: line {line}: not CSV: {error}") from None


def check_header(source: str, line: int, names: list[str], target: str) -> list[str]:
    """Return the column names, or raise: none is empty, they differ, the target is one."""
    places: dict[str, int] = {}
    for i, name in enumerate(names, 1):
        if not name:
            raise TableError(f"{source}: line {line}: column {i} has no name")
        if places.setdefault(name, i) != i:
            raise TableError(
                f"{source}: line {line}: columns {places[name]} and {i} are both called {name!r}"
            )
    if target not in names:
        raise TableError(f"{source}: no column {target!r}; {hint(names, target)}")
    if len(names) == 1:
        raise TableError(f"{source}: no column but the target {target!r}; there is nothing to fit it by")
    return names


def hint(names: list[str], target: str) -> str:
    """Return the words that help to find the column that was meant."""
    if len(names) == 1:
        for separator in ";\t|":
            if separator in names[0]:
                return f"line 1 is separated by {separator!r}, and not by commas"
    close = difflib.get_close_matches(target, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(repr(name) for name in names[:8])
    return f"the columns are {shown}{', ...' if len(names) > 8 else ''}"


def check_number(place: str, cell: str) -> float:
    """Return the finite number in a cell, or raise."""
    if not cell:
        raise TableError(f"{place}: the cell is empty")
    number = parse_number(cell)
    if number is None:
        raise TableError(f"{place}: {cell!r} is not a number")
    return check_finite(place, cell, number)


def check_label(place: str, cell: str) -> str:
    """Return the text in a cell of the target, or raise if it is empty or not finite."""
    if not cell:
        raise TableError(f"{place}: the cell is empty")
    check_finite(place, cell, parse_number(cell) or 0.0)
    return cell


def check_finite(place: str, cell: str, number: float) -> float:
    """Return the number, or raise if it is NaN or infinite."""
    if math.isnan(number):
        raise TableError(f"{place}: {cell!r} is NaN, not a number")
    if math.isinf(number):
        raise TableError(f"{place}: {cell!r} is not finite")
    if abs(number) > LARGEST:
        raise TableError(f"{place}: {cell!r} is beyond {LARGEST:g}, too large to standardise")
    return number


def parse_number(cell: str) -> float | None:
    """Return the number that a cell holds, or None.

    >>> parse_number("-1.5e3"), parse_number("1_000"), parse_number("twelve")
    (-1500.0, None, None)
    """
    if "_" in cell:  # Python's own spelling of numerals, and no one else's
        return None
    try:
        return float(cell)
    except ValueError:
        return None
