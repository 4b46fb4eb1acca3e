"""Adjoints against formulas by hand and differences, neither of which knows anything of fgrad."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import defvjp, grad, graph, primitive, stop_gradient
from tests.graphs.examples import (
    MATRICES,
    PARAMS,
    W0,
    X,
    chain,
    labels,
    linear,
    logistic,
    mlp_loss,
    recurrent,
    series,
    targets,
)
from tests.oracles import numerical_jacobian


def adjoints(drawn):
    """Return the adjoints by the names of the values."""
    return {mark.name: mark.adjoint for mark in drawn.view.marks if mark.adjoint is not None}


def assert_shows(summary, array, tolerance=1e-12):
    """Check that a summary is of an array that was found in another way."""
    array = np.asarray(array)
    assert summary.shape == array.shape
    found = np.array(summary.elements or (summary.low, summary.high))
    expected = array.ravel() if summary.elements else np.array([array.min(), array.max()])
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def test_the_adjoints_of_linear_regression_are_the_formulas():
    found = adjoints(graph(linear)(W0, 0.5))
    r = X @ W0 + 0.5 - targets
    assert_shows(found["w"], 2 * X.T @ r / 20)
    assert_shows(found["b"], 2 * r.sum() / 20)
    for name in ("v1", "y", "v2"):
        assert_shows(found[name], 2 * r / 20)
    assert_shows(found["v3"], np.full(20, 1 / 20))
    assert_shows(found["v4"], 1.0)
    assert set(found) == {"w", "b", "v1", "y", "v2", "v3", "v4"}  # X and t are constants


def test_the_adjoints_of_logistic_regression_are_the_formulas():
    found = adjoints(graph(logistic)(W0))
    y = 1 / (1 + np.exp(-X @ W0))
    assert_shows(found["w"], X.T @ (y - labels))
    assert_shows(found["y"], (y - labels) / (y * (1 - y)))
    assert_shows(found["v1"], labels - y)  # of -X @ w
    assert_shows(found["v3"], -y * (y - labels) / (1 - y))  # of 1 + exp(-X @ w)
    assert_shows(found["v11"], 1.0)


def test_the_adjoints_of_a_network_are_differences():
    found = adjoints(graph(mlp_loss)(PARAMS))

    def loss(W, b, v, shift=0.0):
        hidden = np.tanh(X @ W + b) + shift
        return np.array([np.mean((hidden @ v - targets) ** 2)])

    leaves = [PARAMS["W"], PARAMS["b"], PARAMS["v"]]
    rows = numerical_jacobian(lambda at: loss(*at), leaves).ravel()
    for name, expected in zip("Wbv", np.split(rows, [6, 8]), strict=True):
        assert_shows(found[f"params[{name!r}]"], expected.reshape(PARAMS[name].shape), 1e-8)
    at_hidden = numerical_jacobian(lambda at: loss(*leaves, shift=at[0]), [np.zeros((20, 2))])
    assert_shows(found["hidden"], at_hidden.reshape(20, 2), 1e-8)


def test_the_adjoints_of_a_recurrent_network_are_differences_through_all_steps():
    found = adjoints(graph(recurrent)(*MATRICES))

    def loss(at):
        h = np.zeros(2)
        for x in series:
            h = np.tanh(at[0] @ h + at[1] @ x)
        return np.array([h @ h])

    rows = numerical_jacobian(loss, list(MATRICES)).reshape(2, 2, 2)
    assert_shows(found["W"], rows[0], 1e-8)
    assert_shows(found["U"], rows[1], 1e-8)


def test_the_adjoint_of_a_value_that_is_used_several_times_is_the_sum():
    def f(x):
        y = x * x
        return y * fnp.sin(y) + 3 * y

    found = adjoints(graph(f)(0.7))
    y = 0.7**2
    slope = np.sin(y) + y * np.cos(y) + 3
    assert_shows(found["y"], slope)
    assert_shows(found["x"], 2 * 0.7 * slope)


def test_the_adjoint_of_a_complex_value_pairs_with_its_changes_in_the_real_part_of_the_product():
    def f(x):
        z = x * (1 + 2j)
        return fnp.real(z * z * z)

    found = adjoints(graph(f)(0.5))
    z = 0.5 * (1 + 2j)
    assert_shows(found["z"], 3 * z**2)  # dL = Re(3 z^2 dz)
    assert_shows(found["x"], np.real(3 * z**2 * (1 + 2j)))


def test_a_value_that_the_result_does_not_move_with_has_the_adjoint_zero():
    drawn = graph(lambda x, unused: fnp.floor(x * 3) + stop_gradient(x))(2.5, np.ones(4))
    found = adjoints(drawn)
    assert [found[name].text() for name in ("x", "unused", "v1")] == ["0", "all 0", "0"]


def test_a_value_that_does_not_move_with_the_inputs_has_the_adjoint_of_what_it_does_itself():
    def f(x):
        steps = fnp.floor(x)
        still = stop_gradient(x * 2)
        return steps * still * x

    found = adjoints(graph(f)(2.5))
    assert found["steps"].text() == "12.5"  # 5 * 2.5
    assert found["still"].text() == "5"  # 2 * 2.5
    assert found["x"].text() == "10"  # 2 * 5


def test_integers_and_truths_between_have_no_adjoint():
    drawn = graph(lambda x: fnp.where(x > 1, x, 0.0)[fnp.argmax(x)])(np.array([1.0, 5.0]))
    shown = {mark.text.partition("(")[0]: mark.adjoint for mark in drawn.view.marks}
    assert shown["argmax"] is None
    assert shown["x > 1"] is None
    assert drawn.view.marks[0].adjoint.elements == (0.0, 1.0)


def test_adjoints_keep_the_dtype():
    found = adjoints(graph(lambda x: fnp.sum(x * x))(np.ones(5, dtype=np.float32)))
    assert {str(summary.dtype) for summary in found.values()} == {"float32"}


def test_an_infinite_adjoint_is_shown_without_a_warning():
    assert adjoints(graph(fnp.sqrt)(0.0))["x"].text() == "inf"


def test_the_adjoint_of_a_masked_infinity_is_zero():
    def f(x):
        y = fnp.where(x > 0, x, 1.0)
        return fnp.sum(fnp.where(x > 0, fnp.sqrt(x), y))

    drawn = graph(f)(np.array([4.0, 0.0]))
    assert adjoints(drawn)["x"].elements == (0.25, 0.0)


def test_a_chain_of_many_operations_has_the_product_of_the_slopes():
    values = [0.5]
    for _ in range(100):
        values.append(np.sin(values[-1]))
    found = adjoints(graph(chain, fold=None, limit=200)(0.5))
    assert_shows(found["x"], np.prod(np.cos(values[:-1])))
    assert_shows(found["v60"], np.prod(np.cos(values[60:-1])))


def test_the_rule_of_a_users_primitive_counts():
    @primitive
    def cube(x):
        return x**3

    defvjp(cube, lambda ans, x: lambda g: g * 3 * x * x)
    assert_shows(adjoints(graph(lambda x: cube(x) * 2)(1.5))["x"], 6 * 1.5**2)


def test_a_gradient_of_one_number_has_adjoints_too():
    found = adjoints(graph(grad(lambda x: x**3))(2.0))
    assert_shows(found["x"], 12.0)


@primitive
def unknown(x):
    return x * 2


@pytest.mark.parametrize(
    ("function", "args", "reason"),
    [
        (lambda x: x * 2, (np.ones(3),), "the result is of shape (3,), and adjoints are those of one number"),
        (lambda x: x * 1j, (1.0,), "the result is of dtype complex128, and adjoints are those of a float"),
        (fnp.argmax, (np.ones(3),), "the result is of dtype int64, and adjoints are those of a float"),
        (lambda x: x > 0, (1.0,), "the result is of dtype bool, and adjoints are those of a float"),
        (lambda x: (x, 2 * x), (1.0,), "there are 2 results, and adjoints are those of one number"),
        (lambda x: None, (1.0,), "there are 0 results, and adjoints are those of one number"),
        (lambda x: 3.0, (1.0,), "the result does not depend on the arguments"),
        (lambda: 3.0, (), "nothing depends on an argument of floats"),
        (lambda x: unknown(x) * x, (1.0,), "unknown has no derivative rule"),
    ],
)
def test_where_there_are_no_adjoints_a_note_says_why(function, args, reason):
    drawn = graph(function)(*args)
    assert drawn.adjoints == {}
    (note,) = drawn.view.notes
    assert note.startswith(f"no adjoints: {reason}")
    assert "adjoint " not in drawn.dot.replace(note, "").replace("no adjoints", "")


def test_a_primitive_without_a_rule_that_does_not_matter_does_no_harm():
    drawn = graph(lambda x: (unknown(2.0) + x) * 3)(1.0)
    assert_shows(adjoints(drawn)["x"], 3.0)


def test_without_adjoints_nothing_is_run_again():
    calls = []

    @primitive
    def counted(x):
        calls.append(x)
        return x * 2

    assert graph(counted, adjoints=False)(1.0).adjoints == {}
    assert len(calls) == 1
