"""What the user calls a value: the names of local variables, and of constants in a closure or a module.

A function's frame knows its local variables by name.  It is looked at when the next operation comes, from
another line, and once more at the end.
"""

from __future__ import annotations

import ast
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box
from fgrad.core.places import Place, is_ours
from fgrad.core.same import same_value
from fgrad.ir.graph import Origin, Variable


class UserNames:
    """Gives the variables of a capture the names that the user's code has for them.

    Parameters
    ----------
    trace : CaptureTrace
        Whose boxes are looked for.
    """

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.lines: dict[FrameType, int] = {}  # of the frames that run
        self.last: FrameType | None = None
        self.entries: dict[tuple[float, int], str] = {}  # by the level of the tape
        self.parts: dict[tuple[int, int, int], Part | None] = {}
        self.is_up_to_date = True

    def look(self, frame: FrameType | None) -> None:
        """Name what the frame has names for by now, if it has come to another line."""
        if frame is None:
            return
        if frame is not self.last:
            if frame.f_back is not self.last:
                self.leave_all_but(frame)
            self.last = frame
        if self.lines.get(frame) == frame.f_lineno:
            return
        if frame in self.lines:
            self.name_locals(frame)
        self.lines[frame] = frame.f_lineno
        self.is_up_to_date = False

    def leave_all_but(self, frame: FrameType | None) -> None:
        """Look for the last time at frames that have returned, and forget them: they keep values alive."""
        running = set()
        while frame is not None and frame is not self.trace.outside:
            running.add(frame)
            frame = frame.f_back
        for gone in [known for known in self.lines if known not in running]:
            self.name_locals(gone)
            del self.lines[gone]

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
                self.entries.setdefault((box.owner.level, box.payload), name)
            box = box.value

    def name_cotangent(self, g: Any, owner: Any, index: int) -> None:
        """Name the cotangent of an entry of a tape after what the entry stands for."""
        if not self.is_up_to_date:
            self.name_all()
        name = self.entries.get((owner.level, index))
        if name is not None:
            self.name(f"d_{name}", g)

    def name_all(self) -> None:
        """Look at all frames that are known."""
        for frame in self.lines:
            self.name_locals(frame)
        self.is_up_to_date = True

    def forget(self) -> None:
        """Forget all frames: they keep values alive."""
        self.lines.clear()
        self.last = None

    def origin_of(self, value: Any, position: int, frame: FrameType | None) -> Origin | None:
        """Return the expression by which the user's code computed an argument of the operation that is done.

        Parameters
        ----------
        value : array
            The argument.
        position : int
            Which argument it is.
        frame : frame or None
            That of the user's code.
        """
        if frame is None:
            return None
        key = id(frame.f_code), frame.f_lasti, position
        if key not in self.parts:
            self.parts[key] = part_of(frame, position)
        part = self.parts[key]
        if part is None:
            return None
        scope = {}
        for name in part.names:
            known = frame.f_locals.get(name, frame.f_globals.get(name))
            if not isinstance(known, int | float | np.ndarray):
                return None
            scope[name] = known
        with np.errstate(all="ignore"):  # it has warned when the user's code computed it
            again = eval(part.code, {}, scope)  # of names, numbers and operators
        is_same = type(again) is np.ndarray and same_value(again, value)
        return Origin(part.text, scope) if is_same else None


def name_of_constant(value: Any, frame: FrameType | None, outside: FrameType | None) -> str | None:
    """Return what the user's code calls a value from outside; None for literals and what has no name.

    Of the names that it has on the way from ``frame`` out to the code that called the transform, the
    outermost is taken: an array ``X`` may be the parameter ``x`` of a function of the user's.
    """
    is_array = type(value) is np.ndarray and value.ndim > 0
    if not is_array and type(value) not in (float, np.float64):
        return None
    found = None
    while frame is not None and frame is not outside:
        if not is_ours(frame):
            if any(value is literal for literal in frame.f_code.co_consts):
                return found
            found = _name_in(frame, value) or found
        frame = frame.f_back
    return found


def _name_in(frame: FrameType, value: Any) -> str | None:
    """Return a name that a frame has for a value: one from outside of its function before its own, then
    that of an attribute of a local object, ``self.W``.
    """
    code, local = frame.f_code, frame.f_locals
    outer = {name: frame.f_globals.get(name) for name in code.co_names}
    outer.update((name, local[name]) for name in code.co_freevars if name in local)
    for name, known in (*outer.items(), *local.items()):
        if known is value and not name.startswith("_"):
            return name
    for name, known in local.items():
        attributes = getattr(known, "__dict__", None)
        if type(attributes) is dict and not isinstance(known, ModuleType):
            for attribute in code.co_names:
                if attributes.get(attribute) is value:
                    return f"{name}.{attribute}"
    return None


_OPERATIONS = (ast.UnaryOp, ast.BinOp, ast.unaryop, ast.operator)
_SIMPLE = (ast.Name, ast.Constant, ast.Attribute, ast.expr_context, *_OPERATIONS)


class Part(NamedTuple):
    """An expression of names, numbers and operators in the user's code."""

    text: str
    names: tuple[str, ...]
    code: CodeType


def part_of(frame: FrameType, position: int) -> Part | None:
    """Return the expression of an argument of the operation that a frame does, if it is a simple one."""
    text = Place.of(frame).segment()
    if text is None:
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    if isinstance(tree, ast.BinOp):
        parts: list[ast.expr] = [tree.left, tree.right]
    elif isinstance(tree, ast.Call) and not any(isinstance(arg, ast.Starred) for arg in tree.args):
        parts = tree.args
    else:
        return None
    if position >= len(parts):
        return None
    nodes = list(ast.walk(parts[position]))
    names = tuple(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))
    if not names or not all(isinstance(node, _SIMPLE) for node in nodes):
        return None
    text = ast.unparse(parts[position])
    return Part(text, names, compile(text, "<origin>", "eval"))
