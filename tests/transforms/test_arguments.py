import functools
import operator

import numpy as np
import pytest

from fgrad import (
    ArgumentError,
    InputError,
    deriv,
    elementwise_grad,
    grad,
    hessian,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    make_hvp,
    make_jvp,
    make_vjp,
    value_and_grad,
    vjp,
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


def product(x, y):
    return x * x * y


# which arguments


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [
        (0, 12.0),
        (1, 4.0),
        (-1, 4.0),
        (-2, 12.0),
        (np.int64(1), 4.0),
        ((0,), (12.0,)),
        ((0, 1), (12.0, 4.0)),
        ((1, 0), (4.0, 12.0)),
        ((-1, 0), (4.0, 12.0)),
        ([0, 1], (12.0, 4.0)),
    ],
)
def test_argnums_choose_the_arguments_and_the_structure_of_the_result(argnums, expected):
    assert grad(product, argnums)(2.0, 3.0) == expected
    assert grad(product, argnums=argnums)(2.0, 3.0) == expected
    assert grad(product, argnum=argnums)(2.0, 3.0) == expected
    assert value_and_grad(product, argnums)(2.0, 3.0) == (12.0, expected)
    assert elementwise_grad(product, argnums)(2.0, 3.0) == expected
    assert jacobian(product, argnums)(2.0, 3.0) == expected
    assert make_vjp(product, argnums)(2.0, 3.0)[0](1.0) == expected
    assert vjp(product, 2.0, 3.0, argnums=argnums)[1](1.0) == expected
    assert vjp(product, 2.0, 3.0, argnum=argnums)[1](1.0) == expected


@pytest.mark.parametrize(
    ("argnums", "tangent"), [(1, 10.0), (-1, 10.0), ((1,), (10.0,)), ((1, 0), (10.0, 0.0))]
)
def test_argnums_choose_what_moves_in_forward_mode(argnums, tangent):
    assert jvp(product, (2.0, 3.0), tangent, argnums=argnums) == (12.0, 40.0)
    assert jvp(product, (2.0, 3.0), tangent, argnum=argnums) == (12.0, 40.0)
    assert make_jvp(product, argnums)(2.0, 3.0)(tangent) == (12.0, 40.0)


def test_a_list_of_tangents_serves_for_a_tuple():
    assert jvp(product, [2.0, 3.0], [1.0, 0.0]) == (12.0, 12.0)
    assert jvp(product, [2.0, 3.0], [1.0, 0.0], argnums=(0, 1)) == (12.0, 12.0)


def test_the_hessian_of_a_tuple_of_argnums_is_a_tuple_of_tuples():
    assert hessian(product, (0, 1))(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))
    assert hessian(product, 1)(2.0, 3.0) == 0.0
    assert hessian(product, (0,))(2.0, 3.0) == ((6.0,),)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("argnums", [2, -3, (0, 2)])
def test_argnums_out_of_range_say_how_many_arguments_there_were(transform, argnums):
    with pytest.raises(ArgumentError, match="but 2 positional arguments were given"):
        transform(product, argnums)(2.0, 3.0)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("argnums", [(0, 0), (0, -2), (1, 0, -1)])
def test_an_argument_named_twice_is_refused(transform, argnums):
    with pytest.raises(ArgumentError, match=r"names argument . twice"):
        transform(product, argnums)(2.0, 3.0)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("argnums", ["x", 1.0, None, ("x",), (0, 1.0), True, (False,)])
def test_argnums_that_are_no_positions_are_refused(transform, argnums):
    with pytest.raises(InputError, match="must be an int or a tuple of ints"):
        transform(product, argnums)


def test_no_arguments_at_all_are_refused():
    with pytest.raises(ArgumentError, match="grad: there is nothing to differentiate"):
        grad(product, ())
    with pytest.raises(ArgumentError, match="vjp: there is nothing to differentiate"):
        vjp(lambda: 1.0)
    with pytest.raises(ArgumentError, match="jvp: there is nothing to differentiate"):
        jvp(lambda: 1.0, (), ())


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_argnums_and_argnum_together_are_refused(transform):
    with pytest.raises(ArgumentError, match="argnums=1 and argnum=0"):
        transform(product, argnums=1, argnum=0)


def test_a_number_for_an_argument_passed_by_keyword_is_refused():
    with pytest.raises(
        ArgumentError, match="passed by keyword have no number; choose them by name, with argnames"
    ):
        grad(product)(x=2.0, y=3.0)
    assert grad(product)(2.0, y=3.0) == 12.0


# whose arguments


def test_other_arguments_reach_the_function_untouched():
    seen = []

    def spy(x, mode, *rest, flag, **options):
        seen.append((mode, rest, flag, options))
        return x * x

    marker = object()
    assert grad(spy)(3.0, marker, "rest", flag=True, power=None) == 6.0
    assert seen == [(marker, ("rest",), True, {"power": None})]


def test_functions_of_every_sort_can_be_differentiated():
    class Cube:
        def __call__(self, x):
            return x**3

        def method(self, x):
            return x**3

        @staticmethod
        def static(x):
            return x**3

        @classmethod
        def of_class(cls, x):
            return x**3

    cubes = [
        lambda x: x**3,
        Cube(),
        Cube().method,
        Cube.static,
        Cube.of_class,
        functools.partial(pow, exp=3),
        functools.partial(lambda n, x: x**n, 3),
        functools.lru_cache(lambda x: x**3),
    ]
    assert [grad(cube)(2.0) for cube in cubes] == [12.0] * len(cubes)


def test_builtin_functions_can_be_differentiated():
    assert grad(operator.mul, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert grad(pow)(2.0, 3.0) == 12.0
    assert grad(abs)(-2.0) == -1.0
    assert grad(sum)([2.0, 3.0]) == [1.0, 1.0]
    assert grad(max, (0, 1))(2.0, 3.0) == (0.0, 1.0)


def test_functions_of_any_number_of_arguments_can_be_differentiated():
    assert grad(lambda *xs: xs[0] * xs[1] * xs[2], argnums=(0, -1))(2.0, 3.0, 5.0) == (15.0, 6.0)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_what_cannot_be_called_is_refused(transform):
    with pytest.raises(InputError, match=rf"{transform.__name__} takes a function; got float"):
        transform(3.0)
