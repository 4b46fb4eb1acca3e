"""Texts of expressions that know how strongly they bind, so that parentheses stand only where they must.

>>> x, y = Expression("x"), Expression("y")
>>> infix("*", infix("+", x, y), y).text
'(x + y) * y'
>>> infix("-", x, infix("-", x, y)).text
'x - (x - y)'
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

#: How strongly Python's operators bind; see "Operator precedence" in its reference.
ATOM = 20
POWER, UNARY, PRODUCT = 16, 15, 14
_STRENGTHS = {
    **dict.fromkeys(("@", "*", "/", "//", "%"), PRODUCT),
    "+": 13,
    "-": 13,
    "<<": 12,
    ">>": 12,
    "&": 11,
    "^": 10,
    "|": 9,
    **dict.fromkeys(("<", "<=", "==", "!=", ">", ">="), 8),
}
#: Those that give the same in any order; a sum of floats does not.
_ASSOCIATIVE = frozenset({"&", "^", "|"})


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
    if tree.col_offset and tree.end_col_offset == len(text) - 1:  # all of it is in parentheses
        return Expression(text)
    if isinstance(tree, ast.UnaryOp):
        return Expression(text, UNARY)
    if isinstance(tree, ast.BinOp):
        return Expression(text, _NODES.get(type(tree.op), 1))
    return Expression(text, ATOM if isinstance(tree, _ATOMS) else 1)


_NODES: dict[type, int] = {
    ast.Pow: POWER,
    **dict.fromkeys((ast.Mult, ast.MatMult, ast.Div, ast.FloorDiv, ast.Mod), PRODUCT),
    **dict.fromkeys((ast.Add, ast.Sub), 13),
}
_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.Tuple, ast.List)


def infix(operator: str, left: Expression, right: Expression) -> Expression:
    """Return two expressions with an operator of Python's between them."""
    if operator == "**":
        return Expression(hugged(f"{left.within(POWER + 1)} ** {right.within(POWER)}"), POWER)
    strength = _STRENGTHS[operator]
    comparison = strength == 8
    on_left = left.within(strength + comparison)
    on_right = right.within(strength + (operator not in _ASSOCIATIVE))
    return Expression(f"{on_left} {operator} {on_right}", strength)


_SIMPLE_POWER = re.compile(r"(?<![\w.\])])([\w.]+) \*\* (-?[\w.]+)(?![\w.(\[])")


def hugged(text: str) -> str:
    """Return a text in which powers of names and numbers stand without spaces, as formatters write them.

    >>> hugged("x ** 2 / np.cosh(x) ** 2")
    'x**2 / np.cosh(x) ** 2'
    """
    return _SIMPLE_POWER.sub(r"\1**\2", text)


def is_product(text: str) -> bool:
    """Return whether a text is a chain of products and quotients, ``a / b * c``.

    >>> is_product("a / b * c"), is_product("a @ b * c"), is_product("a")
    (True, False, False)
    """
    first = ast.parse(text, mode="eval").body
    found = False
    while isinstance(first, ast.BinOp) and not isinstance(first.op, ast.Pow):
        if not isinstance(first.op, ast.Mult | ast.Div):
            return False
        first, found = first.left, True
    return found


def prefix(operator: str, operand: Expression) -> Expression:
    """Return an expression with a sign in front."""
    return Expression(f"{operator}{operand.within(UNARY)}", UNARY)


def call(function: str, args: Iterable[str]) -> Expression:
    """Return the call of a function."""
    return Expression(f"{function}({', '.join(args)})")
