import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from fgrad import ArgumentError, InputError, OutputError, grad, hessian, jacobian, jvp, vjp
from fgrad.implicit.errors import ConvergenceError
from fgrad.implicit.odeint import odeint
from tests.implicit.orders import assert_derivatives
from tests.transforms.differences import directional, jacobian_of

TIMES = np.array([0.0, 0.7, 1.5, 2.0])
FORWARD_AND_BACKWARD = pytest.mark.parametrize("t", [TIMES, TIMES[::-1] - 1.0])


def oscillator(y, t, omega):
    return np.stack([y[1], -(omega**2) * y[0]])


def exact_oscillator(y0, t, omega):
    """Return the solution, written with NumPy only."""
    s = t - t[0]
    c, n = np.cos(omega * s), np.sin(omega * s)
    return np.stack([y0[0] * c + y0[1] * n / omega, -omega * y0[0] * n + y0[1] * c], -1)


@FORWARD_AND_BACKWARD
def test_the_harmonic_oscillator_has_its_derivatives(t):
    y0, omega = np.array([1.0, 0.5]), 1.3
    np.testing.assert_allclose(odeint(oscillator, y0, t, omega), exact_oscillator(y0, t, omega), atol=1e-7)
    weights = np.random.default_rng(0).normal(size=(4, 2))

    def loss(y0, t, omega):
        return np.sum(weights * odeint(oscillator, y0, t, omega))

    def exact(y0, t, omega):
        return np.sum(weights * exact_oscillator(y0, t, omega))

    by_y0, by_t, by_omega = grad(loss, argnums=(0, 1, 2))(y0, t, omega)
    np.testing.assert_allclose(by_y0, jacobian_of(lambda y0: exact(y0, t, omega), y0), atol=1e-6)
    np.testing.assert_allclose(by_t, jacobian_of(lambda t: exact(y0, t, omega), t), atol=1e-6)
    expected = directional(lambda w: exact(y0, t, w[0]), np.array([omega]), np.ones(1))
    assert by_omega == pytest.approx(expected, abs=1e-6)
    directions = (np.array([0.3, -0.2]), np.array([0.1, -0.3, 0.2, 0.5]), 0.7)
    tangent = jvp(lambda *p: odeint(oscillator, *p), (y0, t, omega), directions)[1]
    numerical = directional(
        lambda h: exact_oscillator(
            y0 + h[0] * directions[0], t + h[0] * directions[1], omega + h[0] * directions[2]
        ),
        np.zeros(1),
        np.ones(1),
    )
    np.testing.assert_allclose(tangent, numerical, atol=1e-6)


def test_the_oscillator_has_second_derivatives_by_everything():
    def solved(p):
        return odeint(oscillator, p[:2], np.stack([p[2], p[3], p[4]]), p[5])[1:, 0].sum()

    def exact(p):
        return exact_oscillator(p[:2], p[2:5], p[5])[1:, 0].sum()

    p = np.array([1.0, 0.5, 0.1, 0.8, 1.5, 1.3])
    h = 1e-3
    expected = np.array(
        [
            [
                sum(a * b * exact(p + h * (a * u + b * v)) for a in (1, -1) for b in (1, -1)) / (4 * h * h)
                for u in np.eye(6)
            ]
            for v in np.eye(6)
        ]
    )
    np.testing.assert_allclose(hessian(solved)(p), expected, atol=5e-6)
    for u in np.eye(6):
        np.testing.assert_allclose(jvp(grad(solved), (p,), (u,))[1], expected @ u, atol=5e-6)
        np.testing.assert_allclose(
            grad(lambda p, u=u: jvp(solved, (p,), (u,))[1])(p), expected @ u, atol=5e-6
        )


def test_the_logistic_equation_is_its_closed_form():
    def exact(r, y0=0.1, t=2.0):
        return 1 / (1 + (1 / y0 - 1) * mpmath.exp(-r * t))

    def solved(r):
        return odeint(lambda y, t, r: r * y * (1 - y), 0.1, np.array([0.0, 2.0]), r, rtol=1e-11, atol=1e-12)[
            -1
        ]

    value, first, second = (float(mpmath.diff(exact, 1.5, k)) for k in range(3))
    assert_derivatives(solved, 1.5, value, first, second, rtol=1e-8)


def test_an_equation_that_depends_on_time_is_its_closed_form():
    """dy/dt = 2 t y from t0: y0 exp(t**2 - t0**2), for times that move."""

    def solved(t0, t1):
        return odeint(lambda y, t: 2 * t * y, 3.0, np.stack([t0, t1]))[-1]

    t0, t1 = 0.2, 0.9
    value = 3 * np.exp(t1**2 - t0**2)
    assert solved(t0, t1) == pytest.approx(value, rel=1e-7)
    np.testing.assert_allclose(grad(solved, (0, 1))(t0, t1), [-2 * t0 * value, 2 * t1 * value], rtol=1e-6)
    matrix = hessian(lambda p: solved(p[0], p[1]))(np.array([t0, t1]))
    expected = [[(4 * t0**2 - 2), -4 * t0 * t1], [-4 * t0 * t1, 4 * t1**2 + 2]]
    np.testing.assert_allclose(matrix, value * np.array(expected), rtol=1e-6)


def lotka_volterra(state, t, rates):
    prey, hunters = state["prey"], state["hunters"]
    return {
        "prey": rates["birth"] * prey - rates["hunt"] * prey * hunters,
        "hunters": 0.5 * rates["hunt"] * prey * hunters - rates["death"] * hunters,
    }


def test_lotka_and_volterra_on_containers_agree_with_differences():
    rates = {"birth": 1.1, "hunt": 0.4, "death": 0.4}
    start = {"prey": np.array([5.0, 3.0]), "hunters": np.array([2.0, 1.0])}
    t = np.linspace(0.0, 3.0, 4)

    def loss(start, rates):
        states = odeint(lotka_volterra, start, t, rates, rtol=1e-10, atol=1e-10)
        assert states["prey"].shape == (4, 2)
        return np.sum(np.sin(states["prey"])) + np.sum(states["hunters"] ** 2)

    by_start, by_rates = grad(loss, argnums=(0, 1))(start, rates)
    for name in rates:
        numerical = directional(
            lambda h, name=name: loss(start, {**rates, name: rates[name] + h[0]}), np.zeros(1), np.ones(1)
        )
        assert by_rates[name] == pytest.approx(numerical, rel=1e-6)
    for name in start:
        numerical = jacobian_of(lambda y, name=name: loss({**start, name: y}, rates), start[name])
        np.testing.assert_allclose(by_start[name], numerical, rtol=1e-6)


def by_scipy(method):
    def solver(f, y0, t, rtol, atol):
        return solve_ivp(lambda s, y: f(y, s), (t[0], t[-1]), y0, method, t_eval=t, rtol=rtol, atol=atol).y.T

    return solver


@pytest.mark.parametrize("method", ["DOP853", "LSODA", "Radau"])
@FORWARD_AND_BACKWARD
def test_scipys_solvers_plug_in(method, t):
    y0, omega = np.array([1.0, 0.5]), 1.3

    def loss(omega, t, exact):
        if exact:
            return np.sum(exact_oscillator(y0, t, omega) ** 3)
        return np.sum(odeint(oscillator, y0, t, omega, solver=by_scipy(method)) ** 3)

    expected = directional(lambda w: loss(w[0], t, True), np.array([omega]), np.ones(1))
    assert grad(loss)(omega, t, False) == pytest.approx(expected, abs=2e-5)
    assert jvp(lambda w: loss(w, t, False), (omega,), (1.0,))[1] == pytest.approx(expected, abs=2e-5)


def test_a_function_may_close_over_what_is_differentiated():
    """Also where the same value is the start: dy/dt = a y from a."""

    def solved(a):
        return odeint(lambda y, t: a * y, a, np.array([0.0, 1.0]), rtol=1e-10, atol=1e-10)[-1]

    e = np.exp(0.5)
    assert_derivatives(solved, 0.5, 0.5 * e, 1.5 * e, 2.5 * e, rtol=1e-7)


def test_a_complex_state_turns():
    def solved(omega):
        return odeint(lambda y, t: 1j * omega * y, 1 + 0j, np.array([0.0, 2.0]))[-1]

    assert solved(0.6) == pytest.approx(np.exp(1.2j), rel=1e-7)
    assert jvp(solved, (0.6,), (1.0,))[1] == pytest.approx(2j * np.exp(1.2j), rel=1e-6)
    assert vjp(solved, 0.6)[1](1j)[0] == pytest.approx(np.real(1j * 2j * np.exp(1.2j)), rel=1e-6)


def test_a_neural_equation_agrees_with_differences():
    rng = np.random.default_rng(1)
    params = {"W": rng.normal(size=(8, 2)), "V": rng.normal(size=(2, 8)) / 3}

    def loss(params):
        states = odeint(
            lambda y, t, p: p["V"] @ np.tanh(p["W"] @ y),
            np.array([1.0, -0.5]),
            TIMES,
            params,
            rtol=1e-9,
            atol=1e-9,
        )
        return np.sum(states**2)

    found = grad(loss)(params)
    for name in params:
        direction = rng.normal(size=params[name].shape)
        numerical = directional(
            lambda h, name=name, d=direction: loss({**params, name: params[name] + h[0] * d}),
            np.zeros(1),
            np.ones(1),
        )
        assert np.sum(found[name] * direction) == pytest.approx(numerical, rel=1e-6)


def test_nothing_is_recorded_while_it_integrates():
    calls = []

    def loss(a):
        tape = a.owner.tape

        def f(y, t):
            calls.append(len(tape.pulls))
            return -a * y

        before = len(tape.pulls)
        final = odeint(f, 1.0, np.array([0.0, 3.0]))[-1]
        assert len(calls) > 100
        assert len(tape.pulls) - before < 10
        return final

    assert grad(loss)(0.5) == pytest.approx(-3 * np.exp(-1.5), rel=1e-6)
    assert len(set(calls)) < 10


def test_one_time_returns_the_start():
    y0 = np.array([1.0, 2.0])
    assert odeint(oscillator, y0, [0.5], 1.0).tolist() == [[1.0, 2.0]]
    by_y0, by_t = grad(lambda y0, t: np.sum(odeint(oscillator, y0, t, 1.0)), (0, 1))(y0, np.array([0.5]))
    assert by_y0.tolist() == [1.0, 1.0]
    assert by_t.tolist() == [0.0]
    assert jacobian(lambda t: odeint(oscillator, y0, t, 1.0))(np.array([0.5])).tolist() == [[[0.0], [0.0]]]


def test_single_precision_stays_single():
    y0 = np.ones(2, np.float32)
    t = np.array([0.0, 1.0], np.float32)
    omega = np.float32(1.3)

    def solved(y0):
        return odeint(oscillator, y0, t, omega, rtol=1e-5, atol=1e-5)

    assert solved(y0).dtype == np.float32
    found = grad(lambda y0: np.sum(solved(y0)))(y0)
    assert found.dtype == np.float32
    expected = jacobian_of(lambda y0: np.sum(exact_oscillator(y0, t.astype(float), 1.3)), np.ones(2))
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: odeint(oscillator, np.ones(2), [0.0, 1.0, 0.5], 1.0),
            ArgumentError,
            r"t\[1\] is 1 and t\[2\] is 0.5",
        ),
        (lambda: odeint(oscillator, np.ones(2), [0.0, 0.0], 1.0), ArgumentError, "increase or decrease"),
        (lambda: odeint(oscillator, np.ones(2), [0.0, np.inf], 1.0), ArgumentError, "t must be finite"),
        (
            lambda: odeint(oscillator, np.ones(2), 1.0, 1.0),
            ArgumentError,
            r"vector of real times.*shape \(\)",
        ),
        (lambda: odeint(oscillator, np.ones(2), np.zeros(0), 1.0), ArgumentError, r"shape \(0,\)"),
        (lambda: odeint(oscillator, np.ones(2), [0j, 1j], 1.0), ArgumentError, "dtype complex128"),
        (lambda: odeint(oscillator, np.ones(2), {"t": 1.0}, 1.0), ArgumentError, "vector of real times"),
        (
            lambda: odeint(lambda y, t: y[:1], np.ones(2), TIMES),
            ArgumentError,
            r"result of f has shape \(1,\)",
        ),
        (lambda: odeint(lambda y, t: (y, y), 1.0, TIMES), OutputError, "result of f is a tuple"),
        (lambda: odeint(lambda y, t: 1j * y, 1.0, TIMES), ArgumentError, "complex where y0 is real"),
        (lambda: odeint(lambda y, t: y**2, 1.0, [0.0, 2.0]), ConvergenceError, "steps have become as small"),
        (lambda: odeint(lambda y, t: y * np.nan, 1.0, TIMES), ConvergenceError, "not finite at the start"),
        (
            lambda: odeint(lambda y, t: y**2, 1.0, [0.0, 2.0], solver=by_scipy("RK45")),
            ConvergenceError,
            "needed is one row of 1 numbers for each of the 2 times",
        ),
        (lambda: odeint(lambda y, t: y, 1.0, TIMES, rtol=-1.0), ArgumentError, "rtol must be"),
        (lambda: odeint(lambda y, t: y, 1.0, TIMES, rtol=0, atol=0), ArgumentError, "cannot both be 0"),
        (lambda: odeint(lambda y, t: y, "y", TIMES), InputError, "odeint: y0 is a str"),
        (lambda: odeint(None, 1.0, TIMES), InputError, "f must be a function"),
    ],
)
def test_what_cannot_be_done_says_why(call, error, message):
    with pytest.raises(error, match=message):
        call()
