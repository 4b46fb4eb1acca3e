import operator

import pytest

from fgrad import MissingRuleError, grad, jvp
from fgrad.core.primitive import Primitive, binary_front, unary_front
from fgrad.kinds import elementwise


def cube(x):
    return x**3


def scale(x, y):
    return x * y


CUBE = Primitive("cube", cube, ("x",))
elementwise(CUBE, x=lambda x: 3 * x**2)
SCALE = Primitive("scale", scale, ("x", "y"))
elementwise(SCALE, x=lambda y: y, y=lambda x: x)


def test_plain_values_are_computed_at_once():
    assert CUBE(2.0) == 8.0
    assert unary_front(CUBE)(2.0) == 8.0
    assert binary_front(SCALE)(2.0, 3.0) == 6.0


@pytest.mark.parametrize("call", [CUBE, unary_front(CUBE)])
def test_one_argument_is_dispatched_in_both_modes_at_every_order(call):
    assert grad(call)(2.0) == 12.0
    assert grad(grad(call))(2.0) == 12.0
    assert grad(grad(grad(call)))(2.0) == 6.0
    assert jvp(call, (2.0,), (1.0,)) == (8.0, 12.0)


@pytest.mark.parametrize("call", [SCALE, binary_front(SCALE)])
def test_two_arguments_are_dispatched_on_the_highest_level(call):
    assert grad(call, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert grad(lambda x: call(x, x))(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: call(x, y))(2.0))(3.0) == 1.0
    assert grad(lambda x: grad(lambda y: call(y, x))(2.0))(3.0) == 1.0
    assert grad(lambda x: grad(lambda y: call(call(x, y), call(y, x)))(2.0))(3.0) == 24.0
    assert jvp(call, (2.0, 3.0), (1.0, 0.0)) == (6.0, 3.0)


def test_a_primitive_without_a_rule_says_so_when_it_is_differentiated():
    bare = Primitive("bare", operator.neg, ("x",))
    assert bare(2.0) == -2.0
    for apply in (
        lambda: grad(bare)(2.0),
        lambda: grad(unary_front(bare))(2.0),
        lambda: jvp(bare, (2.0,), (1.0,)),
    ):
        with pytest.raises(
            MissingRuleError, match=r"bare has no derivative rule.*defvjp.*either serves both"
        ):
            apply()


def test_a_primitive_shows_its_arguments_and_its_kind_of_rule():
    assert repr(SCALE) == "<primitive scale(x, y): Elementwise>"
    assert repr(Primitive("bare", abs, ("x",))) == "<primitive bare(x): MissingRule>"
