"""Products with the identity, with ones and with numbers."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jacobian, source
from fgrad.sources.algebra import LAST_RULES
from fgrad.sources.rewriting import simplified
from tests.sources.programs import graph_of

A = np.arange(9.0).reshape(3, 3) - 2


@pytest.mark.parametrize(
    ("function", "operations"),
    [
        (lambda a: np.eye(3) @ a, []),
        (lambda a: a @ np.eye(3), []),
        (lambda a: np.eye(2, 3) @ a, ["matmul"]),
        (lambda a: np.ones(3) @ a, ["sum"]),
        (lambda a: a @ np.ones(3), ["sum"]),
        (lambda a: a[0] @ np.ones(3), ["getitem", "sum"]),
        (lambda a: np.ones((1, 3)) @ a, ["matmul"]),
        (lambda a: fnp.einsum(",ij->ij", *(1.0, a)), []),
        (lambda a: fnp.einsum(",ij->ji", *(2.0, a)), ["einsum", "mul"]),
        (lambda a: fnp.einsum("ij,ij->", a, a), ["einsum"]),
        (lambda a: fnp.sum(np.eye(3) * a[0], axis=0), ["getitem"]),
        (lambda a: fnp.sum(np.eye(3) * a, axis=0), ["mul", "sum"]),
    ],
)
def test_products_with_the_identity_with_ones_and_with_numbers(function, operations):
    graph = simplified(graph_of(function, [A]), LAST_RULES)
    found = [node.primitive.name.removeprefix("operator.") for node in graph.nodes]
    assert [name.replace("multiply", "mul") for name in found] == operations
    (value,), expected = graph.run([A]), function(A)
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-15)


def test_single_precision_stays():
    single = A.astype(np.float32)
    for function in (lambda a: a @ np.ones(3), lambda a: np.eye(3) @ a):
        graph = simplified(graph_of(function, [single]), LAST_RULES)
        assert graph.run([single])[0].dtype == function(single).dtype


def test_the_jacobian_of_a_linear_function_is_its_matrix():
    assert source(jacobian(lambda x: A @ x), np.ones(3)).text.splitlines()[-1].startswith("    return ")
    np.testing.assert_array_equal(source(jacobian(lambda x: A @ x), np.ones(3))(np.ones(3)), A)


def test_the_gradient_of_a_sum_of_squares_is_twice_the_array():
    code = source(grad(lambda x: fnp.einsum("ij,ij->", x, x)), A)
    assert code.text.splitlines()[-1] == "    return 2 * x"
