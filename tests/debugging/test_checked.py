"""Each mode, looked through: alone, nested, batched, checkpointed, and with every operation of NumPy."""

import numpy
import pytest

import fgrad.numpy as np
from fgrad import grad, hessian, jacobian, jvp, vjp
from fgrad.debugging.context import debug_nans
from fgrad.debugging.nonfinite import NonFiniteError
from fgrad.transforms.batching import vmap
from fgrad.transforms.checkpointing import checkpoint
from fgrad.transforms.linearize import linearize
from fgrad.transforms.taylor import derivatives
from tests.debugging.messages import headline_of, message_of
from tests.rules.cases import CASES


@pytest.mark.parametrize(
    ("transform", "mode"),
    [
        (lambda f: grad(f), "reverse mode of grad"),
        (lambda f: lambda x: vjp(f, x)[1](1.0), "reverse mode of vjp"),
        (lambda f: lambda x: jvp(f, (x,), (1.0,)), "forward mode of jvp"),
        (lambda f: lambda x: linearize(f, x)[1](1.0), "forward mode of linearize"),
        (lambda f: jacobian(f), "mode of jacobian"),
        (lambda f: derivatives(f, 3), "taylor mode of derivatives"),
        (lambda f: lambda x: vmap(grad(f))(numpy.array([1.0, x])), "in example 1 (reverse mode of grad)"),
    ],
)
def test_every_transform_reports_the_derivative_of_the_root_at_zero(transform, mode):
    head = headline_of(transform(lambda x: np.sqrt(x) * 2.0), 0.0)
    assert head.startswith("sqrt: its derivative with respect to x became infinite")
    assert mode in head


@pytest.mark.parametrize(
    "twice",
    [
        lambda f: grad(grad(f)),
        lambda f: lambda x: jvp(grad(f), (x,), (1.0,)),
        lambda f: grad(lambda x: jvp(f, (x,), (1.0,))[1]),
        lambda f: lambda x: jvp(lambda y: jvp(f, (y,), (1.0,))[1], (x,), (1.0,)),
        lambda f: derivatives(f, 2),
        lambda f: lambda x: hessian(lambda y: np.sum(f(y)))(numpy.array([x, 1.0])),
    ],
)
def test_a_second_derivative_is_found_where_the_first_is_finite(twice):
    def f(x):
        y = np.power(x, 1.5)
        return y + 1.0

    message = message_of(twice(f), 0.0)
    assert "power" in message.split("\n")[0]
    assert "became infinite" in message.split("\n")[0]
    assert f"line {f.__code__.co_firstlineno + 1}, in f" in message


def test_a_batched_value_names_the_example():
    head = headline_of(vmap(lambda x: np.sum(np.log(x))), numpy.array([[1.0, 2.0], [3.0, 0.0]]))
    assert head == "log: its value became infinite: 1 of 4 elements, the first at [1] in example 1"


def test_a_checkpointed_function_is_looked_into_on_both_ways():
    def value(x):
        return np.log(x) + 1.0

    def slope(x):
        return np.sqrt(x) + 1.0

    for f, what in ((value, "log: its value"), (slope, "sqrt: its derivative")):
        message = message_of(grad(checkpoint(f)), 0.0)
        assert message.startswith(what)
        assert f"line {f.__code__.co_firstlineno + 1}, in {f.__name__}" in message


def test_an_overflow_in_a_derivative_is_found():
    head = headline_of(grad(lambda x: 1e200 * (1e200 * x)), np.float64(1e-200))
    assert head.startswith("operator.mul: its derivative with respect to y became infinite")


def test_infinite_contributions_that_cancel_are_found_at_the_argument():
    def f(x):
        return np.sqrt(x) - np.sqrt(x)

    with (
        numpy.errstate(divide="ignore"),
        debug_nans(inf=False),
        pytest.raises(NonFiniteError, match="sum of the contributions to a derivative is NaN"),
    ):
        grad(f)(np.float64(0.0))


def test_a_branch_that_is_not_taken_may_have_an_infinite_slope():
    def f(x):
        return np.where(x > 0, np.sqrt(x), 0.0) * x

    with debug_nans():
        assert grad(f)(0.0) == 0.0
        assert grad(grad(f))(0.0) == 0.0
    head = headline_of(jvp, f, (0.0,), (1.0,))
    assert head == "sqrt: its derivative with respect to x became infinite (forward mode of jvp)"


def test_several_results_of_one_operation_are_looked_at():
    head = headline_of(grad(lambda x: np.linalg.slogdet(x)[1]), numpy.zeros((2, 2)))
    assert "its value became infinite" in head


def derivatives_of(case, dtype):
    leaves = case.leaves(dtype)

    def outputs(*args):
        return tuple(case.outputs(*args))

    values, pullback = vjp(outputs, *leaves)
    ones = tuple(numpy.ones_like(value) for value in values)
    found = [*values, *pullback(ones)]
    return found + list(jvp(outputs, leaves, tuple(numpy.ones_like(leaf) for leaf in leaves))[1])


def looked_through(case, dtype):
    """Return the derivatives that are computed inside ``debug_nans``, and the text of its error, if any."""
    try:
        with debug_nans():
            return derivatives_of(case, dtype), ""
    except NonFiniteError as error:
        return [], str(error)


@pytest.mark.parametrize("start", range(0, len(CASES), 100))
def test_no_operation_of_numpy_is_blamed_for_what_it_does_on_the_way(start):
    """All that may be reported is a NaN that a case brings in itself; and no derivative is changed."""
    looked_at = 0
    for case in CASES[start : start + 100]:
        dtype = case.dtypes[0]
        expected = derivatives_of(case, dtype)
        found, blame = looked_through(case, dtype)
        assert "holds NaN already; it is a constant" in blame or not blame, str(case)
        if blame:
            continue
        looked_at += 1
        for one, other in zip(found, expected, strict=True):
            assert numpy.array_equal(one, other), str(case)
    assert looked_at
