"""What a primitive of a user's own may take from outside its arguments: nothing that is traced."""

import pytest

from fgrad import DetachedError, LeakedBoxError, grad, jvp, vjp
from tests.kinds.fresh import made


def test_a_traced_value_that_is_no_argument_is_refused():
    def loss(w, **rules):
        scaled = made(lambda x: x * w, **rules)
        return scaled(w * 2.0)

    for derivative in (grad(loss), lambda w, **rules: jvp(loss, (w,), (1.0,), **rules)):
        with pytest.raises(DetachedError, match=r"uses a value traced by \w+ that is none of its arguments"):
            derivative(3.0, jvps=(lambda g, ans, x: g,))


def test_a_traced_value_of_an_outer_transform_is_refused_under_an_inner_one():
    def loss(w):
        scaled = made(lambda x: x * w, lambda ans, x: lambda g: g * w)
        return grad(scaled)(5.0)

    with pytest.raises(DetachedError, match="traced by grad"):
        grad(loss)(3.0)


def test_a_rule_that_closes_over_the_transforms_own_value_is_refused():
    def loss(w):
        doubled = made(lambda x: 2.0 * x, lambda ans, x: lambda g: g * w)
        return doubled(w)

    with pytest.raises(LeakedBoxError, match="traced value of grad, which has already returned"):
        grad(loss)(3.0)
    with pytest.raises(LeakedBoxError, match="traced value of vjp, which has already returned"):
        vjp(loss, 3.0)[1](1.0)
