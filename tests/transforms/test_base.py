import copy
import functools
import inspect
import pickle

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import (
    checkpoint,
    deriv,
    elementwise_grad,
    grad,
    hessian,
    holomorphic_grad,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    make_hvp,
    make_jvp,
    make_vjp,
    tensor_jacobian_product,
    value_and_grad,
)

TRANSFORMS = [
    grad,
    value_and_grad,
    elementwise_grad,
    deriv,
    jacobian,
    jacfwd,
    jacrev,
    hessian,
    make_hvp,
    make_vjp,
    make_jvp,
]


def cube(x, *, scale: float = 1.0):
    """Return the cube of x."""
    return scale * x * x * x


class Model:
    def __init__(self, power):
        self.power = power

    def __call__(self, x):
        return x**self.power

    def loss(self, x):
        """Return a power of x."""
        return x**self.power

    @functools.partial(grad, argnums=1)
    def slope(self, x):
        return x**self.power


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_transformed_function_looks_like_the_function(transform):
    made = transform(cube)
    assert made.__name__ == made.__qualname__ == f"{transform.__name__}_cube"
    assert made.__module__ == cube.__module__
    assert made.__wrapped__ is cube
    assert "cube with respect to argument 0" in made.__doc__
    assert made.__doc__.endswith("Of cube: Return the cube of x.")
    assert inspect.signature(made) == inspect.signature(cube)
    assert inspect.signature(transform(made)) == inspect.signature(cube)
    assert repr(made) == f"<{transform.__name__}(cube)(x, *, scale=1.0)>"
    assert repr(transform(made)) == f"<{transform.__name__}({transform.__name__}(cube))(x, *, scale=1.0)>"


def test_the_docstring_names_the_arguments():
    assert "argument -1" in grad(cube, -1).__doc__
    assert "arguments 0, 2" in grad(cube, (0, 2)).__doc__
    assert repr(grad(cube, (0, 2))) == "<grad(cube, argnums=(0, 2))(x, *, scale=1.0)>"
    assert grad(lambda x: x).__doc__ == "Gradient of <lambda> with respect to argument 0."


def test_the_docstring_is_indented_evenly():
    def loss(x):
        """Return a loss.

        It is the square.
        """
        return x**2

    expected = ["Gradient of loss with respect to argument 0.", "", "Of loss: Return a loss.", ""]
    assert grad(loss).__doc__.splitlines()[:5] == [*expected, "It is the square."]


def test_a_docstring_is_not_looked_for_where_there_is_none():
    assert grad(lambda x: x).__doc__ == "Gradient of <lambda> with respect to argument 0."


def test_bound_methods_partials_instances_and_builtins_have_names_and_signatures():
    assert grad(Model(2.0).loss).__name__ == "grad_loss"
    assert list(inspect.signature(grad(Model(2.0).loss)).parameters) == ["x"]
    assert grad(Model(2.0)).__name__ == "grad_Model"
    assert list(inspect.signature(grad(Model(2.0))).parameters) == ["x"]
    assert grad(functools.partial(cube, scale=2.0)).__name__ == "grad_partial"
    assert grad(max).__name__ == "grad_max"
    assert grad(np.sin).__name__ == "grad_sin"


def test_a_transform_decorates_a_method():
    assert Model(3.0).slope(2.0) == 12.0
    assert Model.slope(Model(3.0), 2.0) == 12.0
    assert list(inspect.signature(Model(3.0).slope).parameters) == ["x"]


def test_a_transform_decorates_a_function():
    @grad
    def slope(x):
        """Square."""
        return x * x

    @functools.partial(jacobian, argnums=1)
    def second(x, y):
        return x * y

    assert slope(3.0) == 6.0
    assert second(2.0, 5.0) == 2.0


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (grad(cube), 12.0),
        (grad(cube, argnums=(0,)), (12.0,)),
        (grad(cube, argnames=("x", "scale")), {"x": 12.0, "scale": 8.0}),
        (deriv(cube), 12.0),
        (jacfwd(cube), 12.0),
        (jacrev(cube), 12.0),
        (grad(checkpoint(cube)), 12.0),
        (value_and_grad(cube), (8.0, 12.0)),
        (elementwise_grad(cube), 12.0),
        (jacobian(cube), 12.0),
        (hessian(cube), 12.0),
        (grad(grad(cube)), 12.0),
        (jacobian(grad(grad(cube))), 6.0),
        (grad(Model(3.0)), 12.0),
        (grad(Model(3.0).loss), 12.0),
        (Model(3.0).slope, 12.0),
        (grad(functools.partial(cube, scale=2.0)), 24.0),
        (grad(fnp.square), 4.0),
        (grad(np.square), 4.0),
        (hessian(np.square), 2.0),
    ],
)
def test_a_transformed_function_can_be_pickled_and_copied(made, expected):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        restored = pickle.loads(pickle.dumps(made, protocol))
        assert restored(2.0) == expected
        assert restored.__name__ == made.__name__
    assert copy.copy(made)(2.0) == expected
    assert copy.deepcopy(made)(2.0) == expected


@grad
def decorated(x):
    return x * x


def test_a_function_that_was_decorated_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert copy.copy(decorated) is decorated
    assert pickle.loads(pickle.dumps(hessian(decorated)))(3.0) == 0.0


def test_autograds_functions_can_be_pickled():
    pullback, value = pickle.loads(pickle.dumps(make_vjp(cube)))(2.0)
    assert (value, pullback(10.0)) == (8.0, 120.0)
    assert pickle.loads(pickle.dumps(make_jvp(cube)))(2.0)(10.0) == (8.0, 120.0)


def test_functions_of_more_arguments_can_be_pickled_and_say_that_they_take_them():
    for made, expected in (
        (hvp(cube), 12.0),
        (tensor_jacobian_product(cube), 12.0),
        (holomorphic_grad(cube), 12.0 + 0j),
    ):
        args = (2.0 + 0j,) if isinstance(expected, complex) else (2.0, 1.0)
        assert pickle.loads(pickle.dumps(made))(*args) == expected
    for made in (hvp(cube), tensor_jacobian_product(cube)):
        assert str(inspect.signature(made)).startswith("(*args")
        assert made.__wrapped__ is cube


def test_what_cannot_be_pickled_says_so_itself():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(grad(lambda x: x))
