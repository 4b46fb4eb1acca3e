import numpy as np
import pytest
import scipy.optimize

from fgrad import grad
from fgrad.optimizers import minimize
from fgrad.optimizers.objective import Objective
from tests.optimizers.rosenbrock import (
    FIRST_ORDER,
    METHODS,
    WITH_HESSIAN,
    WITH_PRODUCTS,
    WITHOUT_DERIVATIVES,
    rosenbrock,
    start,
)

TIGHT = {
    "CG": {"gtol": 1e-8},
    "BFGS": {"gtol": 1e-8},
    "L-BFGS-B": {"gtol": 1e-10, "ftol": 1e-15},
    "TNC": {"maxfun": 1000, "gtol": 1e-10},
    "SLSQP": {"ftol": 1e-14, "maxiter": 200},
    "Newton-CG": {"xtol": 1e-10},
    "trust-ncg": {"gtol": 1e-8},
    "trust-krylov": {"gtol": 1e-8},
    "trust-constr": {"gtol": 1e-10, "xtol": 1e-12},
    "dogleg": {"gtol": 1e-8},
    "trust-exact": {"gtol": 1e-8},
    "Nelder-Mead": {"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000},
}


# where it ends


@pytest.mark.parametrize("method", FIRST_ORDER + WITH_PRODUCTS)
def test_the_minimum_of_rosenbrock_is_found_in_the_containers_structure(method, monkeypatch):
    monkeypatch.setattr(Objective, "hessian", lambda *_: pytest.fail("a Hessian was formed"))
    x0 = start()
    result = minimize(rosenbrock, x0, method=method, **TIGHT[method])
    assert isinstance(result, scipy.optimize.OptimizeResult)
    assert result.success
    assert x0 == start()
    assert result.x["x"] == pytest.approx(1.0, abs=1e-3)
    assert result.x["y"][0] == pytest.approx(1.0, abs=1e-3)
    slope = result.grad if method == "trust-constr" else result.jac
    for tree in (result.x, slope):
        assert list(tree) == ["x", "y"]
        assert type(tree["x"]) is float
        assert type(tree["y"][0]) is np.ndarray
    assert slope["x"] == pytest.approx(grad(rosenbrock)(result.x)["x"], abs=1e-12)
    assert result.fun == rosenbrock(result.x)


@pytest.mark.parametrize("method", WITH_HESSIAN)
def test_methods_that_need_the_hessian_get_it(method):
    result = minimize(rosenbrock, {"x": 0.9, "y": [np.array(0.75)]}, method=method, **TIGHT[method])
    assert result.success
    assert result.x["x"] == pytest.approx(1.0, abs=1e-7)
    np.testing.assert_allclose(result.hess, [[802.0, -400.0], [-400.0, 200.0]], rtol=1e-5)


@pytest.mark.parametrize("method", WITHOUT_DERIVATIVES)
def test_methods_without_derivatives_call_the_plain_function(method, monkeypatch):
    monkeypatch.setattr(Objective, "value_and_gradient", lambda *_: pytest.fail("a gradient was computed"))
    result = minimize(rosenbrock, start(), method=method)
    assert result.fun == rosenbrock(result.x) < 0.02 * rosenbrock(start())
    assert type(result.x["y"][0]) is np.ndarray
    assert "jac" not in result


@pytest.mark.parametrize("method", WITH_PRODUCTS)
def test_products_with_the_hessian_are_used(method, monkeypatch):
    directions = []
    product = Objective.product
    monkeypatch.setattr(Objective, "product", lambda self, x, p: directions.append(p) or product(self, x, p))
    assert minimize(rosenbrock, start(), method=method).success
    assert len(directions) > 2


def test_ridge_regression_is_solved_as_by_its_normal_equations():
    rng = np.random.default_rng(3)
    x, t = rng.normal(size=(30, 4)), rng.normal(size=30)

    def loss(params, x, t, ridge):
        residual = x @ params["w"] + params["b"] - t
        return np.sum(residual**2) + ridge * np.sum(params["w"] ** 2)

    full = np.hstack([x, np.ones((30, 1))])
    expected = np.linalg.solve(full.T @ full + np.diag([2.0] * 4 + [0.0]), full.T @ t)
    for method in ["BFGS", "trust-krylov", "Newton-CG"]:
        result = minimize(loss, {"w": np.zeros(4), "b": 0}, (x, t, 2.0), method)
        np.testing.assert_allclose(result.x["w"], expected[:4], atol=1e-6)
        assert result.x["b"] == pytest.approx(expected[4], abs=1e-6)


def test_a_thousand_unknowns_need_no_hessian(monkeypatch):
    monkeypatch.setattr(Objective, "hessian", lambda *_: pytest.fail("a Hessian was formed"))
    x0, scale = np.zeros((20, 50)), np.linspace(1.0, 50.0, 1000).reshape(20, 50)
    result = minimize(lambda x: np.sum(np.cosh(x - 1.0) * scale), x0, method="trust-ncg", gtol=1e-6)
    assert result.success
    np.testing.assert_allclose(result.x, np.ones((20, 50)), atol=1e-5)


def test_a_bare_array_and_a_number_come_back_as_they_are():
    result = minimize(lambda x: np.sum((x - 1.0) ** 4), np.zeros((2, 1), np.float32))
    assert result.x.dtype == result.jac.dtype == np.float32
    assert result.x.shape == (2, 1)
    np.testing.assert_allclose(result.x, 1.0, atol=0.05)
    result = minimize(lambda x: (x - 2.0) ** 2, 5)
    assert type(result.x) is type(result.jac) is float
    assert result.x == pytest.approx(2.0, abs=1e-6)


def test_the_function_is_called_with_the_dtypes_of_the_start():
    def function(x):
        seen.add(np.asarray(x).dtype if type(x) is np.ndarray else x.dtype)
        return np.sum(x**2)

    seen = set()
    minimize(function, np.ones(2, np.float32))
    assert seen == {np.dtype(np.float32)}


@pytest.mark.parametrize("method", ["BFGS", "trust-ncg", "Nelder-Mead"])
def test_complex_parameters_are_varied_in_both_parts(method):
    target = np.array([1.0 + 2.0j, -0.5j])

    def function(z):
        return np.sum(np.abs(z - target) ** 2) + np.real(z[0] * z[1]) ** 2 / 10

    result = minimize(function, np.zeros(2, complex), method=method, **TIGHT[method])
    parts = scipy.optimize.minimize(
        lambda p: function(p[:2] + 1j * p[2:]),
        np.zeros(4),
        method="Nelder-Mead",
        options=TIGHT["Nelder-Mead"],
    )
    np.testing.assert_allclose(result.x, parts.x[:2] + 1j * parts.x[2:], atol=1e-4)


def test_matrices_are_those_of_all_elements_in_order():
    result = minimize(
        lambda p: 2.0 * np.sum(p["a"] ** 2) + p["b"] ** 2, {"a": np.ones(2), "b": 1.0}, gtol=1e-9
    )
    assert result.hess_inv.shape == (3, 3)


def test_all_points_of_the_way_are_containers():
    result = minimize(rosenbrock, start(), method="BFGS", return_all=True)
    assert result.allvecs[0] == start()
    assert result.allvecs[-1]["x"] == result.x["x"]


@pytest.mark.parametrize("method", METHODS)
def test_the_way_is_that_of_scipy_with_the_derivatives_by_hand(method):
    derivatives = {} if method in WITHOUT_DERIVATIVES else {"jac": scipy.optimize.rosen_der}
    if method in WITH_PRODUCTS:
        derivatives["hessp"] = scipy.optimize.rosen_hess_prod
    if method in WITH_HESSIAN:
        derivatives["hess"] = scipy.optimize.rosen_hess
    expected = scipy.optimize.minimize(
        lambda x: rosenbrock({"x": x[0], "y": x[1:]}), [0.9, 0.75], method=method, **derivatives
    )
    found = minimize(rosenbrock, {"x": 0.9, "y": [np.array(0.75)]}, method=method)
    assert (found.nfev, found.message) == (expected.nfev, expected.message)
    # TNC takes differences of gradients over 1e-8, and the two gradients differ by rounding.
    tolerance = 1e-5 if method == "TNC" else 1e-7
    np.testing.assert_allclose([found.x["x"], found.x["y"][0]], expected.x, rtol=tolerance)


# options


def test_options_are_given_by_name_or_as_scipy_takes_them():
    assert minimize(rosenbrock, start(), maxiter=3).nit == 3
    assert minimize(rosenbrock, start(), options={"maxiter": 3}).nit == 3
    assert minimize(rosenbrock, start(), options={"maxiter": 5}, maxiter=3).nit == 3
    assert minimize(rosenbrock, start(), tol=1.0).nit < minimize(rosenbrock, start(), tol=1e-8).nit


def test_an_argument_that_is_no_tuple_is_one_argument():
    assert minimize(lambda x, target: (x - target) ** 2, 0.0, 3.0).x == pytest.approx(3.0, abs=1e-6)


def test_a_solver_of_the_users_gets_the_derivatives():
    def newton(fun, x0, args, jac, hessp, **options):
        slope = hessp(x0, np.ones(1))
        x = x0 - jac(x0) / slope
        return scipy.optimize.OptimizeResult(x=x, fun=fun(x), jac=jac(x), success=True)

    result = minimize(lambda p: (p["x"] - 4.0) ** 2, {"x": 1.0}, method=newton)
    assert result.x == {"x": 4.0}
    assert result.jac == {"x": 0.0}


def loss_with_edge(params):
    return np.sum((params["w"] - np.array([2.0, -2.0])) ** 2) + (params["b"] - 1.0) ** 2


@pytest.mark.parametrize("method", [None, "L-BFGS-B", "TNC", "SLSQP", "trust-constr", "Nelder-Mead"])
@pytest.mark.parametrize(
    "bounds",
    [
        {"w": (-1.0, np.array([1.5, np.inf])), "b": (None, 0.5)},
        [(-1, 1.5), (-1, None), (None, 0.5)],
        scipy.optimize.Bounds([-1.0, -1.0, -np.inf], [1.5, np.inf, 0.5]),
    ],
)
def test_bounds_hold(method, bounds):
    options = {"maxiter": 500} if method == "Nelder-Mead" else {}
    result = minimize(loss_with_edge, {"w": np.zeros(2), "b": 0.0}, method=method, bounds=bounds, **options)
    np.testing.assert_allclose(result.x["w"], [1.5, -1.0], atol=1e-3)
    assert result.x["b"] == pytest.approx(0.5, abs=1e-3)
    assert np.all(result.x["w"] <= [1.5, np.inf])
    assert np.all(result.x["w"] >= -1.0)


def test_bounds_that_are_to_hold_all_the_way_refuse_a_start_outside():
    bounds = scipy.optimize.Bounds([0.0], [1.0])
    result = minimize(lambda x: (x - 3.0) ** 2, 2.0, method="trust-constr", bounds=bounds)
    assert result.x == pytest.approx(1.0, abs=1e-3)
    bounds.keep_feasible = True
    with pytest.raises(ValueError, match="infeasible"):
        minimize(lambda x: (x - 3.0) ** 2, 2.0, method="trust-constr", bounds=bounds)
