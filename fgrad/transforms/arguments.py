"""The arguments of a differentiated function: which of them, taken apart into leaves, and checked."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import LEAF, Leaf, flatten, paths, unflatten
from fgrad.core.spec import Spec, spec_of, zeros
from fgrad.core.trace import FinishedTrace
from fgrad.modes.slate import is_slate, plain

Argnums = int | tuple[int, ...]

#: Leaves that need not be looked up among the containers.
_BARE = frozenset({float, np.ndarray, np.float64})


def check_function(function: Any, transform: str) -> None:
    """Raise unless the first argument of a transform can be called."""
    if not callable(function):
        raise InputError(
            f"{transform} takes a function; got {type(function).__name__}. "
            f"Write {transform}(f)(x), with the arguments in the second call."
        )


def check_argnums(argnums: Any, argnum: Any, transform: str) -> Argnums:
    """Return ``argnums`` as an int or a tuple of ints; ``argnum`` is Autograd's name for it."""
    if argnum is not None:
        if argnums is not None and argnums != 0:
            raise ArgumentError(
                f"{transform}: argnums={argnums!r} and argnum={argnum!r} are two names of one thing; "
                "give argnums alone"
            )
        argnums = argnum
    several = isinstance(argnums, tuple | list)
    try:
        chosen = tuple(_position(i) for i in (argnums if several else (argnums,)))
    except TypeError:
        raise InputError(
            f"{transform}: argnums must be an int or a tuple of ints (positions); got {argnums!r}"
        ) from None
    if not chosen:
        raise ArgumentError(
            f"{transform}: there is nothing to differentiate with respect to; give at least one argument"
        )
    return chosen if several else chosen[0]


def _position(value: Any) -> int:
    if isinstance(value, bool | np.bool_):
        raise TypeError("a bool is no position")
    return operator.index(value)


def parameter_name(function: Callable[..., Any], position: int) -> str:
    """Return the name of a function's positional parameter, for messages."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # compiled code may not say
        parameters = []
    if position < len(parameters):
        parameter = parameters[position]
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            return parameter.name
    return f"argument {position}"


def check_alive(value: Any, receiver: str) -> None:
    """Raise if a value is a box that was left over from a transform that has returned."""
    if type(value) is Box and isinstance(value.owner, FinishedTrace):
        value.owner.refuse(receiver)


class Inputs:
    """The arguments that are differentiated: their leaves, and the way back to containers.

    Attributes
    ----------
    leaves : list
        All the leaves of the chosen arguments, ints converted to floats.
    bare : bool
        Whether each chosen argument is a leaf itself.
    """

    __slots__ = ("args", "bare", "counts", "leaves", "positions", "single", "structures")

    def __init__(
        self, function: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], transform: str
    ) -> None:
        self.args = args
        self.single = type(argnums) is int
        chosen: Sequence[int] = (argnums,) if type(argnums) is int else argnums  # type: ignore[assignment]
        count = len(args)
        self.positions: list[int] = []
        self.leaves: list[Any] = []
        self.counts: list[int] = []
        self.structures: list[Any] = []
        self.bare = True
        for position in chosen:
            if not -count <= position < count:
                raise ArgumentError(
                    f"{transform}: argnums names argument {position}, but {count} positional "
                    f"argument{'s were' if count != 1 else ' was'} given. Arguments passed by keyword are "
                    "not differentiated; pass them by position."
                )
            position %= count
            if position in self.positions:
                raise ArgumentError(f"{transform}: argnums names argument {position} twice; got {argnums}")
            self.positions.append(position)
            arg = args[position]
            found, structure = ([arg], LEAF) if type(arg) in _BARE else flatten(arg)
            if structure is not LEAF:
                self.bare = False
            for i, leaf in enumerate(found):
                kind = type(leaf)
                if kind is float or kind is np.float64:
                    continue
                if kind is np.ndarray and leaf.dtype.kind in "fc" and leaf.dtype.isnative:
                    continue
                where = _Place(structure, i, function, position, transform)
                found[i] = as_differentiable(leaf, where)
            self.leaves += found
            self.counts.append(len(found))
            self.structures.append(structure)

    def call_with(self, leaves: Sequence[Any]) -> list[Any]:
        """Return the positional arguments with the given leaves in place of those that were taken out."""
        args = list(self.args)
        for position, tree in zip(self.positions, self.trees(leaves), strict=True):
            args[position] = tree
        return args

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
        """Return the containers as ``argnums`` asks: one, or a tuple of them."""
        trees = self.trees(leaves)
        return trees[0] if self.single else tuple(trees)

    def own_leaves(self) -> None:
        """Copy the arrays, for a derivative that is taken later, when the caller may have changed them."""
        self.leaves = [leaf.copy() if type(leaf) is np.ndarray else leaf for leaf in self.leaves]

    def structure(self) -> Any:
        """Return the structure of what :meth:`pack` returns."""
        placeholders: list[Leaf] = [LEAF] * len(self.leaves)
        return flatten(self.pack(placeholders))[1]


class _Place(NamedTuple):
    """Where a leaf stands, written out only if there is something to say about it."""

    structure: Any
    number: int
    function: Callable[..., Any]
    position: int
    transform: str

    def __str__(self) -> str:
        start = parameter_name(self.function, self.position)
        return f"{self.transform}: {paths(self.structure, start)[self.number]}"


def as_differentiable(leaf: Any, where: object) -> Any:
    """Return a leaf as a float or an array of floats; raise, with ``where`` it is, if it is neither.

    Arrays of foreign byte order become native, as in any computation of NumPy's.
    """
    if is_slate(leaf):
        return as_differentiable(plain(leaf), where)
    if type(leaf) is Box:
        check_alive(leaf, str(where))
        return leaf if spec_of(leaf).dtype.kind in "fc" else leaf.astype(np.float64)  # type: ignore[attr-defined]
    if type(leaf) is complex or isinstance(leaf, np.floating | np.complexfloating):
        return leaf
    if isinstance(leaf, bool | np.bool_):
        raise InputError(
            f"{where} is a bool, which has no derivative. "
            "Pass it as an argument that is not differentiated, or by keyword."
        )
    if isinstance(leaf, float | int | np.integer):
        return float(leaf)
    if isinstance(leaf, np.ndarray):
        return _array_of_floats(leaf, where)
    cure = "Pass it as an argument that is not differentiated, or by keyword."
    if hasattr(leaf, "to_numpy"):
        cure = "Pass its .to_numpy()."
    elif not isinstance(leaf, str | bytes | set | frozenset) and not callable(leaf):
        cure = f"If it holds arrays, make its class a container with fgrad.register_pytree. Otherwise: {cure}"
    raise InputError(f"{where} is a {type(leaf).__name__}, which has no derivative. {cure}")


def _array_of_floats(leaf: Any, where: object) -> Any:
    if type(leaf) not in (np.ndarray, np.memmap):
        raise InputError(
            f"{where} is a {type(leaf).__name__}, whose own behaviour would be lost. "
            f"{_cure_of_subclass(leaf)}"
        )
    kind = leaf.dtype.kind
    if kind in "iu":
        return leaf.astype(np.float64)
    if kind in "fc":
        return np.asarray(leaf, leaf.dtype.newbyteorder("="))
    cure = (
        "Join its elements into one array with np.stack."
        if kind == "O"
        else "Convert it to float, or pass it as an argument that is not differentiated."
    )
    raise InputError(f"{where} is an array of dtype {leaf.dtype}. {cure}")


def _cure_of_subclass(array: Any) -> str:
    if isinstance(array, np.ma.MaskedArray):
        return "Pass array.filled(0.0), and use the mask with np.where."
    return "Pass np.asarray of it."


def owned(value: Any, seen: set[int]) -> Any:
    """Return a value that is not a view of another array and not one of those ``seen``."""
    if type(value) is np.ndarray:
        if value.base is not None or not value.flags.writeable or id(value) in seen:
            value = value.copy()
        seen.add(id(value))
    return value


def finish_leaf(g: Any, leaf: Any, seen: set[int]) -> Any:
    """Return a derivative as the user wants to have it.

    It has the leaf's type (a float for a float, an array for an array), and is an array that can be
    written into without changing anything else: not a view, and not the same object as another result.
    """
    if g is None:
        spec = spec_of(leaf)
        g = np.zeros(spec.shape, spec.dtype) if type(leaf) is np.ndarray else zeros(spec)
    g = plain(g)
    if type(g) is Box:
        return g
    if type(leaf) is float:
        return float(g)
    if type(leaf) is complex:
        return complex(g)
    if type(leaf) is np.ndarray:
        if type(g) is not np.ndarray:
            if isinstance(g, np.ma.MaskedArray):
                raise InputError(
                    "a masked array took part in the differentiated function, and where it is masked there "
                    f"is no derivative. {_cure_of_subclass(g)}"
                )
            g = np.asarray(g)
        return owned(g, seen)
    return g[()] if type(g) is np.ndarray else g


def matching_leaf(value: Any, spec: Spec, path: str, what: str) -> Any:
    """Return a tangent or cotangent that the user gave, with the dtype of what it belongs to."""
    where = f"{what}{path}"
    value = plain(value)
    if type(value) is Box:
        check_alive(value, where)
    else:
        if isinstance(value, np.ma.MaskedArray):
            raise InputError(f"{where} is a masked array. {_cure_of_subclass(value)}")
        if not isinstance(value, int | float | complex | np.generic | np.ndarray):
            raise InputError(f"{where} must be an array; got {type(value).__name__}")
        value = np.asarray(value)
        if value.dtype.kind not in "fciu":
            raise InputError(f"{where} must be real or complex numbers; got dtype {value.dtype}")
    given = spec_of(value)
    if given.shape != spec.shape:
        raise ArgumentError(
            f"{where} has shape {given.shape}; it must have the shape {spec.shape} of its value"
        )
    if given.dtype != spec.dtype:
        if given.dtype.kind == "c" and spec.dtype.kind != "c":
            raise ArgumentError(f"{where} is complex where {spec.dtype} is needed; take its real part")
        value = value.astype(spec.dtype)
    return value[()] if type(value) is np.ndarray and not value.ndim else value
