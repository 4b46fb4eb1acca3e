import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import InputError, OutputError, elementwise_grad, grad, hessian, value_and_grad
from tests.transforms.differences import directional, jacobian_of


def bowl(x):
    return np.sum(np.sin(x) * x[::-1] ** 2)


def test_a_gradient_agrees_with_differences():
    x = np.random.default_rng(0).normal(size=5)
    np.testing.assert_allclose(grad(bowl)(x), jacobian_of(bowl, x), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("namespace", [np, fnp])
def test_numpy_itself_and_the_namespace_of_fgrad_both_differentiate(namespace):
    x = np.array([0.3, 0.4])
    np.testing.assert_array_equal(grad(lambda x: namespace.sum(namespace.exp(x)))(x), np.exp(x))


def test_a_value_comes_with_its_gradient():
    x = np.array([1.0, 2.0])
    value, gradient = value_and_grad(lambda x: np.sum(x * x))(x)
    assert value == 5.0
    np.testing.assert_array_equal(gradient, 2 * x)


def test_a_line_search_can_use_value_and_grad_as_it_would_a_function():
    # As scipy.optimize.minimize(..., jac=True) does: a float, and an array of the argument's shape.
    objective = value_and_grad(lambda x: (x[0] - 1.0) ** 2 + 10.0 * (x[1] + 2.0) ** 2)
    x = np.zeros(2)
    for _ in range(200):
        value, slope = objective(x)
        assert np.ndim(value) == 0
        assert slope.shape == x.shape
        x = x - 0.05 * slope
    np.testing.assert_allclose(x, [1.0, -2.0], atol=1e-8)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x, 1.0),
        (lambda x: x + x, 2.0),
        (lambda x: x * x + x, 7.0),
        (lambda x: +x, 1.0),
        (lambda x: x - x, 0.0),
        (lambda x: 2.0, 0.0),
        (lambda x: 2, 0.0),
        (lambda x: np.float32(2), 0.0),
        (lambda x: np.array(2.0), 0.0),
        (lambda x: float(x > 0), 0.0),
        (lambda x: np.floor(x), 0.0),
        (lambda x: x if x > 0 else -x, 1.0),
        (lambda x: [x, 2 * x, 3 * x][1], 2.0),
    ],
)
def test_functions_of_the_least_sort_have_derivatives(function, expected):
    assert grad(function)(3.0) == expected


@pytest.mark.parametrize("x", [np.zeros(0), np.zeros((3, 0)), [], {}, (), None])
def test_empty_arguments_have_empty_gradients(x):
    gradient = grad(lambda x: 1.0)(x)
    assert type(gradient) is type(x)
    assert np.shape(gradient) == np.shape(x)
    assert np.size(gradient) == np.size(x)


def test_a_sum_over_nothing_has_an_empty_gradient():
    assert grad(lambda x: np.sum(x * x))(np.zeros((0, 2))).shape == (0, 2)
    assert grad(lambda x: np.sum(x[:0]))(np.ones(2)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("result", "described", "cure"),
    [
        (lambda x: x * np.ones(3), r"an array of shape \(3,\) and dtype float64", "Use jacobian"),
        (lambda x: x * np.ones(1), r"an array of shape \(1,\)", "return a scalar"),
        (lambda x: np.ones((2, 2)), r"an array of shape \(2, 2\)", "elementwise_grad"),
        (lambda x: x * 1j, "a scalar of dtype complex128", "Take np.real"),
        (lambda x: x * np.ones(3) * 1j, r"an array of shape \(3,\) and dtype complex128", "Take np.real"),
        (lambda x: 1j, "a scalar of dtype complex128", "Take np.real"),
        (lambda x: (x, x), "a tuple", "vjp and jacobian"),
        (lambda x: {"loss": x}, "a dict", "vjp and jacobian"),
        (lambda x: None, "a NoneType", "Return a scalar"),
        (lambda x: "loss", "a str", "Return a scalar"),
        (lambda x: x > 0, "a scalar of dtype bool", "Return a real number"),
        (lambda x: True, "a scalar of dtype bool", "Return a real number"),
    ],
)
@pytest.mark.parametrize("transform", [grad, value_and_grad, hessian])
def test_a_result_that_is_no_real_scalar_is_refused_with_its_shape_and_the_sibling(
    transform, result, described, cure
):
    def model(x):
        return result(x)

    with pytest.raises(
        OutputError, match=rf"{transform.__name__}: model must return a real scalar; it returned"
    ) as caught:
        transform(model)(1.0)
    caught.match(described)
    caught.match(cure)


# complex numbers: for x + iy the gradient is df/dx - i df/dy


def test_the_gradient_of_a_complex_argument_follows_the_convention():
    def function(z):
        return np.sum(np.abs(z) ** 2 * np.real(z) + np.imag(np.exp(z)))

    rng = np.random.default_rng(1)
    z = rng.normal(size=3) + 1j * rng.normal(size=3)
    expected = jacobian_of(function, z) - 1j * jacobian_of(function, z, 1j)
    np.testing.assert_allclose(grad(function)(z), expected, rtol=1e-8)
    for i in range(3):
        assert (
            abs(grad(function)(z)[i] - (grad(lambda zi: function(np.where(np.arange(3) == i, zi, z)))(z[i])))
            < 1e-12
        )


def test_a_step_downhill_is_along_the_conjugate_of_the_gradient():
    def function(z):
        return np.abs(z - (3.0 + 4.0j)) ** 2

    z = 0j
    for _ in range(60):
        z = z - 0.25 * np.conj(grad(function)(z))
    assert abs(z - (3.0 + 4.0j)) < 1e-8


def test_the_elementwise_derivative_of_a_holomorphic_function_is_complex():
    z = np.array([0.3 + 0.4j, -1.0 + 2.0j])
    np.testing.assert_allclose(elementwise_grad(np.sin)(z), np.cos(z), rtol=1e-15)
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(np.exp))(z), np.exp(z), rtol=1e-15)


# element by element


def test_the_elementwise_derivative_agrees_with_differences():
    x = np.random.default_rng(2).normal(size=(2, 3))
    expected = directional(np.tanh, x, np.ones_like(x))
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x), expected, rtol=1e-9)


def test_the_elementwise_derivative_is_the_gradient_of_the_sum():
    x = np.random.default_rng(3).normal(size=4)
    outer = elementwise_grad(lambda x: np.outer(x, x))(x)
    np.testing.assert_allclose(outer, np.full(4, 2 * x.sum()), rtol=1e-14)


def test_elementwise_derivatives_nest():
    function = np.tanh
    for _ in range(3):
        function = elementwise_grad(function)
    x = np.linspace(-1.0, 1.0, 5)
    t = np.tanh(x)
    np.testing.assert_allclose(function(x), (1 - t**2) * (6 * t**2 - 2), atol=1e-14)


def test_an_elementwise_derivative_that_would_be_complex_for_a_real_argument_is_refused():
    with pytest.raises(
        OutputError, match=r"elementwise_grad: <lambda> must return real numbers for a real argument"
    ):
        elementwise_grad(lambda x: np.exp(1j * x))(np.ones(3))


@pytest.mark.parametrize("result", [lambda x: [x], lambda x: None, lambda x: x > 0, lambda x: "x"])
def test_an_elementwise_derivative_of_no_array_of_numbers_is_refused(result):
    with pytest.raises(OutputError, match="elementwise_grad: <lambda> must return an array of numbers"):
        elementwise_grad(result)(np.ones(3))


def test_an_int_in_the_result_has_derivative_zero():
    assert elementwise_grad(lambda x: np.arange(3))(2.0) == 0.0


# exceptions


def test_an_exception_in_the_function_leaves_nothing_wrong():
    class StopFittingError(Exception):
        pass

    def failing(x):
        y = x * x
        if y > 1:
            raise StopFittingError
        return y

    def recovering(x):
        try:
            grad(failing)(x * 2.0)
        except StopFittingError:
            return x**3
        return x

    for _ in range(3):
        with pytest.raises(StopFittingError):
            grad(failing)(3.0)
        with pytest.raises(StopFittingError):
            grad(lambda x: x * grad(failing)(x))(3.0)
        assert grad(failing)(0.5) == 1.0
        assert grad(recovering)(2.0) == 12.0
        assert grad(grad(recovering))(2.0) == 12.0


def test_the_functions_own_type_errors_are_not_hidden():
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        grad(lambda x, y: x * y)(1.0)
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: x / 0.0)(1.0)


def test_a_leaf_that_is_refused_is_found_before_the_function_runs():
    with pytest.raises(InputError):
        grad(lambda p: pytest.fail("the function was called"))(["no"])
