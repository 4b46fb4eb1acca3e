"""Constants that the user's code computed are computed in the code, once, of what has names."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, source, value_and_grad
from fgrad.ir.graph import Constant
from fgrad.sources.origins import with_origins
from tests.sources.examples import X, logistic, t
from tests.sources.programs import graph_of

B = np.arange(64.0).reshape(8, 8)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda w: -X @ w, "return -(X @ w)"),
        (lambda w: (1 - t) @ (X @ w), "return (1 - t) @ (X @ w)"),
        (lambda w: X.T @ X @ w, "return X.T @ X @ w"),
        (lambda w: (t**2 / 2 + t * 3) @ (X @ w), "return (t**2 / 2 + 3 * t) @ (X @ w)"),
    ],
)
def test_constants_are_written_as_the_user_computes_them(function, text):
    w = np.array([0.5, 1.0, -1.0])
    code = source(function, w)
    assert code.text.splitlines()[-1].strip() == text
    np.testing.assert_allclose(code(w), function(w), rtol=1e-13)


def test_what_is_needed_there_and_back_is_computed_once():
    code = source(value_and_grad(logistic), np.ones(3))
    assert code.text.count("1 - t\n") == 1
    assert set(code.namespace) == {"np", "X", "t"}


def test_the_same_name_for_two_arrays_is_two_constants():
    def inner(x, scale):
        return fnp.sum((scale + 1) * x)

    code = source(lambda x: inner(x, t) * inner(x, 2 * t[::-1]), np.ones(8))
    np.testing.assert_allclose(code(np.ones(8)), np.sum(t + 1) * np.sum(2 * t[::-1] + 1))


def test_an_expression_without_an_operation_for_it_stays_a_constant():
    graph = graph_of(lambda x: fnp.sum((B // 3) * x), [np.ones((8, 8))])
    after = with_origins(graph)
    x = np.ones((8, 8))
    np.testing.assert_array_equal(after.run([x])[0], graph.run([x])[0])


def test_the_graph_computes_the_same_with_and_without_origins():
    for function in (logistic, grad(logistic), grad(grad(lambda s: logistic(s * np.ones(3))))):
        given = [np.ones(3)] if function is not None and function.__name__ != "grad_grad_<lambda>" else [0.3]
        given = [0.3] if "grad_grad" in function.__name__ else given
        graph = graph_of(function, given)
        after = with_origins(graph)
        assert all(c.origin is None for c in after.constants() if type(c) is Constant)
        np.testing.assert_allclose(after.run(given)[0], graph.run(given)[0], rtol=1e-14)


def test_code_with_origins_is_python():
    ast.parse(source(grad(logistic), np.ones(3)).text)
