"""``fgrad.source``: what it takes and returns, and what becomes of its result: files, pickles, notebooks."""

from __future__ import annotations

import collections
import dataclasses
import inspect
import linecache
import pickle
import subprocess
import sys
import traceback

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import grad, source
from fgrad.core.errors import ArgumentError, InputError
from tests.sources import examples

X1 = np.array([0.5, 1.0, 2.0])


def cubes(x):
    return fnp.sum(x**3)


def last_line(code):
    return code.text.splitlines()[-1].strip()


def test_print_and_text_are_the_definition_and_a_call_runs_it():
    code = source(grad(cubes), X1)
    assert str(code) == repr(code) == code.text.rstrip("\n")
    assert code.name == code.function.__name__ == "grad_cubes"
    np.testing.assert_array_equal(code(X1), 3 * X1**2)
    np.testing.assert_array_equal(code(x=X1), 3 * X1**2)


def test_text_is_a_pure_function_of_what_is_given():
    assert source(grad(cubes), X1).text == source(grad(cubes), X1 + 1).text


def test_it_is_shown_as_code_in_a_notebook():
    code = source(grad(cubes), X1)
    assert code._repr_markdown_() == f"```python\n{code.text}```"


def test_something_else_than_a_function_is_refused():
    with pytest.raises(InputError, match=r"source takes a function and its arguments; got float"):
        source(3.0, cubes)


def test_a_traceback_shows_the_line_of_the_code():
    code = source(grad(examples.squares), np.ones(3))
    with pytest.raises(ValueError, match="mismatch") as caught:
        code(np.ones(4))
    text = "".join(traceback.format_exception(caught.value))
    assert "residual = X @ w - target" in text
    assert "<fgrad.source of grad_squares" in text


def test_two_codes_of_one_name_have_their_own_lines():
    one, other = source(lambda x: x + 1, 1.0), source(lambda x: x * 2, 1.0)
    files = [code.function.__code__.co_filename for code in (one, other)]
    assert files[0] != files[1]
    assert [linecache.getlines(f) for f in files] == [c.text.splitlines(keepends=True) for c in (one, other)]


# names


def test_names_that_are_not_ascii_are_kept():
    scope = {"fnp": fnp}
    exec("def énergie(θ, ü):\n    λ = fnp.sin(θ)\n    return λ * ü + λ", scope)
    code = source(scope["énergie"], 0.3, 2.0)
    assert code.name == "énergie"
    assert "λ = np.sin(θ)" in code.text
    assert code(0.3, 2.0) == np.sin(0.3) * 3.0


def test_a_lambda_is_called_f():
    assert source(lambda x: fnp.sin(x), 1.0).name == "f"
    assert source(grad(lambda x: fnp.sin(x)), 1.0).name == "grad_f"


def test_a_function_whose_name_is_no_name_gets_one():
    def function(x):
        return fnp.sin(x)

    for given, expected in (("my loss", "my_loss"), ("2nd", "f_2nd"), ("class", "class_"), ("sum", "sum_")):
        function.__name__ = given
        code = source(function, 1.0)
        assert code.name == expected
        assert code(1.0) == np.sin(1.0)


# arguments


def test_keyword_arguments_defaults_and_further_arguments():
    def function(x, *rest, scale=2.0, **more):
        return x * rest[0] * scale * more["q"]

    code = source(function, 1.0, 2.0, scale=3.0, q=4.0)
    assert code.text.splitlines()[0] == "def function(x, x1, scale, q):"
    assert code(2.0, 3.0, scale=5.0, q=7.0) == 210.0
    assert last_line(source(function, 1.0, 2.0, q=4.0)) == "return x * x1 * scale * q"


def test_further_arguments_do_not_take_the_names_of_parameters():
    code = source(lambda x1, *rest: x1 - rest[0], 1.0, 2.0)
    assert code(5.0, 3.0) == 2.0
    assert source(lambda *all, x0: all[0] - x0, 1.0, x0=2.0)(5.0, x0=3.0) == 2.0


def test_ints_and_texts_are_part_of_the_program_and_others_are_refused():
    def function(x, n, mode, table):
        return x**n * table["k"] if mode == "power" else x

    table = {"k": 2, "flag": True}
    code = source(function, 2.0, 3, "power", table)
    assert last_line(code) == "return 2 * x**3"
    assert code(3.0, 3, "power", dict(table)) == 54.0
    with pytest.raises(ArgumentError, match=r"written for n = 3, which is no float .* got 4"):
        code(3.0, 4, "power", table)
    with pytest.raises(ArgumentError, match="mode = 'power'"):
        code(3.0, 3, mode="other", table=table)
    with pytest.raises(ArgumentError, match=r"table\['k'\] = 2"):
        code(3.0, 3, "power", {"k": 5, "flag": True})


def test_arrays_of_ints_are_part_of_the_program():
    positions = np.array([2, 0])
    code = source(lambda x, i: fnp.sum(x[i]), X1, positions)
    assert code(X1, positions.copy()) == 2.5
    with pytest.raises(ArgumentError, match="no array of floats"):
        code(X1, np.array([1, 1]))


def test_ints_alone_are_floats():
    assert source(grad(lambda x: x**3), 2)(3) == 27


# results


@dataclasses.dataclass
class Pair:
    first: object
    second: object


@dataclasses.dataclass
class Counted:
    first: object

    def __post_init__(self):
        raise AssertionError("what is flattened is not made by a call")


Point = collections.namedtuple("Point", "x y")


class Line:
    def __init__(self, slope, intercept):
        self.slope, self.intercept = slope, intercept


fgrad.register_pytree(Line, lambda line: ((line.slope, line.intercept), None), lambda _, both: Line(*both))


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: {"a": x, "b": [x, None], "c": ()}, 'return {"a": x, "b": [x, None], "c": ()}'),
        (lambda x: (x,), "return (x,)"),
        (lambda x: (x, x), "return x, x"),
        (lambda x: [], "return []"),
        (lambda x: None, "return None"),
        (lambda x: ("text", 3, True), 'return "text", 3, True'),
        (lambda x: Point(x, 1.5), "return Point(x=x, y=1.5)"),
        (lambda x: Pair(x, [x]), "return Pair(first=x, second=[x])"),
        (lambda x: collections.OrderedDict(a=x), 'return OrderedDict({"a": x})'),
        (lambda x: {(1, "k"): x, 2: x}, 'return {(1, "k"): x, 2: x}'),
    ],
)
def test_containers_of_results(function, text):
    code = source(function, 2.0)
    assert last_line(code) == text
    assert code(5.0) == function(5.0)


def test_containers_that_only_their_own_functions_can_make():
    result = source(lambda x: Line(x, x + 1), 2.0)(5.0)
    assert (type(result), result.slope, result.intercept) == (Line, 5.0, 6.0)
    counted = object.__new__(Counted)
    counted.first = 2.0
    again = source(grad(lambda c: c.first**2), counted)(counted)
    assert (type(again), again.first) == (Counted, 4.0)
    found = source(lambda x: collections.defaultdict(list, k=x), 2.0)(5.0)
    assert found == {"k": 5.0}
    assert found.default_factory is list


def test_containers_of_arguments():
    tree = {"w": [np.ones(2), Point(2.0, (3.0,))], "p": Pair(4.0, None)}

    def function(tree):
        w, point = tree["w"]
        return fnp.sum(w) * point.x * point.y[0] * tree["p"].first

    code = source(function, tree)
    assert 'tree["w"][1].y[0]' in code.text
    assert code(tree) == 48.0
    gradient = source(grad(function), tree)(tree)
    assert gradient["w"][1] == Point(24.0, (16.0,))
    assert gradient["p"] == Pair(12.0, None)


def test_arguments_that_have_no_keys_are_taken_apart():
    code = source(lambda line: line.slope * 3 + line.intercept, Line(1.0, 2.0))
    assert code(Line(5.0, 1.0)) == 16.0
    key = frozenset({1})
    assert source(lambda d: 2 * d[key], {key: 1.0})({key: 4.0}) == 8.0
    assert source(lambda d, y: 2 * y, {key: 1.0}, 3.0)({key: 4.0}, 5.0) == 10.0


def test_a_function_that_does_not_depend_on_its_arguments():
    assert source(lambda x: 3.0, 1.0).text == "def f(x):\n    return 3.0\n"
    assert source(grad(lambda x: 3.0), X1).text == "def grad_f(x):\n    return np.zeros(3)\n"
    large = np.arange(30.0)
    code = source(lambda x: large, 1.0)
    assert code(7.0) is code.namespace[last_line(code).removeprefix("return ")]


# pickles


def test_code_is_a_function_with_a_name_and_parameters():
    code = source(grad(lambda x, b: np.sum(np.tanh(x * b))), np.ones(2), 2.0)
    assert code.__name__ == "grad_f"
    assert (
        str(inspect.signature(code)) == str(inspect.signature(pickle.loads(pickle.dumps(code)))) == "(x, b)"
    )
    x, b = np.array([0.3, -0.2]), 1.5
    slope = fgrad.jacobian(code, argnames="b")(x, b=b)
    expected = (1 - 2 * x * b * np.tanh(x * b)) / np.cosh(x * b) ** 2
    np.testing.assert_allclose(slope, expected, rtol=1e-13)
    assert source(code, np.ones(2), 2.0).text.startswith("def grad_f(x, b):\n")


def test_code_can_be_pickled_with_its_constants():
    code = source(grad(examples.squares), X1)
    again = pickle.loads(pickle.dumps(code))
    assert again.text == code.text
    np.testing.assert_array_equal(again(X1), code(X1))


def test_a_pickle_keeps_what_is_part_of_the_program():
    again = pickle.loads(pickle.dumps(source(lambda x, n: x**n, 2.0, 3)))
    assert again(3.0, 3) == 27.0
    with pytest.raises(ArgumentError, match="n = 3"):
        again(3.0, 4)


def test_a_pickle_is_read_in_another_process(tmp_path):
    path = tmp_path / "code.pickle"
    path.write_bytes(pickle.dumps(source(grad(cubes), X1)))
    program = f"import pickle; code = pickle.load(open({str(path)!r}, 'rb')); print(code(2.0))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "12.0\n"
