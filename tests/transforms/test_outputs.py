import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import (
    LeakedBoxError,
    OutputError,
    deriv,
    elementwise_grad,
    grad,
    hessian,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    linearize,
    make_jvp,
    make_vjp,
    value_and_grad,
    vjp,
)
from fgrad.core.box import Box
from fgrad.transforms.outputs import flatten_output, is_array_like

APPLICATIONS = {
    "vjp": lambda f: vjp(f, 1.0),
    "make_vjp": lambda f: make_vjp(f)(1.0),
    "jvp": lambda f: jvp(f, (1.0,), (1.0,)),
    "make_jvp": lambda f: make_jvp(f)(1.0)(1.0),
    "jacobian": lambda f: jacobian(f)(1.0),
}


@pytest.mark.parametrize("value", [1, 1.0, 1j, True, np.float32(1), np.ones(2), np.ones(())])
def test_numbers_and_arrays_are_results(value):
    assert is_array_like(value)
    assert flatten_output([value], "vjp", "f")[0] == [value] or np.ndim(value)


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize("leaf", ["text", object(), {1.0}, np.array([None]), np.array(["a"])])
def test_a_result_that_is_not_of_numbers_is_refused_with_its_path(name, leaf):
    with pytest.raises(
        OutputError, match=rf"{name}: <lambda> must return numbers.* its result\['loss'\]\[1\] is a"
    ):
        APPLICATIONS[name](lambda x: {"loss": (x, leaf)})


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_result_that_is_left_over_from_another_transform_is_refused(name):
    kept = []
    grad(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(
        LeakedBoxError, match=f"the result of the function given to {name} received a traced value of grad"
    ):
        APPLICATIONS[name](lambda x: [x, kept[0]])


# has_aux


def with_aux(x):
    return x**3, {"x": x, "list": [2 * x, "text", None], "object": MARKER}


MARKER = object()


def is_detached(aux, x=2.0):
    return (
        aux["x"] == x
        and aux["list"] == [2 * x, "text", None]
        and aux["object"] is MARKER
        and not isinstance(aux["x"], Box)
    )


USES = {
    "grad": lambda f: grad(f, has_aux=True)(2.0),
    "value_and_grad": lambda f: (lambda pair, g: (g, pair[1]))(*value_and_grad(f, has_aux=True)(2.0)),
    "elementwise_grad": lambda f: elementwise_grad(f, has_aux=True)(2.0),
    "deriv": lambda f: deriv(f, has_aux=True)(2.0),
    "jacobian": lambda f: jacobian(f, has_aux=True)(2.0),
    "jacfwd": lambda f: jacfwd(f, has_aux=True)(2.0),
    "jacrev": lambda f: jacrev(f, has_aux=True)(2.0),
    "vjp": lambda f: (lambda value, pull, aux: (pull(1.0)[0], aux))(*vjp(f, 2.0, has_aux=True)),
    "make_vjp": lambda f: (lambda pull, value, aux: (pull(1.0), aux))(*make_vjp(f, has_aux=True)(2.0)),
    "jvp": lambda f: jvp(f, (2.0,), (1.0,), has_aux=True)[1:],
    "make_jvp": lambda f: make_jvp(f, has_aux=True)(2.0)(1.0)[1:],
    "linearize": lambda f: (lambda value, push, aux: (push(1.0), aux))(*linearize(f, 2.0, has_aux=True)),
}


@pytest.mark.parametrize("name", USES)
def test_what_else_a_function_tells_comes_out_plain_and_last(name):
    derivative, aux = USES[name](with_aux)
    assert derivative == 12.0
    assert is_detached(aux)


def test_the_value_comes_with_aux_where_there_is_one():
    (value, aux), gradient = value_and_grad(with_aux, has_aux=True)(2.0)
    assert (value, gradient) == (8.0, 12.0)
    assert is_detached(aux)
    assert jvp(with_aux, (2.0,), (1.0,), has_aux=True)[0] == 8.0
    assert vjp(with_aux, 2.0, has_aux=True)[0] == 8.0


def test_a_hessian_passes_aux_through_both_levels():
    curvature, aux = hessian(with_aux, has_aux=True)(2.0)
    assert curvature == 12.0
    assert is_detached(aux)


@pytest.mark.parametrize("outer", ["grad", "jvp", "jacrev", "jacfwd", "linearize"])
@pytest.mark.parametrize("inner", USES)
def test_aux_of_an_inner_transform_is_differentiated_by_an_outer_one(outer, inner):
    def through(x):
        derivative, aux = USES[inner](lambda y: (y * y * x, {"used": x * x, "unused": y}))
        return aux["used"] * 3.0 + 0.0 * derivative

    derivatives = {
        "grad": lambda: grad(through)(5.0),
        "jvp": lambda: jvp(through, (5.0,), (1.0,))[1],
        "jacrev": lambda: jacrev(through)(5.0),
        "jacfwd": lambda: jacfwd(through)(5.0),
        "linearize": lambda: linearize(through, 5.0)[1](1.0),
    }
    assert derivatives[outer]() == 30.0


def test_an_inner_aux_that_depends_on_the_inner_argument_is_constant_there_only():
    def through(x):
        gradient, aux = grad(lambda y: (y**2, y**3), has_aux=True)(x)
        return gradient * aux  # 2 x * x^3

    assert grad(through)(2.0) == 8 * 8.0


def test_arrays_in_aux_are_the_callers_own():
    x = np.array([1.0, 2.0])
    _, pullback, aux = vjp(lambda x: (x * x, [x, x[:1], x * x]), x, has_aux=True)
    for array in aux:
        assert not np.shares_memory(array, x)
        array[:] = 100.0
    np.testing.assert_array_equal(pullback(np.ones(2))[0], [2.0, 4.0])
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_arrays_filled_inside_come_out_as_arrays():
    def function(x):
        trace = fnp.zeros(3)
        history = fnp.zeros(2)
        for i in range(3):
            trace[i] = x**i
        return x, (trace, history)

    _, (trace, history) = grad(function, has_aux=True)(2.0)
    assert type(trace) is type(history) is np.ndarray
    np.testing.assert_array_equal(trace, [1.0, 2.0, 4.0])


@pytest.mark.parametrize("name", USES)
@pytest.mark.parametrize(
    ("result", "described"),
    [
        (lambda x: x, r"a \w+"),
        (lambda x: (x,), "a tuple of length 1"),
        (lambda x: (x, 1, 2), "a tuple of length 3"),
        (lambda x: {"value": x, "aux": 1}, "a dict"),
    ],
)
def test_a_result_that_is_no_pair_is_refused(name, result, described):
    with pytest.raises(
        OutputError,
        match=rf"{name}: with has_aux=True, <lambda> must return a pair .*; it returned {described}",
    ):
        USES[name](result)
