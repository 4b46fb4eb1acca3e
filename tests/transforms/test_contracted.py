"""A tensor times a Jacobian, in Autograd's signature."""

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    OutputError,
    grad,
    jacobian,
    tensor_jacobian_product,
    vector_jacobian_product,
    vjp,
)
from tests.transforms.differences import jacobian_of


def swirl(x):
    return np.stack([np.outer(np.sin(x), x), np.outer(x, x**2)]) * x[0]


X = np.array([0.3, -0.7, 1.2])
DENSE = jacobian_of(swirl, X)  # of shape (2, 3, 3, 3)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(), (2,), (2, 3), (2, 3, 3)])
def test_all_axes_of_the_tensor_are_summed_with_the_first_of_the_result(shape):
    tensor = RNG.normal(size=shape)
    found = tensor_jacobian_product(swirl)(X, tensor)
    expected = np.tensordot(tensor, DENSE, len(shape))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)


def test_the_vectors_name_is_another():
    assert vector_jacobian_product is tensor_jacobian_product
    v = RNG.normal(size=3)
    matrix = RNG.normal(size=(3, 3))
    np.testing.assert_allclose(
        vector_jacobian_product(lambda a, x: np.tanh(a @ x), argnum=1)(matrix, X, v),
        v @ ((1 - np.tanh(matrix @ X) ** 2)[:, None] * matrix),
        rtol=1e-13,
    )


def test_a_full_contraction_is_the_pullback():
    tensor = RNG.normal(size=(2, 3, 3))
    np.testing.assert_allclose(
        tensor_jacobian_product(swirl)(X, tensor), vjp(swirl, X)[1](tensor)[0], rtol=1e-13
    )


def test_containers_keywords_and_aux():
    def function(p, *, scale):
        return {"a": p["w"] * scale, "b": [p["w"][0] ** 2]}, "any"

    found, aux = tensor_jacobian_product(function, has_aux=True)(
        {"w": X}, {"a": np.ones(3), "b": [10.0]}, scale=3.0
    )
    np.testing.assert_allclose(found["w"], [3.0 + 10 * 2 * 0.3, 3.0, 3.0], rtol=1e-14)
    assert aux == "any"
    by_name = tensor_jacobian_product(lambda x, y: x * y, argnames=("y", "x"))(X, 2.0, np.ones(3))
    assert by_name["y"] == pytest.approx(np.sum(X), rel=1e-15)
    np.testing.assert_array_equal(by_name["x"], np.full(3, 2.0))


def test_the_tensor_may_itself_be_differentiated():
    found = jacobian(lambda t: tensor_jacobian_product(swirl)(X, t))(np.ones((2, 3, 3)))
    np.testing.assert_allclose(found, np.moveaxis(DENSE, -1, 0), rtol=1e-8, atol=1e-9)
    assert grad(lambda x: tensor_jacobian_product(lambda y: y**3)(x, x))(2.0) == 9 * 4.0


def test_what_does_not_fit_is_refused():
    product = tensor_jacobian_product(swirl)
    with pytest.raises(
        ArgumentError,
        match=r"the tensor has shape \(3,\); the result has shape \(2, 3, 3\), which must begin",
    ):
        product(X, np.ones(3))
    with pytest.raises(ArgumentError, match=r"the tensor has shape \(2, 3, 3, 1\)"):
        product(X, np.ones((2, 3, 3, 1)))
    with pytest.raises(InputError, match="tensor_jacobian_product: the tensor must be an array"):
        product(X, [np.ones(3)])
    with pytest.raises(
        ArgumentError, match="pass the tensor as the last positional argument, after those of"
    ):
        product()
    with pytest.raises(OutputError, match=r"with has_aux=True, swirl must return a pair"):
        tensor_jacobian_product(swirl, has_aux=True)(X, np.ones(2))
