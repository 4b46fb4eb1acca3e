import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, primitive, vjp
from fgrad.core.spec import spec_of
from fgrad.ir.graph import Constant
from fgrad.ir.names import names_of
from fgrad.ir.text import atom_text, operation_name, parameter_text, text_of
from tests.ir.parser import check, evaluate, parse
from tests.rules.cases import CASES
from tests.rules.cases.case import listed

X = np.array([1.0, 2.0, 3.0])
MATRIX = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
#: One case of each function.
FIRST = {str(case).partition("(")[0]: case for case in reversed(CASES) if case.domains()}


def assert_text_is(graph):
    """Compare all that is in a graph with what is read from its text."""
    program, names = parse(text_of(graph)), names_of(graph)
    constants = {names[c] for c in graph.constants() if c in names}
    check(program, constants)
    assert [(t.name, t.shape, t.dtype) for t in program.inputs] == [
        (names[v], v.shape, v.dtype) for v in graph.inputs
    ]
    for equation, node in zip(program.equations, graph.nodes, strict=True):
        assert equation.operation == operation_name(node)
        assert [(t.name, t.shape, t.dtype) for t in equation.results] == [
            (names[v], v.shape, v.dtype) for v in node.results
        ]
        assert equation.args == [atom_text(arg, names) for arg in node.args]
        assert equation.params.keys() <= node.params.keys()
    assert program.outputs == [atom_text(atom, names) for atom in graph.outputs]


@pytest.mark.parametrize("name", FIRST)
def test_the_text_of_every_rule_and_of_its_way_back_follows_the_grammar(name):
    case = FIRST[name]
    rng = np.random.default_rng(7)
    leaves = [domain.sample(rng, case.dtypes[0]) for domain in case.domains()]

    def back(*leaves):
        values, pull = vjp(lambda *leaves: tuple(case.outputs(*leaves)), *leaves)
        return list(pull(tuple(np.ones(*spec_of(v)) for v in values)))

    assert_text_is(capture(lambda *leaves: listed(case.call(*leaves)))(*leaves))
    assert_text_is(capture(back)(*leaves))


def test_a_text_can_be_evaluated_by_what_it_says():
    def f(x, w):
        hidden = fnp.sin(MATRIX @ x)
        return hidden * w - 2.0 / w, -(hidden**2)

    graph = capture(f)(X, 0.5)
    names = names_of(graph)
    constants = {names[c]: c.value for c in graph.constants() if c in names}
    found = evaluate(parse(str(graph)), [2 * X, -1.5], constants)
    hidden = np.sin(MATRIX @ (2 * X))
    np.testing.assert_allclose(found[0], hidden * -1.5 + 2.0 / 1.5, rtol=1e-15)
    np.testing.assert_allclose(found[1], -(hidden**2), rtol=1e-15)


def test_the_users_line_stands_behind_the_first_node_that_it_led_to():
    def f(x):
        y = fnp.sin(x) * fnp.cos(x)
        return y + 1.0

    lines = [equation.line for equation in parse(str(capture(f)(X))).equations]
    assert lines == ["y = fnp.sin(x) * fnp.cos(x)", "", "", "return y + 1.0"]


def test_a_comment_in_the_users_line_is_part_of_the_line():
    def f(x):
        return fnp.exp(x)  # grows  # fast

    (equation,) = parse(str(capture(f)(X))).equations
    assert equation.line == "return fnp.exp(x)  # grows  # fast"


def test_a_function_without_inputs_nodes_or_outputs_has_a_text():
    assert str(capture(lambda: None)()) == "<lambda>():\n    return"
    assert parse(str(capture(lambda: None)())).outputs == []


def test_a_literal_that_is_returned_is_written():
    assert parse(str(capture(lambda x: (x, 3, "a, (b", None))(1.0))).outputs == ["x", "3", "'a, (b'"]


def test_a_text_is_the_same_each_time():
    class Opaque:
        """Its own text would be its address."""

    @primitive
    def scaled(x, by):
        return 2 * x

    texts = {str(capture(lambda x: scaled(x, Opaque()))(2.0)) for _ in range(3)}
    (text,) = texts
    assert "scaled(x, <Opaque>)" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (-0.0, "-0.0"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (2 + 1j, "(2+1j)"),
        (True, "True"),
        (None, "None"),
        (np.float32(0.1), "0.1"),
        (np.int8(3), "3"),
        (np.str_("a"), "'a'"),
        (np.datetime64("2020-01-02"), "'2020-01-02'"),
        ("C", "'C'"),
        ("line\nbreak", "'line\\nbreak'"),
        ("x" * 100, "<str>"),
        (b"ab", "b'ab'"),
        ((1,), "(1,)"),
        ((), "()"),
        ((1, (2, None)), "(1, (2, None))"),
        ([1, [2.5]], "[1, [2.5]]"),
        ({"a": 1, 2: (3,)}, "{'a': 1, 2: (3,)}"),
        (slice(None), ":"),
        (slice(1, None, -2), "1::-2"),
        ((slice(0, 3), ...), "(0:3, ...)"),
        (np.array([1, 2]), "[1, 2]"),
        (np.zeros((2, 3)), "float64[2,3]"),
        (np.array(5.0), "5.0"),
        (np.dtype("float32"), "float32"),
        (np.float32, "float32"),
        (np.add, "add"),
        (spec_of(MATRIX), "float64[2,3]"),
        (range(3), "<range>"),
        (frozenset(), "<frozenset>"),
    ],
)
def test_a_parameter_is_written_like_this(value, text):
    assert parameter_text(value) == text


def test_a_constant_is_written_by_its_value_or_by_its_name():
    constant = Constant(2.5)
    assert atom_text(constant, {}) == "2.5"
    assert atom_text(constant, {constant: "rate"}) == "rate"


@pytest.mark.parametrize(
    "text",
    [
        "f(x: float64[]):\n    y: float64[] = sin(x\n    return y",
        "f(x: float64[]):\n  y: float64[] = sin(x)\n    return y",
        "f(x: float64):\n    return x",
        "f(x: float64[])\n    return x",
        "f(x: float64[]):\n    y = sin(x)\n    return y",
    ],
)
def test_the_parser_of_these_tests_refuses_what_is_no_graph(text):
    with pytest.raises((SyntaxError, TypeError)):
        parse(text)


def test_the_checker_of_these_tests_refuses_names_without_a_value_or_with_two():
    once = "f(x: float64[]):\n    y: float64[] = sin({})\n    return y"
    check(parse(once.format("x")), ())
    with pytest.raises(AssertionError, match="before it has a value"):
        check(parse(once.format("z")), ())
    twice = "f(x: float64[]):\n    x: float64[] = sin(x)\n    return x"
    with pytest.raises(AssertionError, match="twice"):
        check(parse(twice), ())
