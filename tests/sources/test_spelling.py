"""How primitives are written: what the code computes is what the primitive computes."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import fgrad
from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Constant
from fgrad.rules import declare_all
from fgrad.sources.expressions import Expression, parsed
from fgrad.sources.spelling import (
    helper_name,
    is_spelled,
    public_name,
    raw_name,
    repeats_arguments,
    spell,
)
from fgrad.sources.words import BEHIND, FORMULAS, INFIX, PREFIX
from fgrad.transforms.capturing import capture
from tests.rules.test_capture import FIRST, leaves_of, pulled, values_of

declare_all()
BY_NAME = {raw_name(p) or getattr(p.raw, "__name__", ""): p for p in PRIMITIVES.values()}
#: Where each formula holds: for arguments between these bounds; and whether for complex ones too.
DOMAINS = {
    "tanh_slope": ([(-2, 2)], True),
    "arctan_slope": ([(-3, 3)], True),
    "arcsin_slope": ([(-0.9, 0.9)], True),
    "arcsinh_slope": ([(-3, 3)], True),
    "arccosh_slope": ([(1.1, 3)], True),
    "arctanh_slope": ([(-0.9, 0.9)], True),
    "power_slope": ([(0.5, 2), (-2, 2)], True),
    "power_log": ([(0.5, 2), (-2, 2)], True),
    "power_curve": ([(0.5, 2), (-2, 2)], True),
    "power_log_log": ([(0.5, 2), (-2, 2)], True),
    "share": ([(-3, 3), (-3, 3)], False),
    "share2": ([(-3, 3), (-3, 3)], False),
    "over_radius": ([(-3, 3), (0.1, 3)], False),
    "over_square": ([(-3, 3), (0.1, 3)], False),
    "_exponent": ([(-30, 30)], False),
    "_fractional_part": ([(-30, 30)], False),
}


def evaluated(expression, *args):
    return eval(expression.text, {"np": np, **dict(zip("xyz", args, strict=False))})


def points(bounds, dtype, size=50):
    rng = np.random.default_rng(7)
    found = [rng.uniform(*bound, size) for bound in bounds]
    if np.dtype(dtype).kind == "c":
        found = [x + 0.3j * rng.normal(size=size) for x in found]
    return [x.astype(dtype) for x in found]


def test_every_formula_has_a_primitive_and_a_domain():
    assert FORMULAS.keys() == DOMAINS.keys()
    assert FORMULAS.keys() | BEHIND.keys() <= BY_NAME.keys()


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
def test_a_formula_computes_what_the_primitive_computes(name, dtype):
    bounds, has_complex = DOMAINS[name]
    dtype = dtype if has_complex or dtype != "complex128" else "float64"
    args = points(bounds, dtype)
    primitive = BY_NAME[name]
    expression = spell(primitive, [Expression(letter) for letter in "xy"[: len(args)]], {})
    found, expected = evaluated(expression, *args), primitive.raw(*args)
    assert found.dtype == expected.dtype
    digits = 2e-12 if dtype != "float32" else 2e-5
    np.testing.assert_allclose(found, expected, rtol=digits, atol=digits)


@pytest.mark.parametrize("name", FORMULAS)
def test_arguments_of_a_formula_are_in_parentheses_where_they_must_be(name):
    bounds, _ = DOMAINS[name]
    args = points(bounds, float)
    primitive = BY_NAME[name]
    sums = [Expression(f"{letter} + 0", 13) for letter in "xy"[: len(args)]]
    expression = spell(primitive, sums, {})
    np.testing.assert_allclose(evaluated(expression, *args), primitive.raw(*args), rtol=2e-12, atol=2e-12)
    # and around it: its strength is that of its last operator
    assert expression.strength == parsed(expression.text).strength


@pytest.mark.parametrize("name", INFIX)
def test_operators_between_two_arguments(name):
    primitive = BY_NAME[name]
    is_bits = name in ("and_", "or_", "xor", "lshift", "rshift")
    args = [np.array([6, 5, 3]), np.array([1, 2, 3])]
    args = args if is_bits else [x.astype(float) for x in args]
    expression = spell(primitive, [Expression("x"), Expression("y")], {})
    np.testing.assert_array_equal(evaluated(expression, *args), primitive.raw(*args))
    assert expression.text == f"x {INFIX[name]} y".replace("x ** y", "x**y")


@pytest.mark.parametrize("name", PREFIX)
def test_operators_in_front_of_one_argument(name):
    primitive = BY_NAME[name]
    x = np.array([1, 2, 3]) if name == "invert" else np.array([1.0, -2.0])
    expression = spell(primitive, [Expression("x")], {})
    np.testing.assert_array_equal(evaluated(expression, x), primitive.raw(x))


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.parametrize(("case", "dtype"), FIRST)
def test_what_is_spelled_computes_what_the_primitive_computes(case, dtype):
    """Every operation that comes up in the cases of the registry, with its parameters there."""
    args = leaves_of(case, dtype, "here")
    for transform in (values_of, pulled):
        graph = capture(transform(case))(*args)
        at = dict(zip(graph.inputs, [np.asarray(a) for a in args], strict=True))
        for node in graph.nodes:
            values = [arg.value if type(arg) is Constant else at[arg] for arg in node.args]
            results = node.compute(values)
            at.update(zip(node.results, results, strict=True))
            if not is_spelled(node.primitive, len(values), node.params):
                continue
            names = [f"x{i}" for i in range(len(values))]
            text = spell(node.primitive, list(map(Expression, names)), node.params).text
            found = eval(text, {"np": np, **dict(zip(names, values, strict=True))})
            found = tuple(found) if node.several and type(found) is not np.ndarray else (found,)
            for f, e in zip(found, results, strict=True):
                assert np.shape(f) == np.shape(e), text
                scale = np.max(np.abs(e), initial=1.0, where=np.isfinite(np.asarray(e, complex)))
                if node.primitive.name not in ("quotient", "guarded", "zero_product"):  # guards are rules
                    np.testing.assert_allclose(f, e, rtol=1e-11, atol=1e-11 * scale, err_msg=text)


@pytest.mark.parametrize(
    ("function", "params", "text"),
    [
        (np.sum, {"axis": 0, "keepdims": False}, "np.sum(x, axis=0)"),
        (np.sum, {"axis": None, "keepdims": False}, "np.sum(x)"),
        (np.sum, {"axis": (0, 1), "keepdims": True}, "np.sum(x, axis=(0, 1), keepdims=True)"),
        (np.max, {"axis": -1, "keepdims": False}, "np.max(x, axis=-1)"),
        (np.absolute, {}, "np.abs(x)"),
        (np.linalg.inv, {}, "np.linalg.inv(x)"),
    ],
)
def test_parameters_at_their_defaults_are_not_written(function, params, text):
    assert spell(PRIMITIVES[function], [Expression("x")], params).text == text


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("x", "1 / y", "x / y"),
        ("x + z", "1 / y", "(x + z) / y"),
        ("1 / y", "x", "x / y"),
        ("x", "1 / y * z", "x / y * z"),
        ("x", "1 / y @ z", "x * (1 / y @ z)"),
        ("x", "1 / y % z", "x * (1 / y % z)"),
        ("x", "1 / y + z", "x * (1 / y + z)"),
    ],
)
def test_a_product_with_a_reciprocal_is_a_quotient(left, right, text):
    assert spell(BY_NAME["mul"], [parsed(left), parsed(right)], {}).text == text


def test_a_users_primitive_is_called_by_its_name_and_not_taken_for_one_of_ours():
    @fgrad.primitive
    def tanh_slope(x):
        return 2 * x

    @fgrad.primitive
    def add(x, y):
        return x - y

    x = Expression("x")
    mine = [node.primitive for node in capture(lambda x: add(tanh_slope(x), x))(1.0).nodes]
    assert [p.name for p in mine] == ["tanh_slope", "add"]
    assert [is_spelled(p, len(p.argnames), {}) for p in mine] == [False, False]
    assert spell(mine[0], [x], {}).text == "tanh_slope(x)"
    assert spell(mine[1], [x, x], {}).text == "add(x, x)"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the pullback of sort", "pullback_of_sort"),
        ("my-op", "my_op"),
        ("2d", "operation_2d"),
        ("ü", "ü"),
    ],
)
def test_a_helper_has_a_name_that_code_can_have(name, expected):
    assert helper_name(Primitive(name, lambda x: x, ("x",))) == expected


def test_public_names_are_paths_in_numpy():
    assert public_name(np.fft.fft) == "np.fft.fft"
    assert public_name(len) is None
    assert public_name(object()) is None


def test_formulas_that_repeat_an_argument_say_so():
    repeated = {name for name in FORMULAS if repeats_arguments(BY_NAME[name])}
    expected = {n for n, text in FORMULAS.items() if text.count("{0}") > 1 or text.count("{1}") > 1}
    assert repeated == expected != set()


def test_an_argument_that_a_formula_has_in_parentheses_gets_no_others():
    slope = spell(BY_NAME["tanh_slope"], [parsed("x @ w")], {})
    assert slope.text == "1 / np.cosh(x @ w) ** 2"
    key = spell(BY_NAME["tanh_slope"], [parsed('x["{0}"] + 1')], {})
    assert key.text == '1 / np.cosh(x["{0}"] + 1) ** 2'


def test_all_code_is_of_calls_of_numpy_and_operators():
    for name, formula in FORMULAS.items():
        tree = ast.parse(formula.format("x", "y"))
        free = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert free <= {"np", "x", "y"}, name
