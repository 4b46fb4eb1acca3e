"""A graph as an aligned table in 80 columns: the computation downwards, values and adjoints beside it."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from fgrad.graphs.summary import Summary
from fgrad.graphs.view import OPERATION, Mark, View, printable

WIDTH = 80
_GAP = 2
#: The columns, and how wide each may be where there is not room for all.
_COLUMNS = {"name": 16, "computed as": 30, "shape": 12, "value": 17, "adjoint": 17}


def table_of(view: View, width: int = WIDTH) -> str:
    """Return a view as a table; values are shortened to what their column has room for, other texts cut."""
    rows = [dict(zip(_COLUMNS, map(printable, _row(mark)), strict=True)) for mark in view.marks]
    heads = ["name", "computed as"]
    if any(row["shape"] for row in rows):
        heads.append("shape")
    heads.append("value")
    if view.has_adjoints:
        heads.append("adjoint")
    cells = [heads] + [[row[head] for head in heads] for row in rows]
    widths = _widths(cells, [_COLUMNS[head] for head in heads], width)
    for row, mark in zip(cells[1:], view.marks, strict=True):
        for i, summary in ((heads.index("value"), mark.value), (len(heads) - 1, mark.adjoint)):
            if columns(row[i]) > widths[i] and summary is not None:
                row[i] = summary.text_within(widths[i])
    lines = [_line(row, widths) for row in cells]
    lines.insert(1, "-" * (sum(widths) + _GAP * (len(widths) - 1)))
    notes = [part for note in view.notes for part in _wrapped(printable(note), width)]
    return "\n".join([*_wrapped(printable(view.title), width), *lines, *notes])


def _row(mark: Mark) -> tuple[str, ...]:
    made = mark.text
    if mark.count_text:  # first, so that it is not what is cut
        made = f"{mark.count_text}: {made}" if mark.noun == OPERATION else mark.count_text
    shape = mark.value.type_text() if mark.value is not None else ""
    return "" if mark.name == made else mark.name, made, shape, _text(mark.value), _text(mark.adjoint)


def _text(summary: Summary | None) -> str:
    return "" if summary is None else summary.text()


def _widths(cells: list[list[str]], most: list[int], width: int) -> list[int]:
    """Return the widths of columns: what they need, the widest cut first where that is too much."""
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room:
        excess, _, i = max(
            (w - greatest, w, i) for i, (w, greatest) in enumerate(zip(widths, most, strict=True))
        )
        widths[i if excess > 0 else widths.index(max(widths))] -= 1
    return widths


def _line(row: list[str], widths: list[int]) -> str:
    cells = (_fitted(text, width) for text, width in zip(row, widths, strict=True))
    return (" " * _GAP).join(cells).rstrip()


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters two, combining accents none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _head(text: str, width: int) -> str:
    """Return as much of the beginning of a text as has room in a width."""
    used = 0
    for i, c in enumerate(text):
        used += columns(c)
        if used > width:
            return text[:i]
    return text


def _fitted(text: str, width: int) -> str:
    """Return a text in exactly a width: filled with spaces, or cut and with an ellipsis."""
    if columns(text) > width:
        text = _head(text, max(width - 3, 0)) + "..."[:width]
    return text + " " * (width - columns(text))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most a width."""
    lines, line = [], ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while columns(line) > width:
            part = _head(line, width)
            lines.append(part)
            line = line[len(part) :]
    return [*lines, line] if line else lines
