"""The tape of reverse mode: what was done, in order, and the way back through it.

An entry is a function ``pull`` that takes the cotangent of a result to those of the arguments, the
entries of these arguments (an index, or a tuple of them where ``pull`` returns a tuple), and the residual
that ``pull`` needs.  The tape is three flat lists instead of linked nodes: nothing for the garbage
collector to walk, no recursion however long the program, and no reference cycles.

Threads may write to one tape at the same time (a loss that maps over a thread pool): an index is drawn
from a counter, which is atomic, and only then is its place filled.  An argument's index was drawn before
its result's, so the order of the indices is an order of the computation.

The way back through a long tape is first tried without guards.  A cotangent of zero must win over an
infinite or undefined partial derivative (:mod:`fgrad.kinds.guarded`), and to look for one in every product
takes as long as a product of a few numbers does.  But where a guard would act, plain arithmetic gives
NaN, and NaN stays NaN in all the sums and products that follow.  So if what arrives is finite, it is
right.  If not, all is done again with guards:

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def loss(x):
...     for _ in range(20):
...         x = np.where(x > 0, x, x * np.inf)
...     return x
>>> grad(loss)(3.0)
1.0
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice
from typing import Any, NoReturn

import numpy as np

from fgrad.core.finite import FEW
from fgrad.modes.pending import PENDING, accumulate, is_finite

Pull = Callable[[Any, Any], Any]
Columns = tuple[list[Any], list[Any], list[Any]]

#: What a pull is replaced by on trial: one without guards, or :func:`decline`.
ON_TRIAL: dict[Pull, Pull] = {}

#: The number of entries from which on a trial takes less time than guards.
WORTH_A_TRIAL = 32

_FIRST_LENGTH = 16


class DeclinedError(Exception):
    """A trial has come to what is not to be tried."""


def decline(g: Any, residual: Any) -> NoReturn:
    """Stand on trial for a pull of foreign code: what that prints or counts is not to be done twice.

    Nor is it to see a NaN that a guard would have kept away.
    """
    raise DeclinedError


class Tape:
    """Entries, written forward and pulled back from the last to the first."""

    __slots__ = ("indices", "parents", "pulls", "residuals")

    def __init__(self) -> None:
        self.indices = count()
        self.pulls: list[Any] = [None] * _FIRST_LENGTH
        self.parents: list[Any] = [None] * _FIRST_LENGTH
        self.residuals: list[Any] = [None] * _FIRST_LENGTH

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
        """Make place for an index.

        ``pulls`` is the last to grow, since the others are not asked.  It takes no lock: each step is atomic,
        and threads that do this at the same time only make the tape longer than it need be.
        """
        while len(self.pulls) <= index:
            more = [None] * max(1, len(self.pulls) // 2)
            for column in (self.residuals, self.parents, self.pulls):
                column += more

    def copies(self, length: int) -> Columns:
        """Return copies of the first entries."""
        return self.pulls[:length], self.parents[:length], self.residuals[:length]

    def cut(self, length: int) -> Columns:
        """Return the entries themselves, after forgetting all but the first."""
        columns = (self.pulls, self.parents, self.residuals)
        for column in columns:
            del column[length:]
        return columns

    def pull_back(self, seeds: list[tuple[int, Any]], roots: int, *, again: bool = False) -> list[Any]:
        """Return the cotangents of the first entries, the roots, for those of some later ones.

        None stands for a root on which nothing depends.  Entries are freed while they are pulled, or when a
        trial was found to be right, unless the tape is to be pulled ``again``.
        """
        length = max([roots, *[index + 1 for index, _ in seeds]])
        columns = self.copies(length) if again else self.cut(length)
        cotangents = spread(seeds, length)
        if length - roots >= WORTH_A_TRIAL:
            with np.errstate(invalid="ignore"):
                try_plainly(columns, cotangents, roots)
            if all(map(is_finite, cotangents)):
                for column in columns:
                    del column[len(cotangents) :]
            else:
                cotangents = spread(seeds, length)
        pull_guarded(columns, cotangents, roots)
        return [g.resolve() if type(g) in PENDING else g for g in cotangents]


def pull_guarded(columns: Columns, cotangents: list[Any], roots: int) -> None:
    """Pull cotangents back through as many entries, consuming both, until those of the roots are left.

    The innermost loop of reverse mode: ``strict=True``, a keyword, would take longer than a small sum.
    """
    pulls, parents, residuals = columns
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
            new = pull(g, residual)
            old = cotangents[parent]
            cotangents[parent] = new if old is None else accumulate(old, new)
        else:
            for place, new in zip(parent, pull(g, residual)):
                if new is not None:
                    old = cotangents[place]
                    cotangents[place] = new if old is None else accumulate(old, new)


def try_plainly(columns: Columns, cotangents: list[Any], roots: int) -> None:
    """Do the same without guards and without consuming the entries.

    It ends early at a pull that declines, and where arrays become large: their residuals must be freed as
    soon as possible, and the guards cost little beside their products.
    """
    ndarray, few, stand_in = np.ndarray, FEW, ON_TRIAL.get
    entries = zip(*map(reversed, columns), strict=True)
    try:
        for pull, parent, residual in islice(entries, len(cotangents) - roots):
            g = cotangents.pop()
            if g is None:
                continue
            if type(g) is not ndarray and type(g) in PENDING:
                g = g.resolve()
            if type(g) is ndarray and g.size > few:
                raise DeclinedError
            if type(parent) is int:
                new = stand_in(pull, pull)(g, residual)
                old = cotangents[parent]
                cotangents[parent] = new if old is None else accumulate(old, new)
            else:
                for place, new in zip(parent, stand_in(pull, pull)(g, residual)):
                    if new is not None:
                        old = cotangents[place]
                        cotangents[place] = new if old is None else accumulate(old, new)
    except DeclinedError:
        cotangents.append(g)


def spread(seeds: list[tuple[int, Any]], length: int) -> list[Any]:
    """Return the list of the entries' cotangents to start from."""
    cotangents: list[Any] = [None] * length
    for index, g in seeds:
        old = cotangents[index]
        cotangents[index] = g if old is None else accumulate(old, g)
    return cotangents
