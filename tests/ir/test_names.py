import itertools
import keyword
import time

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, grad
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant, Graph, Node, Variable
from fgrad.ir.names import RESERVED, is_literal, names_of

EXP = PRIMITIVES[np.exp]
FLOAT = np.dtype(float)


def chain(*names, back=()):
    """Return a graph of exponentials whose variables have the given names, and the variables."""
    variables = [Variable((), FLOAT, name) for name in names]
    nodes = [
        Node(EXP, (before,), {}, (after,), is_back=i in back)
        for i, (before, after) in enumerate(itertools.pairwise(variables))
    ]
    return Graph("f", variables[:1], nodes, variables[-1:]), variables


def names_in(*names, **options):
    graph, variables = chain(*names, **options)
    found = names_of(graph)
    return [found[v] for v in variables]


def test_the_users_names_are_taken():
    assert names_in("x", "hidden", "loss") == ["x", "hidden", "loss"]


def test_what_has_no_name_is_numbered_as_in_the_literature():
    assert names_in("x", None, None, None, back=(1, 2)) == ["x", "v1", "g1", "g2"]


def test_the_last_of_several_values_of_one_name_keeps_it_and_those_before_are_numbered_in_order():
    assert names_in("a", "x", "x", "x") == ["a", "x_2", "x_3", "x"]


def test_inputs_keep_their_names_before_all_else():
    assert names_in("x", "x", "x") == ["x", "x_2", "x_3"]


def test_a_number_that_the_user_gave_is_not_given_again():
    assert names_in("x", "v1", None) == ["x", "v1", "v1_2"]
    assert names_in("a", "x", "x_2", "x") == ["a", "x_3", "x_2", "x"]


def test_all_names_differ_and_can_be_assigned():
    graph = capture(grad(lambda p: fnp.sum(p["if"] * p["a b"] * p["1"] * p["np"] * p["sum"])))(
        {key: np.arange(3.0) for key in ("if", "a b", "1", "np", "sum")}
    )
    names = list(names_of(graph).values())
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name not in RESERVED for name in names)


@pytest.mark.parametrize("word", ["lambda", "print", "np", "inf", "match", "None"])
def test_words_that_mean_something_else_get_a_number(word):
    assert names_in(word) == [f"{word}_2"]
    assert not keyword.iskeyword(f"{word}_2")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("params[0]['w']", "params_0_w"),
        ("params.layers[1]", "params_layers_1"),
        ("p['a-b c']", "p_a_b_c"),
        ("p['größe']", "p_größe"),
        ("p['x²']", "p_x2"),  # no identifier has a raised 2; Python reads it as 2
        ("p['ﬁt']", "p_fit"),  # nor a ligature
        ("p['<b>']", "p_b"),
        ("p['✓']", "p"),
        ("0['a']", "x_0_a"),
        ("['']", "x_"),
        ("θ", "θ"),
    ],
)
def test_a_path_is_made_a_name(path, name):
    assert names_in(path) == [name]
    assert name.isidentifier()


def test_keys_that_python_reads_as_one_name_get_two():
    found = names_in("p['ﬁ']", "p['fi']", "ﬁ", "fi")
    assert len(set(found)) == 4
    scope = {}
    exec("\n".join(f"{name} = {i}" for i, name in enumerate(found)), scope)
    assert sorted(value for name, value in scope.items() if name != "__builtins__") == [0, 1, 2, 3]


def test_constants_that_are_arrays_have_names_and_numbers_have_none():
    x, y, z = (Variable((2,), FLOAT) for _ in range(3))
    rows, named, number, zero = (
        Constant(np.ones(2)),
        Constant(0.5, "rate"),
        Constant(2.0),
        Constant(np.array(1)),
    )
    mul = PRIMITIVES[np.power]
    nodes = [Node(mul, (rows, number), {}, (y,)), Node(mul, (named, zero), {}, (z,))]
    found = names_of(Graph("f", [x], nodes, [z]))
    assert found[rows] == "c1"
    assert found[named] == "rate"
    assert number not in found
    assert zero not in found


def test_a_literal_is_what_has_no_axes():
    assert all(is_literal(Constant(v)) for v in (1, 2.0, "a", None, np.float32(1), np.array(1.0)))
    assert not is_literal(Constant(np.ones(1)))


def test_other_names_can_be_taken():
    graph, (x, _) = chain("x", "y")
    assert names_of(graph, {"x"})[x] == "x_2"


def test_many_values_of_one_name_take_no_longer_than_others():
    graph, variables = chain("a", *["x"] * 50_000)
    start = time.perf_counter()
    found = names_of(graph)
    assert time.perf_counter() - start < 20.0  # to look for each next number from one on takes minutes
    assert [found[variables[i]] for i in (1, -2, -1)] == ["x_2", "x_50000", "x"]
    assert len(set(found.values())) == len(variables)
