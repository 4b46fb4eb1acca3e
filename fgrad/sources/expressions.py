"""Texts of expressions that know how strongly they bind, so that parentheses stand only where they must.

>>> x, y = Expression("x"), Expression("y")
>>> infix("*", infix("+", x, y), y).text
'(x + y) * y'
>>> infix("-", x, infix("-", x, y)).text
'x - (x - y)'
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

#: How strongly Python's operators bind; see "Operator precedence" in its reference.
ATOM = 20
POWER, UNARY = 16, 15
_STRENGTHS = {
    "@": 14,
    "*": 14,
    "/": 14,
    "//": 14,
    "%": 14,
    "+": 13,
    "-": 13,
    "<<": 12,
    ">>": 12,
    "&": 11,
    "^": 10,
    "|": 9,
    **dict.fromkeys(("<", "<=", "==", "!=", ">", ">="), 8),
}
_ASSOCIATIVE = frozenset({"+", "&", "^", "|"})


class Expression(NamedTuple):
    """A text, and the strength of its weakest operator."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """Return the text, in parentheses if it binds less than that."""
        return self.text if self.strength >= strength else f"({self.text})"


def parsed(text: str) -> Expression:
    """Return an expression that is given as text, with the strength that its last operator has.

    >>> parsed("a * b - c").strength, parsed("-x").strength, parsed("x.T").strength
    (13, 15, 20)
    """
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, ast.UnaryOp):
        return Expression(text, UNARY)
    if isinstance(tree, ast.BinOp):
        return Expression(text, _NODES.get(type(tree.op), 1))
    return Expression(text, ATOM if isinstance(tree, _ATOMS) else 1)


_NODES: dict[type, int] = {
    ast.Pow: POWER,
    **dict.fromkeys((ast.Mult, ast.MatMult, ast.Div, ast.FloorDiv, ast.Mod), 14),
    **dict.fromkeys((ast.Add, ast.Sub), 13),
}
_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.Tuple, ast.List)


def infix(operator: str, left: Expression, right: Expression) -> Expression:
    """Return two expressions with an operator of Python's between them."""
    if operator == "**":
        return Expression(f"{left.within(POWER + 1)} ** {right.within(POWER)}", POWER)
    strength = _STRENGTHS[operator]
    comparison = strength == 8
    on_left = left.within(strength + comparison)
    on_right = right.within(strength + (operator not in _ASSOCIATIVE))
    return Expression(f"{on_left} {operator} {on_right}", strength)


def prefix(operator: str, operand: Expression) -> Expression:
    """Return an expression with a sign in front."""
    return Expression(f"{operator}{operand.within(UNARY)}", UNARY)


def call(function: str, args: Iterable[str]) -> Expression:
    """Return the call of a function."""
    return Expression(f"{function}({', '.join(args)})")
