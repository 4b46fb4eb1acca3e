import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, cg, gmres

from fgrad import ArgumentError, InputError, OutputError, grad, hessian, jacobian, jvp, vjp
from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.linear import linear_solve
from fgrad.implicit.vectors import flattened
from tests.implicit.orders import assert_derivatives
from tests.oracles import numerical_derivative
from tests.transforms.differences import jacobian_of

RNG = np.random.default_rng(2)
N = 5
A = RNG.normal(size=(N, N)) + N * np.eye(N)
S = A @ A.T / N
B = RNG.normal(size=N)
G = RNG.normal(size=N) + 1j * RNG.normal(size=N)


def by_gmres(operator, b):
    found, status = gmres(LinearOperator((b.size, b.size), operator), b, rtol=1e-13, restart=b.size)
    assert status == 0
    return found


def by_cg(operator, b):
    found, status = cg(LinearOperator((b.size, b.size), operator), b, rtol=1e-13)
    assert status == 0
    return found


@pytest.mark.parametrize("solver", [None, by_gmres])
def test_both_cotangents_are_those_of_the_dense_formula(solver):
    def loss(A, b):
        return np.sum(linear_solve(lambda v: A @ v, b, solver=solver) ** 3)

    x = np.linalg.solve(A, B)
    w = np.linalg.solve(A.T, 3 * x**2)
    by_A, by_b = grad(loss, argnums=(0, 1))(A, B)
    np.testing.assert_allclose(by_b, w, rtol=1e-11)
    np.testing.assert_allclose(by_A, -np.outer(w, x), rtol=1e-11)
    dA, db = np.cos(A), np.sin(B)
    value, tangent = jvp(lambda A, b: linear_solve(lambda v: A @ v, b, solver=solver), (A, B), (dA, db))
    np.testing.assert_allclose(value, x, rtol=1e-12)
    np.testing.assert_allclose(tangent, np.linalg.solve(A, db - dA @ x), rtol=1e-11)


@pytest.mark.parametrize("solver", [None, by_cg])
def test_a_symmetric_operator_needs_no_transpose(solver):
    def loss(S, b):
        return np.sum(linear_solve(lambda v: S @ v, b, symmetric=True, solver=solver) ** 3)

    x = np.linalg.solve(S, B)
    w = np.linalg.solve(S, 3 * x**2)
    by_S, by_b = grad(loss, argnums=(0, 1))(S, B)
    np.testing.assert_allclose(by_b, w, rtol=1e-10)
    np.testing.assert_allclose(by_S, -np.outer(w, x), rtol=1e-10)


def test_arguments_and_closures_are_the_same():
    def passed(A, b):
        return np.sum(linear_solve(lambda v, A: A @ v, b, A) ** 3)

    def closed(A, b):
        return np.sum(linear_solve(lambda v: A @ v, b) ** 3)

    np.testing.assert_allclose(grad(passed)(A, B), grad(closed)(A, B), rtol=1e-14)


def test_second_derivatives_agree_with_differences():
    def loss(p):
        return np.sum(linear_solve(lambda v: p[0] * (A @ v) + p[1] * v, p[2:]) ** 3)

    p = np.concatenate([[1.2, 0.3], B])
    expected = jacobian_of(grad(loss), p)
    np.testing.assert_allclose(hessian(loss)(p), expected, rtol=1e-8, atol=1e-10)
    t = np.cos(p)
    np.testing.assert_allclose(jvp(grad(loss), (p,), (t,))[1], expected @ t, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(
        grad(lambda p: jvp(loss, (p,), (t,))[1])(p), expected @ t, rtol=1e-8, atol=1e-10
    )


def test_a_quotient_has_the_derivatives_of_a_quotient():
    assert_derivatives(lambda a: linear_solve(lambda v: a * v, 8.0), 4.0, 2.0, -0.5, 0.25, rtol=1e-14)
    assert grad(grad(grad(lambda a: linear_solve(lambda v: a * v, 8.0))))(4.0) == pytest.approx(-48 / 256)


def test_a_given_transpose_is_used():
    calls = []

    def transpose(v, A):
        calls.append(v)
        return A.T @ v

    def loss(A):
        return np.sum(linear_solve(lambda v, A: A @ v, B, A, transpose=transpose) ** 3)

    x = np.linalg.solve(A, B)
    np.testing.assert_allclose(grad(loss)(A), -np.outer(np.linalg.solve(A.T, 3 * x**2), x), rtol=1e-11)
    assert len(calls) > N
    assert hessian(lambda s: loss(s * A))(1.0) == pytest.approx(12 * np.sum(x**3), rel=1e-11)


def test_containers_and_complex_numbers_are_unknowns():
    C = A + 1j * np.sin(A)
    b = {"z": B + 0.5j, "x": 2.0}

    def solve(C, b, **options):
        return linear_solve(lambda v: {"z": C @ v["z"] + v["x"], "x": 3.0 * v["x"]}, b, **options)

    for options in ({}, {"solver": flattened(by_gmres)}):
        found = solve(C, b, **options)
        assert found["x"] == pytest.approx(2 / 3)
        z = np.linalg.solve(C, b["z"] - 2 / 3)
        np.testing.assert_allclose(found["z"], z, rtol=1e-11)
        g = {"z": G, "x": 0.7}
        by_C, by_b = vjp(lambda C, b, options=options: solve(C, b, **options), C, b)[1](g)
        w = np.linalg.solve(C.T, g["z"])
        np.testing.assert_allclose(by_C, -np.outer(w, z), rtol=1e-10)
        np.testing.assert_allclose(by_b["z"], w, rtol=1e-10)
        assert by_b["x"] == pytest.approx((0.7 - np.real(np.sum(w))) / 3, rel=1e-10)


def test_a_hermitian_operator_is_symmetric():
    H = S + 0j
    H[0, 1] += 0.2j
    H[1, 0] -= 0.2j

    def solve(b, scale):
        return linear_solve(lambda v: scale * (H @ v), b, symmetric=True, solver=flattened(by_cg))

    b = B + 1j * np.sin(B)
    np.testing.assert_allclose(solve(b, 2.0), np.linalg.solve(2 * H, b), rtol=1e-11)
    by_b, by_scale = vjp(solve, b, 2.0)[1](G)
    w = np.linalg.solve(2 * H.T, G)
    np.testing.assert_allclose(by_b, w, rtol=1e-10)
    assert by_scale == pytest.approx(-np.real(np.sum(w * (H @ np.linalg.solve(2 * H, b)))), rel=1e-10)


@pytest.mark.parametrize("symmetric", [True, False])
def test_many_unknowns_are_solved_by_iteration(symmetric):
    """A Poisson equation on a grid, as the array that it is."""

    def laplacian(u, c):
        padded = np.pad(u, 1)
        return 4 * u + c * u - padded[2:, 1:-1] - padded[:-2, 1:-1] - padded[1:-1, 2:] - padded[1:-1, :-2]

    b, g = np.random.default_rng(5).normal(size=(2, 15, 15))

    def solve(c):
        return linear_solve(laplacian, b, c, symmetric=symmetric)

    eigen = 2 - 2 * np.cos(np.pi * np.arange(1, 16) / 16)
    V = np.sin(np.pi * np.outer(np.arange(1, 16), np.arange(1, 16)) / 16) / np.sqrt(8)

    def exact(c, power):
        return V @ ((V @ b @ V) / (eigen[:, None] + eigen + c) ** power) @ V

    np.testing.assert_allclose(solve(0.1), exact(0.1, 1), rtol=1e-9, atol=1e-10)
    assert grad(lambda c: np.sum(g * solve(c)))(0.1) == pytest.approx(-np.sum(g * exact(0.1, 2)), rel=1e-8)
    np.testing.assert_allclose(jacobian(solve)(0.1), -exact(0.1, 2), rtol=1e-8, atol=1e-9)


def test_nothing_is_recorded_while_it_solves():
    def loss(a):
        tape = a.owner.tape

        def richardson(operator, b):
            before = len(tape.pulls)
            x = b
            for _ in range(300):
                x = x + 0.1 * (b - operator(x))
                assert type(x) is np.ndarray
            assert len(tape.pulls) == before
            return x

        return np.sum(linear_solve(lambda v: a * v + 0.1 * np.roll(v, 1), B, solver=richardson))

    assert grad(loss)(2.0) == pytest.approx(-np.sum(B) / 2.1**2, rel=1e-11)


def test_a_right_hand_side_of_zero_has_a_derivative():
    zero = np.zeros(N)
    np.testing.assert_array_equal(linear_solve(lambda v: A @ v, zero), zero)
    found = jacobian(lambda b: linear_solve(lambda v: A @ v, b))(zero)
    np.testing.assert_allclose(found, np.linalg.inv(A), rtol=1e-11)


def test_the_operator_may_be_the_derivative_of_something():
    """A Newton step, and its derivative: the operator is made by a transform."""

    def energy(x, c):
        return np.sum(np.cosh(c * x)) + np.sum(x[1:] * x[:-1]) / 4

    def step(c):
        gradient = grad(energy)
        return linear_solve(
            lambda v: jvp(lambda x: gradient(x, c), (B,), (v,))[1], gradient(B, c), symmetric=True
        )

    def dense(c):
        off = np.diag(np.ones(N - 1), 1) / 4
        return np.linalg.solve(
            np.diag(c**2 * np.cosh(c * B)) + off + off.T, c * np.sinh(c * B) + (off + off.T) @ B
        )

    np.testing.assert_allclose(step(0.9), dense(0.9), rtol=1e-11)
    expected = numerical_derivative(lambda c: dense(c[0]), [0.9], np.ones(1))
    np.testing.assert_allclose(jacobian(step)(0.9), expected, rtol=1e-9)
    np.testing.assert_allclose(jvp(step, (0.9,), (1.0,))[1], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: linear_solve(lambda v: 0 * v, B),
            SingularError,
            "linear_solve: the linear system of 5 unknowns",
        ),
        (
            lambda: linear_solve(lambda v: v * np.array([1, 1, 1, 1, 1e-18]), B),
            SingularError,
            "condition number",
        ),
        (lambda: linear_solve(lambda v: -v, np.ones(200), symmetric=True), SingularError, "not positive"),
        (lambda: linear_solve(lambda v: 0 * v, np.ones(200)), SingularError, "GMRES found"),
        (
            lambda: linear_solve(lambda v: v, B, solver=lambda A, b: 2 * b),
            ConvergenceError,
            r"\|A x - b\| is",
        ),
        (
            lambda: linear_solve(lambda v: v, np.array([np.nan])),
            ConvergenceError,
            "right-hand side .* not finite",
        ),
        (lambda: linear_solve(lambda v: v + 1.0, B), InputError, "operator is not linear: it takes zero to"),
        (lambda: linear_solve(lambda v: A @ v, B, symmetric=True), InputError, "operator is not symmetric"),
        (
            lambda: linear_solve(lambda v: A @ v, B, transpose=lambda v: A @ v),
            InputError,
            "transpose is not the transpose",
        ),
        (
            lambda: linear_solve(lambda v: v, B, transpose=lambda v: v, symmetric=True),
            InputError,
            "leave transpose",
        ),
        (lambda: linear_solve(lambda v: v[:2], B), ArgumentError, r"result of operator has shape \(2,\)"),
        (lambda: linear_solve(lambda v: {"v": v}, B), OutputError, "result of operator is a dict"),
        (lambda: linear_solve(A, B), InputError, "operator must be a function; got ndarray"),
        (lambda: linear_solve(lambda v: v, "b"), InputError, "linear_solve: b is a str"),
        (lambda: linear_solve(lambda v: 1j * v, B), ArgumentError, "complex where b is real"),
    ],
)
def test_what_cannot_be_done_says_why(call, error, message):
    with pytest.raises(error, match=message):
        call()
