"""Operations that code writes as statements: what is written into an array, or added at places of one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.ir.graph import Node
from fgrad.modes.pending import is_basic
from fgrad.sources.expressions import Expression
from fgrad.sources.literals import literal
from fgrad.sources.matching import dtype_of, number_of, shape_of
from fgrad.sources.spelling import raw_name

#: ``index(index, arrays)`` returns an index as text; of the arrays that belong in it, the texts are given.
IndexText = Callable[..., str | None]


def statement(node: Node, target: str, args: Sequence[Expression], index: IndexText) -> list[str] | None:
    """Return the lines that assign a node's result to a target; None if it is written as an expression.

    The first of them makes the array.
    """
    write = _STATEMENTS.get(raw_name(node.primitive))
    return None if write is None else write(node, target, args, index)


def is_statement(node: Node) -> bool:
    """Return whether an operation may be written as statements, which make an array of their own."""
    return raw_name(node.primitive) in _STATEMENTS


def is_write(node: Node) -> bool:
    """Return whether an operation writes into a copy of its first argument."""
    return raw_name(node.primitive) in ("_setitem", "_set_at")


def _scattered(node: Node, target: str, args: Sequence[Expression], index: IndexText) -> list[str] | None:
    indices = node.params["indices"]
    texts = [index(part) for part in indices]
    return _added(node, target, args, texts, [_names_once(part) for part in indices])


def _added_at(node: Node, target: str, args: Sequence[Expression], index: IndexText) -> list[str] | None:
    text = index(node.params["template"], [arg.text for arg in args[1:]])
    is_mask = all(dtype_of(arg).kind == "b" for arg in node.args[1:])
    return _added(node, target, args[:1], [text], [is_mask])


def _names_once(index: Any) -> bool:
    """Return whether an index names no element twice: it is of numbers, slices and masks."""
    parts = index if type(index) is tuple else (index,)
    return all(is_basic(part) or np.asarray(part).dtype.kind == "b" for part in parts)


def _added(
    node: Node, target: str, args: Sequence[Expression], indices: list[str | None], basic: list[bool]
) -> list[str] | None:
    """Return the lines that add arrays at indices of an array of zeros."""
    if None in indices:
        return None
    (result,) = node.results
    # a single zero is written as an array all the same: it is written into
    zeros = literal(np.zeros(result.shape, result.dtype)) if result.shape else None
    lines = [f"{target} = {zeros or f'np.zeros({literal(result.shape)}, dtype={literal(result.dtype)})'}"]
    for position, (g, place, is_plain) in enumerate(zip(args, indices, basic, strict=True)):
        number = number_of(node.args[position])
        is_uniform = number is not None and shape_of(node.args[position])
        text = str(literal(number)) if is_uniform else g.text
        if not is_plain:
            lines.append(f"np.add.at({target}, {_as_argument(str(place))}, {text})")
        elif position == 0:
            lines.append(f"{target}[{place}] = {text}")
        else:
            positive = _without_sign(text if is_uniform else g)
            lines.append(f"{target}[{place}] " + (f"-= {positive}" if positive else f"+= {text}"))
    return lines


def _as_argument(index: str) -> str:
    """Return an index as an argument of a function."""
    tree = ast.parse(f"x[{index}]", mode="eval").body
    assert isinstance(tree, ast.Subscript)
    parts = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    if any(isinstance(part, ast.Slice) for part in parts):
        return f"np.s_[{index}]"
    return f"({index})" if len(parts) > 1 else index


def _without_sign(expression: Expression | str) -> str | None:
    """Return what an expression is the negative of; None if it has no sign in front."""
    text = expression if isinstance(expression, str) else expression.text
    if not text.startswith("-"):
        return None
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, ast.UnaryOp):
        return ast.get_source_segment(text, tree.operand)
    first = tree
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult | ast.Div | ast.MatMult):
        first = first.left
    return text[1:] if isinstance(first, ast.UnaryOp) and first.col_offset == 0 else None


def _set(node: Node, target: str, args: Sequence[Expression], index: IndexText) -> list[str] | None:
    return _assigned(target, args, index(node.params["index"]))


def _set_at(node: Node, target: str, args: Sequence[Expression], index: IndexText) -> list[str] | None:
    return _assigned(target, args, index(node.params["template"], [arg.text for arg in args[2:]]))


def _assigned(target: str, args: Sequence[Expression], place: str | None) -> list[str] | None:
    if place is None:
        return None
    array, value = args[0].text, args[1].text
    is_new = array.startswith(("np.zeros(", "np.ones(", "np.full(", "np.array(", "np.arange("))
    return [
        f"{target} = {array}" if is_new else f"{target} = np.array({array})",
        f"{target}[{place}] = {value}",
    ]


_STATEMENTS: dict[str, Any] = {
    "_scatter_add": _scattered,
    "_add_at": _added_at,
    "_setitem": _set,
    "_set_at": _set_at,
}
