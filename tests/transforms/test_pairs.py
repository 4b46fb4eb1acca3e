"""Every transform around every other, and around rules of the user's own, against exact polynomials.

Each transform is used so that it makes a map of three numbers of such a map; so any two of them, and any
three, can be put around a polynomial map, whose derivatives are exact.
"""

import itertools

import numpy as np
import pytest

from fgrad import (
    capture,
    checkpoint,
    custom_jvp,
    custom_vjp,
    deriv,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jet,
    jvp,
    linearize,
    make_hvp,
    vjp,
    vmap,
)
from tests.kinds.fresh import made
from tests.transforms import polynomials as exact
from tests.transforms.polynomials import MAP, A, U, V


def weighted(f):
    return lambda x: np.sum(f(x) * U)


def with_jacobian(transform):
    """Return the use of a Jacobian in which all its elements count."""

    def use(f):
        def used(x):
            found = transform(f)(x)
            return found @ V + found.T @ U

        return used

    return use


def of_jacobian(f):
    return [exact.plus(p, q) for p, q in zip(exact.along(f, V), exact.across(f, U), strict=True)]


def of_curvature(f):
    return exact.curved(f, U, V)


# By name: the transform as it is used, and what it does to polynomials.
TRANSFORMS = {
    "grad": (lambda f: grad(weighted(f)), lambda f: exact.across(f, U)),
    "vjp": (lambda f: lambda x: vjp(f, x)[1](U)[0], lambda f: exact.across(f, U)),
    "jvp": (lambda f: lambda x: jvp(f, (x,), (V,))[1], lambda f: exact.along(f, V)),
    "linearize": (lambda f: lambda x: linearize(f, x)[1](V), lambda f: exact.along(f, V)),
    "jacfwd": (with_jacobian(jacfwd), of_jacobian),
    "jacrev": (with_jacobian(jacrev), of_jacobian),
    "jacobian": (with_jacobian(jacobian), of_jacobian),
    "hvp": (lambda f: lambda x: hvp(weighted(f))(x, V), of_curvature),
    "make_hvp": (lambda f: lambda x: make_hvp(weighted(f))(x)[0](V), of_curvature),
    "hessian": (lambda f: lambda x: hessian(weighted(f))(x) @ V, of_curvature),
    "jet": (
        lambda f: lambda x: jet(f, (x,), ([V, U],))[1][1],
        lambda f: [
            exact.plus(p, q)
            for p, q in zip(exact.along(exact.along(f, V), V), exact.along(f, U), strict=True)
        ],
    ),
    "checkpoint": (checkpoint, lambda f: f),
    "capture": (lambda f: lambda x: capture(f)(x + 1.0)(x), lambda f: f),  # made elsewhere, used here
    "deriv": (
        lambda f: lambda x: deriv(lambda t: f(x + t * V))(0.0),
        lambda f: exact.along(f, V),
    ),
    "vmap": (
        lambda f: lambda x: np.sum(vmap(f)(np.stack([x, 2 * x])), axis=0),
        lambda f: [exact.plus(p, q) for p, q in zip(f, exact.stretched(f, 2.0), strict=True)],
    ),
}
POINT = np.array([0.7, -1.1, 0.4])


# The same map with a cube that NumPy computes, or whose rule is its own.  math.pow takes no traced value.


def opaque_cube(x):
    return np.reshape([float(number) ** 3 for number in np.ravel(x)], np.shape(x))


def by_custom_vjp():
    cube = custom_vjp(opaque_cube)
    cube.defvjp(lambda x: (cube(x), x), lambda x, g: (3 * x**2 * g,))
    return cube


def by_custom_jvp():
    cube = custom_jvp(opaque_cube)
    cube.defjvp(lambda primals, tangents: (cube(*primals), 3 * primals[0] ** 2 * tangents[0]))
    return cube


def by_custom_jvps():
    cube = custom_jvp(opaque_cube)
    cube.defjvps(lambda t, ans, x: 3 * x**2 * t)
    return cube


CUBES = {
    "numpy": lambda x: x**3,
    "custom_vjp": by_custom_vjp(),
    "custom_jvp": by_custom_jvp(),
    "custom_jvps": by_custom_jvps(),
    "defvjp": made(opaque_cube, lambda ans, x: lambda g: 3 * x**2 * g),
    "defjvp": made(opaque_cube, jvps=(lambda t, ans, x: 3 * x**2 * t,)),
}


def function_with(cube):
    return lambda x: (A @ x**2) * cube(x[::-1]) + np.cumsum(x**4 * x[0])


def check(names, cube):
    function, polynomials = function_with(cube), MAP
    for name in reversed(names):
        transform, exactly = TRANSFORMS[name]
        function, polynomials = transform(function), exactly(polynomials)
    np.testing.assert_allclose(function(POINT), exact.value(polynomials, POINT), rtol=1e-11, atol=1e-11)


def test_the_oracle_is_the_function_and_its_derivatives_are_not_zero():
    function, polynomials = function_with(CUBES["numpy"]), MAP
    np.testing.assert_allclose(function(POINT), exact.value(MAP, POINT), rtol=1e-14)
    for _ in range(4):
        polynomials = exact.along(polynomials, V)
        assert np.all(np.abs(exact.value(polynomials, POINT)) > 0.1)


@pytest.mark.parametrize("cube", CUBES)
@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_transform_alone(name, cube):
    check([name], CUBES[cube])


@pytest.mark.parametrize("cube", CUBES)
@pytest.mark.parametrize("names", list(itertools.product(TRANSFORMS, repeat=2)), ids="-".join)
def test_every_transform_around_every_other(names, cube):
    check(names, CUBES[cube])


@pytest.mark.parametrize(
    "names",
    list(itertools.product(["grad", "jvp", "linearize", "jet", "checkpoint", "vmap", "capture"], repeat=3)),
    ids="-".join,
)
def test_any_three_transforms_nest(names):
    check(names, CUBES["numpy"])
