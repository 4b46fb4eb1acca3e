import mpmath
import numpy as np
import pytest
import scipy.optimize

from fgrad import grad, hessian, jacobian, jvp, vjp
from fgrad.implicit.fixed_point import fixed_point
from fgrad.implicit.vectors import flattened
from tests.implicit.orders import assert_derivatives
from tests.transforms.differences import directional, jacobian_of


def babylonian(x, a):
    return (x + a / x) / 2


def kepler(E, M, e):
    return M + e * np.sin(E)


def anomaly(M, e):
    return fixed_point(kepler, 1.0, M, e)


def iterate(f, x):
    """Solve as anybody would."""
    for _ in range(200):
        x = f(x)
    return x


@pytest.mark.parametrize("solver", [None, iterate])
def test_a_square_root_has_its_derivatives_in_every_mode(solver):
    def square_root(a):
        return fixed_point(babylonian, 1.0, a, solver=solver)

    assert_derivatives(square_root, 4.0, 2.0, 1 / 4, -1 / 32, rtol=1e-14)
    assert grad(grad(grad(square_root)))(4.0) == pytest.approx(3 / 256, rel=1e-13)


def test_keplers_equation_has_the_derivatives_that_are_known():
    M, e = 1.2, 0.3
    E = float(mpmath.findroot(lambda E: E - e * mpmath.sin(E) - M, 1.0))
    denominator = 1 - e * np.cos(E)
    assert anomaly(M, e) == pytest.approx(E, rel=1e-12)
    assert_derivatives(lambda M: anomaly(M, e), M, E, 1 / denominator, -e * np.sin(E) / denominator**3)
    by_e = grad(anomaly, argnums=(0, 1))(M, e)
    np.testing.assert_allclose(by_e, [1 / denominator, np.sin(E) / denominator], rtol=1e-11)
    matrix = hessian(lambda p: anomaly(p[0], p[1]))(np.array([M, e]))
    with mpmath.workdps(40):

        def precise(M, e):
            return mpmath.findroot(lambda E: E - e * mpmath.sin(E) - M, E)

        expected = [
            [float(mpmath.diff(precise, (M, e), order)) for order in row]
            for row in (((2, 0), (1, 1)), ((1, 1), (0, 2)))
        ]
    np.testing.assert_allclose(matrix, expected, rtol=1e-10)


RNG = np.random.default_rng(0)
W, U = 0.3 * RNG.normal(size=(5, 5)), RNG.normal(size=(5, 3))
X, B = RNG.normal(size=(4, 3)), RNG.normal(size=5)


def deep_equilibrium(params, X):
    """Repeat the layer z = tanh(z W' + x U' + b) without end."""

    def layer(z, params):
        return np.tanh(z @ params["W"].T + X @ params["U"].T + params["b"])

    return fixed_point(layer, np.zeros((len(X), len(params["b"]))), params)


def test_a_deep_equilibrium_network_agrees_with_the_dense_formula():
    params = {"W": W, "U": U, "b": B}
    z = deep_equilibrium(params, X)
    np.testing.assert_allclose(z, np.tanh(z @ W.T + X @ U.T + B), atol=1e-12)
    found = grad(lambda params: np.sum(deep_equilibrium(params, X) ** 3))(params)
    expected = {"W": np.zeros_like(W), "U": np.zeros_like(U), "b": np.zeros_like(B)}
    for row, x in zip(z, X, strict=True):
        slope = np.diag(1 - row**2)
        w = np.linalg.solve((np.eye(5) - slope @ W).T, 3 * row**2) @ slope
        expected["W"] += np.outer(w, row)
        expected["U"] += np.outer(w, x)
        expected["b"] += w
    for name in params:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-11)


def test_a_deep_equilibrium_network_has_second_derivatives():
    def loss(b):
        return np.sum(deep_equilibrium({"W": W, "U": U, "b": b}, X) ** 3)

    expected = jacobian_of(grad(loss), B)
    np.testing.assert_allclose(hessian(loss)(B), expected, rtol=1e-6, atol=1e-8)
    t = np.arange(5.0)
    np.testing.assert_allclose(jvp(grad(loss), (B,), (t,))[1], expected @ t, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(
        grad(lambda b: jvp(loss, (b,), (t,))[1])(B), expected @ t, rtol=1e-6, atol=1e-8
    )


def test_a_function_may_close_over_what_is_differentiated():
    def closed_over(a, b):
        return fixed_point(lambda x, b: np.cos(a * x) * b, 0.5, b)

    def passed(a, b):
        return fixed_point(lambda x, a, b: np.cos(a * x) * b, 0.5, a, b)

    point = (0.7, 0.8)
    np.testing.assert_allclose(grad(closed_over, (0, 1))(*point), grad(passed, (0, 1))(*point), rtol=1e-12)
    for i in range(2):
        x = np.array(point)
        numerical = directional(lambda p: passed(p[0], p[1]), x, np.eye(2)[i])
        assert grad(closed_over, i)(*point) == pytest.approx(numerical, rel=1e-8)
    np.testing.assert_allclose(
        hessian(lambda p: closed_over(p[0], p[1]))(np.array(point)),
        jacobian_of(grad(lambda p: passed(p[0], p[1])), np.array(point)),
        rtol=1e-7,
    )


def test_containers_go_in_and_come_out():
    def f(tree, a):
        x, (y, z) = tree["x"], tree["rest"]
        return {"x": 0.5 * np.sin(y) * a, "rest": (0.3 * x.sum() + 0 * y, 0.1 * z + a)}

    x0 = {"x": np.zeros(2), "rest": (np.zeros(2), 1)}
    found = fixed_point(f, x0, 2.0)
    assert list(found) == ["x", "rest"]
    assert type(found["rest"]) is tuple
    assert found["rest"][1] == pytest.approx(2.0 / 0.9, rel=1e-11)
    assert grad(lambda a: fixed_point(f, x0, a)["rest"][1])(2.0) == pytest.approx(1 / 0.9, rel=1e-11)
    numerical = directional(lambda a: np.sum(fixed_point(f, x0, a[0])["x"]), np.array([2.0]), np.ones(1))
    assert grad(lambda a: np.sum(fixed_point(f, x0, a)["x"]))(2.0) == pytest.approx(numerical, rel=1e-8)


def test_complex_unknowns_have_holomorphic_and_other_derivatives():
    def holomorphic(a):
        return fixed_point(lambda x: 0.3 * np.sin(x) + a, 0j)

    a = 0.5 + 0.4j
    x = holomorphic(a)
    slope = 1 / (1 - 0.3 * np.cos(x))
    assert jvp(holomorphic, (a,), (1 + 2j,))[1] == pytest.approx(slope * (1 + 2j), rel=1e-11)
    assert vjp(holomorphic, a)[1](1 + 2j)[0] == pytest.approx(slope * (1 + 2j), rel=1e-11)

    def conjugating(a):
        return fixed_point(lambda x: 0.3 * np.conj(x) ** 2 + a, 0j)

    for t in (1.0 + 0j, 1j):
        numerical = directional(lambda a: conjugating(a[0]), np.array([a]), np.array([t]))
        assert jvp(conjugating, (a,), (t,))[1] == pytest.approx(numerical, rel=1e-8)
        g = 0.3 - 0.7j
        paired = np.real(vjp(conjugating, a)[1](g)[0] * t)
        assert paired == pytest.approx(np.real(g * numerical), rel=1e-8)


def test_single_precision_stays_single():
    a = np.float32(4.0)
    found = fixed_point(babylonian, np.float32(1.0), a)
    assert found.dtype == np.float32
    assert grad(lambda a: fixed_point(babylonian, np.float32(1.0), a))(a).dtype == np.float32


def test_scipys_solver_plugs_in():
    def by_root(f, x0):
        return scipy.optimize.root(lambda x: f(x) - x, x0, tol=1e-14).x

    def loss(b, solver):
        layer = lambda z, b: np.tanh(W @ z + b)  # noqa: E731
        return np.sum(fixed_point(layer, np.zeros(5), b, solver=solver) ** 3)

    np.testing.assert_allclose(grad(loss)(B, by_root), grad(loss)(B, None), rtol=1e-9)

    def norm_of_pair(a):
        pair = fixed_point(
            lambda p, a: (0.5 * np.cos(p[1]) * a, 0.5 * np.sin(p[0])),
            (0.0, 0.0),
            a,
            solver=flattened(by_root),
        )
        return pair[0] ** 2 + pair[1] ** 2

    numerical = directional(lambda a: norm_of_pair(a[0]), np.array([0.9]), np.ones(1))
    assert grad(norm_of_pair)(0.9) == pytest.approx(numerical, rel=1e-8)


def test_the_solver_sees_plain_values_and_nothing_is_recorded():
    lengths = []

    def loss(a):
        tape = a.owner.tape

        def solver(f, x):
            assert type(x) in (float, np.float64)
            before = len(tape.pulls)
            for _ in range(1000):
                x = f(x)
                assert type(x) in (float, np.float64)
            lengths.append(len(tape.pulls) - before)
            return x

        passed = fixed_point(babylonian, 1.0, a, solver=solver)
        return passed + fixed_point(lambda x: babylonian(x, a), 1.0, solver=solver)

    assert grad(loss)(4.0) == pytest.approx(0.5, rel=1e-14)
    assert lengths == [0, 0]


def test_the_start_has_derivative_zero_and_is_not_modified():
    x0 = np.array([1.0, 2.0])

    def in_place(f, x):
        for _ in range(60):
            x[...] = f(x)
        return x

    assert grad(lambda x0: np.sum(fixed_point(babylonian, x0, 4.0, solver=in_place)))(x0).tolist() == [0, 0]
    assert x0.tolist() == [1.0, 2.0]


def test_a_linear_solver_may_be_given_for_the_derivative():
    calls = []

    def neumann(operator, b):
        calls.append(b)
        x = b
        for _ in range(100):
            x = x + b - operator(x)
        return x

    def loss(b):
        return np.sum(fixed_point(lambda z, b: np.tanh(W @ z + b), np.zeros(5), b, linear_solver=neumann))

    expected = jacobian_of(loss, B)
    calls.clear()
    np.testing.assert_allclose(grad(loss)(B), expected, rtol=1e-8)
    assert len(calls) == 1


def test_jacobians_with_many_unknowns_use_no_matrix():
    n = 300

    def loss(a):
        return np.sum(fixed_point(lambda x, a: 0.4 * np.cos(np.roll(x, 1)) + a, np.zeros(n), a))

    a, t = np.random.default_rng(4).normal(size=(2, n))
    assert grad(loss)(a) @ t == pytest.approx(directional(loss, a, t), rel=1e-8)


def test_a_wide_tolerance_accepts_what_the_solver_returns():
    found = fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: f(x), tol=1.0)
    assert found == 2.5


def test_jacobians_of_many_rows_agree_with_differences():
    def solve(b):
        return fixed_point(lambda z, b: np.tanh(W @ z + b), np.zeros(5), b)

    expected = jacobian_of(solve, B)
    np.testing.assert_allclose(jacobian(solve)(B), expected, rtol=1e-8, atol=1e-10)
