"""Places in the user's code: the line that led to an operation, and the part of it that did.

>>> place = Place.of_caller()
>>> place is None or isinstance(str(place), str)
True
"""

from __future__ import annotations

import os.path
import sys
from functools import cache
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.late import LateModule

linecache: Any = LateModule("linecache")


def _folder(file: str) -> str:
    return os.path.dirname(file).replace("\\", "/")


#: Whose frames are not the user's.
_OURS = (f"{_folder(_folder(__file__))}/", f"{_folder(np.__file__)}/", "<__array_function__")
_SHOWN = f"{_folder(_folder(__file__))}/demo/"  # the demonstration's functions are a user's


@cache
def _is_ours(filename: str) -> bool:
    name = filename.replace("\\", "/")
    return name.startswith(_OURS) and not name.startswith(_SHOWN)


def is_ours(frame: FrameType) -> bool:
    """Return whether a frame is of fgrad or of NumPy."""
    return _is_ours(frame.f_code.co_filename)


def user_frame() -> FrameType | None:
    """Return the innermost frame that is neither of fgrad nor of NumPy."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


class Place(NamedTuple):
    """Where a frame stood.  What takes time, the text, is found when it is asked for."""

    code: CodeType
    line: int
    instruction: int

    @classmethod
    def of_caller(cls) -> Place | None:
        """Return where the innermost frame stands that is neither of fgrad nor of NumPy."""
        frame = user_frame()
        return None if frame is None else cls.of(frame)

    @classmethod
    def of(cls, frame: FrameType) -> Place:
        """Return where a frame stands."""
        return cls(frame.f_code, frame.f_lineno, frame.f_lasti)

    def source(self) -> str:
        """Return the text of the line, without what it is indented by."""
        return str(linecache.getline(self.code.co_filename, self.line)).strip()

    def __str__(self) -> str:
        """Return the file, the line and its text, as a traceback shows them."""
        head = f'File "{self.code.co_filename}", line {self.line}, in {self.code.co_name}'
        source = self.source()
        if not source:
            return head
        marks = self._marks()
        return f"{head}\n  {source}" + (f"\n  {marks}" if marks else "")

    def segment(self) -> str | None:
        """Return the text of the part that was being computed, of one line or several; None if unknown."""
        first, last, start, stop = self._positions()
        if None in (first, last, start, stop):
            return None
        assert first is not None
        assert last is not None
        lines = [linecache.getline(self.code.co_filename, line).encode() for line in range(first, last + 1)]
        if not all(lines):
            return None
        lines[-1] = lines[-1][:stop]
        lines[0] = lines[0][start:]
        return b"".join(lines).decode(errors="replace")

    def _positions(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Return the first and the last line, and from which to which byte in them the instruction is."""
        return next(islice(self.code.co_positions(), self.instruction // 2, None), (None,) * 4)

    def _marks(self) -> str:
        """Return carets under the part of the line that was being computed; nothing if it is all of it."""
        text = linecache.getline(self.code.co_filename, self.line)
        first, last, start, stop = self._positions()
        if first != self.line or last != self.line or start is None or stop is None:
            return ""
        written = text.encode()  # the columns count bytes
        part = len(written[start:stop].decode(errors="replace"))
        offset = len(written[:start].decode(errors="replace")) - (len(text) - len(text.lstrip()))
        return "" if part >= len(self.source()) else " " * offset + "^" * part
