import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.optimize

from fgrad import ArgumentError, InputError, OutputError, grad, hessian, jacobian, jvp
from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.root import root
from fgrad.implicit.vectors import flattened
from tests.implicit.orders import assert_derivatives
from tests.transforms.differences import directional, jacobian_of


def bisect(f, x0):
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if f(middle) > 0 else (middle, high)
    return middle


@pytest.mark.parametrize("solver", [None, bisect])
def test_a_cube_root_has_its_derivatives_in_every_mode(solver):
    def cube_root(a):
        return root(lambda x, a: x**3 - a, 1.0, a, solver=solver)

    assert_derivatives(cube_root, 8.0, 2.0, 1 / 12, -1 / 144, rtol=1e-13)
    assert grad(grad(grad(cube_root)))(8.0) == pytest.approx(10 / 27 * 8 ** (-8 / 3), rel=1e-12)


def test_the_lambert_function_agrees_with_mpmath():
    def lambert(a):
        return root(lambda w: w * np.exp(w) - a, 0.5)

    value, first, second = (float(mpmath.diff(mpmath.lambertw, 1.7, k).real) for k in range(3))
    assert_derivatives(lambert, 1.7, value, first, second, rtol=1e-11)


def intersection(p, r):
    """Intersect a circle and a hyperbola, in another container than the unknowns."""
    return (p["x"] ** 2 + p["y"] ** 2 - r["radius"] ** 2, p["x"] * p["y"] - r["product"])


def corner(r):
    return root(intersection, {"x": 2.0, "y": 0.4}, r)


def test_unknowns_and_equations_may_be_in_different_containers():
    r = {"radius": 2.0, "product": 1.0}
    p = corner(r)
    assert p["x"] ** 2 + p["y"] ** 2 == pytest.approx(4.0, rel=1e-13)
    assert p["x"] * p["y"] == pytest.approx(1.0, rel=1e-13)
    found = jacobian(corner)(r)
    dense = np.linalg.solve([[2 * p["x"], 2 * p["y"]], [p["y"], p["x"]]], np.diag([4.0, 1.0]))
    for i, unknown in enumerate(("x", "y")):
        for j, given in enumerate(("radius", "product")):
            assert found[unknown][given] == pytest.approx(dense[i, j], rel=1e-12)


RNG = np.random.default_rng(1)
A = RNG.normal(size=(6, 6)) + 6 * np.eye(6)
B = RNG.normal(size=6)


def curve(x, A, b):
    return A @ x + x**3 - b


SOLVERS = {
    "default": None,
    "root": lambda f, x0: scipy.optimize.root(f, x0, tol=1e-13).x,
    "root with our Jacobian": lambda f, x0: scipy.optimize.root(f, x0, jac=jacobian(f), tol=1e-13).x,
    "fsolve": lambda f, x0: scipy.optimize.fsolve(f, x0, xtol=1e-13),
    "newton_krylov": lambda f, x0: scipy.optimize.newton_krylov(f, x0, f_tol=1e-12),
    "flattened": flattened(lambda f, x0: scipy.optimize.root(f, x0, tol=1e-13).x),
}


@pytest.mark.parametrize("name", SOLVERS)
def test_any_solver_gives_the_same_derivatives(name):
    def loss(A, b):
        return np.sum(root(curve, np.zeros(6), A, b, solver=SOLVERS[name]) ** 2)

    x = root(curve, np.zeros(6), A, B)
    w = np.linalg.solve((A + np.diag(3 * x**2)).T, 2 * x)
    by_A, by_b = grad(loss, argnums=(0, 1))(A, B)
    np.testing.assert_allclose(by_b, w, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(by_A, -np.outer(w, x), rtol=1e-9, atol=1e-12)
    t = np.arange(6.0)
    assert jvp(lambda b: loss(A, b), (B,), (t,))[1] == pytest.approx(w @ t, rel=1e-9)


def test_a_hessian_agrees_with_differences():
    def loss(b):
        return np.sum(root(curve, np.zeros(6), A, b) ** 2)

    np.testing.assert_allclose(hessian(loss)(B), jacobian_of(grad(loss), B), rtol=1e-7, atol=1e-10)


def test_many_unknowns_are_solved_without_a_matrix():
    """Bratu's problem on 200 points: u'' + c exp(u) = 0."""
    n = 200

    def bratu(u, c):
        padded = np.concatenate([np.zeros(1), u, np.zeros(1)])
        return 2 * u - padded[2:] - padded[:-2] - c / (n + 1) ** 2 * np.exp(u)

    def middle(c):
        return root(bratu, np.zeros(n), c, linear_solver=banded)[n // 2]

    def banded(operator, b):
        # The operator is tridiagonal: three products give its matrix.
        combs = [operator(np.where(np.arange(n) % 3 == k, 1.0, 0.0)) for k in range(3)]
        matrix = np.zeros((3, n))
        for j in range(n):
            for i in range(max(0, j - 1), min(n, j + 2)):
                matrix[1 + i - j, j] = combs[j % 3][i]
        return scipy.linalg.solve_banded((1, 1), matrix, b)

    def exact(c):
        theta = mpmath.findroot(lambda s: s - mpmath.sqrt(2 * c) * mpmath.cosh(s / 4), 1.5)
        x = mpmath.mpf(n // 2 + 1) / (n + 1)
        return -2 * mpmath.log(mpmath.cosh((x - 0.5) * theta / 2) / mpmath.cosh(theta / 4))

    assert middle(1.0) == pytest.approx(float(exact(1.0)), rel=1e-4)
    assert grad(middle)(1.0) == pytest.approx(float(mpmath.diff(exact, 1.0)), rel=1e-4)
    numerical = directional(lambda c: middle(c[0]), np.array([1.0]), np.ones(1))
    assert grad(middle)(1.0) == pytest.approx(numerical, rel=1e-7)


def test_a_complex_root_is_found_and_differentiated():
    def square_root(a):
        return root(lambda z: z**2 - a, 1 + 1j)

    a = -3 + 4j
    assert square_root(a) == pytest.approx(1 + 2j, rel=1e-13)
    assert jvp(square_root, (a,), (1j,))[1] == pytest.approx(1j / (2 * (1 + 2j)), rel=1e-12)


def test_a_system_that_is_rearranged_keeps_shapes():
    x0 = {"a": np.ones((2, 2)), "b": 1.0}
    target = np.arange(5.0)
    found = root(lambda x: np.concatenate([2 * x["a"].ravel(), np.reshape(x["b"], (1,))]) - target, x0)
    np.testing.assert_allclose(found["a"], [[0, 0.5], [1, 1.5]], atol=1e-15)
    assert found["b"] == 4.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: root(lambda x: x**2 + 1, 0.3), ConvergenceError, "no root nearby"),
        (lambda: root(lambda x: np.log(x), np.array([np.inf])), ConvergenceError, "not finite at the start"),
        (lambda: root(lambda x: x**2 - 4, 1.0, solver=lambda f, x: 1.9), ConvergenceError, "is no solution"),
        (lambda: root(lambda x: x[:1], np.ones(2)), ArgumentError, "x0 has 2, and f returned 1"),
        (lambda: root(lambda x: "text", 1.0), InputError, "result of f is a str"),
        (lambda: root(lambda x: 1j * x, 1.0), ArgumentError, "complex where x is real"),
        (lambda: root(lambda x: [1j * x], 1.0), ArgumentError, "x0 has 1, and f returned 2"),
        (lambda: root(None, 1.0), InputError, "f must be a function; got NoneType"),
        (
            lambda: grad(lambda a: root(lambda x: (x - a) ** 3, 1.0, solver=lambda f, x0: x0))(1.0),
            SingularError,
            "root, its derivative: the linear system of 1 unknowns is singular",
        ),
        (lambda: root(lambda x: x - 1, 0.0, solver=lambda f, x0: None), OutputError, "NoneType"),
    ],
)
def test_what_cannot_be_done_says_why(call, error, message):
    with np.errstate(invalid="ignore"), pytest.raises(error, match=message):
        call()


def test_a_good_start_is_no_reason_to_refuse_the_solution():
    x0 = np.array([np.sqrt(2.0)])
    assert root(lambda x: x**2 - 2, x0, solver=lambda f, x: x)[0] == x0[0]
