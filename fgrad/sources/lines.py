"""The user's statements, as comments: one line each, also where they go over several."""

from __future__ import annotations

import ast
import linecache
from typing import Any

from fgrad.core.places import Place

_COMPOUND = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)
_CONTINUED = "\\"


class Statements:
    """Finds statements by places; each file is parsed once."""

    def __init__(self) -> None:
        self.files: dict[str, dict[int, list[ast.stmt]]] = {}
        self.found: dict[tuple[str, int], tuple[Any, str]] = {}

    def at(self, place: Place) -> tuple[Any, str]:
        """Return the statement that a place is in: what tells it from others, and its text in one line."""
        key = (place.code.co_filename, place.line)
        if key not in self.found:
            self.found[key] = self.looked_up(place)
        return self.found[key]

    def looked_up(self, place: Place) -> tuple[Any, str]:
        """Return the statement that a place is in, from its file."""
        filename = place.code.co_filename
        found = self.by_line(filename).get(place.line, [])
        if len(found) != 1:  # none that is known, or several on a line
            return (filename, place.line), place.source()
        lines = linecache.getlines(filename)
        return (filename, found[0].lineno), text_of(found[0], lines)

    def by_line(self, filename: str) -> dict[int, list[ast.stmt]]:
        """Return the simple statements of a file, by the lines that they go over."""
        if filename not in self.files:
            found: dict[int, list[ast.stmt]] = {}
            try:
                tree = ast.parse("".join(linecache.getlines(filename)))
            except (SyntaxError, ValueError):  # no Python alone: a cell of a notebook with magic
                tree = ast.Module([], [])
            for node in ast.walk(tree):
                if isinstance(node, ast.stmt) and not isinstance(node, _COMPOUND):
                    for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                        found.setdefault(line, []).append(node)
                elif isinstance(node, ast.If | ast.While | ast.For) and node.body[0].lineno == node.lineno:
                    found.setdefault(node.lineno, []).append(node)  # the line decides, and does something
            self.files[filename] = found
        return self.files[filename]


def text_of(statement: ast.stmt, lines: list[str]) -> str:
    """Return a statement's text as one line, without its comments."""
    source = ast.get_source_segment("".join(lines), statement) or ast.unparse(statement)
    parts = [part.strip() for part in source.splitlines()]
    if len(parts) > 1 and ("#" in source or '"""' in source or "'''" in source):
        return ast.unparse(statement)
    text = parts[0]
    for part in parts[1:]:
        if text.endswith(("(", "[", "{")):
            text += part
        elif part.startswith((")", "]", "}")):
            text = text.removesuffix(",") + part
        else:
            text = f"{text.removesuffix(_CONTINUED).rstrip()} {part}"
    return text
