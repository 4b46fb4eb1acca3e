import numpy as np
import pytest

from fgrad import grad, hessian, jvp
from fgrad.implicit.fixed_point import fixed_point
from fgrad.implicit.minimize import minimize
from fgrad.implicit.root import root

W = 0.3 * np.random.default_rng(0).normal(size=(4, 4))
B = np.random.default_rng(1).normal(size=4)

#: The same equation in three ways.
LOSSES = {
    "fixed_point": lambda b, **options: fixed_point(lambda x, b: W @ np.tanh(x) + b, B, b, **options),
    "root": lambda b, **options: root(lambda x, b: W @ np.tanh(x) + b - x, B, b, **options),
    "minimize": lambda b, **options: minimize(
        lambda x, b: np.sum((W @ np.tanh(x) + b - x) ** 2), B, b, **options
    ),
}


def counting(calls):
    def dense(operator, b):
        calls.append(b)
        return np.linalg.solve(np.stack([operator(e) for e in np.eye(b.size)], -1), b)

    return dense


@pytest.mark.parametrize("name", LOSSES)
def test_a_gradient_takes_one_linear_system_and_the_value_none(name):
    calls = []
    options = {"linear_solver": counting(calls)}

    def loss(b):
        return np.sum(LOSSES[name](b, **options) ** 2)

    x = LOSSES[name](B, **options)
    assert calls == []
    np.testing.assert_allclose(x, W @ np.tanh(x) + B, atol=1e-11)
    inverse = np.linalg.inv(np.eye(4) - W * (1 - np.tanh(x) ** 2))
    np.testing.assert_allclose(grad(loss)(B), 2 * inverse.T @ x, rtol=1e-9)
    assert len(calls) == 1
    np.testing.assert_allclose(
        jvp(lambda b: LOSSES[name](b, **options), (B,), (np.ones(4),))[1], inverse @ np.ones(4), rtol=1e-9
    )
    assert len(calls) == 2


@pytest.mark.parametrize("name", LOSSES)
def test_the_three_ways_have_one_hessian(name):
    def loss(b):
        return np.sum(LOSSES[name](b) ** 2)

    x = LOSSES["root"](B)
    slope = 1 - np.tanh(x) ** 2
    inverse = np.linalg.inv(np.eye(4) - W * slope)
    # x'' = inverse @ W @ (tanh'' x' x'), and the loss adds 2 x' x' and 2 x x''.
    bent = 2 * inverse.T @ x @ W * (-2 * np.tanh(x) * slope)
    np.testing.assert_allclose(
        hessian(loss)(B), 2 * inverse.T @ inverse + inverse.T @ np.diag(bent) @ inverse, rtol=1e-8, atol=1e-10
    )
