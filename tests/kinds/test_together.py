import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import capture, defbatch, defjvp, defvjp, grad, jet, jvp, primitive, vmap
from fgrad.core.primitive import Primitive
from fgrad.kinds.together import Together, together
from fgrad.modes.batching import BatchTrace
from tests.oracles import assert_close, numerical_jacobian

RNG = np.random.default_rng(3)
STACK = RNG.normal(size=(4, 3, 3))
STACK = STACK + STACK.transpose(0, 2, 1) + 3 * np.diag([1.0, 5.0, 9.0])
T = RNG.normal(size=STACK.shape)
T = T + T.transpose(0, 2, 1)


def made(*, vjp_rule=True, jvp_rule=False):
    """Return the largest eigenvalue of a symmetric matrix, in plain code, and a count of its calls."""
    calls = {"one": 0, "all": 0}

    @primitive
    def largest(a):
        calls["one"] += 1
        return float(np.linalg.eigvalsh(a)[-1])

    @primitive
    def vector(a):  # the projection on the eigenvector, which has a derivative itself
        _w, v = np.linalg.eigh(a)
        return np.outer(v[:, -1], v[:, -1])

    def push_vector(t, ans, a):
        w, v = np.linalg.eigh(a)
        turned = v.T @ t @ v
        gaps = np.where(np.arange(len(w)) == len(w) - 1, 0.0, 1.0 / (w[-1] - w + (w == w[-1])))
        change = v @ (gaps * turned[:, -1])
        return np.outer(change, v[:, -1]) + np.outer(v[:, -1], change)

    defjvp(vector, push_vector)

    def of_all(a):
        calls["all"] += 1
        return np.linalg.eigvalsh(a)[:, -1]

    defbatch(largest, of_all)
    if vjp_rule:
        defvjp(largest, lambda ans, a: lambda g: g * vector(a))
    if jvp_rule:
        defjvp(largest, lambda t, ans, a: fnp.sum(t * vector(a)))
    return largest, calls


def exact(a):
    return np.linalg.eigvalsh(a)[..., -1]


def projections(a):
    v = np.linalg.eigh(a)[1][..., -1]
    return v[..., :, None] * v[..., None, :]


RULES = [{"vjp_rule": True}, {"vjp_rule": False, "jvp_rule": True}]


@pytest.mark.parametrize("rules", RULES)
def test_all_examples_are_computed_at_once(rules):
    largest, calls = made(**rules)
    np.testing.assert_allclose(vmap(largest)(STACK), exact(STACK), rtol=1e-13)
    assert calls == {"one": 0, "all": 1}


@pytest.mark.parametrize("rules", RULES)
def test_examples_of_examples_are_one_row(rules):
    largest, calls = made(**rules)
    nested = STACK.reshape(2, 2, 3, 3)
    np.testing.assert_allclose(vmap(vmap(largest))(nested), exact(nested), rtol=1e-13)
    assert calls == {"one": 0, "all": 1}
    weights = np.array([[1.0, 2.0], [3.0, -1.0]])
    found = grad(lambda a: fnp.sum(weights * vmap(vmap(largest))(a)))(nested)
    np.testing.assert_allclose(found, weights[..., None, None] * projections(nested), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("rules", RULES)
def test_a_gradient_from_outside_goes_by_the_operations_own_rule(rules):
    largest, calls = made(**rules)
    weights = np.array([1.0, -2.0, 0.5, 3.0])
    found = grad(lambda a: fnp.sum(weights * vmap(largest)(a)))(STACK)
    np.testing.assert_allclose(found, weights[:, None, None] * projections(STACK), rtol=1e-12, atol=1e-13)
    assert calls == {"one": 0, "all": 1}


@pytest.mark.parametrize("rules", RULES)
def test_a_tangent_from_outside_goes_by_the_operations_own_rule(rules):
    largest, _ = made(**rules)
    value, slope = jvp(vmap(largest), (STACK,), (T,))
    np.testing.assert_allclose(value, exact(STACK), rtol=1e-13)
    np.testing.assert_allclose(slope, np.sum(projections(STACK) * T, axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize("rules", RULES)
def test_second_derivatives_are_those_of_finite_differences(rules):
    largest, _ = made(**rules)

    def slope(a):
        return fnp.sum(vmap(largest)(a) ** 2)

    def exact_slope(point):
        a = STACK + point[0] * T
        return (2 * exact(a)[:, None, None] * projections(a)).ravel()

    second = jvp(grad(slope), (STACK,), (T,))[1]
    expected = numerical_jacobian(exact_slope, [0.0])
    assert_close(second.reshape(-1, 1), expected, 1e-8, "second derivative")


def test_power_series_go_by_the_tangents():
    largest, _ = made()
    _, (first, second) = jet(vmap(largest), (STACK,), ([T, 0 * T],))
    np.testing.assert_allclose(first, np.sum(projections(STACK) * T, axis=(1, 2)), rtol=1e-12)
    expected = numerical_jacobian(
        lambda point: np.sum(projections(STACK + point[0] * T) * T, axis=(1, 2)), [0.0]
    )
    assert_close(second.reshape(-1, 1), expected, 1e-8, "second coefficient")


def test_it_is_captured():
    largest, _ = made()
    graph = capture(grad(lambda a: fnp.sum(vmap(largest)(a))))(STACK)
    other = STACK + T
    np.testing.assert_allclose(graph(other), projections(other), rtol=1e-12, atol=1e-13)


def test_what_is_the_same_for_all_examples_is_copied_along_them():
    seen = []

    @primitive
    def scaled(a, b, label):
        return a * b

    def of_all(a, b, label):
        seen.append((np.shape(a), np.shape(b), label))
        return a * b

    defbatch(scaled, of_all)
    defvjp(scaled, lambda ans, a, b, label: lambda g: g * b, lambda ans, a, b, label: lambda g: g * a, None)
    xs = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(vmap(lambda x: scaled(x, 2.0, "twice"))(xs), 2 * xs)
    assert seen == [((3,), (3,), "twice")]
    slope = grad(lambda b: fnp.sum(vmap(lambda x: scaled(x, b, "by"))(xs)))(5.0)
    assert slope == 6.0
    assert seen[-1] == ((3,), (3,), "by")


def test_several_results_have_their_derivatives():
    @primitive
    def both(a):
        return a * a, 3.0 * a

    defbatch(both, lambda a: (a * a, 3.0 * a))
    defvjp(both, lambda ans, a: lambda g: 2 * a * g[0] + 3.0 * g[1])

    def f(xs):
        squares, triples = vmap(both)(xs)
        return fnp.sum(squares * xs) + fnp.sum(triples)

    xs = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(grad(f)(xs), 3 * xs**2 + 3.0, rtol=1e-14)
    nested = grad(lambda x: f(x.ravel()) + fnp.sum(vmap(vmap(both))(x)[0]))(xs.reshape(3, 1))
    np.testing.assert_allclose(nested.ravel(), 3 * xs**2 + 3.0 + 2 * xs, rtol=1e-14)


def test_an_argument_without_a_derivative_has_none_for_many_examples():
    @primitive
    def picked(a):
        return a * 2.0

    defbatch(picked, lambda a: a * 2.0)
    defvjp(picked, None)
    np.testing.assert_array_equal(grad(lambda a: fnp.sum(vmap(picked)(a) + a))(np.ones(3)), np.ones(3))


@pytest.mark.parametrize("size", [0, 1, 5])
def test_plain_values_go_to_the_rule_as_they_are(size):
    single = Primitive("single", lambda a, b: a + b, ("a", "b"))
    seen = []

    def rule(count, a, b, shift):
        seen.append((count, type(a), np.shape(b)))
        return a + b + shift

    a = np.arange(float(size))
    found = together(single, rule, [a, 2.0], [True, False], size, {"shift": 1.0})
    np.testing.assert_array_equal(found, a + 3.0)
    assert seen == [(size, np.ndarray, (size,))]


def test_traced_values_become_an_operation_that_says_how_many_examples_it_is_of():
    largest, _ = made()
    graph = capture(lambda a: vmap(largest)(a))(STACK)
    names = [node.primitive.name for node in graph.nodes]
    assert names == ["largest of 4 examples"]
    assert isinstance(graph.nodes[0].primitive.rule, Together)
    trace = BatchTrace("vmap", 4)
    assert largest(trace.root(STACK)).owner is trace
    trace.finish()
