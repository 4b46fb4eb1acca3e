import numpy as np
import pytest

from fgrad import grad, jacobian, jvp, make_vjp, vjp


def spiral(x):
    return np.outer(np.sin(x), x)[:, 1:] * x[0]


def test_a_pullback_can_be_called_many_times():
    pullback = vjp(lambda x, y: (x * y, np.sum(x[:2]) + x[0]), np.array([0.5, -1.0, 2.0]), 2.0)[1]
    first = pullback((np.ones(3), 1.0))
    for scale in (1.0, -3.0, 0.0, 1.0):
        scaled = pullback((np.full(3, scale), scale))
        np.testing.assert_allclose(scaled[0], scale * first[0], rtol=1e-15)
        assert scaled[1] == pytest.approx(scale * first[1], rel=1e-15)
        scaled[0][:] = np.nan
    np.testing.assert_array_equal(pullback((np.ones(3), 1.0))[0], first[0])


def test_one_hot_cotangents_make_the_jacobian():
    _, pullback = vjp(spiral, np.arange(3.0))
    rows = [pullback(np.eye(6)[i].reshape(3, 2))[0] for i in range(6)]
    np.testing.assert_array_equal(np.reshape(rows, (3, 2, 3)), jacobian(spiral)(np.arange(3.0)))


def test_a_pullback_can_be_differentiated():
    def second(x):
        return vjp(np.sin, x)[1](1.0)[0]

    assert grad(second)(0.5) == -np.sin(0.5)
    assert grad(lambda g: vjp(np.sin, 0.5)[1](g)[0])(3.0) == np.cos(0.5)
    assert grad(lambda t: jvp(np.sin, (0.5,), (t,))[1])(3.0) == np.cos(0.5)


@pytest.mark.parametrize("make", [lambda f, x: vjp(f, x), lambda f, x: make_vjp(f)(x)[::-1]])
def test_a_pullback_is_right_after_the_caller_has_changed_the_value_and_the_argument(make):
    x = np.array([0.0, 1.0])
    value, pullback = make(lambda x: np.exp(x) * x, x)
    expected = (1 + x) * np.exp(x)
    value -= 5.0
    x *= 0.0
    np.testing.assert_allclose(np.reshape(pullback(np.ones(2)), 2), expected, rtol=1e-15)
