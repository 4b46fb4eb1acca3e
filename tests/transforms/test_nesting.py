"""Derivatives of derivatives: every transform in every other, against closed forms."""

import itertools
import math

import numpy as np
import pytest

from fgrad import elementwise_grad, grad, hessian, jacobian, jvp, make_jvp, make_vjp, value_and_grad, vjp

# Each turns a scalar function into its derivative.
DERIVATIVES = {
    "grad": grad,
    "value_and_grad": lambda f: lambda x: value_and_grad(f)(x)[1],
    "elementwise_grad": elementwise_grad,
    "jacobian": jacobian,
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0)[0],
    "make_vjp": lambda f: lambda x: make_vjp(f)(x)[0](1.0),
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "make_jvp": lambda f: lambda x: make_jvp(f)(x)(1.0)[1],
}
REVERSE_AND_FORWARD = {"reverse": DERIVATIVES["grad"], "forward": DERIVATIVES["jvp"]}


def quintic(x):
    return x**5 / (1 + 0 * x) + np.exp(2 * x)


def derivative_of_quintic(order, x):
    return math.perm(5, order) * x ** (5 - order) + 2**order * math.exp(2 * x)


@pytest.mark.parametrize("names", list(itertools.product(DERIVATIVES, repeat=2)), ids="-".join)
def test_any_transform_differentiates_any_other(names):
    function = quintic
    for name in names:
        function = DERIVATIVES[name](function)
    assert float(function(0.7)) == pytest.approx(derivative_of_quintic(2, 0.7), rel=1e-13)


@pytest.mark.parametrize(
    "names", list(itertools.product(["grad", "jvp", "jacobian", "vjp"], repeat=3)), ids="-".join
)
def test_any_three_transforms_nest(names):
    function = quintic
    for name in names:
        function = DERIVATIVES[name](function)
    assert float(function(0.7)) == pytest.approx(derivative_of_quintic(3, 0.7), rel=1e-13)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_hessian_nests_in_any_transform_and_any_transform_in_a_hessian(name):
    derivative = DERIVATIVES[name]
    expected = pytest.approx(derivative_of_quintic(3, 0.7), rel=1e-13)
    assert float(derivative(hessian(quintic))(0.7)) == expected
    assert float(hessian(derivative(quintic))(0.7)) == expected
    assert float(hessian(hessian(quintic))(0.7)) == pytest.approx(derivative_of_quintic(4, 0.7), rel=1e-12)


@pytest.mark.parametrize("names", list(itertools.product(REVERSE_AND_FORWARD, repeat=5)), ids="-".join)
def test_the_fifth_derivative_of_the_sine_is_the_cosine(names):
    function = np.sin
    for name in names:
        function = REVERSE_AND_FORWARD[name](function)
    assert function(0.3) == pytest.approx(math.cos(0.3), rel=1e-14)


def test_third_derivatives_of_a_vector_function_are_those_by_hand():
    x = np.array([0.3, -0.4, 0.5])

    def function(x):
        return x * x[::-1] * np.sum(x)

    third = jacobian(jacobian(jacobian(function)))(x)
    assert third.shape == (3, 3, 3, 3)
    # x_i x_{2-i} s is cubic: its third derivative is the sum over the ways to put j, k, l on the factors.
    eye, flip, ones = np.eye(3), np.eye(3)[::-1], np.ones(3)
    expected = sum(
        np.einsum(f"i{a},i{b},{c}->ijkl", eye, flip, ones) for a, b, c in itertools.permutations("jkl")
    )
    np.testing.assert_allclose(third, expected, atol=1e-14)


def test_a_hessian_vector_product_is_the_same_in_each_composition():
    x = np.random.default_rng(0).normal(size=4)
    v = np.random.default_rng(1).normal(size=4)

    def function(x):
        return np.sum(x**3) * x[0] + np.sum(np.sin(x))

    # By hand: the second derivative of (sum x^3) x_0 + sum sin x.
    dense = np.diag(6 * x * x[0] - np.sin(x))
    dense[0] += 3 * x**2
    dense[:, 0] += 3 * x**2
    expected = dense @ v
    forward_over_reverse = jvp(grad(function), (x,), (v,))[1]
    reverse_over_forward = grad(lambda x: jvp(function, (x,), (v,))[1])(x)
    reverse_over_reverse = vjp(grad(function), x)[1](v)[0]
    forward_over_forward = [
        jvp(lambda x, e=e: jvp(function, (x,), (e,))[1], (x,), (v,))[1] for e in np.eye(4)
    ]
    np.testing.assert_allclose(hessian(function)(x), dense, rtol=1e-13)
    for found in (forward_over_reverse, reverse_over_forward, reverse_over_reverse, forward_over_forward):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


# perturbation confusion (Siskind and Pearlmutter, IFL 2005)


@pytest.mark.parametrize("inner", DERIVATIVES)
@pytest.mark.parametrize("outer", DERIVATIVES)
def test_perturbations_are_not_confused(outer, inner):
    d_outer, d_inner = DERIVATIVES[outer], DERIVATIVES[inner]
    # d/dx x (d/dy (x + y)) = d/dx x = 1; with one tag for both levels it would be 2.
    assert d_outer(lambda x: x * d_inner(lambda y: x + y)(1.0))(1.0) == 1.0
    # d/dx x (d/dy x y) = d/dx x^2
    assert d_outer(lambda x: x * d_inner(lambda y: x * y)(2.0))(3.0) == 6.0
    # the inner point depends on x: d/dx d/dy (x y^2) at y = x is d/dx 2 x^2
    assert d_outer(lambda x: d_inner(lambda y: x * y * y)(x))(3.0) == 12.0
    # the inner function ignores its own variable
    assert d_outer(lambda x: x * d_inner(lambda y: x)(2.0))(3.0) == 0.0
    # and the inner derivative does not depend on x
    assert d_outer(lambda x: d_inner(lambda y: x + y)(x))(3.0) == 0.0


@pytest.mark.parametrize("names", list(itertools.product(REVERSE_AND_FORWARD, repeat=3)), ids="-".join)
def test_perturbations_of_three_levels_are_not_confused(names):
    first, second, third = (REVERSE_AND_FORWARD[name] for name in names)

    def function(x):
        return x * second(lambda y: y * third(lambda z: x * y * z * z)(y))(x)

    # The third level gives 2 x y^2, the second 6 x y^2 at y = x, the function 6 x^4.
    assert first(function)(2.0) == 24 * 8.0


@pytest.mark.parametrize("name", REVERSE_AND_FORWARD)
def test_a_closure_over_an_outer_variable_can_be_called_under_an_inner_transform(name):
    derivative = REVERSE_AND_FORWARD[name]

    def outer(x):
        def scale(y):
            return x * y

        return derivative(lambda y: scale(scale(y)))(1.0)  # x^2

    assert grad(outer)(3.0) == 6.0
    assert derivative(outer)(3.0) == 6.0


def test_the_differentiation_operator_may_return_a_function():
    """Manzyuk, Pearlmutter, Radul, Rush and Siskind (JFP 2019): the amazing bug.

    The derivative of a shift applied twice: D (D (shift)) must be a second derivative, not zero.
    """

    def shift(offset):
        return lambda f: lambda x: f(x + offset)

    def derivative_at_zero(f):  # of the curried shift, along the offset
        return lambda h: lambda x: jvp(lambda offset: f(offset)(h)(x), (0.0,), (1.0,))[1]

    d_hat = derivative_at_zero(shift)
    assert d_hat(d_hat(np.exp))(1.0) == pytest.approx(math.e, rel=1e-14)


def test_a_gradient_step_can_be_differentiated():
    """An unrolled descent on (w - a)^2 / 2 shrinks the distance by (1 - rate) at each of its steps."""

    def after_descent(a, rate):
        w = 0.0
        for _ in range(5):
            w = w - rate * grad(lambda w: 0.5 * (w - a) ** 2)(w)
        return (w - 1.0) ** 2

    a, rate = 2.0, 0.1
    w = a * (1 - (1 - rate) ** 5)
    da, drate = grad(after_descent, (0, 1))(a, rate)
    assert da == pytest.approx(2 * (w - 1) * (1 - (1 - rate) ** 5), rel=1e-13)
    assert drate == pytest.approx(2 * (w - 1) * a * 5 * (1 - rate) ** 4, rel=1e-13)


def test_containers_pass_between_levels():
    def energy(p):
        return np.sum(p["x"] ** 3) * p["m"]

    def force_norm(p):
        force = grad(energy)(p)
        return np.sum(force["x"] ** 2) + force["m"]

    found = grad(force_norm)({"x": np.array([1.0, 2.0]), "m": 3.0})
    x = np.array([1.0, 2.0])
    # |3 m x^2|^2 + sum x^3 = 9 m^2 sum x^4 + sum x^3
    np.testing.assert_allclose(found["x"], 36 * 9.0 * x**3 + 3 * x**2, rtol=1e-14)
    assert found["m"] == pytest.approx(18 * 3.0 * np.sum(x**4), rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_dtype_is_kept_at_every_order(dtype):
    x = np.ones(2, dtype)
    function = lambda x: np.real(np.sum(np.sin(x) * 2))  # noqa: E731
    assert grad(lambda x: np.real(np.sum(grad(function)(x) ** 2)))(x).dtype == dtype
    assert jvp(grad(function), (x,), (x,))[1].dtype == dtype
    assert hessian(function)(x).dtype == dtype
