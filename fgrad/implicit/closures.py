"""Functions whose traced values are arguments, also those that they close over.

An implicit function's derivative needs that of the equation which defines it, by every traced value that
the equation uses.  The user may pass these as arguments; he may as well let the function close over them:

>>> from fgrad import grad
>>> from fgrad.implicit.fixed_point import fixed_point
>>> def root_of(a):
...     return fixed_point(lambda x: (x + a / x) / 2, 1.0)  # a is used, and is no argument
>>> abs(grad(root_of)(4.0) - 0.25) < 1e-12
True

So the function is run once on plain values.  If a box comes out, it can only be made of boxes that the
function closes over.  Their traces are watched in a second run (:mod:`fgrad.implicit.watching`), where each
of these boxes that enters an operation is noted.  From then on they are arguments.  Nothing is recorded
while a solver runs, plain values in give plain values out, and each mode finds them where it finds all other
arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box, Key, key_of, snapshot
from fgrad.core.errors import DetachedError
from fgrad.core.pytree import flatten, unflatten
from fgrad.core.trace import Trace
from fgrad.implicit.watching import Environment, level_of, resolve, standing_in
from fgrad.modes.batching import BatchTrace
from fgrad.modes.slate import plain


def owners(value: Any) -> Iterator[Trace]:
    """Yield the traces of a box, the innermost first."""
    while type(value) is Box:
        yield value.owner
        value = value.value


def example(value: Any) -> Any:
    """Return a plain value of the shape that a box shows: of examples the first."""
    while type(value) is Box:
        value = value.value[0] if isinstance(value.owner, BatchTrace) else value.value
    return value


class Discovery(Environment):
    """Notes the boxes that a function uses, and lets examples stand for them.

    Parameters
    ----------
    watched : list of Trace
        Those whose boxes are of interest.

    Attributes
    ----------
    kept : list of Box
        The boxes as the function names them.
    meanings : list
        What each stands for outside: itself, or what a function around this one was given for it.
    """

    def __init__(self, watched: list[Trace]) -> None:
        super().__init__({})
        self.watched = watched
        self.kept: list[Box] = []
        self.meanings: list[Any] = []

    def stand_in(self, box: Box, outer: Any) -> Any:
        if type(outer) is Box and outer.owner not in self.watched:
            return outer
        key = key_of(box)
        if key not in self.values:
            self.values[key] = example(outer)
            self.kept.append(snapshot(box))  # alive, so that nothing else gets its key
            self.meanings.append(snapshot(outer))
        return self.values[key]


class Closed:
    """Functions of the same arguments, closed over nothing that is traced.

    Parameters
    ----------
    functions : sequence of callable
        Each is called as ``function(*leading, *args)``.
    leading : tuple
        Plain values to try them on.
    args : tuple
        The user's further arguments, traced and other.
    transform : str
        What the user called, for messages.

    Attributes
    ----------
    moving : list of Box
        The traced values: those in ``args``, and those that the functions close over.
    trials : list
        What each function returned on the plain values.
    """

    def __init__(
        self, functions: Sequence[Callable[..., Any]], leading: Any, args: Any, transform: str
    ) -> None:
        self.transform = transform
        self.leaves, self.structure = flatten(args)
        self.leaves = [plain(leaf) for leaf in self.leaves]
        self.places = [i for i, leaf in enumerate(self.leaves) if type(leaf) is Box]
        self.moving: list[Any] = [snapshot(self.leaves[i]) for i in self.places]
        self.fixed: dict[Key, Any] = {}
        self.slots: dict[Key, int] = {}
        self.kept: list[Box] = []
        self.watched: list[Trace] = []
        now = Trace(transform)
        now.finish()
        self.level = level_of(now)  # what was there before has a lower one
        self.discover(functions, leading)
        self.moving = [self.renewed(box) for box in self.moving]
        for place in self.places:
            self.leaves[place] = None

    def renewed(self, tree: Any) -> Any:
        """Return a container with new boxes of the same values.

        The derivative is taken with these, and must not be mistaken for what the functions close over:

        >>> from fgrad import grad
        >>> from fgrad.implicit.odeint import odeint
        >>> import numpy as np
        >>> def twice(a):  # a is the start, and the rate
        ...     return odeint(lambda y, t: a * y, a, np.array([0.0, 1.0]))[-1]
        >>> bool(abs(grad(twice)(0.5) - (1 + 0.5) * np.exp(0.5)) < 1e-6)
        True
        """
        if not self.kept:
            return tree
        leaves, structure = flatten(tree)
        return unflatten(structure, [_copied(leaf) if type(leaf) is Box else leaf for leaf in leaves])

    def discover(self, functions: Sequence[Callable[..., Any]], leading: Any) -> None:
        """Run the functions on plain values until all traces are known that they use values of."""
        args = unflatten(self.structure, [example(leaf) for leaf in self.leaves])
        while True:
            discovery = Discovery(self.watched)
            with standing_in(discovery, self.watched):
                self.trials = [resolved(function(*leading, *args)) for function in functions]
            leaves = flatten(self.trials)[0]
            unknown = {trace: None for leaf in leaves for trace in owners(leaf) if trace not in self.watched}
            if not unknown:
                break
            self.watched += unknown
        self.kept = discovery.kept
        self.watched = list(dict.fromkeys(trace for box in self.kept for trace in owners(box)))
        places: dict[Key, int] = {}
        for box, meaning in zip(discovery.kept, discovery.meanings, strict=True):
            if type(meaning) is not Box:
                self.fixed[key_of(box)] = meaning
                continue
            if key_of(meaning) not in places:
                places[key_of(meaning)] = len(self.moving)
                self.moving.append(meaning)
            self.slots[key_of(box)] = places[key_of(meaning)]

    def call(self, function: Callable[..., Any], leading: tuple[Any, ...], moving: Any) -> Any:
        """Call one of the functions with other values in place of all that was traced."""
        leaves = list(self.leaves)
        for place, value in zip(self.places, moving, strict=False):
            leaves[place] = value
        args = unflatten(self.structure, leaves)
        if not self.kept:
            return function(*leading, *args)
        values = {**self.fixed, **{key: moving[slot] for key, slot in self.slots.items()}}
        with standing_in(Environment(values), self.watched):
            return resolved(function(*leading, *args))

    def check_plain(self, tree: Any) -> Any:
        """Return what a function gave for plain values; raise if it holds something traced before."""
        for leaf in flatten(tree)[0]:
            for trace in owners(leaf):
                if level_of(trace) < self.level:
                    raise DetachedError(
                        f"{self.transform}: the function closes over a traced value of {trace.transform} "
                        "that it did not use where it was tried first, so its derivative would be lost. "
                        "Pass the value as one of the arguments after the start."
                    )
        return tree


def resolved(tree: Any) -> Any:
    """Return a container with what stands for each leaf."""
    leaves, structure = flatten(tree)
    return unflatten(structure, [resolve(plain(leaf)) for leaf in leaves])


def _copied(box: Any) -> Any:
    """Return another box of the same value and derivatives."""
    return np.positive(box)
