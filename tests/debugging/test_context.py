import asyncio
import re
import threading
import warnings

import numpy
import pytest

import fgrad.numpy as np
from fgrad import FgradError, grad, hessian, jacobian, jvp, vjp
from fgrad.core.errors import InputError
from fgrad.debugging.context import debug_nans
from fgrad.debugging.nonfinite import NonFiniteError
from fgrad.modes.reverse import ReverseTrace
from fgrad.transforms.batching import vmap
from fgrad.transforms.checkpointing import checkpoint
from fgrad.transforms.linearize import linearize
from fgrad.transforms.taylor import derivatives
from tests.rules.cases import CASES


def message_of(function, *args, **options):
    """Return what is said when the function is called with NaNs looked for."""
    with debug_nans(**options), pytest.raises(NonFiniteError) as caught:
        function(*args)
    return str(caught.value)


def headline_of(function, *args, **options):
    return message_of(function, *args, **options).split("\n")[0]


def test_the_error_is_one_of_fgrad_and_a_floating_point_error():
    assert issubclass(NonFiniteError, FgradError)
    assert issubclass(NonFiniteError, FloatingPointError)


def test_an_infinite_value_names_the_operation_the_element_and_the_range():
    message = message_of(grad(lambda x: np.sum(np.log(x))), numpy.array([[1.0, 2.0], [0.0, 4.0]]))
    head, *_, x = message.split("\n")
    assert head == "log: its value became infinite: 1 of 4 elements, the first at [1, 0]"
    assert x == "  x: shape (2, 2), float64, from 0.0 to 4.0"


def test_the_users_line_is_shown_with_its_text_and_the_part_of_it():
    def loss(x):
        shifted = x - 1.0
        return 2.0 * np.log(shifted) + 1.0

    _, file, text, marks, _ = message_of(grad(loss), 1.0).split("\n")
    line = loss.__code__.co_firstlineno + 2
    assert file == f'  File "{__file__}", line {line}, in loss'
    assert text == "    return 2.0 * np.log(shifted) + 1.0"
    start = text.index("np.log")
    assert marks == " " * start + "^" * len("np.log(shifted)")


def test_a_nan_value_is_named_where_it_is_made_and_not_where_it_arrives():
    def loss(x):
        difference = np.inf * x - np.inf * x
        return np.sin(difference) + 1.0

    assert headline_of(grad(loss), np.float64(1.0)) == "operator.sub: its value became NaN"


def test_a_derivative_names_the_argument_the_mode_and_the_line_where_the_operation_ran():
    def loss(x, y):
        root = np.power(x, y)
        return np.sum(3.0 * root)

    message = message_of(grad(loss, (0, 1)), numpy.array([1.0, 0.0]), 0.5)
    head, file, *_, cotangent = message.split("\n")
    assert head == (
        "power: its derivative with respect to x became infinite: 1 of 2 elements, the first at [1] "
        "(reverse mode of grad)"
    )
    assert file.endswith(f"line {loss.__code__.co_firstlineno + 1}, in loss")
    assert cotangent == "  cotangent: shape (2,), float64, from 3.0 to 3.0"


def test_a_derivative_in_forward_mode_names_the_argument():
    head = headline_of(jvp, lambda x, y: np.power(y, x), (0.5, 0.0), (1.0, 1.0))
    assert head == "power: its derivative with respect to x became infinite (forward mode of jvp)"


def test_the_second_argument_is_named_too():
    def loss(scale, x):
        return scale * np.power(2.0 + scale, np.sqrt(x))

    assert "sqrt: its derivative with respect to x" in headline_of(grad(loss, (0, 1)), 1.0, 0.0)


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


def test_a_nan_in_the_arguments_is_said_to_be_one():
    head = headline_of(grad(lambda x: np.sum(x * 2.0)), numpy.array([1.0, numpy.nan]))
    assert head == (
        "operator.mul: its value is NaN because x holds NaN already; it came in with the arguments of the "
        "function given to grad: 1 of 2 elements, the first at [1]"
    )


def test_a_nan_in_a_constant_is_said_to_be_one():
    head = headline_of(grad(lambda x: np.sum(x * numpy.array([1.0, numpy.nan]))), numpy.ones(2))
    assert "y holds NaN already; it is a constant" in head


def test_a_nan_in_the_cotangent_that_was_given_is_said_to_be_one():
    with debug_nans():
        _, pullback = vjp(np.sin, 1.0)
    with pytest.raises(NonFiniteError, match="cotangent that arrived holds NaN; it was given so"):
        pullback(numpy.nan)


def test_a_nan_among_the_arguments_passes_where_the_function_leaves_it_out():
    with debug_nans():
        found = grad(np.nansum)(numpy.array([1.0, numpy.nan]))
    assert numpy.array_equal(found, [1.0, 0.0])


def test_infinities_that_were_there_before_pass():
    x = numpy.array([1.0, 1.0, -numpy.inf])

    def log_sum_exp(x):
        top = np.max(x, initial=-np.inf)
        return top + np.log(np.sum(np.exp(x - top)))

    with debug_nans():
        found = grad(log_sum_exp)(x)
        masked = grad(lambda y: np.max(np.where(numpy.isinf(x), -np.inf, y)))(numpy.arange(3.0))
    assert numpy.array_equal(found, [0.5, 0.5, 0.0])
    assert numpy.array_equal(masked, [0.0, 1.0, 0.0])


def test_an_infinity_that_is_made_beside_one_that_was_there_is_found():
    head = headline_of(grad(lambda x: np.sum(np.log(x))), numpy.array([numpy.inf, 0.0]))
    assert head == "log: its value became infinite: 1 of 2 elements, the first at [1]"


def test_an_overflow_is_an_infinity_that_is_made():
    assert headline_of(grad(np.exp), np.float64(1000.0)) == "exp: its value became infinite"


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


def test_only_what_is_asked_for_is_looked_for():
    with numpy.errstate(divide="ignore"), debug_nans(inf=False):
        assert grad(np.sqrt)(0.0) == numpy.inf
    head = headline_of(grad(lambda x: x / x), np.float64(0.0), inf=False)
    assert head == "operator.truediv: its value became NaN"
    with numpy.errstate(invalid="ignore"), debug_nans(nan=False):
        assert numpy.isnan(grad(lambda x: np.inf * x - np.inf * x)(1.0))


def test_a_branch_that_is_not_taken_may_have_an_infinite_slope():
    def f(x):
        return np.where(x > 0, np.sqrt(x), 0.0) * x

    with debug_nans():
        assert grad(f)(0.0) == 0.0
        assert grad(grad(f))(0.0) == 0.0
    head = headline_of(jvp, f, (0.0,), (1.0,))
    assert head == "sqrt: its derivative with respect to x became infinite (forward mode of jvp)"


def test_complex_values_are_looked_at():
    message = message_of(grad(lambda z: np.real(np.log(z))), 0j)
    assert message.startswith("log: its value became infinite")
    assert message.endswith("x: complex128, 0j")


def test_several_results_of_one_operation_are_looked_at():
    head = headline_of(grad(lambda x: np.linalg.slogdet(x)[1]), numpy.zeros((2, 2)))
    assert "its value became infinite" in head


def test_nothing_is_checked_outside():
    with debug_nans():
        assert grad(np.sin)(0.0) == 1.0
    with numpy.errstate(divide="ignore"):
        assert grad(np.sqrt)(0.0) == numpy.inf


def test_the_interpreters_outside_are_those_without_checks():
    kinds = []

    def f(x):
        kinds.append(type(x.owner))
        return x * x

    grad(f)(1.0)
    with debug_nans():
        grad(f)(1.0)
    grad(f)(1.0)
    assert kinds[0] is kinds[2] is ReverseTrace
    assert issubclass(kinds[1], ReverseTrace)
    assert kinds[1] is not ReverseTrace


def test_the_context_is_left_after_an_error():
    headline_of(grad(np.sqrt), 0.0)
    with numpy.errstate(divide="ignore"):
        assert grad(np.sqrt)(0.0) == numpy.inf


def test_contexts_nest_and_the_inner_one_counts():
    with debug_nans():
        with numpy.errstate(divide="ignore"), debug_nans(nan=False, inf=False):
            assert grad(np.sqrt)(0.0) == numpy.inf
        with pytest.raises(NonFiniteError):
            grad(np.sqrt)(0.0)


def test_it_decorates_a_function():
    @debug_nans()
    def slope(x):
        return grad(np.sqrt)(x)

    assert slope(4.0) == 0.25
    for _ in range(2):
        with pytest.raises(NonFiniteError):
            slope(0.0)


def test_other_threads_are_not_checked():
    found = []

    def work():
        with numpy.errstate(divide="ignore"):
            found.append(grad(np.sqrt)(0.0))

    with debug_nans():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert found == [numpy.inf]


def test_a_task_does_not_see_the_context_of_another():
    async def checked(entered, done):
        with debug_nans():
            entered.set()
            await done.wait()
            with pytest.raises(NonFiniteError):
                grad(np.sqrt)(0.0)

    async def unchecked(entered, done):
        await entered.wait()
        with numpy.errstate(divide="ignore"):
            value = grad(np.sqrt)(0.0)
        done.set()
        return value

    async def main():
        entered, done = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(checked(entered, done), unchecked(entered, done))

    assert asyncio.run(main()) == [None, numpy.inf]


def test_a_transform_that_began_before_is_not_checked_but_one_inside_it_is():
    def outer(x):
        with debug_nans():
            inner = grad(np.sqrt)(x + 1.0)
        return inner + np.sqrt(x)

    with numpy.errstate(divide="ignore"):
        assert grad(outer)(0.0) == numpy.inf


def test_numpy_does_not_warn_of_what_is_reported():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert headline_of(grad(np.log), 0.0) == "log: its value became infinite"


def test_options_that_are_no_bools_are_refused():
    with pytest.raises(InputError, match=re.escape("got nan=1, inf=True")):  # noqa: SIM117
        with debug_nans(nan=1):
            pass


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
