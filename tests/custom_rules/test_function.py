"""What functions with a custom rule are: functions, to all appearances."""

import copy
import functools
import inspect
import pickle

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, capture, custom_jvp, custom_vjp, grad, vmap
from fgrad.custom_rules.function import Handover


@custom_vjp
def cube(x, power: int = 3):
    """Return the cube of x."""
    return x**power


cube.defvjp(lambda x, power: (cube(x), x), lambda x, g: (3 * x**2 * g, None))


@custom_jvp
def square(x):
    return x * x


square.defjvps(lambda t, ans, x: 2 * x * t)


def test_it_looks_like_the_function():
    assert cube.__name__ == "cube"
    assert cube.__doc__ == "Return the cube of x."
    assert list(inspect.signature(cube).parameters) == ["x", "power"]
    assert list(inspect.signature(grad(cube)).parameters) == ["x", "power"]
    assert repr(cube) == "<custom_vjp cube(x, power=3)>"
    assert repr(square) == "<custom_jvp square(x)>"


def test_it_is_pickled_by_name_and_copied_as_itself():
    for function in (cube, square):
        assert pickle.loads(pickle.dumps(function)) is function
        assert copy.deepcopy(function) is function
    assert pickle.loads(pickle.dumps(grad(cube)))(2.0) == 12.0


def test_functions_without_a_name_or_a_signature_have_rules_too():
    partial = custom_vjp(functools.partial(lambda n, x: x**n, 3))
    partial.defvjp(lambda x: (x**3, x), lambda x, g: (3 * x**2 * g,))
    assert grad(partial)(2.0) == 12.0
    assert partial.__name__ == "partial"
    hypot = custom_jvp(np.hypot)
    hypot.defjvps(lambda t, ans, x, y: t * x / ans, lambda t, ans, x, y: t * y / ans)
    np.testing.assert_allclose(grad(hypot, (0, 1))(3.0, 4.0), (0.6, 0.8), rtol=1e-15)


def test_a_method_has_a_rule_with_the_object_not_differentiated():
    class Scale:
        factor = 3.0

        @functools.partial(custom_vjp, nondiff_argnums=0)
        def run(self, x):
            return x * self.factor

        run.defvjp(lambda self, x: (x * self.factor, None), lambda self, residuals, g: (10.0 * g,))

    assert Scale().run(2.0) == 6.0
    assert grad(Scale().run)(2.0) == 10.0


def test_arrays_made_inside_and_filled_are_results():
    @custom_vjp
    def ramp(x):
        out = fnp.zeros(3)
        out[:] = [1.0, 2.0, 3.0]
        return out * x

    ramp.defvjp(lambda x: (ramp(x), None), lambda residuals, g: (np.sum(g * np.arange(1.0, 4.0)),))
    assert grad(lambda x: np.sum(ramp(x)))(2.0) == 6.0
    still = custom_vjp(lambda x: fnp.zeros(3))
    still.defvjp(lambda x: (fnp.zeros(3), None), lambda residuals, g: (0.0 * g[0],))
    assert grad(lambda x: np.sum(still(x)) + x)(2.0) == 1.0


def test_results_that_do_not_move_stay_plain():
    counted = custom_vjp(lambda x: (x * x, 7, "label"))
    counted.defvjp(lambda x: ((x * x, 7, "label"), x), lambda x, g: (2 * x * g[0],))

    def loss(x):
        value, count, label = counted(x)
        assert (count, label) == (7, "label")
        return value * range(10)[count]

    assert grad(loss)(3.0) == 42.0


@pytest.mark.parametrize("x", [[1.0, 2.0], (1.0, 2.0), {"a": 1.0, "b": 2.0}])
def test_plain_containers_reach_the_function_as_they_are(x):
    seen = []
    custom_vjp(seen.append)(x)
    assert seen[0] is x


def test_a_handover_is_taken_once():
    handover = Handover("content")
    assert handover.take() == "content"
    assert handover.take() is None


@pytest.mark.parametrize("decorate", [custom_vjp, custom_jvp])
def test_a_function_without_a_rule_can_be_captured_and_batched_but_not_differentiated(decorate):
    @decorate
    def cube(x):
        return x**3

    graph = capture(lambda x: cube(x) * 2.0)(3.0)
    assert [str(node.place.segment()) for node in graph.nodes] == ["cube(x)", "cube(x) * 2.0"]
    assert graph(2.0) == 16.0
    np.testing.assert_array_equal(vmap(cube)(np.array([1.0, 2.0])), [1.0, 8.0])
    with pytest.raises(MissingRuleError, match="cube has no derivative rule yet"):
        grad(cube)(3.0)
