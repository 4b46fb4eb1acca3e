"""The tape of reverse mode: what was done, in order, and the way back through it.

An entry is a function ``pull`` that takes the cotangent of a result to those of the arguments, the
entries of these arguments (an index, or a tuple of them where ``pull`` returns a tuple), and the residual
that ``pull`` needs.  The tape is three flat lists instead of linked nodes: nothing for the garbage
collector to walk, no recursion however long the program, and no reference cycles.

Threads may write to one tape at the same time (a loss that maps over a thread pool): an index is drawn
from a counter, which is atomic, and only then is its place filled.  An argument's index was drawn before
its result's, so the order of the indices is an order of the computation.
"""

from __future__ import annotations

from itertools import count
from threading import Lock
from typing import Any

from fgrad.modes.pending import PENDING, accumulate

_FIRST_LENGTH = 16


class Tape:
    """Entries, written forward and pulled back from the last to the first."""

    def __init__(self) -> None:
        self.indices = count()
        self.pulls: list[Any] = [None] * _FIRST_LENGTH
        self.parents: list[Any] = [None] * _FIRST_LENGTH
        self.residuals: list[Any] = [None] * _FIRST_LENGTH
        self.growing = Lock()

    def write(self, pull: Any, parents: Any, residual: Any) -> int:
        """Write an entry and return its index."""
        index = next(self.indices)
        try:
            self.pulls[index] = pull
        except IndexError:
            self.grow(index)
            self.pulls[index] = pull
        self.parents[index] = parents
        self.residuals[index] = residual
        return index

    def grow(self, index: int) -> None:
        """Make place for an index.  ``pulls`` is the last to grow, since the others are not asked."""
        with self.growing:
            while len(self.pulls) <= index:
                more = [None] * (len(self.pulls) // 2)
                for column in (self.residuals, self.parents, self.pulls):
                    column += more

    def copies(self, length: int) -> tuple[list[Any], list[Any], list[Any]]:
        """Return copies of the first entries."""
        return self.pulls[:length], self.parents[:length], self.residuals[:length]

    def cut(self, length: int) -> tuple[list[Any], list[Any], list[Any]]:
        """Return the entries themselves, after forgetting all but the first."""
        columns = (self.pulls, self.parents, self.residuals)
        for column in columns:
            del column[length:]
        return columns

    def pull_back(self, seeds: list[tuple[int, Any]], roots: int, *, again: bool = False) -> list[Any]:
        """Return the cotangents of the first entries, the roots, for those of some later ones.

        None stands for a root on which nothing depends.  Each entry is freed when it is done, unless the
        tape is to be pulled ``again``.
        """
        length = max((index + 1 for index, _ in seeds), default=0)
        length = max(length, roots)
        pulls, parents, residuals = self.copies(length) if again else self.cut(length)
        cotangents: list[Any] = [None] * length
        for index, g in seeds:
            old = cotangents[index]
            cotangents[index] = g if old is None else accumulate(old, g)
        while len(pulls) > roots:
            pull = pulls.pop()
            parent = parents.pop()
            residual = residuals.pop()
            g = cotangents.pop()
            if g is None:
                continue
            if type(g) in PENDING:
                g = g.resolve()
            if type(parent) is int:
                old = cotangents[parent]
                new = pull(g, residual)
                cotangents[parent] = new if old is None else accumulate(old, new)
            else:
                for index, new in zip(parent, pull(g, residual), strict=True):
                    if new is not None:
                        old = cotangents[index]
                        cotangents[index] = new if old is None else accumulate(old, new)
        return [g.resolve() if type(g) in PENDING else g for g in cotangents]
