"""Hessian-vector and Gauss-Newton-vector products, against closed forms and dense linear algebra."""

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    OutputError,
    checkpoint,
    grad,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    hvp,
    jacobian,
    jacrev,
    jvp,
    make_ggnvp,
    make_hvp,
    vmap,
)
from tests.transforms.differences import jacobian_of


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_gradient(x):
    g = np.zeros_like(x)
    g[1:] += 200.0 * (x[1:] - x[:-1] ** 2)
    g[:-1] += -400.0 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2.0 * (1.0 - x[:-1])
    return g


def rosenbrock_hessian(x):
    h = np.zeros((x.size, x.size))
    for i in range(x.size - 1):
        h[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
        h[i, i + 1] = h[i + 1, i] = -400.0 * x[i]
        h[i + 1, i + 1] += 200.0
    return h


X = np.random.default_rng(0).normal(size=6)
V = np.random.default_rng(1).normal(size=6)

PRODUCTS = {
    "hvp": lambda f: hvp(f),
    "make_hvp": lambda f: lambda x, v: make_hvp(f)(x)[0](v),
    "hessian_vector_product": lambda f: hessian_vector_product(f, argnum=0),
    "hessian_tensor_product": lambda f: hessian_tensor_product(f, 0),
    "of checkpoint": lambda f: hvp(checkpoint(f)),
    "forward over reverse": lambda f: lambda x, v: jvp(grad(f), (x,), (v,))[1],
    "reverse over forward": lambda f: lambda x, v: grad(lambda x: jvp(f, (x,), (v,))[1])(x),
}


def test_the_gradient_and_the_hessian_of_rosenbrock_are_those_of_the_closed_form():
    np.testing.assert_allclose(grad(rosenbrock)(X), rosenbrock_gradient(X), rtol=1e-12)
    np.testing.assert_allclose(hessian(rosenbrock)(X), rosenbrock_hessian(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(grad(rosenbrock)(np.ones(6)), np.zeros(6))


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_is_the_hessian_times_the_vector(name):
    np.testing.assert_allclose(
        PRODUCTS[name](rosenbrock)(X, V), rosenbrock_hessian(X) @ V, rtol=1e-11, atol=1e-11
    )


def test_newtons_method_by_products_alone_finds_the_minimum():
    x = np.full(6, 0.8)
    for _ in range(30):
        product, gradient = make_hvp(rosenbrock)(x)
        dense = np.stack([product(e) for e in np.eye(6)])
        x = x - np.linalg.solve(dense, gradient)
    np.testing.assert_allclose(x, np.ones(6), rtol=1e-12)


def test_a_tensor_argument_has_products_of_its_shape():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))

    def function(a):
        return np.sum(np.linalg.inv(a.T @ a + np.eye(2)))

    expected = np.tensordot(jacobian_of(grad(function), a), b, 2)
    np.testing.assert_allclose(hessian_tensor_product(function)(a, b), expected, rtol=1e-8)


def test_containers_and_several_arguments_have_products_like_them():
    def function(p, x):
        return np.sum(np.sin(p["w"]) * x) * p["b"]

    p, x = {"w": np.array([0.3, 0.4]), "b": 2.0}, np.array([1.0, 3.0])
    v = {"b": 1.0, "w": np.array([0.5, -1.0])}
    product = hvp(function)(p, x, v)
    w, b = p["w"], p["b"]
    np.testing.assert_allclose(product["w"], -np.sin(w) * x * b * v["w"] + np.cos(w) * x * v["b"], rtol=1e-14)
    assert product["b"] == pytest.approx(np.sum(np.cos(w) * x * v["w"]), rel=1e-14)
    of_both = hvp(function, (1, 0))(p, x, (np.ones(2), v))
    np.testing.assert_allclose(of_both[0], np.cos(w) * b * v["w"] + np.sin(w) * v["b"], rtol=1e-14)
    by_name = hvp(function, argnames=("x", "p"))(p, np.ones(2), {"x": np.ones(2), "p": v})
    assert set(by_name) == {"x", "p"}
    assert hvp(lambda x, *, n: x**n)(2.0, 1.0, n=3) == 12.0


def test_what_else_the_function_tells_comes_last():
    def function(x):
        return x**3, {"x": x, "n": "any"}

    assert hvp(function, has_aux=True)(2.0, 1.0) == (12.0, {"x": 2.0, "n": "any"})
    product, gradient, aux = make_hvp(function, has_aux=True)(2.0)
    assert (product(1.0), gradient, aux) == (12.0, 12.0, {"x": 2.0, "n": "any"})


def test_many_products_run_the_function_once():
    runs = []

    def function(x):
        runs.append(1)
        return np.sum(x**3)

    product, gradient = make_hvp(function)(X)
    np.testing.assert_allclose(gradient, 3 * X**2, rtol=1e-14)
    for v in np.eye(6):
        np.testing.assert_allclose(product(v), 6 * X * v, rtol=1e-14)
    assert len(runs) == 1


def test_products_can_be_differentiated_and_batched():
    third = jacobian_of(rosenbrock_hessian, X)  # symmetric in its three axes
    found = jacobian(lambda x: hvp(rosenbrock)(x, V))(X)
    np.testing.assert_allclose(found, third @ V, rtol=1e-6, atol=1e-6)
    dense = vmap(make_hvp(rosenbrock)(X)[0])(np.eye(6))
    np.testing.assert_allclose(dense, rosenbrock_hessian(X), rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(
        jacobian(lambda v: hvp(rosenbrock)(X, v))(V), rosenbrock_hessian(X), atol=1e-10
    )


# Gauss-Newton


def model(w, inputs):
    hidden = np.tanh(inputs @ np.reshape(w[:6], (2, 3)))
    return hidden @ np.reshape(w[6:], (3, 2))


W = np.random.default_rng(3).normal(size=12)
INPUTS = np.random.default_rng(4).normal(size=(5, 2))
LABELS = np.array([0, 1, 1, 0, 1])


def cross_entropy(outputs):
    top = np.max(outputs, axis=1, keepdims=True)
    log_sums = top[:, 0] + np.log(np.sum(np.exp(outputs - top), axis=1))
    return np.sum(log_sums - outputs[np.arange(5), LABELS])


def dense_gauss_newton():
    """Return ``J.T H J`` for the cross entropy, whose Hessian is ``diag(p) - p p.T`` for each example."""
    jac = jacobian_of(lambda w: model(w, INPUTS), W)
    outputs = model(W, INPUTS)
    p = np.exp(outputs) / np.sum(np.exp(outputs), axis=1, keepdims=True)
    total = np.zeros((12, 12))
    for j, q in zip(jac, p, strict=True):
        total += j.T @ (np.diag(q) - np.outer(q, q)) @ j
    return total


def test_a_gauss_newton_product_is_the_dense_matrix_times_the_vector():
    product = make_ggnvp(model, cross_entropy)(W, INPUTS)
    dense = dense_gauss_newton()
    found = np.stack([product(e) for e in np.eye(12)])
    np.testing.assert_allclose(found, dense, rtol=1e-8, atol=1e-9)
    assert np.linalg.eigvalsh(found).min() > -1e-12


def test_the_default_loss_makes_the_jacobians_square():
    function = lambda w: model(w, INPUTS[:1])[0]  # noqa: E731
    jac = jacobian_of(function, W)
    v = np.random.default_rng(5).normal(size=12)
    np.testing.assert_allclose(make_ggnvp(function)(W)(v), jac.T @ (jac @ v), rtol=1e-8)


def test_a_natural_gradient_step_solves_the_dense_system():
    """The Fisher matrix of a softmax is the generalized Gauss-Newton matrix of its cross entropy."""
    damping = 1e-2
    product = make_ggnvp(model, cross_entropy)(W, INPUTS)
    g = grad(lambda w: cross_entropy(model(w, INPUTS)))(W)
    # Conjugate gradients, in as many steps as there are unknowns, twice over for rounding.
    x, r = np.zeros(12), g.copy()
    p = r.copy()
    for _ in range(24):
        if r @ r < 1e-26:
            break
        ap = product(p) + damping * p
        alpha = (r @ r) / (p @ ap)
        x, new = x + alpha * p, r - alpha * ap
        p = new + (new @ new) / (r @ r) * p
        r = new
    expected = np.linalg.solve(dense_gauss_newton() + damping * np.eye(12), g)
    np.testing.assert_allclose(x, expected, rtol=1e-6, atol=1e-8)


def test_gauss_newton_takes_containers_and_other_arguments():
    def function(scale, p):
        return {"a": np.sin(p["w"]) * scale, "b": p["w"][0] * p["c"]}

    def loss(out):
        return np.sum(out["a"] ** 2) + out["b"] ** 2

    w, c = np.array([0.3, 0.4]), 2.0
    product = make_ggnvp(function, loss, f_argnum=1)(3.0, {"w": w, "c": c})
    found = product({"w": np.array([1.0, 0.5]), "c": -1.0})
    jac = np.array([[3 * np.cos(w[0]), 0, 0], [0, 3 * np.cos(w[1]), 0], [c, 0, w[0]]])
    expected = jac.T @ (2.0 * jac @ np.array([1.0, 0.5, -1.0]))
    np.testing.assert_allclose([*found["w"], found["c"]], expected, rtol=1e-13)


def test_gauss_newton_products_are_differentiated():
    def through(w):
        return np.sum(make_ggnvp(lambda w: np.stack([w[0] * w[1], w[1]]))(w)(np.ones(2)))

    # J = [[w1, w0], [0, 1]], J 1 = (s, 1) with s = w0 + w1, J.T of it = (w1 s, w0 s + 1): the sum is s^2 + 1.
    np.testing.assert_allclose(grad(through)(np.array([2.0, 3.0])), [10.0, 10.0], rtol=1e-14)
    np.testing.assert_allclose(jacrev(grad(through))(np.array([2.0, 3.0])), np.full((2, 2), 2.0), atol=1e-13)


# errors


@pytest.mark.parametrize("name", ["hvp", "make_hvp"])
def test_a_vector_that_does_not_fit_is_refused(name):
    product = PRODUCTS[name](rosenbrock)
    what = "the vector" if name == "hvp" else "the tangent"
    with pytest.raises(
        ArgumentError, match=rf"{name}: {what} has shape \(2,\); it must have the shape \(6,\)"
    ):
        product(X, np.ones(2))
    with pytest.raises(InputError, match=f"{name}: {what} must be an array"):
        product(X, [1.0] * 6)


def test_errors_speak_of_the_transform_that_was_called():
    with pytest.raises(OutputError, match="hvp: <lambda> must return a real scalar"):
        hvp(lambda x: x)(X, V)
    with pytest.raises(OutputError, match="make_hvp: <lambda> must return a real scalar"):
        make_hvp(lambda x: x)(X)
    with pytest.raises(OutputError, match="make_ggnvp: <lambda> must return a real scalar"):
        make_ggnvp(lambda x: x, lambda y: y)(X)
    with pytest.raises(InputError, match="hvp: x is a str"):
        hvp(lambda x: x)("text", V)
    with pytest.raises(ArgumentError, match="hvp: pass the vector as the last positional argument"):
        hvp(rosenbrock)()
    for transform in (hvp, make_hvp, make_ggnvp):
        with pytest.raises(InputError, match=f"{transform.__name__} takes a function; got float"):
            transform(3.0)
