import copy
import inspect
import itertools
import math
import pickle

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import (
    defjvp,
    defvjp,
    grad,
    hessian,
    jacobian,
    jvp,
    primitive,
    vjp,
)
from fgrad.core.box import Box
from tests.kinds.fresh import made


def reverse(f, x):
    return grad(f)(x)


def forward(f, x):
    return jvp(f, (x,), (1.0,))[1]


MODES = {"reverse": reverse, "forward": forward}

# x^3 sin y in every form of rule.  The derivatives are written in NumPy and in fgrad.numpy.
VJPS = (
    lambda ans, x, y: lambda g: g * 3 * x**2 * np.sin(y),
    lambda ans, x, y: lambda g: g * x**3 * fnp.cos(y),
)
JVPS = (
    lambda g, ans, x, y: g * 3 * x**2 * np.sin(y),
    lambda g, ans, x, y: g * x**3 * fnp.cos(y),
)


def wave(x, y):
    return x**3 * math.sin(y)


FORMS = {
    "vjps": lambda: made(wave, *VJPS),
    "jvps": lambda: made(wave, jvps=JVPS),
    "both": lambda: made(wave, *VJPS, jvps=JVPS),
    "one of each": lambda: _mixed(),
}


def _mixed():
    operation = primitive(wave)
    defvjp(operation, VJPS[1], argnums=[1])
    defjvp(operation, JVPS[0], argnums=[0])
    return operation


@pytest.mark.parametrize("modes", list(itertools.product(MODES, repeat=2)), ids="-".join)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_rule_serves_both_modes_at_the_second_order(form, modes):
    # math.sin takes no box, so nothing but the rules can have given the derivatives.
    operation = FORMS[form]()
    first, second = (MODES[mode] for mode in modes)
    x, y = 1.3, 0.4
    assert operation(x, y) == wave(x, y)
    assert first(lambda x: operation(x, y), x) == pytest.approx(3 * x**2 * math.sin(y), rel=1e-14)
    assert first(lambda y: operation(x, y), y) == pytest.approx(x**3 * math.cos(y), rel=1e-14)

    along_x = second(lambda x: first(lambda x: operation(x, y), x), x)
    assert along_x == pytest.approx(6 * x * math.sin(y), rel=1e-14)
    mixed = second(lambda y: first(lambda x: operation(x, y), x), y)
    assert mixed == pytest.approx(3 * x**2 * math.cos(y), rel=1e-14)
    diagonal = second(lambda t: first(lambda t: operation(t, t), t), x)
    curvature = (6 * x - x**3) * math.sin(x) + 6 * x**2 * math.cos(x)
    assert diagonal == pytest.approx(curvature, rel=1e-13)


@pytest.mark.parametrize("modes", list(itertools.product(MODES, repeat=2)), ids="-".join)
@pytest.mark.parametrize(
    "rules",
    [
        {"vjp": lambda ans, x: lambda g: g * 3 * x**2},
        {"jvp": lambda g, ans, x: g * 3 * x**2},
        {"vjp": lambda ans, x: lambda g: g * 3 * ans / x},
        {"jvp": lambda g, ans, x: g * 3 * ans / x},
    ],
)
def test_rules_are_differentiated_in_their_turn(rules, modes):
    cube = primitive(lambda x: x**3)
    if "vjp" in rules:
        defvjp(cube, rules["vjp"])
    else:
        defjvp(cube, rules["jvp"])
    first, second = (MODES[mode] for mode in modes)
    assert second(lambda x: first(cube, x), 2.0) == pytest.approx(12.0, rel=1e-14)
    assert grad(lambda x: second(lambda x: first(cube, x), x))(2.0) == pytest.approx(6.0, rel=1e-14)


MATRIX = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, -1.0]])


@pytest.mark.parametrize(
    "operation",
    [
        made(lambda x: MATRIX @ x, lambda ans, x: lambda g: MATRIX.T @ g),
        made(lambda x: MATRIX @ x, jvps=(lambda g, ans, x: MATRIX @ g,)),
        made(lambda x: MATRIX @ x, jvps=("same",)),
    ],
    ids=["vjp", "jvp", "same"],
)
def test_a_linear_primitive_has_its_jacobian_in_both_modes(operation):
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(jacobian(operation)(x), MATRIX)
    np.testing.assert_array_equal(jvp(operation, (x,), (np.ones(3),))[1], MATRIX @ np.ones(3))
    np.testing.assert_allclose(
        hessian(lambda x: np.sum(operation(x) ** 2))(x), 2 * MATRIX.T @ MATRIX, rtol=1e-14
    )


def opaque_product(matrix, x):
    """Multiply as foreign code does, which takes plain numbers only."""
    result = np.zeros(matrix.shape[0])
    for i, j in np.ndindex(matrix.shape):
        result[i] += float(matrix[i, j]) * float(x[j])
    return result


@pytest.mark.parametrize(
    "operation",
    [
        made(lambda x: MATRIX @ x, lambda ans, x: lambda g: opaque_product(MATRIX.T, g)),
        made(lambda x: MATRIX @ x, jvps=(lambda g, ans, x: opaque_product(MATRIX, g),)),
    ],
    ids=["vjp", "jvp"],
)
def test_a_rule_that_calls_foreign_code_serves_the_other_mode_too(operation):
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(jacobian(operation)(x), MATRIX)
    np.testing.assert_array_equal(jvp(operation, (x,), (np.ones(3),))[1], MATRIX @ np.ones(3))
    np.testing.assert_array_equal(grad(lambda t: np.sum(operation(t * x)))(2.0), np.sum(MATRIX @ x))


def test_complex_rules_follow_the_convention_of_the_library():
    square = made(lambda z: z * z, lambda ans, z: lambda g: g * 2 * z)
    by_jvp = made(lambda z: z * z, jvps=(lambda g, ans, z: g * 2 * z,))
    conjugate = made(np.conj, lambda ans, z: lambda g: np.conj(g))
    z, t = 1.0 + 2.0j, 0.5 - 1j
    for operation in (square, by_jvp):
        assert grad(lambda z: np.real(operation(z)))(z) == 2 * z
        assert jvp(operation, (z,), (t,))[1] == 2 * z * t
    assert jvp(conjugate, (z,), (t,))[1] == np.conj(t)
    assert grad(lambda z: np.imag(conjugate(z)))(z) == grad(lambda z: np.imag(np.conj(z)))(z) == 1j


# what a primitive is


def test_a_primitive_sees_plain_values_and_records_nothing_on_plain_arguments():
    seen = []

    def spy(x):
        seen.append(type(x))
        return x * 2.0

    operation = made(spy, lambda ans, x: lambda g: g * 2.0)
    operation(1.0)
    grad(operation)(1.0)
    grad(grad(operation))(1.0)
    jvp(operation, (1.0,), (1.0,))
    assert Box not in seen
    assert set(seen) == {float}
    assert operation(1.0) == 2.0
    result = made(lambda x: x, None)(marker := object())
    assert result is marker


def documented(x, y: float = 2.0, *, flag=False):
    """Return x."""
    return x


def test_a_primitive_keeps_name_documentation_and_signature():
    operation = primitive(documented)
    assert operation.__name__ == "documented"
    assert operation.__doc__ == "Return x."
    assert operation.__module__ == documented.__module__
    assert operation.__wrapped__ is documented
    assert inspect.signature(operation) == inspect.signature(documented)
    assert grad(operation).__name__ == "grad_documented"


@primitive
def module_level(x):
    return x * x


defvjp(module_level, lambda ans, x: lambda g: g * 2 * x)


class Power:
    def __init__(self, exponent):
        self.exponent = exponent

    def __call__(self, x):
        return x**self.exponent

    @primitive
    def method(self, x):
        return x**self.exponent


defvjp(Power.method, lambda ans, self, x: lambda g: g * self.exponent * x ** (self.exponent - 1), argnums=[1])


def test_a_primitive_pickles_by_its_name():
    assert pickle.loads(pickle.dumps(module_level)) is module_level
    assert pickle.loads(pickle.dumps(grad(module_level)))(3.0) == 6.0
    assert pickle.loads(pickle.dumps(Power.method)) is Power.method
    assert copy.deepcopy(module_level) is module_level


def test_methods_instances_ufuncs_and_builtins_are_primitives():
    assert grad(Power(3.0).method)(2.0) == 12.0
    assert jvp(Power(3.0).method, (2.0,), (1.0,)) == (8.0, 12.0)
    assert grad(grad(Power(3.0).method))(2.0) == 12.0
    instance = made(Power(3.0), lambda ans, x: lambda g: g * 3 * x**2)
    assert instance.__name__ == "Power"
    assert grad(instance)(2.0) == 12.0
    bound = made(Power(3.0).__call__, lambda ans, x: lambda g: g * 3 * x**2)
    assert grad(bound)(2.0) == 12.0
    sine = made(math.sin, lambda ans, x: lambda g: g * np.cos(x))
    assert grad(sine)(0.5) == math.cos(0.5)
    ufunc = made(np.spacing, lambda ans, x: lambda g: g * 5.0)
    assert ufunc.__name__ == "spacing"
    assert grad(ufunc)(0.5) == 5.0
    unsigned = made(
        max, lambda ans, *xs: lambda g: g * (xs[0] == ans), lambda ans, *xs: lambda g: g * (xs[1] == ans)
    )
    assert grad(unsigned, (0, 1))(2.0, 3.0) == (0.0, 1.0)
    assert grad(made(len, None))(np.ones(3)).tolist() == [0.0, 0.0, 0.0]


def test_a_primitive_that_uses_other_primitives_is_one_operation():
    outer = made(lambda x: module_level(x) + np.sin(x), lambda ans, x: lambda g: g * 100.0)
    assert grad(outer)(1.0) == 100.0
    rule_with_primitive = made(lambda x: x**3, lambda ans, x: lambda g: g * 3 * module_level(x))
    assert grad(grad(rule_with_primitive))(2.0) == 12.0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_is_kept_even_if_a_rule_does_not_keep_it(dtype):
    x = np.ones(3, dtype)
    by_vjp = made(lambda x: np.sin(x), lambda ans, x: lambda g: g * np.cos(x).astype(np.float64))
    by_jvp = made(lambda x: np.sin(x), jvps=(lambda g, ans, x: g * np.cos(x).astype(np.float64),))
    for operation in (by_vjp, by_jvp):
        assert grad(lambda x: np.sum(operation(x)))(x).dtype == dtype
        assert jvp(operation, (x,), (x,))[1].dtype == dtype


def test_a_rule_may_return_an_array_that_it_keeps():
    x, kept = np.ones(3), np.full(3, 2.0)
    half_square = made(lambda x: np.sum(x * x) / 2, lambda ans, x: lambda g: x)
    weighted = made(lambda x: np.sum(x * kept), lambda ans, x: lambda g: kept)
    identity = made(lambda x: x, jvps=(lambda g, ans, x: g,))
    for result in (
        grad(half_square)(x),
        grad(weighted)(x),
        vjp(identity, x)[1](kept)[0],
        *jvp(identity, (x,), (kept,)),
    ):
        result += 5.0
    np.testing.assert_array_equal(x, np.ones(3))
    np.testing.assert_array_equal(kept, np.full(3, 2.0))


def test_results_without_elements_have_derivatives():
    empty = made(lambda x: np.zeros(0), lambda ans, x: lambda g: np.sum(g))
    assert jvp(empty, (1.0,), (1.0,))[1].shape == (0,)
    assert jacobian(empty)(1.0).shape == (0,)
    nothing = made(lambda x: [], lambda ans, x: lambda g: 0.0)
    assert grad(lambda x: x + len(nothing(x)))(1.0) == 1.0
