"""The text of functions: what is read is good to read, and what it computes is right."""

from __future__ import annotations

import ast
import collections

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import grad, hessian, jacobian, jvp, source, value_and_grad
from fgrad.core.pytree import flatten
from tests.oracles import numerical_jacobian
from tests.sources import examples
from tests.sources.golden import GOLDEN, W3, W4, W5

rng = np.random.default_rng(11)


@pytest.mark.parametrize("name", GOLDEN)
def test_code_is_written_to_the_letter(name):
    function, args, expected = GOLDEN[name]
    assert str(source(function, *args)) == expected.strip("\n")


def leaves(tree):
    return flatten(tree)[0]


#: All that the tests below run: the golden ones, and more.
FUNCTIONS = {
    **{name: (function, args) for name, (function, args, _) in GOLDEN.items()},
    "value and gradient": (value_and_grad(examples.logistic), (W3,)),
    "recurrent": (grad(examples.recurrent, argnums=(0, 1)), (W5, rng.normal(size=(4, 4)), np.zeros(4))),
    "relu": (grad(examples.relu, argnums=(0, 1)), (W4, np.ones(4))),
    "guarded": (grad(examples.guarded), (np.array([1.0, 2.0, 3.0]),)),
    "chosen": (grad(examples.chosen), (W3,)),
    "jvp": (lambda x, v: jvp(fnp.sin, (x,), (v,)), (W3, np.ones(3))),
    "jacobian": (jacobian(lambda x: fnp.sin(x) * fnp.sum(x)), (W3,)),
    "third derivative": (grad(grad(grad(lambda x: fnp.tanh(x) ** 4))), (0.3,)),
    "scalars": (grad(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, argnums=(0, 1)), (0.5, 2.0)),
    "norm": (grad(fnp.linalg.norm), (W3,)),
    "standard deviation": (grad(fnp.std), (W3,)),
    "inverse": (grad(lambda a: fnp.linalg.inv(a)[0, 0]), (np.array([[2.0, 1.0], [0.5, 3.0]]),)),
    "mask": (grad(lambda x: fnp.sum(x[x > 0] ** 2)), (W3,)),
    "positions": (grad(lambda x: fnp.sum(x[[0, 0, 2]] ** 2)), (W3,)),
    "hessian of a network": (hessian(lambda b: examples.perceptron(W4, b, W5, np.ones(2))), (np.ones(4),)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_code_computes_what_the_function_computes(name):
    function, args = FUNCTIONS[name]
    found, expected = leaves(source(function, *args)(*args)), leaves(function(*args))
    assert len(found) == len(expected)
    for f, e in zip(found, expected, strict=True):
        assert np.shape(f) == np.shape(e)
        np.testing.assert_allclose(f, e, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["squares", "logistic", "over_lines", "chosen", "guarded"])
def test_code_of_a_gradient_agrees_with_finite_differences(name):
    function = getattr(examples, name)
    x = np.array([0.7, 1.3, 0.4])
    (slopes,) = numerical_jacobian(lambda arrays: np.array([function(*arrays)]), [x])
    np.testing.assert_allclose(source(grad(function), x)(x), slopes, rtol=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_code_is_straight_lines_each_used_and_none_twice(name):
    function, args = FUNCTIONS[name]
    code = source(function, *args)
    (definition,) = ast.parse(code.text).body
    assert isinstance(definition, ast.FunctionDef)
    allowed = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
    assert all(isinstance(line, allowed) for line in definition.body)
    assert isinstance(definition.body[-1], ast.Return)
    assert sum(isinstance(line, ast.Return) for line in definition.body) == 1
    loaded = [n.id for n in ast.walk(definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    assigned = [
        target.id
        for line in definition.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    ]
    assert len(set(assigned)) == len(assigned)
    assert set(assigned) <= set(loaded)
    right = [ast.dump(line.value) for line in definition.body if isinstance(line, ast.Assign)]
    right = [text for text in right if "'zeros'" not in text]  # each is written into
    assert len(set(right)) == len(right)
    assert set(loaded) <= {*assigned, *code.namespace, *(a.arg for a in definition.args.args)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_code_has_nothing_in_it_that_does_nothing(name):
    function, args = FUNCTIONS[name]
    text = source(function, *args).text
    code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    idle = (" 1 * ", " 1.0 * ", "* 1\n", "* 1.0", " 0 + ", "+ 0\n", "- -", "+ -", "-(-", "axis=(0,)")
    assert [part for part in idle if part in code] == []
    assert all(len(line) <= 100 for line in text.splitlines())


def test_long_expressions_are_named_in_parts():
    def function(x):
        y = fnp.sin(x) * fnp.cos(x) + fnp.exp(x) * fnp.tanh(x) - fnp.arctan(x) * fnp.sinh(x) / fnp.cosh(x)
        return y * fnp.sqrt(1 + fnp.sin(x) ** 2 + fnp.cos(x) ** 2) * fnp.log(2 + fnp.sin(x) * fnp.cos(x))

    code = source(function, W3)
    assert max(map(len, code.text.splitlines())) <= 92
    np.testing.assert_allclose(code(W3), function(W3), rtol=1e-14)


def test_many_parameters_results_and_constants_stand_on_lines_of_their_own():
    names = [f"parameter_{i}" for i in range(9)]
    scope = {"fnp": fnp, **{f"constant_{i}": np.arange(20.0) + i for i in range(6)}}
    products = ", ".join(f"{name} * constant_{i % 6}" for i, name in enumerate(names))
    exec(f"def wide({', '.join(names)}):\n    return ({products})", scope)
    code = source(scope["wide"], *np.linspace(1, 2, 9))
    assert max(map(len, code.text.splitlines())) <= 92
    assert "    parameter_0,\n" in code.text
    for found, expected in zip(code(*range(9)), scope["wide"](*range(9)), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_long_line_of_the_users_is_cut():
    code = source(eval("lambda x: fnp.sin(x) " + "+ 0.25 * fnp.cos(x) * fnp.exp(x) " * 8, {"fnp": fnp}), 1.0)
    assert max(map(len, code.text.splitlines())) <= 92


def test_constants_of_the_users_are_called_by_their_names():
    rate, shift = 0.5, np.array([1.0, 2.0, 4.0])

    def function(x):
        return rate * x - (1 - shift) * x

    code = source(function, W3)
    assert code.text.splitlines()[0] == "# constants: rate = 0.5, shift: float64[3]"
    assert code.text.splitlines()[-1] == "    return rate * x - (1 - shift) * x"
    np.testing.assert_array_equal(code(W3), function(W3))


def test_constants_that_are_attributes_are_called_by_their_names():
    class Layer:
        def __init__(self, seed):
            self.W = np.random.default_rng(seed).normal(size=(3, 3))
            self.rate = 0.25

        def __call__(self, x):
            return np.tanh(self.W @ x) * self.rate

    class Model:
        def __init__(self):
            self.layers = [Layer(0), Layer(1)]

        def loss(self, x):
            for layer in self.layers:
                x = layer(x)
            return np.sum(x)

    model = Model()
    code = source(model.loss, W3)
    lines = code.text.splitlines()
    assert lines[0] == "# constants: self_W: float64[3,3], self_rate = 0.25, self_W_2: float64[3,3]"
    assert "    x_2 = np.tanh(self_W @ x) * self_rate" in lines
    assert "    x_3 = np.tanh(self_W_2 @ x_2) * self_rate" in lines
    np.testing.assert_array_equal(code(W3), model.loss(W3))


def test_what_holds_for_the_decisions_of_the_run_says_so():
    def function(x):
        if x > 0:
            return x**2
        return -x

    code = source(function, 2.0)
    first = code.text.splitlines()[0]
    assert first.startswith("# holds while line ")
    assert first.endswith(" decides as it did: if x > 0:")
    assert code(3.0) == 9.0


def test_a_line_that_decided_more_than_once_is_named_once():
    def root(a):
        x = a
        while abs(x * x - a) > 1e-10:
            x = 0.5 * (x + a / x)
        return x

    text = source(root, 2.0).text
    assert text.count("# holds while line") == 1
    assert "decides as it did: while abs(x * x - a) > 1e-10:" in text


def test_a_users_primitive_is_called_and_can_be_seen():
    @fgrad.primitive
    def softplus(x):
        return np.log1p(np.exp(x))

    fgrad.defvjp(softplus, lambda ans, x: lambda g: g / (1 + fnp.exp(-x)))
    code = source(grad(lambda x: fnp.sum(softplus(x) ** 2)), W3)
    assert "softplus(x)" in code.text
    assert "softplus" in code.namespace
    np.testing.assert_allclose(code(W3), 2 * np.log1p(np.exp(W3)) / (1 + np.exp(-W3)), rtol=1e-13)


def test_a_primitive_of_the_functions_own_name_is_not_the_function():
    @fgrad.primitive
    def twice(x):
        return 2 * x

    code = source(twice, 3.0)
    assert code(4.0) == 8.0


def test_local_names_do_not_hide_what_the_code_calls():
    @fgrad.primitive
    def twice(x):
        return 2 * x

    def function(x):
        f = twice
        twice_x = f(x)
        np_ = fnp.sin(twice_x)
        return np_ * twice_x

    scope = {"f": twice, "fnp": fnp}
    exec("def g(x):\n    twice = f(x)\n    sum = fnp.sin(twice)\n    return sum * twice", scope)
    for g in (function, scope["g"]):
        code = source(g, 0.3)
        assert code(0.3) == np.sin(0.6) * 0.6


def test_an_array_that_is_written_into_has_one_name_and_is_not_the_callers():
    x = np.array([1.0, 2.0, 3.0])
    code = source(examples.written, x)
    assert code.text.count("np.zeros(4)") == 1
    assert "out[0] = x[2]" in code.text
    code(x)
    np.testing.assert_array_equal(x, [1.0, 2.0, 3.0])


def test_an_earlier_state_of_an_array_that_is_still_needed_is_kept():
    def function(x):
        a = fnp.zeros(3)
        a[0] = x[0]
        before = a * 1.0
        view = a[:2] + 0.0
        a[1:] = x[1:] ** 2
        return before + a, view

    code = source(function, W3)
    for found, expected in zip(code(W3), function(W3), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_results_can_be_written_into():
    code = source(grad(fnp.sum), W3)
    result = code(W3)
    result += 1
    np.testing.assert_array_equal(code(W3), np.ones(3))


@pytest.mark.parametrize("dtype", ["float32", "float16", "complex64", "complex128"])
def test_code_keeps_dtypes(dtype):
    x = np.array([0.5, 1.0, 2.0], dtype)

    def function(x):
        parts = (x * 0.5, x * np.float64(0.5), 2 * (3 * x), fnp.exp(x) + 1, x * np.float32(2) * 3)
        return (*parts, fnp.mean(x**2), fnp.where(fnp.abs(x) > 1, x, 0))

    found, expected = source(function, x)(x), function(x)
    assert [f.dtype for f in found] == [e.dtype for e in expected]
    for f, e in zip(found, expected, strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-3 if dtype == "float16" else 1e-6)


def test_a_guard_is_written_where_a_value_needs_it_and_warns_of_nothing():
    x = np.array([4.0, 0.0])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(source(grad(examples.guarded), x)(x), [0.25, 0.0])
    assert "errstate" not in source(grad(examples.guarded), x + 1).text


def test_named_tuples_dataclasses_and_ordered_dicts_are_made_by_calls():
    Point = collections.namedtuple("Point", "x y")
    code = source(lambda p: Point(p.y, 2 * p.x), Point(1.0, 2.0))
    assert code.text.splitlines()[-1] == "    return Point(x=p.y, y=2 * p.x)"
    assert code(Point(1.0, 5.0)) == Point(5.0, 2.0)
