"""Rules of simplification: what school mathematics says can be written with less.

The guards of products (a zero cotangent wins over an infinite slope) are left out where no value of the run
needs them; where one does, the product is written with its guard.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Atom, Constant, Node, Variable
from fgrad.kinds.elementwise import Elementwise
from fgrad.kinds.guarded import guarded, zero_product
from fgrad.rules.slopes.zeros import quotient
from fgrad.sources.facts import Facts, facts_of
from fgrad.sources.rewriting import Definitions, canonical

_ADD, _SUB, _MUL, _DIV = (PRIMITIVES[f] for f in (operator.add, operator.sub, operator.mul, operator.truediv))
_NEG, _POW = PRIMITIVES[operator.neg], PRIMITIVES[operator.pow]
_GUARDED, _ZERO_PRODUCT, _QUOTIENT = (PRIMITIVES[f] for f in (guarded, zero_product, quotient))
_WHERE = PRIMITIVES[np.where]
_EQUAL = PRIMITIVES[operator.eq]
_SHAPING = frozenset({"reshape", "broadcast_to", "transpose", "astype", "sum", "getitem"})


def _is(node: Node | None, *primitives: Primitive) -> bool:
    """Return whether a node is one of some operations, as an operator or as a ufunc."""
    if node is None or node.params or node.several:
        return False
    mine = canonical(node.primitive)
    return any(mine is canonical(primitive) for primitive in primitives)


def _number(atom: Atom) -> Any:
    """Return the number that a constant is everywhere; None if it is no constant, or not one number."""
    if type(atom) is not Constant:
        return None
    value = atom.value
    if type(value) is np.ndarray:
        if not value.size or value.dtype.kind not in "fciu" or np.any(value != value.flat[0]):
            return None
        return value.flat[0]
    return value if isinstance(value, int | float | complex | np.number) else None


def _spec(atom: Atom) -> tuple[tuple[int, ...], Any]:
    if isinstance(atom, Variable):
        return atom.shape, atom.dtype
    value = atom.value
    return np.shape(value), getattr(value, "dtype", np.asarray(value).dtype)


def _fits(atom: Atom, node: Node) -> bool:
    """Return whether an atom has the shape and dtype of a node's result."""
    (result,) = node.results
    return _spec(atom) == (result.shape, result.dtype)


def _definition(atom: Atom, definitions: Definitions) -> Node | None:
    return definitions.get(atom) if type(atom) is Variable else None


def _negated(atom: Atom, definitions: Definitions) -> Atom | None:
    """Return what an atom is the negative of, None if it is not one."""
    made = _definition(atom, definitions)
    return made.args[0] if made is not None and _is(made, _NEG) else None


def plain_products(node: Node, definitions: Definitions) -> Node | list[Node] | None:
    """Write products and quotients without guards where no value needs them."""
    if _is(node, _GUARDED, _ZERO_PRODUCT):
        u, v = node.args
        is_safe = _facts(v).is_finite and (_is(node, _GUARDED) or _facts(u).is_finite)
        return node._replace(primitive=_MUL) if is_safe else _with_guard(node, _MUL)
    if _is(node, _QUOTIENT):
        _, d = node.args
        facts = _facts(d)
        is_safe = facts.is_finite and facts.has_no_zero
        return node._replace(primitive=_DIV) if is_safe else _with_guard(node, _DIV)
    return None


def _facts(atom: Atom) -> Facts:
    if type(atom) is Constant:
        return facts_of(atom.value)
    assert type(atom) is Variable
    return atom.kept if atom.kept is not None else Facts(False, False)


def _with_guard(node: Node, primitive: Primitive) -> list[Node]:
    """Return the operation as ``np.where(u == 0, 0, u * v)``, of a zero product with both factors."""
    (result,) = node.results
    u, v = node.args
    product = Variable(result.shape, result.dtype)
    is_zero = Variable(_spec(u)[0], np.dtype(bool))
    nodes = [
        node._replace(primitive=primitive, results=(product,)),
        node._replace(primitive=_EQUAL, args=(u, Constant(0)), results=(is_zero,)),
    ]
    if _is(node, _ZERO_PRODUCT):
        other, either = Variable(_spec(v)[0], np.dtype(bool)), Variable(result.shape, np.dtype(bool))
        nodes.append(node._replace(primitive=_EQUAL, args=(v, Constant(0)), results=(other,)))
        nodes.append(
            node._replace(primitive=PRIMITIVES[operator.or_], args=(is_zero, other), results=(either,))
        )
        is_zero = either
    nodes.append(node._replace(primitive=_WHERE, args=(is_zero, Constant(0), product), results=(result,)))
    return nodes


def constants(node: Node, definitions: Definitions) -> Atom | None:
    """Compute what is done with numbers alone."""
    if node.several or node.params or not all(type(arg) is Constant for arg in node.args):
        return None
    (result,) = node.results
    if result.shape or not isinstance(node.primitive.rule, Elementwise) or _number(node.args[0]) is None:
        return None
    value = node.primitive.raw(*(arg.value for arg in node.args))  # type: ignore[union-attr]
    return Constant(value) if np.isfinite(value) else None


def neutral(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out factors of one and terms of zero; write a factor of minus one as a sign."""
    if node.several or node.params or len(node.args) != 2:
        return None
    x, y = node.args
    a, b = _number(x), _number(y)
    if _is(node, _MUL):
        for number, other in ((a, y), (b, x)):
            if number is not None and _fits(other, node):
                if number == 1:
                    return other
                if number == -1:
                    return node._replace(primitive=_NEG, args=(other,))
    if _is(node, _DIV, _POW) and b is not None and b == 1 and _fits(x, node):
        return x
    if _is(node, _ADD):
        for number, other in ((a, y), (b, x)):
            if number is not None and number == 0 and _fits(other, node):
                return other
    if _is(node, _SUB) and b is not None and b == 0 and _fits(x, node):
        return x
    if _is(node, _SUB) and a is not None and a == 0 and _fits(y, node):
        return node._replace(primitive=_NEG, args=(y,))
    return None


def signs(node: Node, definitions: Definitions) -> Atom | Node | list[Node] | None:
    """Bring signs to the outside, and let two of them cancel."""
    if node.several or node.params:
        return None
    inner = [_negated(arg, definitions) for arg in node.args]
    if _is(node, _NEG) and inner[0] is not None:
        return inner[0]
    if _is(node, _NEG):
        made = _definition(node.args[0], definitions)
        if made is not None and _is(made, _SUB) and _fits(made.results[0], node):
            return node._replace(primitive=_SUB, args=(made.args[1], made.args[0]))
    if _is(node, _ADD):
        x, y = node.args
        if inner[1] is not None:
            return node._replace(primitive=_SUB, args=(x, inner[1]))
        if inner[0] is not None:
            return node._replace(primitive=_SUB, args=(y, inner[0]))
    if _is(node, _SUB) and inner[1] is not None:
        return node._replace(primitive=_ADD, args=(node.args[0], inner[1]))
    if _is(node, _MUL, _DIV) and any(part is not None for part in inner):
        bare = tuple(arg if part is None else part for arg, part in zip(node.args, inner, strict=True))
        if all(part is not None for part in inner):
            return node._replace(args=bare)
        (result,) = node.results
        unsigned = Variable(result.shape, result.dtype, None, result.kept)
        return [
            node._replace(args=bare, results=(unsigned,)),
            node._replace(primitive=_NEG, args=(unsigned,)),
        ]
    return None


def broadcasts(node: Node, definitions: Definitions) -> Node | None:
    """Leave broadcasting to the operation that follows, if that does it by itself."""
    if node.several or node.params or not _broadcasts(node.primitive):
        return None
    (result,) = node.results
    for i, arg in enumerate(node.args):
        made = _definition(arg, definitions)
        if made is None or made.primitive.name != "broadcast_to":
            continue
        args = tuple(made.args[0] if j == i else other for j, other in enumerate(node.args))
        specs = [_spec(arg) for arg in args]
        same = all(dtype == result.dtype for _, dtype in specs)
        if same and np.broadcast_shapes(*(shape for shape, _ in specs)) == result.shape:
            return node._replace(args=args)
    return None


def _broadcasts(primitive: Primitive) -> bool:
    return isinstance(primitive.rule, Elementwise)


def shapes(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out what does not change a shape, and join two changes into one."""
    if node.several or len(node.args) != 1 or node.primitive.name not in _SHAPING:
        return None
    (x,), name, params = node.args, node.primitive.name, node.params
    made = _definition(x, definitions)
    if name == "reshape" and params.get("order") == "C":
        if _fits(x, node):
            return x
        if made is not None and made.primitive is node.primitive and made.params.get("order") == "C":
            return node._replace(args=made.args)
    if name in ("broadcast_to", "astype") and _fits(x, node):
        return x
    if name == "transpose":
        return _transposed(node, made)
    if name == "sum" and params.get("axis") == () and _fits(x, node):
        return x
    return None


def _transposed(node: Node, made: Node | None) -> Atom | Node | None:
    axes = node.params["axes"]
    order = tuple(axes) if axes is not None else tuple(range(len(node.results[0].shape)))[::-1]
    if order == tuple(range(len(order))):
        return node.args[0]
    if made is not None and made.primitive is node.primitive:
        before = made.params["axes"]
        before = tuple(before) if before is not None else order[::-1]
        if axes is None or made.params["axes"] is None:
            before = before if made.params["axes"] is not None else tuple(range(len(order)))[::-1]
        joined = tuple(before[i] for i in order)
        return node._replace(args=made.args, params={"axes": joined})
    return None


def doubled(node: Node, definitions: Definitions) -> Node | None:
    """Write a factor once: ``2 * (3 * x)`` is ``6 * x``."""
    if not _is(node, _MUL):
        return None
    for number, other in (node.args, node.args[::-1]):
        made = _definition(other, definitions)
        factor = _number(number)
        if factor is None or made is None or not _is(made, _MUL) or np.ndim(number.value):  # type: ignore[union-attr]
            continue
        for inner, rest in (made.args, made.args[::-1]):
            known = _number(inner)
            if known is not None and not np.ndim(inner.value) and _fits(rest, node):  # type: ignore[union-attr]
                product = Constant(factor * known)
                return node._replace(args=(product, rest)) if _is_exact(factor, known) else None
    return None


def _is_exact(a: Any, b: Any) -> bool:
    """Return whether a product loses nothing: of small whole numbers, or with a power of two."""
    if any(isinstance(factor, complex | np.complexfloating) or not np.isfinite(factor) for factor in (a, b)):
        return False
    if any(abs(math.frexp(factor)[0]) == 0.5 and 1e-30 < abs(factor) < 1e30 for factor in (a, b)):
        return True
    return all(abs(factor) <= 2**20 and factor == int(factor) for factor in (a, b))


#: The rules in the order in which they are asked.
RULES = (plain_products, constants, neutral, signs, broadcasts, shapes, doubled)
