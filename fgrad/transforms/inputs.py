"""Which arguments of a function are differentiated, and the way from them to leaves and back.

``argnums`` chooses by position, ``argnames`` by name.  A name finds its argument however it was passed: by
keyword, by position, or not at all where the parameter has a default.

>>> wanted = wanted_of(0, None, ("b",), "an example")
>>> inputs = Inputs(lambda x, b: x * b, wanted, (2.0, 3.0), {}, "an example")
>>> inputs.leaves
[2.0, 3.0]
>>> inputs.pack([10.0, 20.0])
(10.0, {'b': 20.0})
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import LEAF, Leaf, flatten, paths, unflatten
from fgrad.transforms.arguments import as_differentiable, parameter_name, parameters_of

#: Leaves that need not be looked up among the containers.
_BARE = frozenset({float, np.ndarray, np.float64})


class _Default(int):
    """The number of the argument that is meant where none is named, which names take the place of."""


FIRST = _Default(0)


class Wanted(NamedTuple):
    """What a transform is with respect to.

    Attributes
    ----------
    argnums : int, tuple of int, or None
        By position.
    argnames : str, tuple of str, or None
        By name.
    """

    argnums: int | tuple[int, ...] | None = 0
    argnames: str | tuple[str, ...] | None = None

    def describe(self) -> str:
        """Return the words for it.

        >>> Wanted((0, 2), "w").describe()
        "arguments 0, 2, 'w'"
        """
        numbers = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        names = self.argnames if isinstance(self.argnames, tuple) else (self.argnames,)
        words = [repr(place) for place in (*numbers, *names) if place is not None]
        if not words:
            return "all arguments"
        several = isinstance(self.argnums, tuple) or isinstance(self.argnames, tuple) or len(words) > 1
        return f"argument{'s' if several else ''} {', '.join(words)}"


def check_function(function: Any, transform: str) -> None:
    """Raise unless the first argument of a transform can be called."""
    if not callable(function):
        raise InputError(
            f"{transform} takes a function; got {type(function).__name__}. "
            f"Write {transform}(f)(x), with the arguments in the second call."
        )


def wanted_of(argnums: Any, argnum: Any, argnames: Any, transform: str) -> Wanted:
    """Return what the arguments of a transform choose; ``argnum`` is Autograd's name for ``argnums``."""
    if argnum is not None:
        if argnums is not None and argnums != 0:
            raise ArgumentError(
                f"{transform}: argnums={argnums!r} and argnum={argnum!r} are two names of one thing; "
                "give argnums alone"
            )
        argnums = argnum
    names = None if argnames is None else _names(argnames, transform)
    if names is not None and (argnums is None or argnums is FIRST):
        return Wanted(None, names)
    return Wanted(_positions(argnums, transform), names)


def _positions(argnums: Any, transform: str) -> int | tuple[int, ...]:
    several = isinstance(argnums, tuple | list)
    try:
        chosen = tuple(_position(i) for i in (argnums if several else (argnums,)))
    except TypeError:
        raise InputError(
            f"{transform}: argnums must be an int or a tuple of ints (positions); got {argnums!r}"
        ) from None
    _check_some(chosen, transform)
    return chosen if several else chosen[0]


def _position(value: Any) -> int:
    if isinstance(value, bool | np.bool_):
        raise TypeError("a bool is no position")
    return int(operator.index(value))


def _names(argnames: Any, transform: str) -> str | tuple[str, ...]:
    if isinstance(argnames, str):
        return argnames
    if not isinstance(argnames, tuple | list) or not all(isinstance(name, str) for name in argnames):
        raise InputError(f"{transform}: argnames must be a str or a tuple of str; got {argnames!r}")
    _check_some(argnames, transform)
    return tuple(argnames)


def _check_some(chosen: Sequence[Any], transform: str) -> None:
    if not chosen:
        raise ArgumentError(
            f"{transform}: there is nothing to differentiate with respect to; give at least one argument"
        )


class Inputs:
    """The arguments that are differentiated: their leaves, and the way back to containers.

    Attributes
    ----------
    leaves : list
        All the leaves of the chosen arguments, ints converted to floats.
    places : list of int and str
        Where the chosen arguments are: positions and keywords.
    bare : bool
        Whether each chosen argument is a leaf itself.
    single : bool
        Whether one argument was asked for, not a tuple of them.
    """

    __slots__ = ("args", "bare", "counts", "kwargs", "leaves", "places", "single", "structures", "wanted")

    def __init__(
        self,
        function: Callable[..., Any],
        wanted: Wanted,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        transform: str,
    ) -> None:
        self.wanted = wanted
        self.args, self.kwargs = args, kwargs
        argnums, argnames = wanted
        self.single = type(argnums) is int if argnames is None else argnums is None and type(argnames) is str
        self.places: list[Any] = []
        self.leaves: list[Any] = []
        self.counts: list[int] = []
        self.structures: list[Any] = []
        self.bare = True
        count = len(args)
        if argnames is None and type(argnums) is int and 0 <= argnums < count:  # in nearly every call
            self.places.append(argnums)
        else:
            self.find_places(function, count, transform)
        for place in self.places:
            arg = args[place] if type(place) is int else self.kwargs[place]
            found, structure = ([arg], LEAF) if type(arg) in _BARE else flatten(arg)
            if structure is not LEAF:
                self.bare = False
            for i, leaf in enumerate(found):
                kind = type(leaf)
                if kind is float or kind is np.float64:
                    continue
                if kind is np.ndarray and leaf.dtype.kind in "fc" and leaf.dtype.isnative:
                    continue
                found[i] = as_differentiable(leaf, _Where(structure, i, function, place, transform))
            self.leaves += found
            self.counts.append(len(found))
            self.structures.append(structure)

    def find_places(self, function: Callable[..., Any], count: int, transform: str) -> None:
        """Find the arguments that were asked for, of so many positional ones."""
        argnums, argnames = self.wanted
        numbers = (argnums,) if isinstance(argnums, int) else argnums or ()
        names = (argnames,) if isinstance(argnames, str) else argnames or ()
        for number in numbers:
            self.choose(position_of(number, count, transform), number, transform)
        for name in names:
            self.choose(self.place_of(name, function, transform), name, transform)

    def choose(self, place: int | str, given: int | str, transform: str) -> None:
        """Note where a chosen argument is; raise if it is chosen already."""
        if place in self.places:
            argnums, argnames = self.wanted
            word, chosen = ("argnames", argnames) if type(given) is str else ("argnums", argnums)
            raise ArgumentError(f"{transform}: {word} names argument {place!r} twice; got {chosen!r}")
        self.places.append(place)

    def place_of(self, name: str, function: Callable[..., Any], transform: str) -> int | str:
        """Return where the argument of a name is; one that was left to its default becomes a keyword."""
        if name in self.kwargs:
            return name
        parameters = parameters_of(function)
        parameter = parameters.get(name)
        if parameter is not None and parameter.kind in (
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
        ):
            position = list(parameters).index(name)
            if position < len(self.args):
                return position
        if parameter is None or parameter.default is parameter.empty:
            known = (
                f"its parameters are {', '.join(parameters)}" if parameters else "it does not tell its names"
            )
            raise ArgumentError(
                f"{transform}: argnames names {name!r}, which was not given to "
                f"{getattr(function, '__name__', type(function).__name__)}; {known}"
            )
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise ArgumentError(f"{transform}: {name!r} can only be passed by position; give it a value")
        self.kwargs = {**self.kwargs, name: parameter.default}
        return name

    def call_with(self, leaves: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
        """Return the arguments with the given leaves in place of those that were taken out."""
        args, kwargs = list(self.args), self.kwargs
        for place, tree in zip(self.places, self.trees(leaves), strict=True):
            if type(place) is int:
                args[place] = tree
            else:
                kwargs = {**kwargs, place: tree}
        return args, kwargs

    def trees(self, leaves: Sequence[Any]) -> Sequence[Any]:
        """Return one container for each chosen argument."""
        if self.bare:
            return leaves
        trees = []
        start = 0
        for structure, count in zip(self.structures, self.counts, strict=True):
            part = leaves[start : start + count]
            trees.append(part[0] if structure is LEAF else unflatten(structure, part))
            start += count
        return trees

    def pack(self, leaves: Sequence[Any]) -> Any:
        """Return the containers as was asked.

        One, a tuple of them for several ``argnums``, or a dictionary for several ``argnames``; for both a
        pair of these.
        """
        trees = self.trees(leaves)
        argnums, argnames = self.wanted
        if argnames is None:
            return trees[0] if self.single else tuple(trees)
        names = () if type(argnames) is str else argnames
        count = len(trees) - (len(names) or 1)
        named = dict(zip(names, trees[count:], strict=True)) if names else trees[-1]
        if argnums is None:
            return named
        return trees[0] if type(argnums) is int else tuple(trees[:count]), named

    def own_leaves(self) -> None:
        """Copy the arrays, for a derivative that is taken later, when the caller may have changed them."""
        self.leaves = [leaf.copy() if type(leaf) is np.ndarray else leaf for leaf in self.leaves]

    def structure(self) -> Any:
        """Return the structure of what :meth:`pack` returns."""
        placeholders: list[Leaf] = [LEAF] * len(self.leaves)
        return flatten(self.pack(placeholders))[1]


def position_of(number: int, count: int, transform: str) -> int:
    """Return a position counted from the first of so many arguments; raise if there is no such one."""
    if not -count <= number < count:
        raise ArgumentError(
            f"{transform}: argnums names argument {number}, but {count} positional "
            f"argument{'s were' if count != 1 else ' was'} given. Arguments passed by keyword have no "
            "number; choose them by name, with argnames."
        )
    return number % count


class _Where(NamedTuple):
    """Where a leaf stands, written out only if there is something to say about it."""

    structure: Any
    number: int
    function: Callable[..., Any]
    place: int | str
    transform: str

    def __str__(self) -> str:
        start = self.place if isinstance(self.place, str) else parameter_name(self.function, self.place)
        return f"{self.transform}: {paths(self.structure, start)[self.number]}"
