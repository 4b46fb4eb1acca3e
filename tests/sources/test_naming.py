"""Names in code: in order, each for one thing, none that the code needs otherwise."""

from __future__ import annotations

import keyword
from collections import Counter
from functools import partial

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import source
from fgrad.ir.graph import Variable
from fgrad.sources.naming import Names, is_same
from tests.sources.programs import graph_of


def names_in(graph, reserved=("f", "x"), scope=None):
    uses = Counter(atom for node in graph.nodes for atom in node.reads())
    uses.update(atom for atom in graph.outputs if type(atom) is Variable)
    return Names(graph, reserved, uses, scope or {})


def test_values_of_one_name_are_numbered_in_order():
    def function(x):
        for _ in range(3):
            x = fnp.sin(x)
        return x

    code = source(function, 0.5)
    assert code.text.splitlines()[-2].strip() == "x_2 = np.sin(np.sin(np.sin(x)))"
    assert code(0.5) == np.sin(np.sin(np.sin(0.5)))

    def named(x):
        y = fnp.sin(x)
        z = y * x
        y = fnp.cos(z)
        return y + z

    graph = graph_of(named, [0.5])
    names = names_in(graph)
    assert [names.of[node.results[0]] for node in graph.nodes[:3]] == ["y", "z", "y_2"]


def test_names_that_code_needs_are_not_given_to_values():
    scope = {"fnp": fnp}
    exec("def f(x):\n    np = fnp.sin(x)\n    sum = np * 2\n    f = sum + np\n    return f * np", scope)
    code = source(scope["f"], 0.5)
    assert code(0.5) == 3 * np.sin(0.5) ** 2
    assert "np = " not in code.text.replace("np_2 = ", "")


def test_states_of_an_array_that_is_written_into_share_a_name():
    def function(x):
        a = fnp.zeros(3)
        a[0] = x
        a[1] = 2 * x
        a[2] = a[0] + x
        return a

    graph = graph_of(function, [1.0])
    names = names_in(graph)
    states = [node.results[0] for node in graph.nodes if node.primitive.name == "setitem"]
    assert len(states) == 3
    # the second is read once more, so the third is another array
    assert names.of[states[0]] == names.of[states[1]] != names.of[states[2]]
    assert names.continued == {states[1]}
    code = source(function, 1.0)
    np.testing.assert_array_equal(code(5.0), [5.0, 10.0, 10.0])


def test_a_helper_keeps_its_name_and_another_gets_a_number():
    names = names_in(graph_of(lambda x: fnp.sin(x), [1.0]))
    one, other = np.arange(3.0), np.arange(4.0)
    assert names.helper("c", one) == "c"
    assert names.helper("c", one.copy()) == "c"
    assert names.helper("c", other) == "c_2"
    assert names.helper("x", one) == "x_2"
    assert names.helper("f", one) == "f_2"
    assert names.helper("lambda", one) == "lambda_2"
    assert not any(map(keyword.iskeyword, names.namespace))


def test_an_index_has_the_users_name_where_an_array_from_outside_is_the_same():
    labels = np.array([3, 1, 2, 0, 5, 4, 6])
    names = names_in(graph_of(lambda x: fnp.sin(x), [1.0]), scope={"labels": labels})
    assert names.index(labels.copy()) == "labels"
    assert names.index(labels[::-1].copy()) == "i1"
    assert names.index(labels[::-1].copy()) == "i1"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1.0]), np.array([1]), False),
        (np.array([1.0]), np.array([[1.0]]), False),
        (np.array([1.0]), 1.0, False),
        (1, True, False),
        (1.0, 1.0, True),
        (len, len, True),
        (len, abs, False),
        (partial(len), len, False),
        (partial(np.sum, axis=0), partial(np.sum, axis=0), True),
        (partial(np.sum, axis=0), partial(np.sum, axis=1), False),
        (partial(np.sum, axis=0), partial(np.sum), False),
        (partial(np.sum, where=np.ones(2)), partial(np.sum, where=np.ones(2)), True),
        (partial(np.sum), partial(np.max), False),
    ],
)
def test_values_are_the_same_by_type_shape_and_elements(one, other, expected):
    assert is_same(one, other) is expected
    assert is_same(other, one) is expected
