"""jet, derivatives and taylor inside and around other transforms, against mpmath."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from fgrad import grad, hessian, jacobian, jvp, vjp
from fgrad.transforms.batching import vmap
from fgrad.transforms.taylor import derivatives, jet
from tests.transforms.test_taylor import AT, EXACT, EXACT_AT_POINTS, POINTS, composition


def third(x):
    return derivatives(composition, 3)(x)[3]


def third_by_jet(x):
    zero = x * 0
    return jet(composition, (x,), ([zero + 1, zero, zero],))[1][2]


# nesting: the third derivative differentiated once more, or three times, in each way


@pytest.mark.parametrize("inner", [third, third_by_jet])
def test_first_derivatives_of_a_third_derivative(inner):
    found = {
        "grad": grad(inner)(AT),
        "jvp": jvp(inner, (AT,), (1.0,))[1],
        "vjp": vjp(inner, AT)[1](1.0)[0],
        "jet": jet(inner, (AT,), ([1.0],))[1][0],
        "derivatives": derivatives(inner, 1)(AT)[1],
    }
    for name, value in found.items():
        assert value == pytest.approx(EXACT[4], rel=1e-12), name


def test_higher_derivatives_of_a_third_derivative():
    np.testing.assert_allclose(derivatives(third, 5)(AT), EXACT[3:], rtol=1e-11)
    assert grad(grad(third))(AT) == pytest.approx(EXACT[5], rel=1e-12)
    assert hessian(third)(AT) == pytest.approx(EXACT[5], rel=1e-12)
    assert derivatives(grad(third), 2)(AT)[2] == pytest.approx(EXACT[6], rel=1e-12)


def test_derivatives_of_gradients():
    np.testing.assert_allclose(derivatives(grad(composition), 7)(AT), EXACT[1:], rtol=1e-11)
    np.testing.assert_allclose(derivatives(grad(grad(composition)), 6)(AT), EXACT[2:], rtol=1e-11)
    pushed = derivatives(lambda x: jvp(composition, (x,), (1.0,))[1], 7)(AT)
    np.testing.assert_allclose(pushed, EXACT[1:], rtol=1e-11)


def test_batches_of_derivatives_and_derivatives_of_batches():
    expected = EXACT_AT_POINTS[:4]
    np.testing.assert_allclose(vmap(derivatives(composition, 3))(POINTS), expected.T, rtol=1e-12)
    np.testing.assert_allclose(derivatives(vmap(composition), 3)(POINTS), expected, rtol=1e-12)
    np.testing.assert_allclose(vmap(grad(third))(POINTS), EXACT_AT_POINTS[4], rtol=1e-11)
    np.testing.assert_allclose(grad(lambda x: np.sum(vmap(third)(x)))(POINTS), EXACT_AT_POINTS[4], rtol=1e-11)


def test_a_batch_of_directions():
    directions = np.array([1.0, -2.0, 0.5])
    found = vmap(lambda v: jet(composition, (AT,), ([v, 0.0, 0.0],))[1][2])(directions)
    np.testing.assert_allclose(found, EXACT[3] * directions**3, rtol=1e-12)


def test_gradients_by_the_coefficients_of_a_path():
    # The second derivative of f(x(t)) is f'' x'**2 + f' x''.
    def second(first_term, second_term):
        return jet(composition, (AT,), ([first_term, second_term],))[1][1]

    assert grad(second)(1.5, 0.7) == pytest.approx(2 * 1.5 * EXACT[2], rel=1e-12)
    assert jacobian(lambda w: second(1.5, w))(0.7) == pytest.approx(EXACT[1], rel=1e-12)


def test_perturbations_of_nested_series_are_not_confused():
    # d/dx (x * d/dy (x + y)) is 1, and the second derivative of x * d2/dy2 (x * y**2) = 2 x**2 is 4.
    assert derivatives(lambda x: x * derivatives(lambda y: x + y, 1)(1.0)[1], 1)(1.0)[1] == 1
    assert derivatives(lambda x: x * derivatives(lambda y: x * y**2, 2)(3.0)[2], 2)(5.0)[2] == 4


def test_all_third_derivatives_of_a_function_of_several_variables():
    def function(x):
        return np.exp(x[0] * x[1]) * np.sin(x[2])

    x, rng = np.array([0.2, 0.5, 0.9]), np.random.default_rng(3)
    direction = rng.normal(size=3)
    tensor = jacobian(hessian(function))(x)
    expected = sum(tensor[i] * np.prod(direction[list(i)]) for i in product(range(3), repeat=3))
    found = jet(function, (x,), ([direction, 0 * x, 0 * x],))[1][2]
    assert found == pytest.approx(expected, rel=1e-12)


def test_faa_di_bruno_for_a_path_with_all_derivatives():
    # f(x(t)) to third order: f' x''' + 3 f'' x' x'' + f''' x'**3
    a, b, c = 0.7, -1.3, 2.1
    value, (first, second, thirds) = jet(composition, (AT,), ([a, b, c],))
    assert value == pytest.approx(EXACT[0], rel=1e-15)
    assert first == pytest.approx(EXACT[1] * a, rel=1e-14)
    assert second == pytest.approx(EXACT[1] * b + EXACT[2] * a**2, rel=1e-13)
    assert thirds == pytest.approx(EXACT[1] * c + 3 * EXACT[2] * a * b + EXACT[3] * a**3, rel=1e-13)
