"""The library's own use of explicit rules: plain arrays, no containers."""

import numpy as np
import pytest

from fgrad import MissingRuleError, RegistrationError, grad, hessian, jacobian, jvp
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF
from fgrad.core.spec import spec_of
from fgrad.kinds import custom
from fgrad.kinds.custom import checked, fault
from tests.transforms.differences import jacobian_of


def polar(x, y):
    """Return radius and angle."""
    return np.hypot(x, y), np.arctan2(y, x)


def polar_vjps():
    return {
        0: lambda ans, x, y: lambda g: (g[0] * x - g[1] * y / ans[0]) / ans[0],
        1: lambda ans, x, y: lambda g: (g[0] * y + g[1] * x / ans[0]) / ans[0],
    }


def polar_jvps():
    return {
        0: lambda t, ans, x, y: (t * x / ans[0], -t * y / ans[0] ** 2),
        1: lambda t, ans, x, y: (t * y / ans[0], t * x / ans[0] ** 2),
    }


RULES = {
    "vjps": {"vjps": polar_vjps()},
    "jvps": {"jvps": polar_jvps()},
    "one of each": {"vjps": {0: polar_vjps()[0]}, "jvps": {1: polar_jvps()[1]}},
}


@pytest.mark.parametrize("rules", RULES)
def test_a_primitive_of_several_results_has_its_jacobian_from_either_rule(rules):
    operation = Primitive("polar", polar, ("x", "y"))
    custom(operation, **RULES[rules])

    def function(v):
        radius, angle = operation(v[:2], v[2:])
        return np.concatenate([radius, angle * radius])

    def plain(v):
        radius, angle = polar(v[:2], v[2:])
        return np.concatenate([radius, angle * radius])

    v = np.array([0.5, 1.5, -0.7, 2.0])
    dense = jacobian_of(plain, v)
    np.testing.assert_allclose(jacobian(function)(v), dense, rtol=1e-9, atol=1e-9)
    for t in np.eye(4):
        np.testing.assert_allclose(jvp(function, (v,), (t,))[1], dense @ t, rtol=1e-9, atol=1e-9)
    second = jacobian_of(grad(lambda v: np.sum(function(v) ** 2)), v)
    np.testing.assert_allclose(hessian(lambda v: np.sum(function(v) ** 2))(v), second, rtol=1e-8, atol=1e-8)


def test_only_one_of_several_results_may_be_used():
    operation = Primitive("polar", polar, ("x", "y"))
    custom(operation, vjps=polar_vjps())
    assert grad(lambda x: operation(x, 4.0)[0])(3.0) == pytest.approx(0.6)
    assert grad(lambda x: operation(x, 4.0)[1])(3.0) == pytest.approx(-4.0 / 25)
    assert grad(lambda x: 2.0 * x + 0 * operation(x, 4.0)[0])(3.0) == 2.0


def test_parameters_reach_the_rules_by_keyword():
    operation = Primitive("power", lambda x, *, n: x**n, ("x",))
    custom(operation, vjps={0: lambda ans, x, *, n: lambda g: g * n * x ** (n - 1)})
    assert grad(lambda x: operation(x, n=3))(2.0) == 12.0
    assert jvp(lambda x: operation(x, n=3), (2.0,), (1.0,)) == (8.0, 12.0)


def test_a_position_without_a_rule_is_named():
    operation = Primitive("polar", polar, ("x", "y"))
    custom(operation, vjps={0: polar_vjps()[0]})
    with pytest.raises(MissingRuleError, match=r"polar has no derivative rule for argument 1 \('y'\)"):
        grad(lambda y: operation(1.0, y)[0])(2.0)
    assert operation.rule.describe(0) == "argument 0 ('x')"


def test_results_of_rules_are_checked():
    spec = spec_of(np.ones(2, np.float32))
    assert fault(np.ones(2), spec) is None
    assert fault(np.ones(3), spec) == "shape (3,) where shape (2,) is needed"
    assert fault("no", spec) == "str where an array of shape (2,) is needed"
    (fitted,) = checked([np.ones(2) + 1j], [spec], LEAF, "it")
    assert fitted.dtype == np.float32
    with pytest.raises(RegistrationError, match="it returned shape"):
        checked([np.ones(3)], [spec], LEAF, "it")
