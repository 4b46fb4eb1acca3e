"""A parser of the text form of graphs, by its grammar, and an evaluator: they know nothing of fgrad."""

import ast
import operator
from typing import NamedTuple

import numpy as np

CLOSING = {"(": ")", "[": "]", "{": "}"}


class Typed(NamedTuple):
    name: str
    dtype: np.dtype
    shape: tuple


class Equation(NamedTuple):
    results: list
    operation: str
    args: list
    params: dict
    line: str


class Program(NamedTuple):
    title: str
    inputs: list
    equations: list
    outputs: list


def pieces(text, separator):
    """Return the parts of a text between separators that are in no bracket and no quote."""
    found, start, open_, quote, i = [], 0, [], "", 0
    while i < len(text):
        c = text[i]
        if quote:
            i += c == "\\"
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in CLOSING:
            open_.append(CLOSING[c])
        elif open_ and c == open_[-1]:
            open_.pop()
        elif c in ")]}":
            raise SyntaxError(f"a bracket is closed that is not open: {text}")
        elif not open_ and text.startswith(separator, i):
            found.append(text[start:i])
            start = i + len(separator)
        i += 1
    if open_ or quote:
        raise SyntaxError(f"a bracket or a quote is open: {text}")
    return [*found, text[start:]] if text else []


def parse(text):
    """Return the program that a text is; raise SyntaxError if it is none."""
    head, *equations, last = text.split("\n")
    title, inputs = _call(head.removesuffix(":"))
    if not head.endswith(":") or not last.startswith("    return"):
        raise SyntaxError(f"no graph begins and ends so: {head!r}, {last!r}")
    outputs = pieces(last.removeprefix("    return").removeprefix(" "), ", ")
    return Program(title, [_typed(part) for part in inputs], [_equation(line) for line in equations], outputs)


def _equation(line):
    if not line.startswith("    ") or line.startswith("     "):
        raise SyntaxError(f"an equation is indented by four: {line!r}")
    equation, *comment = pieces(line.strip().partition("  # ")[0], "  # "), line.partition("  # ")[2]
    results, call = pieces(equation[0], " = ")
    operation, parts = _call(call)
    args, params = [], {}
    for part in parts:
        name, equals, value = part.partition("=")
        if equals and name.isidentifier():
            params[name] = value
        elif params:
            raise SyntaxError(f"an argument behind a parameter: {line!r}")
        else:
            args.append(part)
    return Equation([_typed(part) for part in pieces(results, ", ")], operation, args, params, comment[0])


def _call(text):
    title, bracket, rest = text.partition("(")
    if not bracket or not rest.endswith(")") or not title:
        raise SyntaxError(f"no call: {text!r}")
    return title, pieces(rest[:-1], ", ")


def _typed(text):
    name, colon, kind = text.partition(": ")
    dtype, bracket, lengths = kind.partition("[")
    if not colon or not bracket or not lengths.endswith("]") or not name.isidentifier():
        raise SyntaxError(f"no name with a type: {text!r}")
    return Typed(name, np.dtype(dtype), tuple(int(n) for n in lengths[:-1].split(",") if n))


def check(program, constants):
    """Raise unless every name is assigned once, and before it is used; constants have their names already."""
    known = {*constants}
    for typed in program.inputs:
        assert typed.name not in known
        known.add(typed.name)
    for equation in program.equations:
        for arg in equation.args:
            assert arg in known or is_literal(arg), f"{arg} is used before it has a value"
        for typed in equation.results:
            assert typed.name not in known, f"{typed.name} is assigned twice"
            known.add(typed.name)
    for output in program.outputs:
        assert output in known or is_literal(output), f"{output} is returned without a value"


def is_literal(text):
    """Return whether a text is a number, a text, or a type in angle brackets."""
    return text in ("nan", "inf", "-inf") or text.startswith("<") or _number(text) is not None


def _number(text):
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        try:
            return complex(text)  # (nan+infj)
        except ValueError:
            return None
    return "None" if value is None else value


OPERATIONS = {
    **{name: getattr(operator, name) for name in ("add", "mul", "sub", "truediv", "pow", "neg", "matmul")},
    **{name: getattr(np, name) for name in ("sin", "cos", "exp", "sum", "negative", "transpose")},
}


def evaluate(program, values, constants):
    """Return the outputs of a program of operations that have no parameters."""
    at = {**constants, **{typed.name: value for typed, value in zip(program.inputs, values, strict=True)}}

    def value_of(text):
        return at[text] if text in at else ast.literal_eval(text)

    for equation in program.equations:
        assert not equation.params
        (typed,) = equation.results
        found = OPERATIONS[equation.operation](*map(value_of, equation.args))
        assert np.shape(found) == typed.shape
        assert np.asarray(found).dtype == typed.dtype
        at[typed.name] = found
    return [value_of(output) for output in program.outputs]
