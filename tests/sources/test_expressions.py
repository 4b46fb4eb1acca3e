"""Texts with as few parentheses as they need: Python's own parser is the oracle."""

from __future__ import annotations

import ast
import itertools

import numpy as np
import pytest

from fgrad.sources.expressions import ATOM, Expression, call, hugged, infix, is_product, parsed, prefix

OPERATORS = ["+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "<<", "<", "=="]


def tree(depth, rng):
    """Return a random expression, and what Python's parser would make of it if it is right."""
    if depth == 0 or rng.random() < 0.2:
        name = str(rng.choice(["x", "y", "z"]))
        return Expression(name), ast.Name(name, ast.Load())
    if rng.random() < 0.2:
        inner, node = tree(depth - 1, rng)
        return prefix("-", inner), ast.UnaryOp(ast.USub(), node)
    sign = str(rng.choice(OPERATORS[:11]))
    (left, a), (right, b) = tree(depth - 1, rng), tree(depth - 1, rng)
    operator = ast.parse(f"x {sign} y", mode="eval").body.op
    return infix(sign, left, right), ast.BinOp(a, operator, b)


@pytest.mark.parametrize("seed", range(50))
def test_a_text_is_parsed_as_it_was_built(seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        expression, expected = tree(4, rng)
        found = ast.parse(expression.text, mode="eval").body
        # chains of bits are the same in any order, and are written without parentheses
        assert shape_without_order(found) == shape_without_order(expected)


def shape_without_order(node):
    """Return a tree in which chains of an associative operator are one node."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor):
        parts = []
        for side in (node.left, node.right):
            same = isinstance(side, ast.BinOp) and type(side.op) is type(node.op)
            found = shape_without_order(side)
            parts += found[1:] if same else [found]
        return (type(node.op).__name__, *parts)
    if isinstance(node, ast.BinOp):
        kind = type(node.op).__name__
        return kind, shape_without_order(node.left), shape_without_order(node.right), "binary"
    if isinstance(node, ast.UnaryOp):
        return type(node.op).__name__, shape_without_order(node.operand), "unary"
    return ast.dump(node)


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(OPERATORS, OPERATORS)))
def test_no_parentheses_are_needless(outer, inner):
    x, y, z = Expression("x"), Expression("y"), Expression("z")
    for expression in (infix(outer, infix(inner, x, y), z), infix(outer, x, infix(inner, y, z))):
        if "(" not in expression.text:
            continue
        bare = expression.text.replace("(", "").replace(")", "")
        same = ast.dump(ast.parse(bare)) == ast.dump(ast.parse(expression.text))
        assert not same, f"{expression.text} could be {bare}"


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("x", ATOM),
        ("f(x) ", ATOM),
        ("x[1:, 0].T", ATOM),
        ("(1.0 + 2.0j)", ATOM),
        ("(x + y)", ATOM),
        ("(x) + (y)", 13),
        ("-x", 15),
        ("-x**2", 15),
        ("x**2", 16),
        ("x * y + z", 13),
        ("x + y * z", 13),
        ("x @ y", 14),
        ("x if y else z", 1),
        ("lambda: x", 1),
    ],
)
def test_a_text_is_as_strong_as_its_last_operator(text, strength):
    assert parsed(text.strip()).strength == strength


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x ** 2", "x**2"),
        ("x.T ** 2.5", "x.T**2.5"),
        ("x ** -1", "x**-1"),
        ("np.exp(x) ** 2", "np.exp(x) ** 2"),
        ("x ** np.exp(y)", "x ** np.exp(y)"),
        ("x[0] ** 2", "x[0] ** 2"),
        ("x ** y[0]", "x ** y[0]"),
        ("x ** (y + 1)", "x ** (y + 1)"),
        ("f(x).T ** 2", "f(x).T ** 2"),
        ("θ ** 2", "θ**2"),
    ],
)
def test_powers_of_names_and_numbers_stand_without_spaces(text, expected):
    assert hugged(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a * b / c", True),
        ("a**2 * b", True),
        ("-2 * a", True),
        ("a", False),
        ("a + b", False),
        ("a @ b * c", False),
        ("a // b * c", False),
        ("a % b", False),
    ],
)
def test_a_product_is_a_chain_of_products_and_quotients(text, expected):
    assert is_product(text) is expected


def test_a_call_is_an_atom():
    assert call("np.sum", ["x + y", "axis=0"]) == Expression("np.sum(x + y, axis=0)", ATOM)
    assert infix("*", call("f", []), Expression("x")).text == "f() * x"
