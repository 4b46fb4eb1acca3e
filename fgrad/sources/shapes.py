"""Rules of simplification for shapes: what broadcasting does by itself, and two changes that are one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Atom, Constant, Node, Variable
from fgrad.kinds.elementwise import Elementwise
from fgrad.numpy.moving.shapes import BROADCAST_TO
from fgrad.sources.matching import (
    WHERE,
    Definitions,
    dtype_of,
    fits,
    is_literal_value,
    meets_as,
    number_of,
    shape_of,
)

_ONE_ARGUMENT = frozenset({"reshape", "broadcast_to", "transpose", "astype", "getitem"})
_REDUCTIONS = frozenset(
    {
        PRIMITIVES[f]
        for f in (np.sum, np.mean, np.prod, np.max, np.min, np.any, np.all, np.count_nonzero)
        if f in PRIMITIVES
    }
)


def _broadcasting(node: Node) -> bool:
    """Return whether an operation broadcasts its arguments by itself."""
    if node.several or node.params or len(node.results[0].shape) == 0:
        return False
    return isinstance(node.primitive.declared_rule(), Elementwise) or node.primitive is WHERE


def _with(node: Node, i: int, arg: Atom) -> Node | None:
    """Return an operation with another argument if broadcasting makes its result the same; else None."""
    args = (*node.args[:i], arg, *node.args[i + 1 :])
    (result,) = node.results
    same_shape = np.broadcast_shapes(*map(shape_of, args)) == result.shape
    # the dtype of a condition has no say in that of what is chosen
    first = node.primitive is WHERE
    if not same_shape or meets_as(args[first:]) != meets_as(node.args[first:]):
        return None
    return node._replace(args=args)


def broadcasts(node: Node, definitions: Definitions) -> Node | None:
    """Leave broadcasting to the operation that follows, if that does it by itself."""
    if not _broadcasting(node):
        return None
    for i, arg in enumerate(node.args):
        made = definitions.of(arg)
        if made is not None and made.primitive is BROADCAST_TO:
            found = _with(node, i, made.args[0])
            if found is not None:
                return found
    return None


def leading_ones(node: Node, definitions: Definitions) -> Node | list[Node] | None:
    """Leave axes of length one in front to the operation that follows: it adds them by itself."""
    if not _broadcasting(node):
        return None
    for i, arg in enumerate(node.args):
        made = definitions.of(arg)
        if made is not None and _is_kept_whole(made) and definitions.passing(arg) is made:
            number = Variable((), dtype_of(arg), None, arg.kept)  # type: ignore[union-attr]
            found = _with(node, i, number)
            if found is not None:
                return [made._replace(params={**made.params, "keepdims": False}, results=(number,)), found]
        if made is not None and made.primitive.name == "reshape" and made.params.get("order") == "C":
            before = shape_of(made.args[0])
            if _without_leading_ones(before) == _without_leading_ones(shape_of(arg)):
                found = _with(node, i, made.args[0])
                if found is not None:
                    return found
    return None


def _is_kept_whole(node: Node) -> bool:
    """Return whether a node reduces all axes, and keeps them."""
    is_reduction = node.primitive in _REDUCTIONS and bool(node.params.get("keepdims"))
    return is_reduction and node.params.get("axis", 0) is None


def _without_leading_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    first = next((i for i, length in enumerate(shape) if length != 1), len(shape))
    return shape[first:]


def uniform(node: Node, definitions: Definitions) -> Node | None:
    """Write a number instead of an array that holds nothing else."""
    if not _broadcasting(node):
        return None
    for i, arg in enumerate(node.args):
        number = number_of(arg) if shape_of(arg) else None
        if number is None or number.dtype.kind not in "fc" or (number == 0 and np.signbit(number.real)):
            continue
        plain = number.item() if number.dtype in (np.float64, np.complex128) else number
        for candidate in (plain, number):
            found = _with(node, i, Constant(candidate))
            if found is not None:
                return found
    return None


def lifted(node: Node, definitions: Definitions) -> list[Node] | None:
    """Compute first and broadcast then: ``np.broadcast_to(x, n) * 2`` is ``np.broadcast_to(x * 2, n)``."""
    if not _broadcasting(node) or node.primitive is WHERE:
        return None
    made = [definitions.of(arg) for arg in node.args]
    args = tuple(
        m.args[0] if m is not None and m.primitive is BROADCAST_TO else arg
        for m, arg in zip(made, node.args, strict=True)
    )
    if args == node.args or meets_as(args) != meets_as(node.args):
        return None
    (result,) = node.results
    shape = np.broadcast_shapes(*map(shape_of, args))
    if math.prod(shape) >= math.prod(result.shape):
        return None
    small = Variable(shape, result.dtype)
    return [
        node._replace(args=args, results=(small,)),
        node._replace(primitive=BROADCAST_TO, args=(small,), params={"shape": result.shape}),
    ]


def whole(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out what reads or writes all of an array: ``x[...]``, ``x[:]``."""
    name = node.primitive.name
    if name not in ("getitem", "setitem") or "index" not in node.params or not _is_all(node.params["index"]):
        return None
    if name == "getitem":
        return node.args[0] if fits(node.args[0], node) else None
    _, value = node.args
    (result,) = node.results
    number = number_of(value)
    if number is not None and not shape_of(value) and result.dtype.kind in "fc" and result.shape:
        return Constant(np.broadcast_to(result.dtype.type(number), result.shape))
    return value if fits(value, node) else None


def _is_all(index: Any) -> bool:
    parts = index if type(index) is tuple else (index,)
    return all(part is Ellipsis or (type(part) is slice and part == slice(None)) for part in parts)


def shapes(node: Node, definitions: Definitions) -> Atom | Node | None:
    """Leave out what does not change a shape, and join two changes into one."""
    if node.several or len(node.args) != 1:
        return None
    if node.primitive in _REDUCTIONS and "axis" in node.params:
        return _reduction(node)
    if node.primitive.name not in _ONE_ARGUMENT:
        return None
    (x,), name = node.args, node.primitive.name
    if name in ("reshape", "broadcast_to", "astype") and fits(x, node):
        return x
    made = definitions.of(x)
    if name == "reshape" and node.params.get("order") == "C":
        return _reshaped(node, made, definitions)
    if name == "broadcast_to":
        if made is not None and made.primitive is BROADCAST_TO:
            return node._replace(args=made.args)
        if is_literal_value(x) and not shape_of(x) and dtype_of(x).kind in "fc":
            shape = node.results[0].shape
            number = dtype_of(x).type(x.value)  # type: ignore[union-attr]
            return Constant(np.broadcast_to(number, shape))
    if name == "transpose":
        return _transposed(node, made)
    return None


def _reduction(node: Node) -> Atom | Node | None:
    """Write the axis of a reduction as one does: a number, nothing where it is all of them."""
    axis, ndim = node.params["axis"], len(shape_of(node.args[0]))
    if type(axis) is not tuple:
        return None
    if not axis:
        return node.args[0] if node.primitive.name == "sum" and fits(node.args[0], node) else None
    axes = sorted(k % ndim for k in axis)
    shorter = None if axes == list(range(ndim)) and ndim > 1 else axes[0] if len(axes) == 1 else axis
    return None if shorter == axis else node._replace(params={**node.params, "axis": shorter})


def _reshaped(node: Node, made: Node | None, definitions: Definitions) -> Atom | Node | None:
    if made is None:
        return None
    (result,) = node.results
    if made.primitive is node.primitive and made.params.get("order") == "C":
        return node._replace(args=made.args)
    if made.primitive is BROADCAST_TO and not shape_of(made.args[0]):
        return node._replace(primitive=BROADCAST_TO, args=made.args, params={"shape": result.shape})
    is_free = definitions.passing(node.args[0]) is made
    if made.primitive in _REDUCTIONS and made.params.get("keepdims") is False and is_free:
        axis, before = made.params["axis"], shape_of(made.args[0])
        axes = range(len(before)) if axis is None else axis if type(axis) is tuple else (axis,)
        reduced = {k % len(before) for k in axes}
        if result.shape == tuple(1 if k in reduced else n for k, n in enumerate(before)):
            return made._replace(params={**made.params, "keepdims": True}, results=node.results)
    return None


def _transposed(node: Node, made: Node | None) -> Atom | Node | None:
    order = _order(node)
    if order == tuple(range(len(order))):
        return node.args[0]
    if made is None:
        return None
    is_line = sum(n != 1 for n in node.results[0].shape) <= 1
    if is_line and made.primitive.name == "reshape" and made.params.get("order") == "C":
        return made._replace(params={**made.params, "shape": node.results[0].shape}, results=node.results)
    if made.primitive is node.primitive:
        before = _order(made)
        return node._replace(args=made.args, params={"axes": tuple(before[i] for i in order)})
    return None


def _order(node: Node) -> tuple[int, ...]:
    """Return which axis of its argument each axis of a transpose is."""
    axes, ndim = node.params["axes"], len(node.results[0].shape)
    return tuple(range(ndim))[::-1] if axes is None else tuple(k % ndim for k in axes)
