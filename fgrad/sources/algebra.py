"""Rules of simplification: what school mathematics says can be written with less.

The values stay the same to rounding, and so do shapes and dtypes.  Three things are given up:

- the sign of a zero: ``x + 0`` becomes ``x``, also for -0.0, and ``-(x - y)`` becomes ``y - x``;
- where within a product an overflow or underflow happens: ``(2 * x) * y`` becomes ``2 * (x * y)``;
- guards that no value of the run needs; see :mod:`fgrad.sources.guards`.

What an infinity or a NaN can make a difference to stays as it is: ``x * 0``, ``x - x`` and ``x / x`` are not
touched.  Constants with a name of the user's are no numbers here: ``rate * x`` says more than ``0.1 * x``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.errors import FgradError
from fgrad.ir.graph import Atom, Constant, Node, Variable
from fgrad.kinds.elementwise import Elementwise
from fgrad.numpy.moving.shapes import BROADCAST_TO
from fgrad.sources.guards import guards
from fgrad.sources.literals import literal
from fgrad.sources.matching import (
    ADD,
    DIV,
    MATMUL,
    MUL,
    NEG,
    POW,
    SUB,
    Definitions,
    dtype_of,
    fits,
    is_literal_value,
    is_number,
    is_of,
    like,
    number_of,
    shape_of,
)
from fgrad.sources.products import identities, scaled_einsum
from fgrad.sources.shapes import broadcasts, leading_ones, lifted, shapes, uniform, whole

#: Through these signs and numbers go to the outside.
_LINEAR = frozenset({"reshape", "transpose", "sum", "mean", "getitem"})
_FOLDED = 60  # characters; a constant that is longer is written as it is computed
_FRACTION = 8  # and so is a fraction: 1 / 442 says more than its digits
_COMPUTED = 10**5  # elements


def constants(node: Node, definitions: Definitions) -> Atom | None:
    """Compute what is done with numbers alone, and with arrays that are short to write."""
    is_linear = node.primitive.name in _LINEAR or node.primitive is BROADCAST_TO
    known = is_linear or isinstance(node.primitive.declared_rule(), Elementwise)
    if node.several or not known or not node.args or not all(map(is_literal_value, node.args)):
        return None
    (result,) = node.results
    if result.dtype.kind not in "fc" or math.prod(result.shape) > _COMPUTED:
        return None
    with np.errstate(all="ignore"):
        try:
            value = node.primitive.raw(*(arg.value for arg in node.args), **node.params)  # type: ignore[union-attr]
        except (ArithmeticError, FgradError):  # Python's own division by zero, say
            return None
    text = literal(value)
    is_short = text is not None and len(text) <= (_FOLDED if not is_of(node, DIV) else _FRACTION)
    return Constant(value) if is_short and bool(np.all(np.isfinite(value))) else None


def neutral(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out factors of one and terms of zero; write a factor of minus one as a sign."""
    if node.several or node.params or len(node.args) != 2:
        return None
    x, y = node.args
    a, b = number_of(x), number_of(y)
    (result,) = node.results
    if is_of(node, MUL):
        for number, other in ((a, y), (b, x)):
            if number is not None and fits(other, node):
                if number == 1:
                    return other
                if number == -1:
                    return node._replace(primitive=NEG, args=(other,))
            is_wider = shape_of(other) != result.shape and dtype_of(other) == result.dtype
            if number is not None and number == 1 and is_wider:
                params = {"shape": result.shape}
                return node._replace(primitive=BROADCAST_TO, args=(other,), params=params)
    if is_of(node, DIV, POW) and b is not None and b == 1 and fits(x, node):
        return x
    if is_of(node, ADD):
        for number, other in ((a, y), (b, x)):
            if number is not None and number == 0 and fits(other, node):
                return other
    if is_of(node, SUB) and b is not None and b == 0 and fits(x, node):
        return x
    if is_of(node, SUB) and a is not None and a == 0 and fits(y, node):
        return node._replace(primitive=NEG, args=(y,))
    return None


def _negated(atom: Atom, definitions: Definitions) -> Atom | None:
    """Return what an atom is the negative of, None if it is not one."""
    made = definitions.of(atom)
    return made.args[0] if made is not None and is_of(made, NEG) else None


def signs(node: Node, definitions: Definitions) -> Atom | Node | list[Node] | None:
    """Bring signs to the outside, and let two of them cancel."""
    if node.several:
        return None
    inner = [_negated(arg, definitions) for arg in node.args]
    if is_of(node, NEG):
        return _negative(node, inner[0], definitions)
    if is_of(node, ADD):
        x, y = node.args
        if inner[1] is not None:
            return node._replace(primitive=SUB, args=(x, inner[1]))
        if inner[0] is not None:
            return node._replace(primitive=SUB, args=(y, inner[0]))
    if is_of(node, SUB) and inner[1] is not None:
        return node._replace(primitive=ADD, args=(node.args[0], inner[1]))
    is_linear = node.primitive.name in _LINEAR and len(node.args) == 1
    if not (is_linear or is_of(node, MUL, DIV, MATMUL)) or all(part is None for part in inner):
        return None
    bare = tuple(arg if part is None else part for arg, part in zip(node.args, inner, strict=True))
    if sum(part is not None for part in inner) == 2:
        return node._replace(args=bare)
    (result,) = node.results
    unsigned = like(result)
    return [
        node._replace(args=bare, results=(unsigned,)),
        node._replace(primitive=NEG, args=(unsigned,), params={}),
    ]


def _negative(node: Node, inner: Atom | None, definitions: Definitions) -> Atom | Node | None:
    """Return a negative without its sign: of a negative, of a multiple."""
    if inner is not None:
        return inner if fits(inner, node) else None
    factor, rest = _multiple(definitions.passing(node.args[0]))
    if rest is None or dtype_of(rest) != node.results[0].dtype:
        return None
    return node._replace(primitive=MUL, args=(Constant(-factor), rest))


def differences(node: Node, definitions: Definitions) -> Node | None:
    """Write ``-(x - y)`` as ``y - x``; it is asked when all signs are outside, where they can cancel."""
    made = definitions.of(node.args[0]) if is_of(node, NEG) else None
    return (
        node._replace(primitive=SUB, args=made.args[::-1]) if made is not None and is_of(made, SUB) else None
    )


def _multiple(node: Node | None) -> tuple[Any, Any]:
    """Return the number and the other factor of a product of floats with a number in front."""
    if node is None or not is_of(node, MUL) or not is_number(node.args[0]) or is_number(node.args[1]):
        return None, None
    (result,) = node.results
    return (number_of(node.args[0]), node.args[1]) if result.dtype.kind in "fc" else (None, None)


def multiples(node: Node, definitions: Definitions) -> Node | list[Node] | None:
    """Bring numbers to the front of products, and their signs into sums; write ``x + x`` as ``2 * x``."""
    if node.several or node.results[0].dtype.kind not in "fc":
        return None
    if node.primitive.name in _LINEAR and len(node.args) == 1:
        return _outside(node, definitions)
    if not is_of(node, ADD, SUB, MUL):
        return None
    x, y = node.args
    if is_of(node, MUL):
        if is_number(y) and not is_number(x):
            return node._replace(args=(y, x))
        return _number_first(node, definitions)
    if is_of(node, ADD) and x is y and fits(x, node):
        return node._replace(primitive=MUL, args=(Constant(2), x))
    for term, other in ((y, x), (x, y)) if is_of(node, ADD) else ((y, x),):
        factor, rest = _multiple(definitions.passing(term))
        if rest is not None and not np.iscomplexobj(factor) and factor < 0:
            assert type(term) is Variable
            positive = like(term)
            sign = SUB if is_of(node, ADD) else ADD
            return [
                node._replace(primitive=MUL, args=(Constant(-factor), rest), results=(positive,)),
                node._replace(primitive=sign, args=(other, positive)),
            ]
    return None


def _outside(node: Node, definitions: Definitions) -> list[Node] | None:
    """Write ``np.sum(2 * x)`` as ``2 * np.sum(x)``."""
    factor, rest = _multiple(definitions.passing(node.args[0]))
    (result,) = node.results
    if rest is None or dtype_of(rest) != result.dtype or shape_of(rest) != shape_of(node.args[0]):
        return None
    part = like(result)
    return [
        node._replace(args=(rest,), results=(part,)),
        node._replace(primitive=MUL, args=(Constant(factor), part), params={}),
    ]


def _number_first(node: Node, definitions: Definitions) -> list[Node] | None:
    """Write ``(2 * x) * y`` as ``2 * (x * y)``, where all are of one dtype."""
    (result,) = node.results
    for arg, other in (node.args, node.args[::-1]):
        factor, rest = _multiple(definitions.passing(arg))
        if rest is None or is_number(other) or _multiple(definitions.of(rest))[1] is not None:
            continue  # of several numbers in front, that cannot be joined, none goes further
        if dtype_of(rest) != result.dtype or dtype_of(other) != result.dtype:
            continue
        args = (rest, other) if arg is node.args[0] else (other, rest)
        product = like(result)
        return [
            node._replace(args=args, results=(product,)),
            node._replace(args=(Constant(factor), product)),
        ]
    return None


def doubled(node: Node, definitions: Definitions) -> Node | None:
    """Write a factor once: ``2 * (3 * x)`` is ``6 * x``."""
    if not is_of(node, MUL) or node.results[0].dtype.kind not in "fc":
        return None
    (result,) = node.results
    for number, other in (node.args, node.args[::-1]):
        made = definitions.of(other)
        if not is_number(number) or made is None or not is_of(made, MUL):
            continue
        for inner, rest in (made.args, made.args[::-1]):
            same = shape_of(rest) == result.shape and dtype_of(rest) == dtype_of(other) == result.dtype
            if is_number(inner) and same:
                product = _product(number_of(number), number_of(inner), dtype_of(rest))
                return None if product is None else node._replace(args=(Constant(product), rest))
    return None


def _product(a: Any, b: Any, dtype: Any) -> Any:
    """Return the product of two factors if it loses nothing: of small integers, or with a power of two."""
    if np.iscomplexobj(a) or np.iscomplexobj(b) or not np.isfinite(a) or not np.isfinite(b):
        return None
    is_scale = any(
        abs(math.frexp(factor)[0]) == 0.5 and 1e-30 < abs(factor) < 1e30 for factor in map(float, (a, b))
    )
    if not is_scale and not all(abs(factor) <= 2**20 and factor == int(factor) for factor in (a, b)):
        return None
    with np.errstate(all="ignore"):
        product = a * b
        limits = np.finfo(dtype)
        return product if limits.tiny <= abs(product) <= limits.max else None


def divided(node: Node, definitions: Definitions) -> Node | list[Node] | None:
    """Write ``1 / 442 * x`` as ``x / 442``, and ``2 * (x / 442)`` as ``2 * x / 442``."""
    if not is_of(node, MUL):
        return None
    for part, other in (node.args, node.args[::-1]):
        made = definitions.of(part)
        if made is None or not is_of(made, DIV) or not is_number(made.args[1]):
            continue
        top, bottom = made.args
        if is_number(top) and number_of(top) == 1 and fits(other, node):
            return node._replace(primitive=DIV, args=(other, bottom))
        if is_number(other) and not is_number(top) and fits(top, node):
            product = like(node.results[0])
            return [
                node._replace(args=(other, top), results=(product,)),
                node._replace(primitive=DIV, args=(product, bottom)),
            ]
    return None


#: The rules in the order in which they are asked.
RULES = (
    guards,
    whole,
    constants,
    neutral,
    signs,
    uniform,
    leading_ones,
    broadcasts,
    lifted,
    shapes,
    identities,
    scaled_einsum,
    doubled,
    multiples,
)
#: Those and what is left to the end.
LAST_RULES = (*RULES, divided, differences)
