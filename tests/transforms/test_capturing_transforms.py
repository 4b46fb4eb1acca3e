"""The graph of every transform, at other inputs than those of the capture, against closed forms.

The function is the sum of ``exp(a x)``, or its elements, with all derivatives known.
"""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import (
    capture,
    checkpoint,
    custom_jvp,
    custom_vjp,
    debug_nans,
    defjvp,
    defvjp,
    deriv,
    derivatives,
    elementwise_grad,
    fixed_point,
    grad,
    grad_and_aux,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jet,
    jvp,
    linear_solve,
    linearize,
    make_ggnvp,
    make_hvp,
    minimize,
    odeint,
    primitive,
    root,
    stop_gradient,
    taylor,
    transform_cotangent,
    value_and_grad,
    vjp,
    vmap,
)
from fgrad.ir.validity import check

A = np.array([0.5, -1.0, 2.0])
HERE, THERE = np.array([0.1, 0.2, -0.3]), np.array([-0.7, 0.4, 0.25])
T = np.array([1.0, -2.0, 0.5])


def elements(x):
    return fnp.exp(A * x)


def total(x):
    return fnp.sum(fnp.exp(A * x))


def exact(order, x):
    """Return the derivatives of the elements, each by its own variable."""
    return A**order * np.exp(A * x)


TRANSFORMS = {
    "grad": (grad(total), lambda x: exact(1, x)),
    "value_and_grad": (value_and_grad(total), lambda x: (exact(0, x).sum(), exact(1, x))),
    "grad_and_aux": (grad_and_aux(lambda x: (total(x), x * 2)), lambda x: (exact(1, x), 2 * x)),
    "elementwise_grad": (elementwise_grad(elements), lambda x: exact(1, x)),
    "jacobian": (jacobian(elements), lambda x: np.diag(exact(1, x))),
    "jacfwd": (jacfwd(elements), lambda x: np.diag(exact(1, x))),
    "jacrev": (jacrev(elements), lambda x: np.diag(exact(1, x))),
    "hessian": (hessian(total), lambda x: np.diag(exact(2, x))),
    "hvp": (lambda x: hvp(total)(x, T), lambda x: exact(2, x) * T),
    "make_hvp": (lambda x: make_hvp(total)(x)[0](T), lambda x: exact(2, x) * T),
    "make_ggnvp": (
        lambda x: make_ggnvp(elements, lambda y: fnp.sum(y**2) / 2)(x)(T),
        lambda x: exact(1, x) ** 2 * T,
    ),
    "jvp": (lambda x: jvp(elements, (x,), (T,)), lambda x: (exact(0, x), exact(1, x) * T)),
    "vjp": (lambda x: vjp(elements, x)[1](T)[0], lambda x: exact(1, x) * T),
    "linearize": (lambda x: linearize(elements, x)[1](T), lambda x: exact(1, x) * T),
    "deriv": (lambda x: deriv(lambda t: elements(x + t * T))(0.0), lambda x: exact(1, x) * T),
    "jet": (
        lambda x: jet(elements, (x,), ([T, 0 * T],))[1],
        lambda x: [exact(1, x) * T, exact(2, x) * T**2],
    ),
    "taylor": (lambda x: taylor(fnp.exp, x, 2), lambda x: [np.exp(x), np.exp(x), np.exp(x) / 2]),
    "derivatives": (lambda x: derivatives(fnp.exp, 2)(x), lambda x: np.stack([np.exp(x)] * 3)),
    "vmap": (vmap(lambda x: fnp.sin(x) * x), lambda x: np.sin(x) * x),
    "vmap of grad": (vmap(grad(lambda x: fnp.exp(x * x))), lambda x: 2 * x * np.exp(x * x)),
    "grad of vmap": (grad(lambda x: fnp.sum(vmap(fnp.exp)(x))), np.exp),
    "checkpoint": (checkpoint(elements), lambda x: exact(0, x)),
    "grad of checkpoint": (grad(checkpoint(total)), lambda x: exact(1, x)),
    "hessian of checkpoint": (hessian(checkpoint(total)), lambda x: np.diag(exact(2, x))),
    "stop_gradient": (grad(lambda x: fnp.sum(x * stop_gradient(x))), lambda x: x),
    "transform_cotangent": (
        grad(lambda x: fnp.sum(fnp.exp(transform_cotangent(x, lambda g: g * 3.0)))),
        lambda x: 3 * np.exp(x),
    ),
    "third order": (
        lambda x: grad(lambda x: fnp.sum(grad(lambda x: fnp.sum(grad(total)(x)))(x)))(x),
        lambda x: exact(3, x),
    ),
    "debug_nans": (lambda x: _watched(x), lambda x: exact(1, x)),
}


def _watched(x):
    with debug_nans():
        return grad(total)(x)


def assert_same(found, expected):
    if isinstance(expected, tuple | list):
        assert len(found) == len(expected)
        for f, e in zip(found, expected, strict=True):
            assert_same(f, e)
        return
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_graph_of_a_transform(name):
    function, expected = TRANSFORMS[name]
    graph = capture(function)(HERE)
    check(graph)
    assert not graph.decisions
    assert len(graph.nodes) > 0
    assert_same(graph(HERE), expected(HERE))
    assert_same(graph(THERE), expected(THERE))


@pytest.mark.parametrize("name", ["grad", "hessian", "jvp", "vmap", "jet", "checkpoint"])
def test_a_graph_of_a_graph(name):
    function, expected = TRANSFORMS[name]
    again = capture(capture(function)(HERE))(HERE)
    assert_same(again(THERE), expected(THERE))


# rules of users


def with_vjp():
    exp = primitive(lambda x: np.array([float(np.exp(v)) for v in x]))
    defvjp(exp, lambda ans, x: lambda g: np.array([float(v) for v in g * ans]))
    return exp


def with_jvp():
    exp = primitive(lambda x: np.array([float(np.exp(v)) for v in x]))
    defjvp(exp, lambda t, ans, x: np.array([float(v) for v in t * ans]))
    return exp


def with_custom_vjp():
    exp = custom_vjp(lambda x: np.array([float(np.exp(v)) for v in x]))
    exp.defvjp(lambda x: (exp(x), exp(x)), lambda ans, g: (g * ans,))
    return exp


def with_custom_jvp():
    exp = custom_jvp(lambda x: np.array([float(np.exp(v)) for v in x]))
    exp.defjvp(lambda primals, tangents: (exp(*primals), exp(*primals) * tangents[0]))
    return exp


@pytest.mark.parametrize("make", [with_vjp, with_jvp, with_custom_vjp, with_custom_jvp])
@pytest.mark.parametrize("transform", [grad, lambda f: lambda x: jvp(f, (x,), (T,))[1]])
def test_rules_of_users_are_captured_in_foreign_code_too(make, transform):
    exp = make()
    graph = capture(transform(lambda x: fnp.sum(exp(x) * A)))(HERE)
    assert not graph.decisions
    slope = A * np.exp(THERE)
    assert_same(graph(THERE), slope if transform is grad else slope @ T)


# what an equation defines


def test_implicit_functions_are_captured():
    def cube_root(a):
        return root(lambda x, a: x**3 - a, 1.0, a)

    graph = capture(cube_root)(8.0)
    assert graph(27.0) == pytest.approx(3.0, rel=1e-10)
    slope = capture(grad(cube_root))(8.0)
    assert slope(27.0) == pytest.approx(1 / 27, rel=1e-9)
    assert capture(grad(grad(cube_root)))(8.0)(27.0) == pytest.approx(-2 / 9 * 27 ** (-5 / 3), rel=1e-8)


def test_fixed_points_and_minima_are_captured():
    newton = capture(grad(lambda a: fixed_point(lambda x, a: (x + a / x) / 2, 1.0, a)))(4.0)
    assert newton(9.0) == pytest.approx(1 / 6, rel=1e-9)

    def argmin(a):
        return fnp.sum(minimize(lambda x, a: fnp.sum((x - a) ** 2 + (x - 1) ** 2), np.zeros(1), a))

    assert capture(grad(argmin))(3.0)(5.0) == pytest.approx(0.5, rel=1e-6)


def test_linear_solves_are_captured():
    def solve(a, b):
        return linear_solve(lambda x: a @ x, b)

    a, b = np.array([[3.0, 1.0], [0.5, 2.0]]), np.array([1.0, -1.0])
    graph = capture(grad(lambda a, b: fnp.sum(solve(a, b)), 1))(a, b)
    other = np.array([[2.0, 0.5], [1.0, 4.0]])
    np.testing.assert_allclose(graph(other, b), np.linalg.solve(other.T, np.ones(2)), rtol=1e-8)


def test_differential_equations_are_captured():
    times = np.array([0.0, 0.5, 1.0])

    def last(y0, k):
        return odeint(lambda y, t, k: -k * y, y0, times, k)[-1, 0]

    graph = capture(grad(last, (0, 1)))(np.array([2.0]), 0.5)
    by_start, by_rate = graph(np.array([3.0]), 0.7)
    np.testing.assert_allclose(by_start, [np.exp(-0.7)], rtol=1e-6)
    np.testing.assert_allclose(by_rate, -3 * np.exp(-0.7), rtol=1e-6)


# captures inside of other transforms


def captured_inside(x):
    """Return sin(x) x, by a graph that closes over x and is called at x."""
    return capture(lambda y: fnp.sin(y) * x)(1.0)(x)


def test_a_capture_inside_of_grad_is_differentiated_through_constants_and_calls():
    x = 0.7
    assert grad(captured_inside)(x) == pytest.approx(np.sin(x) + x * np.cos(x), rel=1e-14)
    assert grad(grad(captured_inside))(x) == pytest.approx(2 * np.cos(x) - x * np.sin(x), rel=1e-13)
    assert jvp(captured_inside, (x,), (2.0,))[1] == pytest.approx(2 * (np.sin(x) + x * np.cos(x)), rel=1e-14)


def test_a_capture_inside_of_vmap_has_constants_of_all_examples():
    np.testing.assert_allclose(vmap(captured_inside)(THERE), np.sin(THERE) * THERE, rtol=1e-15)
    slopes = vmap(grad(captured_inside))(THERE)
    np.testing.assert_allclose(slopes, np.sin(THERE) + THERE * np.cos(THERE), rtol=1e-14)


def test_a_capture_of_a_traced_argument_is_differentiated():
    def f(x):
        graph = capture(lambda y: fnp.exp(y) * x)(x)
        return graph(2 * x) + fnp.sum(graph.values()[0])

    x = 0.3
    assert grad(f)(x) == pytest.approx(np.exp(2 * x) * (1 + 2 * x) + 1, rel=1e-14)


def test_a_capture_inside_of_a_capture():
    graph = capture(lambda x: captured_inside(x) + captured_inside(2 * x))(0.5)
    assert graph(0.3) == pytest.approx(np.sin(0.3) * 0.3 + np.sin(0.6) * 0.6, rel=1e-15)


def test_a_training_loop_is_captured_with_its_gradients():
    rows, aims = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.3]]), np.array([1.0, 0.5, -0.2])

    def loss(w):
        return fnp.sum((rows @ w - aims) ** 2)

    def train(w):
        for _ in range(10):
            w = w - 0.05 * grad(loss)(w)
        return w

    graph = capture(train)(np.zeros(2))
    w = np.array([1.0, -1.0])
    found = graph(w)
    for _ in range(10):
        w = w - 0.05 * 2 * rows.T @ (rows @ w - aims)
    np.testing.assert_allclose(found, w, rtol=1e-13)
