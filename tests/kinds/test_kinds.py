"""One declaration of each kind serves both modes: against differences, at orders one and two."""

import numpy as np
import pytest

from fgrad import RegistrationError, grad, hessian, jacobian, jvp
from fgrad.core.primitive import Primitive
from fgrad.kinds import bilinear, constant, elementwise, frozen, linear, multilinear, reduction
from fgrad.kinds.names import names_of
from fgrad.kinds.reduction import expand
from tests.transforms.differences import jacobian_of


def declared(kind, raw, argnames, *rule, **rules):
    """Return a fresh primitive with its rule, which any number of tests may share."""
    primitive = Primitive(raw.__name__, raw, argnames)
    kind(primitive, *rule, **rules)
    return primitive


def ratio(x, y):
    return x / y


def product(x, y):
    return x * y


def exponential(x):
    return np.exp(x)


def shifted(x, *, by):
    return np.roll(x, by)


def outer(a, b):
    return np.outer(a, b)


def chained(*arrays):
    return np.einsum("ij,jk,kl->il", *arrays)


def pushed_to_the_end(*arrays):
    return np.concatenate(arrays)


def norm(x, *, axis=None, keepdims=False):
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def largest(x):
    return np.max(x, axis=-1)


RATIO = declared(elementwise, ratio, ("x", "y"), x=lambda y: 1 / y, y=lambda y, ans: -ans / y)
BY_COTANGENT = declared(
    elementwise, ratio, ("x", "y"), x=lambda g, y: g / y, y=lambda g, ans, y: -g * ans / y
)
PRODUCT = declared(elementwise, product, ("x", "y"), x="y", y="x")
EXPONENTIAL = declared(elementwise, exponential, ("x",), x="ans")
SHIFT = declared(linear, shifted, ("x",), lambda g, x, *, by: np.roll(g, -by))
OUTER = declared(bilinear, outer, ("a", "b"), a=lambda g, a, b: g @ b, b=lambda g, a, b: a @ g)
JOIN = declared(
    linear,
    pushed_to_the_end,
    ("*arrays",),
    lambda g, specs: np.split(g, np.cumsum([spec.size for spec in specs])[:-1]),
)
NORM = declared(reduction, norm, ("x",), lambda x, ans: x / ans)
LARGEST = declared(
    frozen,
    largest,
    ("x",),
    choose=lambda ans, x: x == ans[..., None],
    apply=lambda t, chosen: np.sum(np.where(chosen, t, 0.0), axis=-1),
    transpose=lambda g, chosen, x: np.where(chosen, np.expand_dims(g, -1), 0.0),
    behind=lambda params, ndim: params,
)


def transposed_chain(g, position, operands):
    a, b, c = operands
    return (
        lambda: g @ (b @ c).T,
        lambda: a.T @ g @ c.T,
        lambda: (a @ b).T @ g,
    )[position]()


CHAIN = declared(multilinear, chained, ("*arrays",), transposed_chain)

V = np.random.default_rng(0).uniform(0.5, 2.0, size=6)

PROGRAMS = {
    "elementwise": lambda v: RATIO(v[:3], v[3:]),
    "elementwise, by cotangent": lambda v: BY_COTANGENT(v[:3], v[3:]),
    "elementwise, by name": lambda v: PRODUCT(v[:3], EXPONENTIAL(v[3:])),
    "elementwise, broadcast": lambda v: RATIO(np.reshape(v, (2, 3)), v[:1]),
    "elementwise, first argument": lambda v: RATIO(v, 2.0),
    "elementwise, second argument": lambda v: RATIO(2.0, v),
    "elementwise, the same twice": lambda v: RATIO(v, v) * v**2,
    "linear": lambda v: SHIFT(v, by=2) ** 2,
    "linear, of several": lambda v: JOIN(v[:2] ** 2, np.ones(1), v[3:]) ** 2,
    "bilinear": lambda v: OUTER(v[:2], v[2:]),
    "bilinear, by a constant": lambda v: OUTER(np.array([1.0, -2.0]), v) ** 2,
    "bilinear, the same twice": lambda v: OUTER(v, v),
    "multilinear": lambda v: CHAIN(np.reshape(v, (2, 3)), np.reshape(v, (3, 2)), np.reshape(v[:2], (2, 1))),
    "multilinear, of some": lambda v: CHAIN(
        np.ones((1, 3)), np.reshape(v, (3, 2)), np.reshape(v[:2], (2, 1))
    ),
    "reduction": lambda v: NORM(v, axis=None, keepdims=False),
    "reduction, axis": lambda v: NORM(np.reshape(v, (2, 3)), axis=0, keepdims=False),
    "reduction, keepdims": lambda v: NORM(np.reshape(v, (2, 3)), axis=1, keepdims=True),
    "reduction, axes": lambda v: NORM(np.reshape(v, (1, 2, 3)), axis=(0, 2), keepdims=False),
    "frozen": lambda v: LARGEST(v**2),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_modes_follow_from_one_declaration(name):
    program = PROGRAMS[name]
    expected = jacobian_of(program, V)
    np.testing.assert_allclose(jacobian(program)(V), expected, rtol=1e-9, atol=1e-9)
    for i, t in enumerate(np.eye(6)):
        np.testing.assert_allclose(jvp(program, (V,), (t,))[1], expected[..., i], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_modes_follow_at_the_second_order(name):
    def scalar(v):
        return np.sum(np.sin(PROGRAMS[name](v)))

    expected = jacobian_of(lambda v: jacobian_of(scalar, v), V)
    np.testing.assert_allclose(hessian(scalar)(V), expected, rtol=1e-6, atol=1e-6)
    exact = hessian(scalar)(V)
    t = np.arange(6.0)
    np.testing.assert_allclose(jvp(grad(scalar), (V,), (t,))[1], exact @ t, rtol=1e-12, atol=1e-12)
    forward_twice = jvp(lambda v: jvp(scalar, (v,), (t,))[1], (V,), (t,))[1]
    np.testing.assert_allclose(forward_twice, t @ exact @ t, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
@pytest.mark.parametrize("name", ["elementwise", "linear", "linear, of several", "bilinear", "multilinear"])
def test_every_kind_keeps_the_dtype(name, dtype):
    v = V.astype(dtype)
    assert grad(lambda v: np.real(np.sum(PROGRAMS[name](v))))(v).dtype == dtype
    assert jvp(PROGRAMS[name], (v,), (v,))[1].dtype == np.asarray(PROGRAMS[name](v)).dtype


def test_what_is_piecewise_constant_is_plain_and_has_derivative_zero():
    floor = declared(constant, np.floor, ("x",))
    kinds = []

    def function(x):
        y = floor(x)
        kinds.append(type(y))
        return x * y

    assert grad(function)(2.5) == 2.0
    assert jvp(function, (2.5,), (1.0,))[1] == 2.0
    assert grad(floor)(2.5) == 0.0
    assert set(kinds) == {np.float64}


def test_a_partial_of_one_costs_no_operation():
    identity = declared(elementwise, np.positive, ("x",), x=1)
    negation = declared(elementwise, np.negative, ("x",), x=-1)
    half = declared(elementwise, np.ldexp, ("x",), x=0.5)
    g = object()
    pull, keep = identity.rule.sole
    assert keep is None
    assert pull(g, None) is g
    assert negation.rule.sole[0](3.0, None) == -3.0
    assert half.rule.sole[0](3.0, None) == 1.5


def test_a_rule_keeps_only_what_it_names():
    entry = RATIO.rule.vjp((0,), "ans", ("x", "y"), {})
    assert entry[0] == (0,)
    assert entry[2] == "y"
    _, _, (pulls, residuals) = RATIO.rule.vjp((0, 1), "ans", ("x", "y"), {})
    assert residuals == ["y", ("y", "ans")]
    assert len(pulls) == 2
    assert PRODUCT.rule.vjp((0,), "ans", ("x", "y"), {})[2] == "y"
    _, keep = PRODUCT.rule.pair
    assert keep(("ans", "x", "y")) == ("y", "x")
    _, keep = RATIO.rule.pair
    assert keep(("ans", "x", "y")) == ("y", ("y", "ans"))


def test_a_rule_for_an_argument_that_does_not_exist_is_refused():
    with pytest.raises(RegistrationError, match="ratio has arguments x, y; a rule was given for z"):
        declared(elementwise, ratio, ("x", "y"), z=lambda x: x)


def test_a_rule_that_asks_for_what_it_cannot_have_is_refused():
    with pytest.raises(RegistrationError, match="the rule of ratio asks for z; it can have ans, x, y"):
        declared(elementwise, ratio, ("x", "y"), x=lambda z: z)
    with pytest.raises(RegistrationError, match="the rule of ratio asks for z; it can have ans, x, y"):
        declared(elementwise, ratio, ("x", "y"), x="z")


def test_a_rule_is_asked_by_the_names_of_its_parameters():
    assert names_of(lambda: 1) == ()
    assert names_of(lambda g, x, ans: g) == ("g", "x", "ans")


@pytest.mark.parametrize(
    ("shape", "axis", "keepdims", "expanded"),
    [
        ((), None, False, ()),
        ((2, 3), None, False, ()),
        ((2, 3), 0, False, (1, 3)),
        ((2, 3), -1, False, (2, 1)),
        ((2, 3), (0, 1), False, (1, 1)),
        ((2, 3), 1, True, (2, 1)),
        ((2, 3), None, True, (1, 1)),
    ],
)
def test_the_reduced_axes_are_put_back(shape, axis, keepdims, expanded):
    x = np.random.default_rng(1).normal(size=shape)
    reduced = np.sum(x, axis=axis, keepdims=keepdims)
    back = expand(reduced, x, axis=axis, keepdims=keepdims)
    assert np.shape(back) == expanded
    np.testing.assert_allclose(
        np.broadcast_to(back, shape), np.broadcast_to(np.sum(x, axis, keepdims=True), shape)
    )
