"""The user's statements as one line each."""

from __future__ import annotations

import ast
import linecache

import pytest

from fgrad.core.places import Place
from fgrad.sources.lines import Statements, text_of


def place_in(source, line, name):
    """Return a place in a file of that source."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return Place(compile("pass", name, "exec"), line, 0)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = f(x)", "y = f(x)"),
        ("y = f(x)  # a remark", "y = f(x)"),
        ("y = f(\n    x,\n    z,\n)", "y = f(x, z)"),
        ("y = (\n    x\n    + z\n)", "y = (x + z)"),
        ("y = x + \\\n    z", "y = x + z"),
        ("y = [\n    1,\n    2,\n]", "y = [1, 2]"),
        ("y = f(\n    x,  # first\n    z,\n)", "y = f(x, z)"),
        ("y = x**2", "y = x**2"),
        ("y = f(\n    'a # b',\n    x**2)", "y = f('a # b', x ** 2)"),
    ],
)
def test_a_statement_is_one_line_without_comments(source, expected):
    (statement,) = ast.parse(source).body
    assert text_of(statement, source.splitlines(keepends=True)) == expected
    assert ast.dump(ast.parse(expected)) == ast.dump(ast.parse(source))


def test_all_lines_of_a_statement_are_the_same_statement():
    source = "def f(x):\n    y = g(\n        x,\n    )\n    return y\n"
    statements = Statements()
    found = [statements.at(place_in(source, line, "<lines 1>")) for line in (2, 3, 4, 5)]
    assert found[0] == found[1] == found[2]
    assert [text for _, text in found[2:]] == ["y = g(x)", "return y"]


def test_headers_and_lines_with_several_statements_are_as_they_are():
    source = "def f(x):\n    if x > 0:\n        a = 1; b = 2\n    return x\n"
    statements = Statements()
    assert statements.at(place_in(source, 2, "<lines 2>"))[1] == "if x > 0:"
    assert statements.at(place_in(source, 3, "<lines 2>"))[1] == "a = 1; b = 2"


@pytest.mark.parametrize("line", ["if x > 0: return x", "while x > 1: x = x / 2", "for y in x: print(y)"])
def test_a_line_that_decides_and_acts_is_shown_as_it_is(line):
    source = f"def f(x):\n    {line}\n    return -x\n"
    statements = Statements()
    found = [statements.at(place_in(source, number, f"<lines {line}>"))[1] for number in (2, 3)]
    assert found == [line, "return -x"]


def test_what_cannot_be_parsed_is_shown_line_by_line():
    source = "%matplotlib inline\ny = f(\n    x)\n"
    assert Statements().at(place_in(source, 2, "<lines 3>"))[1] == "y = f("


def test_a_file_that_is_not_there_has_no_text():
    place = Place(compile("pass", "<no such file>", "exec"), 1, 0)
    assert Statements().at(place)[1] == ""
