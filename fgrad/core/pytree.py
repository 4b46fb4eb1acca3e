"""Containers of arrays: taking them apart into leaves, and putting leaves back together.

A dict, list, tuple, named tuple, OrderedDict, dataclass or None, nested in any way, is a container; a
type that was registered with :func:`register_pytree` too.  Everything else is a leaf.

>>> leaves, structure = flatten({"w": [1.0, 2.0], "b": None})
>>> leaves
[1.0, 2.0]
>>> unflatten(structure, [10.0, 20.0])
{'w': [10.0, 20.0], 'b': None}
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import InputError, RegistrationError
from fgrad.core.late import LateModule

dataclasses: Any = LateModule("dataclasses")


class Node(NamedTuple):
    """A container in a structure: how to rebuild it, and its children."""

    kind: type
    meta: Any
    children: tuple[Any, ...]


class Leaf:
    """The place of a leaf in a structure.  There is one, ``LEAF``."""

    def __repr__(self) -> str:
        return "*"

    def __reduce__(self) -> str:
        return "LEAF"


LEAF = Leaf()

#: For each container type: (children, meta) of an instance; an instance from (meta, children); and how
#: the path to a child is written.
_REGISTRY: dict[type, tuple[Callable[..., Any], Callable[..., Any], Callable[[Any, int], str]]] = {}


def register_pytree(
    kind: type,
    flatten: Callable[[Any], tuple[Iterable[Any], Any]],
    unflatten: Callable[[Any, tuple[Any, ...]], Any],
) -> None:
    """Make a type of your own a container that fgrad looks into.

    Parameters
    ----------
    kind : type
        The class; its subclasses are not included.  A dataclass may be registered too, where some of its
        fields are no arrays.
    flatten : callable
        ``flatten(instance)`` returns ``(children, meta)``: what holds arrays, and the rest.  ``meta``
        is compared with ``==`` where two structures have to be the same.
    unflatten : callable
        ``unflatten(meta, children)`` returns an instance.

    Raises
    ------
    RegistrationError
        If the type is a container already, or holds numbers itself.

    Examples
    --------
    >>> from fgrad import grad
    >>> class Line:
    ...     def __init__(self, slope, intercept):
    ...         self.slope, self.intercept = slope, intercept
    >>> register_pytree(Line, lambda line: ((line.slope, line.intercept), None), lambda _, both: Line(*both))
    >>> grad(lambda line: 3 * line.slope + line.intercept)(Line(2.0, 1.0)).slope
    3.0
    """
    if not isinstance(kind, type):
        raise RegistrationError(f"register_pytree takes a class; got {kind!r}")
    if issubclass(kind, _NUMBERS):
        raise RegistrationError(f"{kind.__name__} is a type of leaves and cannot be a container as well")
    if kind in _REGISTRY:
        raise RegistrationError(f"{kind.__name__} is a container already; register a class of your own")
    _REGISTRY[kind] = (flatten, unflatten, lambda meta, i: f"[{i}]")


_NUMBERS = (np.ndarray, np.generic, int, float, complex, str, bytes, Box)


def _register_builtins() -> None:
    def items(container: Any) -> Any:
        return tuple(container), None

    def values(container: Any) -> Any:
        return tuple(container.values()), tuple(container)

    def key(meta: Any, i: int) -> str:
        return f"[{meta[i]!r}]"

    def position(meta: Any, i: int) -> str:
        return f"[{i}]"

    _REGISTRY[list] = (items, lambda meta, children: list(children), position)
    _REGISTRY[tuple] = (items, lambda meta, children: tuple(children), position)
    _REGISTRY[type(None)] = (lambda none: ((), None), lambda meta, children: None, position)
    _REGISTRY[dict] = (values, lambda keys, children: dict(zip(keys, children, strict=True)), key)
    _REGISTRY[OrderedDict] = (
        values,
        lambda keys, children: OrderedDict(zip(keys, children, strict=True)),
        key,
    )
    _REGISTRY[defaultdict] = (
        lambda d: (tuple(d.values()), (d.default_factory, *d)),
        lambda meta, children: defaultdict(meta[0], zip(meta[1:], children, strict=True)),
        lambda meta, i: f"[{meta[i + 1]!r}]",
    )


_register_builtins()


def _is_namedtuple(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def _flatten_dataclass(instance: Any) -> Any:
    fields = (field.name for field in dataclasses.fields(instance))
    names = tuple(name for name in fields if hasattr(instance, name))  # init=False may not be set yet
    return tuple(getattr(instance, name) for name in names), (type(instance), names)


def _unflatten_dataclass(meta: Any, children: tuple[Any, ...]) -> Any:
    kind, names = meta
    instance = object.__new__(kind)
    for name, child in zip(names, children, strict=True):
        object.__setattr__(instance, name, child)
    return instance


_NAMEDTUPLE = (
    lambda t: (tuple(t), type(t)),
    lambda kind, children: kind(*children),
    lambda kind, i: f".{kind._fields[i]}",
)
_DATACLASS = (_flatten_dataclass, _unflatten_dataclass, lambda meta, i: f".{meta[1][i]}")


def _entry(kind: type) -> Any:
    """Return the registry's entry for a type, or None if its instances are leaves."""
    entry = _REGISTRY.get(kind)
    if entry is None:
        if _is_namedtuple(kind):
            return _NAMEDTUPLE
        if hasattr(kind, "__dataclass_fields__"):  # as dataclasses.is_dataclass, which need not be imported
            return _DATACLASS
    return entry


def flatten(tree: Any) -> tuple[list[Any], Any]:
    """Return the leaves of a container in order, and its structure."""
    leaves: list[Any] = []
    try:
        return leaves, _flatten(tree, leaves)
    except RecursionError:
        raise InputError(
            f"a {type(tree).__name__} contains itself, or is nested too deeply to be taken apart. "
            "Put its arrays into a list."
        ) from None


def _flatten(tree: Any, leaves: list[Any]) -> Any:
    entry = _entry(type(tree))
    if entry is None:
        leaves.append(tree)
        return LEAF
    children, meta = entry[0](tree)
    return Node(type(tree), meta, tuple(_flatten(child, leaves) for child in children))


def unflatten(structure: Any, leaves: Iterable[Any]) -> Any:
    """Return a container of the given structure with the given leaves."""
    return _unflatten(structure, iter(leaves))


def _unflatten(structure: Any, leaves: Iterator[Any]) -> Any:
    if structure is LEAF:
        return next(leaves)
    children = tuple(_unflatten(child, leaves) for child in structure.children)
    return _entry(structure.kind)[1](structure.meta, children)


def paths(structure: Any, start: str) -> list[str]:
    """Return how each leaf is reached, as one would write it.

    >>> paths(flatten({"layers": [1.0, {"w": 2.0}]})[1], "params")
    ["params['layers'][0]", "params['layers'][1]['w']"]
    """
    if structure is LEAF:
        return [start]
    write = _entry(structure.kind)[2]
    found = []
    for i, child in enumerate(structure.children):
        found += paths(child, start + write(structure.meta, i))
    return found


def flatten_as(tree: Any, structure: Any, what: str) -> list[Any]:
    """Return the leaves of a container that must have the given structure.

    Dictionaries may have their keys in another order.
    """
    leaves: list[Any] = []
    _flatten_as(tree, structure, what, leaves)
    return leaves


def _flatten_as(tree: Any, structure: Any, path: str, leaves: list[Any]) -> None:
    if structure is LEAF:
        if _entry(type(tree)) is not None:
            raise InputError(f"{path} must be an array, like what it belongs to; got {type(tree).__name__}")
        leaves.append(tree)
        return
    if type(tree) is not structure.kind:
        wanted = structure.kind.__name__
        raise InputError(f"{path} must be a {wanted}, like what it belongs to; got {type(tree).__name__}")
    entry = _entry(structure.kind)
    children, meta = entry[0](tree)
    children = tuple(children)
    if isinstance(tree, dict) and set(tree) == set(_keys(structure)):
        children = tuple(tree[key] for key in _keys(structure))
    elif meta != structure.meta or len(children) != len(structure.children):
        raise InputError(
            f"{path} has other entries than the {structure.kind.__name__} that it belongs to: "
            f"{_entries(entry, meta, len(children))}; "
            f"needed are {_entries(entry, structure.meta, len(structure.children))}"
        )
    for i, (child, part) in enumerate(zip(children, structure.children, strict=True)):
        _flatten_as(child, part, path + entry[2](structure.meta, i), leaves)


def _entries(entry: Any, meta: Any, count: int) -> str:
    """Return the words for what a container has in it."""
    written = [entry[2](meta, i) for i in range(count)]
    return f"{', '.join(written[:8])}{', ...' if count > 8 else ''}" if written else "none"


def _keys(structure: Any) -> tuple[Any, ...]:
    return tuple(structure.meta[1:] if structure.kind is defaultdict else structure.meta)
