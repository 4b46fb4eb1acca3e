"""Rules for products in which zero wins: how code says it, and where it need not.

In fgrad a cotangent of exactly zero stays zero whatever the slope is; see :mod:`fgrad.kinds.guarded`.  Where
no value of the run makes a difference, the product is written without its guard.
"""

from __future__ import annotations

import operator

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant, Node, Variable
from fgrad.kinds.guarded import guarded, zero_product
from fgrad.rules.slopes.zeros import quotient
from fgrad.sources.matching import DIV, MUL, WHERE, Definitions, facts_about, is_of, number_of, shape_of

_GUARDED, _ZERO_PRODUCT, _QUOTIENT = (PRIMITIVES[f] for f in (guarded, zero_product, quotient))
_EQUAL, _OR = PRIMITIVES[operator.eq], PRIMITIVES[operator.or_]
_BOOL = np.dtype(bool)


def guards(node: Node, definitions: Definitions) -> Node | list[Node] | None:
    """Write products and quotients without guards where no value needs them, and with ``np.where`` else."""
    if is_of(node, _GUARDED, _ZERO_PRODUCT):
        u, v = node.args
        is_safe = facts_about(v).is_finite and (is_of(node, _GUARDED) or facts_about(u).is_finite)
        return node._replace(primitive=MUL) if is_safe else _with_guard(node, MUL, definitions)
    if is_of(node, _QUOTIENT):
        facts = facts_about(node.args[1])
        is_safe = facts.is_finite and facts.has_no_zero
        return node._replace(primitive=DIV) if is_safe else _with_guard(node, DIV, definitions)
    return None


def _with_guard(node: Node, primitive: Primitive, definitions: Definitions) -> list[Node]:
    """Return the operation as ``np.where(u == 0, 0, u * v)``, of a zero product with both factors."""
    (result,) = node.results
    u, v = node.args
    product = Variable(result.shape, result.dtype)
    chosen = definitions.of(u)
    if not is_of(node, _ZERO_PRODUCT) and is_of(chosen, WHERE) and shape_of(u) == result.shape:
        assert chosen is not None
        condition, taken, other = chosen.args
        if number_of(taken) and number_of(other) == 0:  # ``u`` is zero where the condition does not hold
            return [
                node._replace(primitive=primitive, args=(taken, v), results=(product,)),
                node._replace(primitive=WHERE, args=(condition, product, Constant(0)), results=(result,)),
            ]
    is_zero = Variable(shape_of(u), _BOOL)
    nodes = [
        node._replace(primitive=primitive, results=(product,)),
        node._replace(primitive=_EQUAL, args=(u, Constant(0)), results=(is_zero,)),
    ]
    if is_of(node, _ZERO_PRODUCT):
        other_is, either = Variable(shape_of(v), _BOOL), Variable(result.shape, _BOOL)
        nodes.append(node._replace(primitive=_EQUAL, args=(v, Constant(0)), results=(other_is,)))
        nodes.append(node._replace(primitive=_OR, args=(is_zero, other_is), results=(either,)))
        is_zero = either
    nodes.append(node._replace(primitive=WHERE, args=(is_zero, Constant(0), product), results=(result,)))
    return nodes
