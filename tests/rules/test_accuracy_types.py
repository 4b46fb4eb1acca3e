"""Elementwise derivatives of other types than arrays of float64: accurate, and of the argument's type."""

import functools

import numpy as onp
import pytest

import fgrad.numpy as np
from fgrad import elementwise_grad, grad
from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.elementwise import Elementwise
from tests.rules.accuracy_oracle import CURVES, SURFACES, mp
from tests.rules.accuracy_units import exactly, ulps
from tests.rules.accuracy_ways import BINARY, FIRST, SECOND, UNARY, points_of, where_finite

# single precision


def single_points(name):
    """Return points of a case in float32, such that the function is finite there."""
    wide = onp.float32(onp.finfo(onp.float32).max)
    inside = onp.logical_and.reduce([onp.abs(a) <= wide for a in points_of(name)])
    columns = [a[inside][::3].astype(onp.float32) for a in points_of(name)]
    case = CURVES.get(name)
    if case is None:
        keep = onp.logical_and.reduce([onp.abs(a) >= onp.finfo(onp.float32).tiny for a in columns])
    else:
        x = columns[0].astype(float)
        keep = (x >= case.low) & (x <= case.high) & ((x != 0) | (not case.pole_at_zero))
    return where_finite(getattr(onp, name), [a[keep] for a in columns])


@pytest.mark.parametrize("name", [*CURVES, *SURFACES])
def test_float32_is_kept_and_accurate(name):
    args = single_points(name)
    case = CURVES.get(name) or SURFACES[name]
    function = getattr(np, name)
    parts = [((0,), "first"), ((0, 0), "second")]
    if name in SURFACES:
        parts = [((0,), "x"), ((1,), "y"), ((0, 0), "xx"), ((0, 1), "xy"), ((1, 0), "xy"), ((1, 1), "yy")]
    for order, part in parts:
        with onp.errstate(over="ignore", divide="ignore"):
            exact = exactly(getattr(case, part), *args).astype(onp.float32)
            derivative = functools.reduce(elementwise_grad, order, function)(*args)
        assert derivative.dtype == onp.float32
        off = ulps(derivative, exact)
        worst = int(off.argmax())
        assert off[worst] <= (FIRST if len(order) == 1 else SECOND), (
            f"{part}: {off[worst]:.0f} units off at {[a[worst] for a in args]}: "
            f"{derivative[worst]} for {exact[worst]}"
        )


@pytest.mark.parametrize("case", [*UNARY, *BINARY])
def test_a_python_float_gives_a_python_float(case):
    function, name = UNARY.get(case) or BINARY[case]
    args = (1.25 if name == "arccosh" else 0.75,) if case in UNARY else (0.75, 1.25)
    for argnum in range(len(args)):
        assert type(grad(function, argnum)(*args)) is float
        assert type(grad(grad(function, argnum), argnum)(*args)) is float


# complex numbers

HOLOMORPHIC = {
    "exp": mp.exp,
    "exp2": lambda z: mp.exp(z * mp.log(2)),
    "expm1": mp.expm1,
    "log": mp.log,
    "log2": lambda z: mp.log(z) / mp.log(2),
    "log10": lambda z: mp.log(z) / mp.log(10),
    "log1p": mp.log1p,
    "sqrt": mp.sqrt,
    "square": lambda z: z * z,
    "reciprocal": lambda z: 1 / z,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "arcsin": mp.asin,
    "arccos": mp.acos,
    "arctan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "arcsinh": mp.asinh,
    "arccosh": mp.acosh,
    "arctanh": mp.atanh,
    "positive": lambda z: z,
    "negative": lambda z: -z,
}
HOLOMORPHIC_PAIRS = {
    "add": lambda w, z: w + z,
    "subtract": lambda w, z: w - z,
    "multiply": lambda w, z: w * z,
    "divide": lambda w, z: w / z,
    "power": lambda w, z: w**z,
    "float_power": lambda w, z: w**z,
}


def complex_points(seed, count=40):
    random = onp.random.default_rng(seed)
    return random.uniform(-2, 2, count) + 1j * random.uniform(-2, 2, count)


def complex_derivative(function, order, *columns):
    """Return mpmath's derivative of its own function, at complex points."""
    points = zip(*columns, strict=True)
    return onp.array(
        [complex(mp.diff(function, tuple(mp.mpc(complex(z)) for z in point), order)) for point in points]
    )


def test_every_function_that_takes_complex_numbers_has_a_complex_case():
    not_holomorphic = {"absolute", "conjugate", "maximum", "minimum", "fmax", "fmin"}
    names = {
        function.__name__
        for function, primitive in PRIMITIVES.items()
        if isinstance(function, onp.ufunc)
        and type(primitive.rule) is Elementwise
        and any("D->" in signature for signature in function.types)
    }
    assert names == set(HOLOMORPHIC) | set(HOLOMORPHIC_PAIRS) | not_holomorphic


@pytest.mark.parametrize("name", HOLOMORPHIC)
def test_complex_derivatives_are_accurate(name):
    z = complex_points(3)
    for order, derivative in enumerate(
        [elementwise_grad(getattr(np, name)), elementwise_grad(elementwise_grad(getattr(np, name)))], 1
    ):
        exact = complex_derivative(HOLOMORPHIC[name], (order,), z)
        onp.testing.assert_allclose(derivative(z), exact, rtol=1e-13, atol=0)


@pytest.mark.parametrize("order", [(1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("name", HOLOMORPHIC_PAIRS)
def test_complex_partial_derivatives_are_accurate(name, order):
    w, z = complex_points(4), complex_points(5)
    derivative = getattr(np, name)
    for argnum in (0, 1):
        if order[argnum]:
            derivative = elementwise_grad(derivative, argnum)
    exact = complex_derivative(HOLOMORPHIC_PAIRS[name], order, w, z)
    onp.testing.assert_allclose(derivative(w, z), exact, rtol=1e-13, atol=0)


def test_complex_functions_that_are_not_holomorphic():
    """The gradient of a real function of x + iy is its derivative by x minus i times that by y."""
    z = complex_points(6)
    size = onp.sqrt(z.real**2 + z.imag**2)
    onp.testing.assert_allclose(elementwise_grad(np.absolute)(z), (z.real - 1j * z.imag) / size, rtol=1e-15)
    onp.testing.assert_array_equal(elementwise_grad(np.real)(z), onp.full_like(z, 1))
    onp.testing.assert_array_equal(elementwise_grad(np.imag)(z), onp.full_like(z, -1j))
    imaginary_part = elementwise_grad(lambda z: np.real(1j * np.conjugate(z)))
    onp.testing.assert_array_equal(imaginary_part(z), onp.full_like(z, -1j))
    assert grad(np.absolute)(0j) == 0
