"""Folding: many nodes as one mark, by the line of the user's code or by the function that they came from.

A loop's line is one mark however often it was run, so the drawing of a recurrent network is as large as its
code.  What is left out, or stands for more than is shown, is said in a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fgrad.core.errors import ArgumentError
from fgrad.graphs.view import GROUP, OPERATION, OUTPUT, Mark, View

LINE, FUNCTION = "line", "function"
FOLDS = (None, LINE, FUNCTION)


def folded(view: View, fold: str | None, limit: int) -> View:
    """Return a view of at most ``limit`` marks.

    Parameters
    ----------
    view : View
    fold : {"auto", None, "line", "function"}
        By what to fold; ``"auto"`` folds by as little as brings the marks under the limit.
    limit : int
        If folding alone does not, marks in the middle are left out.

    Raises
    ------
    ArgumentError
        If ``fold`` or ``limit`` is none of these.
    """
    if fold not in (*FOLDS, "auto"):
        raise ArgumentError(f"graph: fold must be 'auto', 'line', 'function' or None; got {fold!r}")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 4:
        raise ArgumentError(f"graph: limit must be an int, at least 4; got {limit!r}")
    for by in FOLDS if fold == "auto" else (fold,):
        found = view if by is None else _grouped(view, _KEYS[by])
        if len(found.marks) <= limit:
            break
    if found is not view:
        operations = sum(mark.kind in (OPERATION, OUTPUT) for mark in view.marks)
        found.notes.append(f"{operations} operations, folded by {'line' if by == LINE else 'function'}")
    return found if len(found.marks) <= limit else _cut(found, limit)


def _by_line(mark: Mark) -> Any:
    if mark.place is None:
        return mark.operation, mark.is_back
    return mark.place.code, mark.place.line, mark.is_back


def _by_function(mark: Mark) -> Any:
    return (None if mark.place is None else mark.place.code), mark.is_back


_KEYS: dict[str, Callable[[Mark], Any]] = {LINE: _by_line, FUNCTION: _by_function}


def _grouped(view: View, key_of: Callable[[Mark], Any]) -> View:
    """Return the view in which the operations of one key are one mark, which has the last one's value."""
    groups: dict[Any, int] = {}
    new = View(view.title, notes=list(view.notes))
    where = []
    for position, mark in enumerate(view.marks):
        is_operation = mark.kind in (OPERATION, OUTPUT)
        key: Any = key_of(mark) if is_operation else ("alone", position)
        if key not in groups:
            groups[key] = len(new.marks)
            new.marks.append(mark)
        else:
            new.marks[groups[key]] = _joined(new.marks[groups[key]], mark, key_of is _by_function)
        where.append(groups[key])
    inner = {where[s] for s, t in view.edges if where[s] == where[t] and _comes_again(view, s, t)}
    for source, target in view.edges:
        if where[source] != where[target] or where[source] in inner:
            new.connect(where[source], where[target])
    return new


def _comes_again(view: View, source: int, target: int) -> bool:
    """Return whether a value goes back to the beginning of its line, as in a loop."""
    a, b = view.marks[source].place, view.marks[target].place
    return a is not None and b is not None and a.line == b.line and a.instruction >= b.instruction


def _joined(group: Mark, mark: Mark, by_function: bool) -> Mark:
    """Return a group with one operation more, the last so far."""
    text = mark.name
    if mark.place is not None:
        text = mark.place.code.co_name if by_function else mark.place.source() or mark.name
        text = f"back through {text}" if mark.is_back else text
    kind = OUTPUT if OUTPUT in (group.kind, mark.kind) else GROUP
    return replace(mark, text=text, operation=text, kind=kind, count=group.count + 1)


def _cut(view: View, limit: int) -> View:
    """Return a view without the marks in the middle."""
    first = limit // 2
    last = len(view.marks) - (limit - first - 1)
    left_out = sum(mark.count for mark in view.marks[first:last])
    new = View(view.title, notes=list(view.notes))
    new.marks = view.marks[:first]
    gap = len(new.marks)
    new.marks.append(
        Mark("...", f"{left_out} operations left out", "...", None, None, kind=GROUP, count=left_out)
    )
    new.marks += view.marks[last:]

    def now(position: int) -> int:
        return position if position < first else gap if position < last else position - last + first + 1

    for source, target in view.edges:
        if now(source) != now(target):
            new.connect(now(source), now(target))
    new.notes.append(
        f"{left_out} of {sum(mark.count for mark in view.marks)} operations are left out (limit={limit})"
    )
    return new
