"""Text for a terminal: at most 80 columns, nothing but what its encoding can show."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

WIDTH = 80


class Report:
    """Writes headings, paragraphs and tables.

    >>> import sys
    >>> Report(sys.stdout).table(["name", "value"], [["x", "1"], ["y", "10"]])
      name  value
      x         1
      y        10

    Parameters
    ----------
    stream : text file
        Where to; a closed standard output may be None, as in ``sys.stdout``.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"

    def line(self, text: str = "") -> None:
        """Write one line."""
        print(text.rstrip(), file=self.stream)

    def heading(self, text: str, rule: str = "-") -> None:
        """Write a line with a rule under it."""
        shown = clip(self.shown(text), WIDTH)
        self.line()
        self.line(shown)
        self.line(rule * width_of(shown))
        self.line()

    def paragraph(self, text: str) -> None:
        """Write text, wrapped."""
        shown = self.shown(text)
        # textwrap counts characters; wide ones take two columns, so leave as many free.
        room = WIDTH - 1 - (width_of(shown) - len(shown))
        for part in textwrap.wrap(shown, max(room, 20)):
            self.line(part)

    def code(self, lines: Sequence[str]) -> None:
        """Write indented lines."""
        for each in lines:
            self.line(f"    {each}")

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
        """Write a table.  The first ``left`` columns stand to the left; the first gives way if it is wide."""
        cells = [[self.shown(cell) for cell in row] for row in (header, *rows)]
        widths = [max(width_of(row[i]) for row in cells) for i in range(len(header))]
        gaps = 2 * len(widths)
        widths[0] = min(widths[0], max(8, WIDTH - gaps - sum(widths[1:])))
        for row in cells:
            parts = []
            for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
                text = clip(cell, width)
                space = " " * (width - width_of(text))
                parts.append(text + space if i < left else space + text)
            self.line("  " + "  ".join(parts))

    def shown(self, text: str) -> str:
        """Return the text with escapes for what the encoding lacks and for control characters."""
        encodable = text.encode(self.encoding, "backslashreplace").decode(self.encoding)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in encodable)


def width_of(text: str) -> int:
    r"""Return how many columns of a terminal a text takes.

    >>> width_of("abc"), width_of("\u5e74\u9f62")
    (3, 4)
    """
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def clip(text: str, width: int) -> str:
    """Return the text, cut to a width and then ending in dots.

    >>> clip("perimeter", 9), clip("perimeter", 8)
    ('perimeter', 'perim...')
    """
    if width_of(text) <= width:
        return text
    while width_of(text) > width - 3:
        text = text[:-1]
    return text + "..."


def number(value: Any, digits: int = 9) -> str:
    """Return a number with so many significant digits.

    >>> number(-0.0), number(2 / 3), number(1e-300, 3)
    ('0', '0.666666667', '1e-300')
    """
    return f"{float(value) + 0.0:.{digits}g}"


def array(value: Any, width: int) -> str:
    """Return a number, or as much of a vector as fits in a width.

    >>> array([1.0, 0.25, -3.0, 1 / 3], 40)
    '[1 0.25 -3 0.3333]'
    >>> array([1.0, 0.25, -3.0, -0.5, 0.0, 1 / 3], 24)
    '[1 0.25 ... 0.3333] (6,)'
    """
    if getattr(value, "ndim", 1) == 0 or isinstance(value, float):
        return number(value)
    cells = [number(each, 4) for each in value]
    whole = f"[{' '.join(cells)}]"
    if len(whole) <= width:
        return whole
    for kept in range(len(cells) - 2, 0, -1):
        part = f"[{' '.join(cells[:kept])} ... {cells[-1]}] ({len(cells)},)"
        if len(part) <= width:
            return part
    return f"({len(cells)},)"
