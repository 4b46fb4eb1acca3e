"""The arguments of a differentiated function: which of them, taken apart into leaves, and checked."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import LEAF, Leaf, flatten, paths, unflatten
from fgrad.core.spec import Spec, spec_of, zeros

Argnums = int | tuple[int, ...]


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
        argnums = argnum
    try:
        if isinstance(argnums, tuple | list):
            chosen = tuple(operator.index(i) for i in argnums)
            if not chosen or len(set(chosen)) != len(chosen):
                raise ArgumentError(
                    f"{transform}: argnums must name at least one argument, each once; got {argnums}"
                )
            return chosen
        return operator.index(argnums)
    except TypeError:
        raise InputError(
            f"{transform}: argnums must be an int or a tuple of ints (positions); got {argnums!r}"
        ) from None


def parameter_name(function: Callable[..., Any], position: int) -> str:
    """Return the name of a function's positional parameter, for messages."""
    code = getattr(function, "__code__", None)
    if code is not None and position < code.co_argcount:
        return str(code.co_varnames[position])
    return f"argument {position}"


class Inputs:
    """The arguments that are differentiated: their leaves, and the way back to containers.

    Attributes
    ----------
    leaves : list
        All the leaves of the chosen arguments, ints converted to floats.
    """

    __slots__ = ("args", "counts", "leaves", "positions", "single", "structures")

    def __init__(
        self, function: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], transform: str
    ) -> None:
        self.args = args
        self.single = type(argnums) is int
        chosen: Sequence[int] = (argnums,) if type(argnums) is int else argnums  # type: ignore[assignment]
        count = len(args)
        self.positions = []
        self.leaves = []
        self.counts: list[int] = []
        self.structures: list[Any] = []
        for position in chosen:
            if not -count <= position < count:
                raise ArgumentError(
                    f"{transform}: argnums names argument {position}, but {count} positional "
                    f"argument{'s were' if count != 1 else ' was'} given. Arguments passed by keyword are "
                    "not differentiated; pass them by position."
                )
            position %= count
            self.positions.append(position)
            found, structure = flatten(args[position])
            for i, leaf in enumerate(found):
                kind = type(leaf)
                if kind is float or kind is Box or (kind is np.ndarray and leaf.dtype.kind in "fc"):
                    continue
                where = paths(structure, parameter_name(function, position))[i]
                found[i] = as_differentiable(leaf, where, transform)
            self.leaves += found
            self.counts.append(len(found))
            self.structures.append(structure)

    def call_with(self, leaves: Sequence[Any]) -> list[Any]:
        """Return the positional arguments with the given leaves in place of those that were taken out."""
        args = list(self.args)
        for position, tree in zip(self.positions, self.trees(leaves), strict=True):
            args[position] = tree
        return args

    def trees(self, leaves: Sequence[Any]) -> list[Any]:
        """Return one container for each chosen argument."""
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

    def structure(self) -> Any:
        """Return the structure of what :meth:`pack` returns."""
        placeholders: list[Leaf] = [LEAF] * len(self.leaves)
        return flatten(self.pack(placeholders))[1]


def as_differentiable(leaf: Any, path: str, transform: str) -> Any:
    """Return a leaf as a float or an array of floats, or raise if it is neither."""
    if type(leaf) is complex or isinstance(leaf, np.floating | np.complexfloating):
        return leaf
    if isinstance(leaf, bool | np.bool_):
        raise InputError(
            f"{transform}: {path} is a bool, which has no derivative. "
            "Pass it as an argument that is not differentiated, or by keyword."
        )
    if isinstance(leaf, float):
        return float(leaf)
    if isinstance(leaf, int | np.integer):
        return float(leaf)
    if isinstance(leaf, np.ndarray):
        if type(leaf) not in (np.ndarray, np.memmap):
            raise InputError(
                f"{transform}: {path} is a {type(leaf).__name__}, whose own behaviour would be lost. "
                "Pass np.asarray of it."
            )
        if leaf.dtype.kind in "iu":
            return leaf.astype(np.float64)
        if leaf.dtype.kind in "fc":
            return np.asarray(leaf)
        cure = (
            "Join its elements into one array with np.stack."
            if leaf.dtype.kind == "O"
            else "Convert it to float, or pass it as an argument that is not differentiated."
        )
        raise InputError(f"{transform}: {path} is an array of dtype {leaf.dtype}. {cure}")
    cure = "Pass it as an argument that is not differentiated, or by keyword."
    if hasattr(leaf, "to_numpy"):
        cure = "Pass its .to_numpy()."
    elif hasattr(leaf, "__dict__") and not callable(leaf):
        cure = f"Register {type(leaf).__name__} with fgrad.register_pytree as a container. Otherwise: {cure}"
    raise InputError(f"{transform}: {path} is a {type(leaf).__name__}, which has no derivative. {cure}")


def finish_leaf(g: Any, leaf: Any, seen: set[int]) -> Any:
    """Return a derivative as the user wants to have it.

    It has the leaf's type (a float for a float, an array for an array), and is an array that can be
    written into without changing anything else: not a view, and not the same object as another result.
    """
    if g is None:
        spec = spec_of(leaf)
        g = np.zeros(spec.shape, spec.dtype) if type(leaf) is np.ndarray else zeros(spec)
    if type(g) is Box:
        return g
    if type(leaf) is float:
        return float(g)
    if type(leaf) is complex:
        return complex(g)
    if type(leaf) is np.ndarray:
        if type(g) is not np.ndarray:
            return np.asarray(g)
        if g.base is not None or not g.flags.writeable or id(g) in seen:
            g = g.copy()
        seen.add(id(g))
    return g


def matching_leaf(value: Any, spec: Spec, path: str, what: str) -> Any:
    """Return a tangent or cotangent that the user gave, with the dtype of what it belongs to."""
    if type(value) is not Box:
        if isinstance(value, str | bytes | dict | set) or value is None:
            raise InputError(f"{what} {path} must be an array; got {type(value).__name__}")
        value = np.asarray(value)
        if value.dtype.kind not in "fciu":
            raise InputError(f"{what} {path} must be real or complex numbers; got dtype {value.dtype}")
    given = spec_of(value)
    if given.shape != spec.shape:
        raise ArgumentError(
            f"{what} {path} has shape {given.shape}; it must have the shape {spec.shape} of its value"
        )
    if given.dtype != spec.dtype:
        if given.dtype.kind == "c" and spec.dtype.kind != "c":
            raise ArgumentError(f"{what} {path} is complex where {spec.dtype} is needed; take its real part")
        value = value.astype(spec.dtype)
    return value[()] if type(value) is np.ndarray and not value.ndim else value
