import numpy as np
import pytest
import scipy.optimize

import fgrad.numpy as fnp
from fgrad import ArgumentError, DetachedError, OutputError, grad
from fgrad.optimizers.numbers import parameters_of
from fgrad.optimizers.objective import Objective
from fgrad.optimizers.vectors import Packing
from tests.transforms.differences import jacobian_of

X = np.array([0.7, -1.2, 0.4, 1.9])


def rosenbrock(params):
    x = fnp.concatenate([params["head"], params["tail"]])
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def make(function, x0, *args):
    return Objective(function, args, Packing(*parameters_of(x0, "x0")))


def test_values_and_derivatives_are_those_that_scipy_has_by_hand():
    objective = make(rosenbrock, {"head": X[:1], "tail": X[1:]})
    value, gradient = objective.value_and_gradient(X)
    assert value == pytest.approx(scipy.optimize.rosen(X), rel=1e-14)
    assert objective.value(X) == objective.latest == value
    np.testing.assert_allclose(gradient, scipy.optimize.rosen_der(X), rtol=1e-13)
    direction = np.array([1.0, -0.5, 2.0, 0.25])
    expected = scipy.optimize.rosen_hess_prod(X, direction)
    np.testing.assert_allclose(objective.product(X, direction), expected, rtol=1e-12)
    np.testing.assert_allclose(objective.hessian(X), scipy.optimize.rosen_hess(X), rtol=1e-12, atol=1e-12)


def test_derivatives_by_a_complex_parameter_are_those_by_its_parts():
    def function(z, weight):
        return np.sum(np.abs(z) ** 4) + np.real(z[0] ** 3 * z[1]) * weight

    objective = make(function, np.zeros(2, complex), 0.5)
    gradient = jacobian_of(objective.value, X)
    np.testing.assert_allclose(objective.value_and_gradient(X)[1], gradient, rtol=1e-8)
    hessian = jacobian_of(lambda x: objective.value_and_gradient(x)[1], X)
    np.testing.assert_allclose(objective.hessian(X), hessian, rtol=1e-7, atol=1e-8)


def test_further_arguments_are_passed_and_not_differentiated():
    objective = make(lambda x, data, power: x**power * data["scale"], 3.0, {"scale": 2}, 2)
    assert objective.value_and_gradient(np.array([3.0])) == (18.0, np.array([12.0]))
    assert objective.product(np.array([3.0]), np.array([1.0])) == [4.0]


@pytest.mark.parametrize("result", [np.ones(2), "text", None, 1j, np.ones(1)])
def test_a_result_that_is_no_real_scalar_is_refused(result):
    with pytest.raises(OutputError, match="minimize: the function must return a real scalar; it returned"):
        make(lambda x: result, 1.0).value(np.ones(1))


def test_a_traced_result_is_refused():
    def outer(y):
        return make(lambda x: x * y, 1.0).value(np.ones(1))

    with pytest.raises(DetachedError, match=r"returned a traced value.*fgrad\.minimize"):
        grad(outer)(2.0)


def test_nan_at_the_start_is_an_error_and_later_is_not():
    objective = make(lambda x: np.log(x), 1.0)
    with np.errstate(invalid="ignore"):
        with pytest.raises(ArgumentError, match="the function is nan at x0"):
            objective.value(np.array([-1.0]))
        assert objective.value(np.array([1.0])) == 0.0
        assert np.isnan(objective.value(np.array([-1.0])))
        assert np.isnan(objective.value_and_gradient(np.array([-1.0]))[0])


def test_a_derivative_that_is_not_finite_where_the_function_is_names_its_path():
    objective = make(lambda p: np.sum(np.sqrt(p["w"])), {"w": np.ones(3)})
    message = r"minimize: gradient\['w'\] has inf at \[1\] where the function is 2"
    with np.errstate(divide="ignore"), pytest.raises(ArgumentError, match=message):
        objective.value_and_gradient(np.array([1.0, 0.0, 1.0]))
