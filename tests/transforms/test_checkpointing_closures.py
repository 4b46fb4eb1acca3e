"""What a checkpointed function takes from outside, decides or draws: nothing of it is lost or made anew."""

import numpy as np

import fgrad.numpy as fnp
from fgrad import checkpoint, grad, hessian, jacfwd, jvp, linearize, vjp, vmap
from tests.transforms.differences import jacobian_of

X = np.array([0.3, -0.7, 1.2])


def test_traced_values_that_the_function_closes_over_keep_their_derivatives():
    def plain(w, inner):
        h = np.sin(w)
        return inner(lambda x: np.sum(np.tanh(x * h) + w * x * np.exp(w)))(w[::-1] * 1.0)

    expected = jacobian_of(lambda w: plain(w, lambda f: f), X)
    loss = lambda w: plain(w, checkpoint)  # noqa: E731
    np.testing.assert_allclose(grad(loss)(X), expected, rtol=1e-8)
    np.testing.assert_allclose(vjp(loss, X)[1](1.0)[0], expected, rtol=1e-8)
    np.testing.assert_allclose(jvp(loss, (X,), (X,))[1], expected @ X, rtol=1e-8)
    np.testing.assert_allclose(linearize(loss, X)[1](X), expected @ X, rtol=1e-8)
    curvature = jacobian_of(grad(lambda w: plain(w, lambda f: f)), X)
    np.testing.assert_allclose(hessian(loss)(X), curvature, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(jacfwd(grad(loss))(X), curvature, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(vmap(grad(loss))(np.stack([X, X]))[1], expected, rtol=1e-8)


def test_a_closure_alone_is_differentiated_too():
    # Neither argument is traced.
    assert grad(lambda w: checkpoint(lambda x: w**3 * x)(5.0))(2.0) == 60.0
    # And the result may not depend on the argument at all.
    assert grad(lambda w: checkpoint(lambda x: w**3)(w))(2.0) == 12.0
    assert grad(lambda w: checkpoint(lambda x: (w, x * w, 3))(w)[1])(2.0) == 4.0


def test_values_of_two_levels_in_one_function_are_told_apart():
    # d/dx d/dy of (x y)^2 y x at y = x, by hand: 3 x^2 y^2 x = 3 x^3 y^2, then d/dx: 9 x^2 y^2.
    def inner(x):
        return grad(lambda y: checkpoint(lambda z: (x * z) ** 2 * z * x)(y))

    assert grad(lambda x: inner(x)(2.0))(3.0) == 9 * 9.0 * 4.0
    assert jvp(lambda x: inner(x)(2.0), (3.0,), (1.0,))[1] == 9 * 9.0 * 4.0
    assert grad(lambda x: x * grad(lambda y: checkpoint(lambda y: x + y)(y))(1.0))(1.0) == 1.0


def test_a_variable_that_changes_later_counts_with_its_value_then():
    def loss(w):
        x = w
        for factor in (2.0, 3.0, 5.0):
            x = checkpoint(lambda x: x * x * factor)(x)
        return x

    # x -> 2 x^2 -> 3 (2 x^2)^2 = 12 x^4 -> 5 (12 x^4)^2 = 720 x^8
    assert loss(1.0) == 720.0
    assert grad(loss)(1.0) == 8 * 720.0


def test_random_numbers_are_the_same_on_the_way_back():
    rng = np.random.default_rng(0)
    drawn = []

    @checkpoint
    def dropout(x):
        mask = rng.random(3) < 0.5
        drawn.append(mask)
        return np.sum(x * x * mask)

    for _ in range(5):
        gradient = grad(dropout)(X)
        np.testing.assert_allclose(gradient, 2 * X * drawn[-1], rtol=1e-15)
    assert len(drawn) == 5


def test_branches_masks_and_indices_are_the_same_on_the_way_back():
    @checkpoint
    def function(x):
        y = np.where(x > 0, x**2, -x) if np.sum(x) > 0 else x
        return np.sum(y * np.arange(3.0)[np.argsort(x)])

    # argsort of (0.3, -0.7, 1.2) is (1, 0, 2)
    np.testing.assert_allclose(grad(function)(X), [2 * 0.3 * 1, 0.0, 2 * 1.2 * 2], rtol=1e-15)


def test_writing_into_arrays_inside_is_right():
    @checkpoint
    def function(x):
        out = fnp.zeros(3)
        for i in range(3):
            out[i] = x[i] ** 2 * (out[i - 1] if i else 1.0)
        out *= x
        return np.sum(out)

    def by_hand(x):
        return x[0] ** 3 + x[1] ** 3 * x[0] ** 2 + x[2] ** 3 * x[1] ** 2 * x[0] ** 2

    np.testing.assert_allclose(grad(function)(X), jacobian_of(by_hand, X), rtol=1e-8)


def test_a_value_that_is_written_into_afterwards_counts_as_it_was():
    def loss(x):
        y = x * 1.0
        first = checkpoint(lambda z: np.sum(z * y))(y)
        y[0] = 100.0
        return first

    np.testing.assert_allclose(grad(loss)(X), 2 * X, rtol=1e-15)
