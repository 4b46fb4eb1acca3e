"""Containers in code: how the leaves of arguments are reached, and how results are put together."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fgrad.core.pytree import LEAF, flatten, unflatten
from fgrad.sources.literals import literal

_BY_KEY = (dict, OrderedDict)


def leaf_texts(structure: Any, name: str) -> list[str | None]:
    """Return how each leaf of an argument is reached; None where that takes more than keys and attributes.

    >>> leaf_texts(flatten({"layers": [1.0, {"w": 2.0}]})[1], "params")
    ['params["layers"][0]', 'params["layers"][1]["w"]']
    """
    if structure is LEAF:
        return [name]
    found: list[str | None] = []
    for child, step in zip(structure.children, _steps(structure), strict=True):
        below = leaf_texts(child, name + (step or ""))
        found += below if step is not None else [None] * len(below)
    return found


def _steps(structure: Any) -> list[str | None]:
    kind, count = structure.kind, len(structure.children)
    if kind in _BY_KEY or kind is defaultdict:
        keys = structure.meta[1:] if kind is defaultdict else structure.meta
        texts = [literal(key) for key in keys]
        return [None if text is None else f"[{text}]" for text in texts]
    if kind in (list, tuple):
        return [f"[{i}]" for i in range(count)]
    fields = _fields(structure)
    return [None] * count if fields is None else [f".{field}" for field in fields]


def _fields(structure: Any) -> tuple[str, ...] | None:
    """Return the names of the fields of a named tuple or a dataclass."""
    if structure.meta is structure.kind and hasattr(structure.kind, "_fields"):
        return tuple(structure.kind._fields)
    if type(structure.meta) is tuple and structure.meta[:1] == (structure.kind,):
        names: tuple[str, ...] = structure.meta[1]
        return names
    return None


def leaves_of(container: Any) -> list[Any]:
    """Return the leaves of a container in order."""
    return flatten(container)[0]


class Layout:
    """Writes containers, in one line or in one line for each part.

    Parameters
    ----------
    helper : callable
        ``helper(name, value)`` makes a value known to the code, and returns what it is called there.
    width : int
        Of lines.
    """

    def __init__(self, helper: Callable[[str, Any], str], width: int) -> None:
        self.helper, self.width = helper, width

    def statement(self, structure: Any, texts: Sequence[str], indent: str) -> str:
        """Return the statement that returns a container of expressions."""
        given = iter(texts)
        text = self.written(structure, given, indent, len(indent) + len("return "))
        is_bare = structure is not LEAF and structure.kind is tuple and len(structure.children) > 1
        if is_bare and not text.startswith("(\n"):
            text = text[1:-1]
        return f"return {text}"

    def written(self, structure: Any, texts: Iterator[str], indent: str, column: int) -> str:
        """Return a container as code that starts in a column of a line with that indent."""
        if structure is LEAF:
            return next(texts)
        opening, closing, labels = self.frame(structure)
        deeper = f"{indent}    "
        parts = [
            label + self.written(child, texts, deeper, len(deeper) + len(label))
            for label, child in zip(labels, structure.children, strict=True)
        ]
        comma = "," if structure.kind is tuple and len(parts) == 1 else ""
        flat = f"{opening}{', '.join(parts)}{comma}{closing}"
        if ("\n" not in flat and column + len(flat) <= self.width) or not parts:
            return flat
        lines = "".join(f"{deeper}{part},\n" for part in parts)
        return f"{opening}\n{lines}{indent}{closing}"

    def frame(self, structure: Any) -> tuple[str, str, list[str]]:
        """Return what stands around the parts of a container, and in front of each."""
        kind, count = structure.kind, len(structure.children)
        plain = [""] * count
        if kind is list:
            return "[", "]", plain
        if kind is tuple:
            return "(", ")", plain
        if kind is type(None):
            return "None", "", plain
        keys = [literal(key) for key in structure.meta] if kind in _BY_KEY else [None]
        if None not in keys:
            braces = ("{", "}") if kind is dict else (f"{self.helper('OrderedDict', OrderedDict)}({{", "})")
            return *braces, [f"{key}: " for key in keys]
        fields = _fields(structure)
        if fields is not None and _is_made_by_fields(structure):
            name = self.helper(kind.__name__, kind)
            return f"{name}(", ")", [f"{field}=" for field in fields]
        shape = type(structure)(kind, structure.meta, (LEAF,) * count)
        return f"{self.helper(f'make_{kind.__name__}', Maker(shape))}(", ")", plain


def _is_made_by_fields(structure: Any) -> bool:
    """Return whether a call with its fields makes an instance: of named tuples, of plain dataclasses."""
    kind = structure.kind
    if issubclass(kind, tuple):
        return True
    fields = kind.__dataclass_fields__.values()
    is_plain = not hasattr(kind, "__post_init__") and kind.__init__.__qualname__.endswith("__init__")
    return (
        is_plain
        and kind.__dataclass_params__.init
        and all(field.init for field in fields)
        and len(structure.meta[1]) == len(fields)
    )


class Maker:
    """Makes a container of its parts."""

    def __init__(self, structure: Any) -> None:
        self.structure = structure

    def __call__(self, *parts: Any) -> Any:
        return unflatten(self.structure, parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Maker) and self.structure == other.structure

    __hash__ = None  # type: ignore[assignment]
