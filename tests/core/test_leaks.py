"""A box that is used after its transform has returned."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, grad, hessian, jacobian, jvp, make_jvp, make_vjp, value_and_grad, vjp

LEAKS = {
    "grad": lambda keep: grad(lambda x: keep(x) * x)(3.0),
    "value_and_grad": lambda keep: value_and_grad(lambda x: keep(x) * x)(3.0),
    "jacobian": lambda keep: jacobian(lambda x: keep(x) * x)(3.0),
    "hessian": lambda keep: hessian(lambda x: keep(x) * x)(3.0),
    "vjp": lambda keep: vjp(lambda x: keep(x) * x, 3.0),
    "make_vjp": lambda keep: make_vjp(lambda x: keep(x) * x)(3.0),
    "jvp": lambda keep: jvp(lambda x: keep(x) * x, (3.0,), (1.0,)),
    "make_jvp": lambda keep: make_jvp(lambda x: keep(x) * x)(3.0)(1.0),
}
USES = {
    "an operator": lambda x: x * 2.0,
    "a reflected operator": lambda x: 2.0 - x,
    "negation": lambda x: -x,
    "an array's operator": lambda x: np.ones(3) * x,
    "both sides": lambda x: x + x,
    "a ufunc": lambda x: np.sin(x),
    "a function of numpy's": lambda x: np.sum(x),
    "a function of fgrad.numpy": lambda x: fnp.array([x, 1.0]),
    "a method": lambda x: x.sum(),
    "a comparison": lambda x: x > 0,
    "a condition": lambda x: 1.0 if x else 0.0,
    "a conversion": float,
    "a conversion of numpy's": np.asarray,
    "another gradient": lambda x: grad(lambda y: y * x)(1.0),
    "another gradient, the other way round": lambda x: grad(lambda y: x * y)(1.0),
    "another tangent": lambda x: jvp(lambda y: y * x, (1.0,), (1.0,)),
    "the result of another transform": lambda x: grad(lambda y: x)(1.0),
    "a part of the result": lambda x: jacobian(lambda y: {"a": [y, x]})(1.0),
    "an argument": lambda x: grad(lambda y: y)(x),
    "a leaf of an argument": lambda x: hessian(lambda p: p["a"])({"a": x}),
    "a primal": lambda x: jvp(lambda y: y, (x,), (1.0,)),
    "a tangent": lambda x: jvp(lambda y: y, (1.0,), (x,)),
    "a cotangent": lambda x: vjp(lambda y: y, 1.0)[1](x),
}


def leaked(name):
    kept = []
    LEAKS[name](lambda x: kept.append(x) or x)
    return kept[0]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", LEAKS)
def test_a_leaked_box_raises_and_names_the_transform(name, use):
    with pytest.raises(
        LeakedBoxError, match=rf"a traced value of {name}, which has already returned"
    ) as caught:
        USES[use](leaked(name))
    caught.match("Return it from the differentiated function instead")


def test_a_leaked_box_is_a_runtime_error_too():
    with pytest.raises(RuntimeError):
        leaked("grad") * 2.0


def test_a_leaked_box_says_so_when_it_is_printed():
    assert repr(leaked("grad")) == "Box(3.0, left over from grad, which has returned)"
    assert str(leaked("grad")) == "3.0"


def test_a_box_that_leaves_by_an_exception_is_leaked():
    class CarryingError(Exception):
        pass

    def function(x):
        raise CarryingError(x)

    with pytest.raises(CarryingError) as caught:
        grad(function)(3.0)
    with pytest.raises(LeakedBoxError, match="grad"):
        caught.value.args[0] * 2.0


def test_a_box_of_an_inner_transform_is_leaked_in_the_outer_one():
    def outer(x):
        kept = []
        grad(lambda y: kept.append(y) or y * x)(2.0)
        return x * kept[0]

    with pytest.raises(LeakedBoxError, match="a traced value of grad"):
        grad(outer)(3.0)


def test_a_closure_made_inside_is_leaked_with_what_it_holds():
    closures = []
    grad(lambda x: closures.append(lambda: x * x) or x)(3.0)
    with pytest.raises(LeakedBoxError):
        closures[0]()


def test_a_box_of_the_outer_transform_is_alive_in_the_inner_one():
    def outer(x):
        kept = [x]
        return grad(lambda y: y * kept[0])(2.0)

    assert grad(outer)(3.0) == 1.0
