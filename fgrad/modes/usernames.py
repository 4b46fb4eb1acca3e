"""What the user calls a value: the names of local variables, and of constants in a closure or a module.

A function's frame knows its local variables by name.  It is looked at when the next operation comes, from
another line, and once more at the end.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.ir.graph import Variable


class UserNames:
    """Gives the variables of a capture the names that the user's code has for them.

    Parameters
    ----------
    trace : CaptureTrace
        Whose boxes are looked for.
    """

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.lines: dict[FrameType, int] = {}
        self.entries: dict[tuple[Any, int], str] = {}
        self.is_up_to_date = True

    def look(self, frame: FrameType | None) -> None:
        """Name what the frame has names for by now, if it has come to another line."""
        if frame is None or self.lines.get(frame) == frame.f_lineno:
            return
        if frame in self.lines:
            self.name_locals(frame)
        self.lines[frame] = frame.f_lineno
        self.is_up_to_date = False

    def name_locals(self, frame: FrameType) -> None:
        """Name the variables, and the entries of tapes, that a frame has as local variables."""
        for name, value in frame.f_locals.items():
            if type(value) is Box and not name.startswith("_"):
                self.name(name, value)

    def name(self, name: str, box: Any) -> None:
        """Give a name to the variable under a box, and to the entries of tapes that stand for it."""
        while type(box) is Box:
            if box.owner is self.trace:
                variable = box.payload
                if type(variable) is Variable and variable.name is None:
                    variable.name = name
                return
            if type(box.payload) is int:
                self.entries.setdefault((box.owner, box.payload), name)
            box = box.value

    def name_cotangent(self, g: Any, owner: Any, index: int) -> None:
        """Name the cotangent of an entry of a tape after what the entry stands for."""
        if not self.is_up_to_date:
            self.name_all()
        name = self.entries.get((owner, index))
        if name is not None:
            self.name(f"d_{name}", g)

    def name_all(self) -> None:
        """Look at all frames that are known."""
        for frame in self.lines:
            self.name_locals(frame)
        self.is_up_to_date = True

    def finish(self) -> None:
        """Look at all frames for the last time, and forget them: they keep values alive."""
        self.name_all()
        self.lines.clear()


def name_of_constant(value: Any, frame: FrameType | None) -> str | None:
    """Return what the user's code calls a value from outside; None for literals and what has no name."""
    is_array = type(value) is np.ndarray and value.ndim > 0
    if frame is None or not (is_array or type(value) in (float, np.float64)):
        return None
    code = frame.f_code
    if any(value is literal for literal in code.co_consts):
        return None
    for name, known in frame.f_locals.items():
        if known is value and not name.startswith("_"):
            return name
    for name in code.co_names:
        if frame.f_globals.get(name) is value:
            return name
    return None
