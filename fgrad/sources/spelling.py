"""How each primitive is written as NumPy code.

NumPy's own functions are written as they are called, without the arguments that have their defaults.  For
what fgrad has of its own (the slopes of functions, how a maximum moves) the table has the formula.  What is
in no table, a user's primitive for one, is called by its name.

>>> import numpy as np
>>> from fgrad.core.registry import PRIMITIVES
>>> spell(PRIMITIVES[np.sum], [Expression("x + 1", 13)], {"axis": 0, "keepdims": False}).text
'np.sum(x + 1, axis=0)'
"""

from __future__ import annotations

import inspect
import operator
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.sources.expressions import (
    ATOM,
    PRODUCT,
    Expression,
    call,
    hugged,
    infix,
    is_product,
    parsed,
    prefix,
)
from fgrad.sources.literals import index_text, literal
from fgrad.sources.words import BEHIND, FORMULAS, INFIX, PREFIX

_ALONE = re.compile(r"\(\{(\d)\}\)")  # an argument of a formula that is in parentheses already


def spell(primitive: Primitive, args: list[Expression], params: dict[str, Any]) -> Expression:
    """Return the code of an operation; where there is none, a call of :func:`helper_name`."""
    known = _known(primitive, args, params)
    return known if known is not None else call(helper_name(primitive), _arguments(args, params))


def is_spelled(primitive: Primitive, count: int, params: dict[str, Any]) -> bool:
    """Return whether an operation of so many arguments is written with NumPy alone."""
    return _known(primitive, [Expression("x")] * count, params) is not None


def helper_name(primitive: Primitive) -> str:
    """Return the name under which code calls a primitive that NumPy has no word for."""
    words = "".join(c if c.isidentifier() or c.isdigit() else " " for c in primitive.name).split()
    words = words[1:] if words[:1] == ["the"] else words
    name = "_".join(words)
    return name if name.isidentifier() else f"operation_{name}"


def _arguments(args: list[Expression], params: dict[str, Any]) -> list[str]:
    named = [f"{name}={literal(value)}" for name, value in params.items() if name not in _CONTAINERS]
    return [arg.text for arg in args] + named


_CONTAINERS = frozenset({"call", "fgrad_handover"})


def _known(primitive: Primitive, args: list[Expression], params: dict[str, Any]) -> Expression | None:
    raw = primitive.raw
    name = str(getattr(raw, "__name__", ""))
    if not params:
        if len(args) == 2 and name in INFIX and _is_own(raw):
            return _operation(INFIX[name], *args)
        if len(args) == 1 and name in PREFIX and _is_own(raw):
            return prefix(PREFIX[name], *args)
        if name in FORMULAS and _is_own(raw):
            alone = {f"alone{i}": arg.text for i, arg in enumerate(args)}
            formula = _ALONE.sub(r"({alone\1})", FORMULAS[name])
            return parsed(hugged(formula.format(*(arg.within(ATOM) for arg in args), **alone)))
    if raw is operator.abs:
        return call("np.abs", [args[0].text])
    if _is_own(raw) and name in _SPELLINGS:
        return _SPELLINGS[name](args, **params)
    if primitive.name in _SPELLINGS:
        return _SPELLINGS[primitive.name](args, **params)
    path = public_name(raw)
    renamed: dict[str, str] = {}
    if path is None and _is_own(raw) and name in BEHIND:
        path, renamed = BEHIND[name]
    if path is None:
        return None
    return _numpys(path, args, {renamed.get(key, key): value for key, value in params.items()})


def _numpys(path: str, args: list[Expression], params: dict[str, Any]) -> Expression | None:
    """Return a call of NumPy's function with the parameters that are not at their defaults."""
    named = []
    defaults = _defaults(path)
    for name, value in params.items():
        if name in defaults and type(value) is type(defaults[name]) and value == defaults[name]:
            continue
        if name not in defaults and value in (None, False):
            continue
        text = literal(value)
        if text is None:
            return None
        named.append(f"{name}={text}")
    return call(path, [*(arg.text for arg in args), *named])


@cache
def _defaults(path: str) -> dict[str, Any]:
    function: Any = np
    for part in path.split(".")[1:]:
        function = getattr(function, part)
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return {}
    unset = getattr(np, "_NoValue", None)
    found = {p.name: p.default for p in parameters if p.default is not p.empty}
    return {name: False if value is unset and name == "keepdims" else value for name, value in found.items()}


#: What most people write instead.
_SHORTER = {"absolute": "np.abs"}


@cache
def public_name(function: Any) -> str | None:
    """Return how a function of NumPy's is written, ``np.sum``; None for others.

    >>> public_name(np.linalg.inv)
    'np.linalg.inv'
    """
    name = getattr(function, "__name__", None)
    for path, namespace in (("np", np), ("np.linalg", np.linalg), ("np.fft", np.fft)):
        if name is not None and getattr(namespace, name, None) is function:
            return _SHORTER.get(name, f"{path}.{name}")
    return None


def raw_name(primitive: Primitive) -> str:
    """Return the name of the function of fgrad's that does an operation; an empty text for others."""
    raw = primitive.raw
    return str(raw.__name__) if str(getattr(raw, "__module__", "")).startswith("fgrad.") else ""


def _is_own(raw: Any) -> bool:
    """Return whether a function is fgrad's, an operator or NumPy's, and no user's of the same name."""
    module = getattr(raw, "__module__", None) or "numpy"
    return module.partition(".")[0] in ("fgrad", "_operator", "operator", "numpy")


def _operation(sign: str, left: Expression, right: Expression) -> Expression:
    """Return two expressions with a sign between them; a product with a reciprocal is a quotient."""
    if sign == "*":
        for x, y in ((left, right), (right, left)):
            if y.strength == PRODUCT and y.text.startswith("1 / ") and is_product(y.text):
                return Expression(f"{x.within(PRODUCT)} / {y.text.removeprefix('1 / ')}", PRODUCT)
    return infix(sign, left, right)


# those that take more than names of parameters

Spelling = Callable[..., Expression | None]


def _getitem(args: list[Expression], index: Any) -> Expression | None:
    text = index_text(index)
    return None if text is None else Expression(f"{args[0].within(ATOM)}[{text}]")


def _transpose(args: list[Expression], axes: Any) -> Expression:
    if axes is None or tuple(axes) == (1, 0):
        return Expression(f"{args[0].within(ATOM)}.T")
    return call("np.transpose", [args[0].text, str(literal(tuple(axes)))])


def _reshape(args: list[Expression], shape: Any, order: str) -> Expression:
    orders = [] if order == "C" else [f"order={literal(order)}"]
    return call("np.reshape", [args[0].text, str(literal(shape)), *orders])


def _broadcast_to(args: list[Expression], shape: Any) -> Expression:
    return call("np.broadcast_to", [args[0].text, str(literal(tuple(shape)))])


def _take_at(args: list[Expression], template: Any) -> Expression | None:
    text = index_text(template, iter([arg.text for arg in args[1:]]))
    return None if text is None else Expression(f"{args[0].within(ATOM)}[{text}]")


def _sequence(function: str) -> Spelling:
    def spelled(args: list[Expression], axis: int = 0) -> Expression:
        parts = [arg.text for arg in args]
        inner = f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
        return call(function, [inner] + ([f"axis={axis}"] if axis else []))

    return spelled


def _einsum(args: list[Expression], subscripts: str, optimize: Any = False) -> Expression:
    return call("np.einsum", [str(literal(subscripts)), *(arg.text for arg in args)])


def _astype(args: list[Expression], dtype: Any) -> Expression:
    return call("np.asarray", [args[0].text, f"dtype={literal(np.dtype(dtype))}"])


def _power_norm(args: list[Expression], axis: Any, keepdims: bool, power: float) -> Expression | None:
    total = _numpys(
        "np.sum",
        [Expression(f"np.abs({args[0].text}) ** {power!r}", 16)],
        {"axis": axis, "keepdims": keepdims},
    )
    return None if total is None else infix("**", total, Expression(f"(1 / {power!r})"))


def _ties() -> tuple[Spelling, Spelling]:
    """Return the spellings of how an extreme value moves, and of its pullback: equal elements share."""

    def shares(x: Expression, ans: Expression, axis: Any, keepdims: bool) -> str:
        along = "" if axis is None else f", axis={literal(axis)}, keepdims=True"
        ties = f"{x.within(9)} == {whole(ans, axis, keepdims).within(9)}"
        return f"({ties}) / np.sum({ties}{along})"

    def whole(part: Expression, axis: Any, keepdims: bool) -> Expression:
        is_whole = keepdims or axis is None
        return part if is_whole else call("np.expand_dims", [part.text, f"axis={literal(axis)}"])

    def moved(args: list[Expression], axis: Any, keepdims: bool) -> Expression | None:
        t, ans, x = args
        product = Expression(f"{t.within(PRODUCT)} * {shares(x, ans, axis, keepdims)}", PRODUCT)
        return _numpys("np.sum", [product], {"axis": axis, "keepdims": keepdims})

    def pulled(args: list[Expression], axis: Any, keepdims: bool) -> Expression:
        g, ans, x = args
        share = shares(x, ans, axis, keepdims)
        if g.text in ("1.0", "1"):
            return Expression(share, PRODUCT)
        return Expression(f"{whole(g, axis, keepdims).within(PRODUCT)} * {share}", PRODUCT)

    return moved, pulled


_SPELLINGS: dict[str, Spelling] = {
    "_getitem": _getitem,
    "_reshape": _reshape,
    "transpose": _transpose,
    "broadcast_to": _broadcast_to,
    "_take_at": _take_at,
    "_concatenate": _sequence("np.concatenate"),
    "_stack": _sequence("np.stack"),
    "_einsum": _einsum,
    "_astype": _astype,
    "_power_norm": _power_norm,
    "_svdvals": lambda args: call("np.linalg.svd", [args[0].text, "compute_uv=False"]),
    "_eigvalsh": lambda args, triangle: call(
        "np.linalg.eigvalsh", [args[0].text, f"UPLO={literal(triangle)}"]
    ),
    "astype to integers": _astype,
}
for _extreme in ("max", "min"):
    _SPELLINGS[f"the derivative of {_extreme}"], _SPELLINGS[f"the pullback of {_extreme}"] = _ties()


def index_of(primitive: Primitive, params: dict[str, Any]) -> Any:
    """Return the index by which an operation reads from an array; None of other operations."""
    name = raw_name(primitive)
    return params["index"] if name == "_getitem" else params["template"] if name == "_take_at" else None


def repeats_arguments(primitive: Primitive) -> bool:
    """Return whether the code of an operation has an argument several times."""
    formula = FORMULAS.get(str(getattr(primitive.raw, "__name__", "")), "") if _is_own(primitive.raw) else ""
    names = ("the derivative of ", "the pullback of ")
    return formula.count("{0}") > 1 or formula.count("{1}") > 1 or primitive.name.startswith(names)
