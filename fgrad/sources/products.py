"""Rules of simplification for sums of products, in which a factor is the identity or a number."""

from __future__ import annotations

import numpy as np

from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Atom, Constant, Node
from fgrad.sources.literals import literal
from fgrad.sources.matching import (
    MATMUL,
    MUL,
    Definitions,
    dtype_of,
    facts_about,
    fits,
    is_literal_value,
    is_number,
    is_of,
    like,
    number_of,
    shape_of,
)

_SUM = PRIMITIVES[np.sum]


def identities(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out products with the identity, and write those with a vector of ones as sums.

    The identity times an infinity would be NaN beside it: only finite values are left alone.
    """
    if is_of(node, MATMUL):
        return _matrix_product(node)
    if node.primitive is not _SUM or len(node.results[0].shape) != 1 or node.params.get("keepdims"):
        return None
    made = definitions.of(node.args[0])
    if made is None or not is_of(made, MUL):
        return None
    for one, other in (made.args, made.args[::-1]):
        # of np.eye(n) * v, along either axis the sums are v
        if _is_identity(one) and shape_of(one) == shape_of(node.args[0]) and facts_about(other).is_finite:
            return other if fits(other, node) else None
    return None


def _matrix_product(node: Node) -> Atom | Node | None:
    left, right = node.args
    for one, other, axis in ((left, right, 0), (right, left, -1)):
        if _is_identity(one) and fits(other, node) and facts_about(other).is_finite:
            return other
        is_ones = number_of(one) == 1 and len(shape_of(one)) == 1 and dtype_of(one) == dtype_of(other)
        if is_ones and 1 <= len(shape_of(other)) <= 2:
            axis = axis if len(shape_of(other)) == 2 else 0
            return node._replace(primitive=_SUM, args=(other,), params={"axis": axis, "keepdims": False})
    return None


def _is_identity(atom: Atom) -> bool:
    if not is_literal_value(atom) or type(atom.value) is not np.ndarray:  # type: ignore[union-attr]
        return False
    value = atom.value  # type: ignore[union-attr]
    is_square = value.ndim == 2 and value.shape[0] == value.shape[1] and value.size > 0
    return is_square and literal(value) == f"np.eye({len(value)})"


def scaled_einsum(node: Node, definitions: Definitions) -> Atom | list[Node] | None:
    """Write a number among the operands of an ``einsum`` as a factor in front."""
    if node.primitive.name != "einsum" or len(node.args) < 2:
        return None
    inputs, arrow, output = str(node.params["subscripts"]).partition("->")
    parts = inputs.split(",")
    i = next((i for i, arg in enumerate(node.args) if is_number(arg) and parts[i : i + 1] == [""]), None)
    if i is None or not arrow or len(parts) != len(node.args):
        return None
    others = (*node.args[:i], *node.args[i + 1 :])
    if any(dtype_of(other) != node.results[0].dtype for other in others):
        return None
    rest = [part for j, part in enumerate(parts) if j != i]
    product = like(node.results[0])
    factor = Constant(number_of(node.args[i]))
    if rest == [output]:
        return [node._replace(primitive=MUL, args=(factor, others[0]), params={})]
    subscripts = f"{','.join(rest)}->{output}"
    return [
        node._replace(args=others, params={**node.params, "subscripts": subscripts}, results=(product,)),
        node._replace(primitive=MUL, args=(factor, product), params={}),
    ]
