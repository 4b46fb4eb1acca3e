"""Containers in code."""

from __future__ import annotations

import collections
import dataclasses
import pickle

import numpy as np
import pytest

from fgrad.core.pytree import flatten
from fgrad.sources.containers import Layout, Maker, leaf_texts, leaves_of

Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Pair:
    first: object
    second: object


@dataclasses.dataclass
class Late:
    first: object
    second: object = dataclasses.field(init=False, default=None)


def known(name, value):
    return name


@pytest.mark.parametrize(
    "tree",
    [
        1.0,
        [1.0, (2.0, None, [3.0])],
        {"a": 1.0, 'say "x"': 2.0, "it's": 3.0, 4: 5.0, (1, "k"): 6.0, None: 7.0},
        collections.OrderedDict(b=1.0, a=2.0),
        collections.defaultdict(list, k=[1.0, 2.0]),
        Point(1.0, Pair(2.0, {"z": 3.0})),
        Late(1.0),
    ],
)
def test_texts_reach_the_leaves_in_order(tree):
    leaves, structure = flatten(tree)
    assert [eval(text, {"tree": tree}) for text in leaf_texts(structure, "tree")] == leaves
    assert leaves_of(tree) == leaves


def test_leaves_behind_keys_that_cannot_be_written_have_no_text():
    tree = {frozenset(): [1.0, 2.0], "a": 3.0}
    assert leaf_texts(flatten(tree)[1], "t") == [None, None, 't["a"]']


@pytest.mark.parametrize("width", [1000, 40, 1])
@pytest.mark.parametrize(
    "tree",
    [
        1.0,
        (),
        (1.0,),
        (1.0, 2.0),
        [[1.0, 2.0], [3.0, [4.0]]],
        {"a": (1.0,), "b": {"c": None, "d": []}},
        Point(1.0, [2.0, Pair(3.0, 4.0)]),
        collections.OrderedDict(b=1.0, a=(2.0, 3.0)),
        collections.defaultdict(list, k=1.0),
        Late(1.0),
        {frozenset(): 1.0},
    ],
)
def test_the_statement_makes_the_container_at_any_width(tree, width):
    leaves, structure = flatten(tree)
    scope = {"Point": Point, "Pair": Pair}
    layout = Layout(lambda name, value: scope.setdefault(name, value) and name, width)
    texts = [repr(leaf) for leaf in leaves]
    exec(f"def f():\n    {layout.statement(structure, texts, '    ')}", scope)
    found = scope["f"]()
    assert type(found) is type(tree)
    assert found == tree


def test_what_fits_into_a_line_stands_in_it_and_what_does_not_in_lines():
    structure = flatten({"w": [1.0, 2.0], "b": 3.0})[1]
    texts = ["first * 2", "second", "third"]
    assert Layout(known, 60).statement(structure, texts, "") == (
        'return {"w": [first * 2, second], "b": third}'
    )
    assert Layout(known, 40).statement(structure, texts, "    ") == (
        'return {\n        "w": [first * 2, second],\n        "b": third,\n    }'
    )


def test_a_tuple_is_returned_without_parentheses_if_it_is_in_one_line():
    structure = flatten((1.0, 2.0))[1]
    assert Layout(known, 60).statement(structure, ["a", "b"], "") == "return a, b"
    assert Layout(known, 8).statement(structure, ["aaaa", "bbbb"], "") == "return (\n    aaaa,\n    bbbb,\n)"


def test_makers_of_equal_structures_are_equal_and_can_be_pickled():
    makers = [Maker(flatten({"k": value})[1]) for value in (1.0, np.ones(2))]
    assert makers[0] == makers[1] != Maker(flatten({"other": 1.0})[1])
    assert pickle.loads(pickle.dumps(makers[0]))(5.0) == {"k": 5.0}
