"""How code says what depends on shapes and dtypes: a new axis, a filled array, a number in front."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from fgrad.ir.graph import Atom, Node
from fgrad.numpy.moving.shapes import BROADCAST_TO
from fgrad.sources.expressions import ATOM, PRODUCT, Expression, call, is_product
from fgrad.sources.literals import literal
from fgrad.sources.matching import DIV, MUL, dtype_of, is_number, is_of, shape_of

_FACTORS = 50
_NEW_AXES = 2  # at most so many are written as ``None`` in an index


def idiom(node: Node, args: list[Expression], made: Mapping[Atom, Node]) -> Expression | None:
    """Return an operation in the words that NumPy's users have for it; None where there are no others.

    Parameters
    ----------
    node : Node
    args : list of Expression
        How its arguments are written.
    made : mapping
        Which node makes each variable.
    """
    if node.primitive.name == "reshape" and node.params.get("order") == "C":
        return _with_new_axes(node, args[0])
    if node.primitive is BROADCAST_TO and not shape_of(node.args[0]):
        shape = node.params["shape"]
        if dtype_of(node.args[0]) == node.results[0].dtype:
            return call(
                "np.full", [str(literal(shape[0] if len(shape) == 1 else tuple(shape))), args[0].text]
            )
    if is_of(node, MUL) and is_number(node.args[0]) and args[1].strength == PRODUCT:
        return _scaled(node, args, made)
    return None


def _with_new_axes(node: Node, array: Expression) -> Expression | None:
    """Return ``x[:, None]`` for what gives an array axes of length one."""
    before, after = shape_of(node.args[0]), node.results[0].shape
    if not before or not 0 < len(after) - len(before) <= _NEW_AXES or 1 in before or len(before) > 2:
        return None
    if math.prod(before) == 0 or tuple(n for n in after if n != 1) != before:
        return None
    parts = ["None" if n == 1 else ":" for n in after]
    return Expression(f"{array.within(ATOM)}[{', '.join(parts)}]")


def _scaled(node: Node, args: list[Expression], made: Mapping[Atom, Node]) -> Expression | None:
    """Return a multiple of a product without parentheses, where no more than the last digits can differ.

    ``0.1 * x * y`` is not ``0.1 * (x * y)`` if ``x`` is of single precision and ``y`` is not.
    """
    number, product = args
    if not is_product(product.text) or not _is_even(node.args[1], made, node.results[0].dtype):
        return None
    return Expression(f"{number.text} * {product.text}", PRODUCT)


def _is_even(atom: Atom, made: Mapping[Atom, Node], dtype: np.dtype[Any]) -> bool:
    """Return whether all factors of a product are of one dtype; of a long one, that is not looked into."""
    waiting = [atom]
    for _ in range(_FACTORS):
        if not waiting:
            return True
        factor = waiting.pop()
        if dtype_of(factor) != dtype and not is_number(factor):
            return False
        node = made.get(factor)
        waiting += node.args if is_of(node, MUL, DIV) and node is not None else ()
    return False
