"""A graph as an aligned table in 80 columns: the computation downwards, values and adjoints beside it."""

from __future__ import annotations

from fgrad.graphs.summary import Summary
from fgrad.graphs.view import CONSTANT, GROUP, INPUT, Mark, View

WIDTH = 80
_GAP = 2
_HEADS = ("name", "computed as", "shape", "value", "adjoint")
#: The least and the greatest width of each column.
_LIMITS = ((4, 16), (11, 30), (0, 12), (5, 17), (7, 17))


def table_of(view: View, width: int = WIDTH) -> str:
    """Return a view as a table; what does not fit into its column ends in an ellipsis."""
    heads = _HEADS if view.has_adjoints else _HEADS[:-1]
    rows = [list(heads)] + [_row(mark)[: len(heads)] for mark in view.marks]
    if not any(row[2] for row in rows[1:]):  # numbers only
        rows = [row[:2] + row[3:] for row in rows]
        limits = [*_LIMITS[:2], *_LIMITS[3:]][: len(rows[0])]
    else:
        limits = list(_LIMITS[: len(heads)])
    widths = _widths(rows, limits, width)
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "-" * min(width, sum(widths) + _GAP * (len(widths) - 1)))
    notes = [part for note in view.notes for part in _wrapped(note, width)]
    return "\n".join([*_wrapped(view.title, width), *lines, *notes])


def _row(mark: Mark) -> list[str]:
    made = f"{mark.text} ({mark.count} operations)" if mark.kind == GROUP and mark.count > 1 else mark.text
    shape = mark.value.type_text() if mark.value is not None else ""
    name = "" if mark.name == made else mark.name
    return [name, made, shape, _text(mark.value), _text(mark.adjoint, mark)]


def _text(summary: Summary | None, mark: Mark | None = None) -> str:
    if summary is not None:
        return summary.text()
    return "" if mark is None or mark.kind in (CONSTANT, GROUP) else "none" if mark.kind == INPUT else ""


def _widths(rows: list[list[str]], limits: list[tuple[int, int]], width: int) -> list[int]:
    """Return the widths of columns: what they need, the widest cut first where that is too much."""
    needed = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    widths = list(needed)
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room:
        over = [(w - greatest, w, i) for i, (w, (_, greatest)) in enumerate(zip(widths, limits, strict=True))]
        excess, _, i = max(over)
        widths[i if excess > 0 else widths.index(max(widths))] -= 1
    return widths


def _line(row: list[str], widths: list[int]) -> str:
    cells = [_fitted(text, width).ljust(width) for text, width in zip(row, widths, strict=True)]
    return (" " * _GAP).join(cells).rstrip()


def _fitted(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 3, 0)]}..."[:width]


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most a width."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while len(line) > width:
            lines.append(line[:width])
            line = line[width:]
    return [*lines, line] if line else lines
