"""The arguments of a mapped function: where in them the examples lie, and how many there are.

>>> examples = Examples(np.dot, (np.ones((4, 3)), np.ones(3)), {}, (0, None))
>>> examples.size
4
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import LEAF, flatten, paths, unflatten
from fgrad.core.spec import spec_of
from fgrad.modes.batching import BatchTrace
from fgrad.modes.slate import plain
from fgrad.transforms.arguments import check_alive, check_array_type, parameter_name
from fgrad.transforms.outputs import is_array_like

#: What to do for an argument that is the same for all examples.
_BY_POSITION = "None in in_axes makes it the same for all examples"
_BY_NAME = (
    "what is passed by keyword has its examples along the first axis: functools.partial passes what is the "
    "same for all of them"
)


class Mapped(NamedTuple):
    """A leaf of an argument, and where its examples lie."""

    value: Any
    axis: int | None
    place: str


class Examples:
    """The arguments of a mapped function.

    Attributes
    ----------
    size : int
        The number of examples.
    """

    def __init__(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], in_axes: Any) -> None:
        if isinstance(in_axes, tuple | list):
            if len(in_axes) != len(args):
                raise ArgumentError(
                    f"vmap: in_axes has {len(in_axes)} entries, for {len(args)} positional arguments; give "
                    "one for each, None for an argument that is the same for all examples"
                )
            axes = list(in_axes)
        else:
            axes = [in_axes] * len(args)
        names = [parameter_name(function, i) for i in range(len(args))]
        self.leaves: list[Mapped] = []
        self.structures: list[Any] = []
        self.keywords = list(kwargs)
        each = [
            *((*given, _BY_POSITION) for given in zip(args, axes, names, strict=True)),
            *((kwargs[name], 0, name, _BY_NAME) for name in kwargs),
        ]
        for arg, axis, name, cure in each:
            found, structure = flatten(arg)
            spread = spread_axes(axis, arg, f"in_axes for {name}", name)
            where = paths(structure, name)
            self.leaves += [mapped(*leaf, cure) for leaf in zip(found, spread, where, strict=True)]
            self.structures.append((structure, len(found)))
        sizes = {
            leaf.place: spec_of(leaf.value).shape[leaf.axis] for leaf in self.leaves if leaf.axis is not None
        }
        if not sizes:
            raise ArgumentError(
                "vmap: no argument has an axis of examples; give at least one array with an axis in in_axes"
            )
        if len(set(sizes.values())) > 1:
            told = ", ".join(f"{place} has {size}" for place, size in sizes.items())
            raise ArgumentError(f"vmap: the numbers of examples differ: {told}")
        self.size = next(iter(sizes.values()))

    def boxed(self, trace: BatchTrace, chunk: slice) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments with a box in the place of each leaf that has examples."""
        leaves = [leaf.value if leaf.axis is None else _box(leaf, trace, chunk) for leaf in self.leaves]
        trees = []
        start = 0
        for structure, count in self.structures:
            part = leaves[start : start + count]
            trees.append(part[0] if structure is LEAF else unflatten(structure, part))
            start += count
        count = len(trees) - len(self.keywords)
        return trees[:count], dict(zip(self.keywords, trees[count:], strict=True))


def _box(leaf: Mapped, trace: BatchTrace, chunk: slice) -> Box:
    value = leaf.value if leaf.axis == 0 else np.moveaxis(leaf.value, leaf.axis, 0)  # type: ignore[arg-type]
    return trace.root(value if chunk == slice(None) else value[chunk])


def mapped(leaf: Any, axis: Any, place: str, cure: str) -> Mapped:
    """Return a leaf with its axis, counted from the first; raise if it has no such axis.

    ``cure`` says what to do if it is the same for all examples.
    """
    leaf = plain(leaf)
    check_alive(leaf, f"vmap: {place}")
    if axis is None:
        return Mapped(leaf, None, place)
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise InputError(f"vmap: the axis for {place} must be an int or None; got {axis!r}")
    if not is_array_like(leaf) and not isinstance(leaf, np.bool_):
        raise InputError(f"vmap: {place} is a {type(leaf).__name__}, which has no examples; {cure}")
    check_array_type(leaf, f"vmap: {place}")
    shape = spec_of(leaf).shape
    if not -len(shape) <= axis < len(shape):
        cure = cure if not shape else "give one of its axes"
        raise ArgumentError(f"vmap: {place} of shape {shape} has no axis {axis}; {cure}")
    return Mapped(
        leaf if type(leaf) is Box else np.asarray(leaf), normalize_axis_index(int(axis), len(shape)), place
    )


def spread_axes(axes: Any, tree: Any, what: str, place: str) -> list[Any]:
    """Return one axis for each leaf of a container, from a container like its outer part."""
    if axes is None or isinstance(axes, int | np.integer):
        return [axes] * len(flatten(tree)[0])
    children, parts = _children(axes), _children(tree)
    if (
        children is None
        or parts is None
        or (type(axes) is not type(tree) and not _both_sequences(axes, tree))
    ):
        raise InputError(
            f"vmap: {what} must be an int, None, or a container like {place}; got {type(axes).__name__} "
            f"where {place} is a {type(tree).__name__}"
        )
    if isinstance(tree, dict):
        if set(axes) != set(tree):
            raise InputError(f"vmap: {what} has the keys {list(axes)}; {place} has {list(tree)}")
        children = [axes[key] for key in tree]
    if len(children) != len(parts):
        raise InputError(f"vmap: {what} has {len(children)} entries; {place} has {len(parts)}")
    found: list[Any] = []
    for i, (child, part) in enumerate(zip(children, parts, strict=True)):
        found += spread_axes(
            child, part, what, f"{place}[{list(tree)[i]!r}]" if isinstance(tree, dict) else f"{place}[{i}]"
        )
    return found


def _both_sequences(axes: Any, tree: Any) -> bool:
    return isinstance(axes, tuple | list) and isinstance(tree, tuple | list)


def _children(tree: Any) -> Sequence[Any] | None:
    """Return the parts of a container, or None for a leaf."""
    if isinstance(tree, dict):
        return list(tree.values())
    if isinstance(tree, tuple | list):
        return list(tree)
    return None
