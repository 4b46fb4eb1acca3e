"""Folding: many nodes as one mark, by the line of the user's code or by the function that they came from.

A loop's line is one mark however often it was run, so the drawing of a recurrent network is as large as its
code; so are the constants that it takes one after the other, and inputs like ``layers[0]``, ``layers[1]``.
What is left out, or stands for more than is shown, is said in a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fgrad.core.errors import ArgumentError
from fgrad.graphs.summary import joined
from fgrad.graphs.view import GROUP, INPUT, OPERATION, OUTPUT, Mark, View

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
        found = view if by is None else _grouped(view, by)
        if len(found.marks) <= limit:
            break
    if found is not view:
        operations = _counted(_tally(view.marks)[OPERATION], OPERATION)
        found.notes.append(f"{operations}, folded by {'line' if by == LINE else 'function'}")
    return found if len(found.marks) <= limit else _cut(found, limit)


def _by_line(mark: Mark) -> Any:
    if mark.place is None:
        return mark.operation, mark.is_back
    return mark.place.code, mark.place.line, mark.is_back


def _by_function(mark: Mark) -> Any:
    return (None if mark.place is None else mark.place.code), mark.is_back


_KEYS: dict[str, Callable[[Mark], Any]] = {LINE: _by_line, FUNCTION: _by_function}


def _grouped(view: View, by: str) -> View:
    """Return the view in which the operations of one line or function are one mark, as are inputs alike."""
    keys = [_KEYS[by](mark) if mark.noun == OPERATION else None for mark in view.marks]
    readers: dict[int, set[Any]] = {}
    for source, target in view.edges:
        readers.setdefault(source, set()).add(keys[target])
    groups: dict[Any, list[Mark]] = {}
    where = []
    for position, mark in enumerate(view.marks):
        key = keys[position] or (mark.noun, _family(mark), frozenset(readers.get(position, ())))
        groups.setdefault(key, []).append(mark)
        where.append(key)
    new = View(view.title, [_as_one(marks, by) for marks in groups.values()], notes=list(view.notes))
    inner = {where[s] for s, t in view.edges if where[s] == where[t] and _comes_again(view, s, t)}
    at = {key: position for position, key in enumerate(groups)}
    for source, target in view.edges:
        if where[source] != where[target] or where[source] in inner:
            new.connect(at[where[source]], at[where[target]])
    return new


def _comes_again(view: View, source: int, target: int) -> bool:
    """Return whether a value goes back to the beginning of its line, as in a loop."""
    a, b = view.marks[source], view.marks[target]
    if a.place is None or b.place is None or a.place.code is not b.place.code:
        return False
    if a.place.instruction == b.place.instruction:  # may be two parts of one function of NumPy's
        return a.operation == b.operation
    return (a.place.instruction > b.place.instruction) != a.is_back


def _family(mark: Mark) -> str:
    """Return what inputs and constants have in common that come up in a loop: ``layers[...]['w']``."""
    return _NUMBER.sub("[...]", mark.name) if mark.kind == INPUT else mark.operation


_NUMBER = re.compile(r"\[\d+\]")


def _as_one(marks: list[Mark], by: str) -> Mark:
    """Return one mark for some, with the value of the last operation; of inputs and constants, the range."""
    last, count = marks[-1], sum(mark.count for mark in marks)
    if len(marks) == 1:
        return last
    if last.noun != OPERATION:
        name = _family(last) if last.kind == INPUT else marks[0].name
        value, adjoint = joined([mark.value for mark in marks]), joined([mark.adjoint for mark in marks])
        return replace(last, name=name, text=last.noun, value=value, adjoint=adjoint, count=count)
    text = last.name
    if last.place is not None:
        text = last.place.code.co_name if by == FUNCTION else last.place.source() or last.name
        text = f"back through {text}" if last.is_back else text
    kind = OUTPUT if any(mark.kind == OUTPUT for mark in marks) else GROUP
    return replace(last, text=text, operation=text, kind=kind, count=count)


def _cut(view: View, limit: int) -> View:
    """Return a view without the marks in the middle."""
    first = limit // 2
    last = len(view.marks) - (limit - first - 1)
    left_out, all_of_them = _tally(view.marks[first:last]), _tally(view.marks)
    text = f"... {', '.join(_counted(n, noun) for noun, n in left_out.items())}"
    new = View(view.title, notes=list(view.notes))
    new.marks = [*view.marks[:first], Mark(text, text, "...", None, None, kind=GROUP), *view.marks[last:]]

    def now(position: int) -> int:
        return position if position < first else first if position < last else position - last + first + 1

    for source, target in view.edges:
        if now(source) != now(target):
            new.connect(now(source), now(target))
    parts = [f"{n} of {_counted(all_of_them[noun], noun)}" for noun, n in left_out.items()]
    new.notes.append(f"left out, because limit={limit}: {', '.join(parts)}")
    return new


def _tally(marks: list[Mark]) -> Counter[str]:
    """Return how many operations, inputs and constants some marks stand for."""
    found: Counter[str] = Counter()
    for mark in marks:
        found[mark.noun] += mark.count
    return found


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
