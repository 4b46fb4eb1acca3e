import numpy as np
import pytest
import scipy.optimize
from scipy.sparse.linalg import LinearOperator, cg

from fgrad import ArgumentError, InputError, OutputError, grad, hessian, jacobian, jvp, value_and_grad
from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.minimize import minimize
from fgrad.implicit.vectors import flattened
from tests.implicit.orders import assert_derivatives
from tests.transforms.differences import directional, jacobian_of

RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(20, 4)), RNG.normal(size=20)
X_TEST, Y_TEST = RNG.normal(size=(10, 4)), RNG.normal(size=10)
LABELS = (RNG.random(20) < 0.5).astype(float)


def ridge(w, log_penalty, X, y):
    return np.sum((X @ w - y) ** 2) + np.exp(log_penalty) * np.sum(w**2)


def bfgs(f, x0):
    return scipy.optimize.minimize(value_and_grad(f), x0, jac=True, tol=1e-12).x


def newton_cg(f, x0):
    def product(x, v):
        return jvp(grad(f), (x,), (v,))[1]

    return scipy.optimize.minimize(f, x0, method="trust-ncg", jac=grad(f), hessp=product, tol=1e-12).x


SOLVERS = {"default": None, "bfgs": bfgs, "trust-ncg": newton_cg, "flattened": flattened(bfgs)}


@pytest.mark.parametrize("name", SOLVERS)
def test_the_hyper_gradient_of_ridge_regression_is_its_closed_form(name):
    def loss(log_penalty):
        w = minimize(ridge, np.zeros(4), log_penalty, X, Y, solver=SOLVERS[name])
        return np.sum((X_TEST @ w - Y_TEST) ** 2)

    penalty = np.exp(0.7)
    inverse = np.linalg.inv(X.T @ X + penalty * np.eye(4))
    w = inverse @ X.T @ Y
    first = -penalty * inverse @ w
    second = first + 2 * penalty**2 * inverse @ inverse @ w
    residual = X_TEST @ w - Y_TEST
    assert_derivatives(
        loss,
        0.7,
        np.sum(residual**2),
        2 * residual @ X_TEST @ first,
        2 * np.sum((X_TEST @ first) ** 2) + 2 * residual @ X_TEST @ second,
        rtol=1e-7,
    )


def test_derivatives_by_the_data_are_those_of_the_closed_form():
    def weights(y):
        return minimize(ridge, np.zeros(4), 0.0, X, y)

    np.testing.assert_allclose(jacobian(weights)(Y), np.linalg.solve(X.T @ X + np.eye(4), X.T), rtol=1e-9)


def logistic(params, X, labels, penalty):
    z = X @ params["w"] + params["b"]
    return np.sum(np.logaddexp(0.0, z) - labels * z) + penalty * np.sum(params["w"] ** 2)


def test_logistic_regression_on_containers_agrees_with_differences():
    start = {"w": np.zeros(4), "b": 0.0}

    def loss(p):
        found = minimize(logistic, start, X, LABELS, p[0] ** 2)
        return np.sum(found["w"] ** 3) + found["b"] ** 2

    p = np.array([0.8])
    assert grad(loss)(p)[0] == pytest.approx(directional(loss, p, np.ones(1)), rel=1e-8)
    np.testing.assert_allclose(hessian(loss)(p), jacobian_of(grad(loss), p), rtol=1e-7)


def test_rosenbrocks_valley_moves_with_its_parameters():
    def valley(x, a, b):
        return (a - x[0]) ** 2 + b * (x[1] - x[0] ** 2) ** 2

    def bottom(a):
        return minimize(valley, np.array([-1.2, 1.0]), a, 100.0)

    np.testing.assert_allclose(bottom(1.0), [1.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(jacobian(bottom)(1.5), [1.0, 3.0], rtol=1e-10)
    np.testing.assert_allclose(jacobian(jacobian(bottom))(1.5), [0.0, 2.0], atol=1e-9)
    by_b = grad(lambda b: minimize(valley, np.array([-1.2, 1.0]), 1.5, b)[1])(100.0)
    assert by_b == pytest.approx(0.0, abs=1e-12)


def test_a_closed_form_minimum_has_its_derivatives_in_every_mode():
    """x**4 / 4 - a x is lowest at the cube root of a."""
    assert_derivatives(
        lambda a: minimize(lambda x: x**4 / 4 - a * x, 1.0), 8.0, 2.0, 1 / 12, -1 / 144, rtol=1e-11
    )


def test_many_unknowns_need_no_matrix():
    n = 300
    scale = np.linspace(1.0, 3.0, n)
    b = np.random.default_rng(4).normal(size=n)

    def loss(c, **options):
        x = minimize(lambda x, c: np.sum(scale * x**2 / 2 + c * x**4 / 4 - b * x), np.zeros(n), c, **options)
        return np.sum(x**2)

    def by_cg(operator, b):
        return cg(LinearOperator((n, n), operator), b, rtol=1e-13)[0]

    expected = directional(lambda c: loss(c[0]), np.array([0.5]), np.ones(1))
    assert grad(loss)(0.5) == pytest.approx(expected, rel=1e-8)
    assert grad(lambda c: loss(c, linear_solver=by_cg))(0.5) == pytest.approx(expected, rel=1e-8)


def test_a_maximum_and_a_saddle_are_left():
    found = minimize(lambda x: np.sum((x**2 - 1) ** 2), np.array([1e-3, -1e-3]))
    np.testing.assert_allclose(found, [1.0, -1.0], rtol=1e-12)


def test_the_solver_sees_plain_values_and_nothing_is_recorded():
    def loss(a):
        tape = a.owner.tape

        def descent(f, x):
            before = len(tape.pulls)
            for _ in range(400):
                value, g = value_and_grad(f)(x)
                assert type(value) is not type(a)
                x = x - 0.1 * g
            assert len(tape.pulls) == before
            return x

        return np.sum(minimize(lambda x: np.sum((x - a) ** 2 + x**2), np.zeros(3), solver=descent))

    assert grad(loss)(2.0) == pytest.approx(1.5, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: minimize(lambda x: -(x**2), 1.0), ConvergenceError, "f falls without end"),
        (lambda: minimize(lambda x: x * np.nan, 1.0), ConvergenceError, "not finite at the start"),
        (
            lambda: minimize(lambda x: x**2, 1.0, solver=lambda f, x: 0.5 * x),
            ConvergenceError,
            "is no solution",
        ),
        (lambda: minimize(lambda x: x**2, np.ones(2)), OutputError, r"an array of shape \(2,\)"),
        (lambda: minimize(lambda x: {"x": x}, 1.0), OutputError, "returned a dict"),
        (lambda: minimize(lambda x: 1j * x, 1.0), OutputError, "dtype complex128"),
        (lambda: minimize(lambda x: abs(x) ** 2, {"z": 1j}), InputError, r"x0\['z'\] is complex"),
        (lambda: minimize("f", 1.0), InputError, "f must be a function"),
        (lambda: minimize(lambda x: x**2, 1.0, tol=0), ArgumentError, "tol must be"),
        (
            lambda: grad(lambda a: minimize(lambda x: (x[0] - a) ** 2 + 0 * x[1], np.zeros(2))[0])(1.0),
            SingularError,
            "minimize, its derivative",
        ),
    ],
)
def test_what_cannot_be_done_says_why(call, error, message):
    with pytest.raises(error, match=message):
        call()
