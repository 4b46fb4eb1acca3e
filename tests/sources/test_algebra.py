"""The rules of simplification, each alone and all together, on random graphs and on what they are for."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, source
from fgrad.ir.graph import Constant, Graph, Node, Variable
from fgrad.ir.validity import check
from fgrad.sources import rewriting
from fgrad.sources.algebra import LAST_RULES, RULES
from fgrad.sources.matching import MUL
from fgrad.sources.rewriting import Rewriter, key_of, simplified
from tests.sources.programs import assert_same_values, graph_of, program

SEEDS = range(60)


def simple(function, *args, rules=LAST_RULES):
    """Return the simplified graph of a function."""
    return simplified(graph_of(function, args), rules)


def operations(graph):
    return [node.primitive.name.removeprefix("operator.") for node in graph.nodes]


def text(function, *args):
    """Return what the only result is computed by, as the operation and its arguments."""
    graph = simple(function, *args)
    assert len(graph.nodes) == 1
    (node,) = graph.nodes
    return operations(graph)[0], [getattr(arg, "name", None) or arg.value for arg in node.args]


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
@pytest.mark.parametrize("seed", SEEDS)
def test_all_rules_together_keep_values_shapes_and_dtypes(seed, dtype):
    function, args = program(seed, dtype)
    graph = graph_of(function, args)
    after = simplified(graph, LAST_RULES)
    check(after)
    assert_same_values(after.run(args), graph.run(args))
    assert [v.shape for v in after.inputs] == [v.shape for v in graph.inputs]


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("rule", LAST_RULES, ids=lambda rule: rule.__name__)
def test_each_rule_alone_keeps_values_shapes_and_dtypes(rule, dtype):
    for seed in SEEDS:
        function, args = program(seed, dtype)
        graph = graph_of(function, args)
        after = simplified(graph, (rule,))
        check(after)
        assert_same_values(after.run(args), graph.run(args))


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.parametrize("seed", SEEDS)
def test_variables_have_the_shapes_and_dtypes_of_their_values(seed):
    function, args = program(seed, "float32")
    graph = simplified(graph_of(function, args), LAST_RULES)
    at = dict(zip(graph.inputs, args, strict=True))
    for node in graph.nodes:
        results = node.compute([at[a] if type(a) is Variable else a.value for a in node.args])
        for variable, value in zip(node.results, results, strict=True):
            assert np.shape(value) == variable.shape
            assert np.asarray(value).dtype == variable.dtype
            at[variable] = value


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.parametrize("seed", SEEDS)
def test_simplification_is_idempotent(seed):
    function, args = program(seed)
    once = simplified(simplified(graph_of(function, args), RULES), LAST_RULES)
    twice = simplified(once, LAST_RULES)
    assert [key_of(node) for node in twice.nodes] == [key_of(node) for node in once.nodes]
    keys = [key_of(node) for node in once.nodes]
    assert len(set(keys)) == len(keys)  # nothing is computed twice


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 1,
        lambda x: 1.0 * x,
        lambda x: x / 1,
        lambda x: x**1,
        lambda x: x + 0,
        lambda x: 0.0 + x,
        lambda x: x - 0,
        lambda x: fnp.negative(-x),
        lambda x: fnp.multiply(np.ones(3), x),
        lambda x: x + np.zeros(3),
        lambda x: fnp.reshape(fnp.reshape(x, (3, 1)), 3),
        lambda x: x[...],
        lambda x: x[:],
        lambda x: np.eye(3) @ x,
        lambda x: fnp.sum(np.eye(3) * x, axis=1),
        lambda x: fnp.transpose(x),
    ],
)
def test_what_changes_nothing_is_left_out(function):
    graph = simple(function, np.array([1.0, 2.0, 3.0]))
    assert graph.nodes == []
    assert graph.outputs == graph.inputs


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: -1 * x, ("neg", ["x"])),
        (lambda x: 0 - x, ("neg", ["x"])),
        (lambda x: x + x, ("mul", [2, "x"])),
        (lambda x: x * 3, ("mul", [3, "x"])),
        (lambda x: 2 * (3 * x), ("mul", [6, "x"])),
        (lambda x: -(3 * x), ("mul", [-3, "x"])),
        (lambda x: 2 * -x, ("mul", [-2, "x"])),
        (lambda x: -(x - 5), ("sub", [5, "x"])),
        (lambda x: 5 + -x, ("sub", [5, "x"])),
        (lambda x: 5 - -x, ("add", [5, "x"])),
        (lambda x: (2.0 + 3.0) * x, ("mul", [5.0, "x"])),
    ],
)
def test_numbers_and_signs_come_to_the_front(function, expected):
    assert text(function, np.array([1.0, 2.0, 3.0])) == expected


@pytest.mark.parametrize(
    "function",
    [lambda x: x * 0, lambda x: 0.0 * x, lambda x: x - x, lambda x: x / x, lambda x: 0 / x, lambda x: x**0],
)
def test_what_infinities_and_nan_make_a_difference_to_is_not_touched(function):
    x = np.array([1.0, np.inf, np.nan])
    with np.errstate(invalid="ignore"):
        graph = simple(function, x)
        assert len(graph.nodes) == 1
        np.testing.assert_array_equal(graph.run([x])[0], function(x))


def test_the_identity_is_kept_beside_infinities():
    x = np.array([1.0, np.inf, 2.0])
    with np.errstate(invalid="ignore"):
        assert operations(simple(lambda x: np.eye(3) @ x, x)) == ["matmul"]
        assert operations(simple(lambda x: fnp.sum(np.eye(3) * x, axis=1), x)) == ["multiply", "sum"]


def test_a_matrix_that_is_nearly_the_identity_is_kept():
    almost = np.eye(3) + 1e-16 * np.eye(3, k=1)
    assert operations(simple(lambda x: almost @ x, np.ones(3))) == ["matmul"]


def test_the_sign_of_a_zero_is_all_that_is_given_up():
    zero = np.array([-0.0, 0.0])
    for function in (lambda x: x + 0, lambda x: 0 - x, lambda x: -(x - zero)):
        before, after = graph_of(function, [zero]), simple(function, zero)
        np.testing.assert_array_equal(after.run([zero])[0], before.run([zero])[0])


def test_a_number_of_numpys_keeps_its_precision_beside_single_precision():
    x = np.ones(3, np.float32)
    for function in (lambda x: x * np.float64(1), lambda x: x + np.float64(0), lambda x: x / np.float64(1)):
        graph = simple(function, x)
        assert graph.run([x])[0].dtype == np.float64


def test_integers_are_left_as_they_are():
    def function(x):
        position = fnp.argmax(x)
        return position * 1.0, position + 0.0, (position - 1) * 100 * 3

    graph = simple(function, np.array([1.0, 3.0, 2.0]))
    found = graph.run([np.array([1.0, 3.0, 2.0])])
    assert [np.asarray(f).dtype for f in found] == [np.float64, np.float64, np.int64]
    assert [float(f) for f in found] == [1.0, 1.0, 0.0]


def test_factors_whose_product_would_overflow_are_not_joined():
    half = np.full(3, 1e-3, np.float16)
    graph = simple(lambda x: 1024 * (1024 * x), half)
    np.testing.assert_array_equal(graph.run([half])[0], 1024 * (1024 * half))
    tiny = np.full(3, 1.0)
    graph = simple(lambda x: 1e-200 * (1e-200 * (1e300 * x)), tiny)
    np.testing.assert_allclose(graph.run([tiny])[0], 1e-100)


def test_factors_are_joined_only_if_their_product_is_exact():
    assert operations(simple(lambda x: 0.1 * (0.3 * x), np.ones(3))) == ["mul", "mul"]
    assert operations(simple(lambda x: 0.5 * (0.3 * x), np.ones(3))) == ["mul"]


def test_a_product_that_has_a_name_is_not_taken_apart():
    def function(x, y):
        doubled = 2 * x
        return doubled * y

    graph = simple(function, np.ones(3), np.ones(3))
    assert [v.name for node in graph.nodes for v in node.results] == ["doubled", None]


def test_constants_with_a_name_are_no_numbers():
    rate = 1.0

    def function(x):
        return rate * x

    (node,) = simple(function, np.ones(3)).nodes
    assert node.args[0].name == "rate"


def test_constants_are_computed_if_the_result_is_finite():
    product = Variable((), np.dtype(float))
    for factor, count in ((2.0, 0), (1e10, 1)):
        node = Node(MUL, (Constant(1e300), Constant(factor)), {}, (product,))
        graph = simplified(Graph("f", [], [node], [product]), LAST_RULES)
        assert len(graph.nodes) == count
        assert graph.run([]) == [1e300 * factor]


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
def test_random_graphs_give_the_rules_something_to_do():
    counts = {rule.__name__: 0 for rule in LAST_RULES}

    def counted(rule):
        def ask(node, definitions):
            found = rule(node, definitions)
            counts[rule.__name__] += found is not None
            return found

        return ask

    rules = [counted(rule) for rule in LAST_RULES]
    for seed in SEEDS:
        simplified(graph_of(*program(seed)), rules)
    met = {name for name, count in counts.items() if count}
    assert met >= {"neutral", "signs", "uniform", "broadcasts", "lifted", "shapes", "multiples", "doubled"}


@pytest.mark.parametrize("factor", [0.9, 2.0, -1.0, np.float64(0.3)])
def test_long_chains_are_simplified_in_a_few_passes(factor, monkeypatch):
    passes = []
    monkeypatch.setattr(rewriting, "Rewriter", lambda *args: passes.append(args) or Rewriter(*args))

    def function(x):
        for _ in range(200):
            x = fnp.tanh(x * factor + 0.1) * x
        return fnp.sum(x)

    graph = graph_of(grad(function), [np.ones(3)])
    after = simplified(graph, LAST_RULES)
    assert len(passes) <= 5
    np.testing.assert_allclose(after.run([np.ones(3)])[0], graph.run([np.ones(3)])[0], rtol=1e-12)


def test_a_mean_is_divided_by_its_count():
    x = np.linspace(0.0, 1.0, 442)
    code = source(grad(lambda w: np.mean((w - 1.0) ** 2)), x)
    assert str(code).splitlines()[-1].strip() == "return 2 * (w - 1.0) / 442"
    assert np.allclose(code(x), 2 * (x - 1) / 442, rtol=1e-14)
