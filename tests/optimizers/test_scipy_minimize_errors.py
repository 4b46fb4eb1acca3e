"""What :func:`fgrad.optimizers.minimize` refuses, and what it says."""

import sys

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import ArgumentError, DetachedError, InputError, OutputError, grad
from fgrad.optimizers import minimize
from fgrad.optimizers.objective import Objective


def test_without_scipy_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match=r"minimize needs SciPy.*pip install 'fgrad\[scipy\]'"):
        minimize(lambda x: x**2, 1.0)


@pytest.mark.parametrize("name", ["jac", "hess", "hessp", "constraints"])
def test_arguments_of_scipys_that_have_no_place_are_refused(name):
    with pytest.raises(ArgumentError, match=f"minimize: {name} is no argument here"):
        minimize(lambda x: x**2, 1.0, **{name: ()})


@pytest.mark.parametrize("method", ["BFGS", "CG", "Newton-CG", "trust-ncg", "dogleg"])
def test_bounds_for_a_method_without_are_refused(method):
    with pytest.raises(ArgumentError, match=f"the method {method} takes no bounds.*L-BFGS-B"):
        minimize(lambda x: x**2, 1.0, method=method, bounds=(0, 1))


@pytest.mark.parametrize(
    ("x0", "message"),
    [
        ({"w": "text"}, r"minimize: x0\['w'\] is a str"),
        ([1.0, False], r"minimize: x0\[1\] is a bool"),
        ([], r"minimize: x0 holds no numbers"),
        (np.zeros((0, 2)), "minimize: x0 has no elements"),
    ],
)
def test_a_start_that_is_not_of_numbers_is_refused(x0, message):
    with pytest.raises(InputError, match=message):
        minimize(lambda x: 0.0, x0)


def test_what_is_no_function_is_refused():
    with pytest.raises(InputError, match="minimize takes a function; got ndarray"):
        minimize(np.ones(2), 1.0)


@pytest.mark.parametrize("method", ["BFGS", "Nelder-Mead"])
def test_a_result_that_is_no_scalar_is_refused(method):
    with pytest.raises(OutputError, match="must return a real scalar; it returned"):
        minimize(lambda x: x, np.ones(2), method=method)


def test_an_unknown_method_is_an_error_of_scipys():
    with pytest.raises(ValueError, match="Unknown solver"):
        minimize(lambda x: x**2, 1.0, method="descent")


def test_a_run_cannot_be_differentiated_and_says_what_can():
    with pytest.raises(DetachedError, match=r"minimize: x0\['x'\] is a traced value.*fgrad\.minimize"):
        grad(lambda s: minimize(lambda p: p["x"] ** 2, {"x": s}).x["x"])(1.0)
    for method in ["BFGS", "Nelder-Mead"]:
        with pytest.raises(DetachedError, match=r"returned a traced value.*fgrad\.minimize"):
            grad(lambda a, method=method: minimize(lambda x: (x - a) ** 2, 1.0, method=method).x)(2.0)


def test_nan_at_the_start_is_named():
    with np.errstate(invalid="ignore"), pytest.raises(ArgumentError, match="the function is nan at x0"):
        minimize(lambda x: np.log(x), -1.0)


def test_a_gradient_that_is_nan_is_named():
    def function(p):
        return fnp.where(p["w"] < 5.0, p["w"] ** 2, 0.0) + np.nan * (p["v"] - p["v"])

    message = r"minimize: the function is nan at x0"
    with pytest.raises(ArgumentError, match=message):
        minimize(function, {"w": 1.0, "v": 2.0})
    message = r"minimize: gradient\['v'\] is inf where the function is 1\.0"
    with np.errstate(divide="ignore"), pytest.raises(ArgumentError, match=message):
        minimize(lambda p: p["w"] + np.sqrt(p["v"]), {"w": 1.0, "v": 0.0})


@pytest.mark.parametrize("method", ["BFGS", "trust-ncg"])
def test_the_way_may_lead_where_the_function_is_infinite(method, monkeypatch):
    def barrier(x):
        return fnp.where(x > 0, x - 0.1 * np.log(fnp.where(x > 0, x, 1.0)), np.inf)

    values = []
    number = Objective.number
    monkeypatch.setattr(Objective, "number", lambda self, value: values.append(value) or number(self, value))
    result = minimize(barrier, 0.9, method=method)
    assert not np.isfinite(values).all()
    assert result.success
    assert result.x == pytest.approx(0.1, abs=1e-4)
