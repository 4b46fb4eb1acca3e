"""Predicates, Python's rounding and texts of many examples at once."""

import math

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, grad, primitive, vmap
from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.rules import declare_all
from tests.rules.batching.loops import assert_is_the_loop, assert_same, of_examples

pytestmark = pytest.mark.usefixtures("no_loops")

NAN = np.nan
A = np.array([[[1.0, 2.0]], [[NAN, 2.0]], [[np.inf, 0.0]], [[1.0, 2.1]], [[3.0, 3.0]]])
B = np.array([[[1.0, 2.0]], [[NAN, 2.0]], [[np.inf, 0.0]], [[1.0, 2.0]], [[3.0, NAN]]])


@pytest.mark.parametrize("function", [fnp.allclose, fnp.array_equal, fnp.array_equiv])
@pytest.mark.parametrize("dtype", [float, complex, np.float32])
def test_comparisons_of_whole_arrays(function, dtype):
    a, b = A.astype(dtype), B.astype(dtype)
    assert_is_the_loop(function, a, b)
    assert_is_the_loop(function, a, b[0], axes=(0, None))
    assert_is_the_loop(function, a[0], b, axes=(None, 0))
    assert_is_the_loop(function, a[:, 0, 0], b[:, 0, 0])
    assert_is_the_loop(function, a[..., :0], b[..., :0])


@pytest.mark.parametrize("function", [fnp.allclose, fnp.array_equal])
def test_nan_may_count_as_equal(function):
    assert_is_the_loop(lambda a, b: function(a, b, equal_nan=True), A, B)
    assert_is_the_loop(lambda a, b: function(a, b, equal_nan=True), A + 1j, B + 1j)
    whole = np.arange(10).reshape(5, 2)
    assert_is_the_loop(lambda a, b: function(a, b, equal_nan=True), whole, whole // 3 * 3)


def test_shapes_that_differ():
    wide = np.repeat(B, 2, axis=1)
    assert_is_the_loop(fnp.array_equal, A, wide)
    assert_is_the_loop(fnp.array_equiv, A, wide)
    assert_is_the_loop(fnp.array_equiv, A, wide[:, 0])
    assert_is_the_loop(fnp.array_equiv, A, np.zeros((5, 3)))
    assert_is_the_loop(fnp.allclose, A, wide)
    with pytest.raises(ValueError, match="broadcast"):
        vmap(lambda a, b: fnp.allclose(a, b) * 1.0)(A, np.zeros((5, 3)))


def test_tolerances_may_differ_between_examples():
    rtol = np.array([0.0, 1.0, 0.0, 0.1, 1.0])
    assert_is_the_loop(lambda a, b, rtol: fnp.allclose(a, b, rtol), A, B, rtol)
    assert_is_the_loop(
        lambda a, b, atol: fnp.allclose(a, b, 0.0, atol), A[0], B[0], rtol, axes=(None, None, 0)
    )


def test_no_examples_have_no_answers():
    for function in (fnp.allclose, fnp.array_equal, fnp.array_equiv):
        (found,) = of_examples(function, [A[:0], B[:0]], (0, 0), 0)
        assert (found.shape, found.dtype) == ((0,), bool)
    for function in (round, math.floor):
        (found,) = of_examples(function, [np.zeros(0)], (0,), 0)
        assert (found.shape, found.dtype) == ((0,), np.int64)
    (found,) = of_examples(fnp.array_repr, [A[:0]], (0,), 0)
    assert (found.shape, found.dtype.kind) == ((0,), "U")


# Python's rounding

PYTHONS = [round, math.floor, math.ceil, math.trunc]
HALVES = np.array([2.5, -2.5, 0.5, -0.0, 1e15 + 0.5])


@pytest.mark.parametrize("function", PYTHONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int8, bool])
def test_python_rounds_the_number_of_each_example(function, dtype):
    x = np.array([2.5, -2.5, 0.5, -0.0, 100.7]).astype(dtype)
    python = lambda x: function(x.item() if isinstance(x, np.generic) else x)  # noqa: E731
    assert_is_the_loop(python, x)


@pytest.mark.parametrize("function", PYTHONS)
def test_large_numbers_are_rounded_to_the_last_digit(function):
    x = np.array([1e15 + 0.5, -(2.0**63), np.nextafter(2.0**63, 0), 2.0**53 + 2, -7.5])
    assert_is_the_loop(function, x)
    assert_is_the_loop(
        lambda x: function(x.item() if isinstance(x, np.generic) else x),
        np.array([2**63 - 1, -(2**63), 2**53 + 1, 0, 5]),
    )


@pytest.mark.parametrize("digits", [1, 0, -1, 3])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_python_rounds_to_digits(digits, dtype):
    x = np.array([2.675, -17.25, 0.05, 1.0005, 25.0]).astype(dtype)
    assert_is_the_loop(lambda x: round(x, digits), x)


def test_no_digits_are_an_integer():
    assert_is_the_loop(lambda x: round(x, None), HALVES)


@pytest.mark.parametrize("function", PYTHONS)
@pytest.mark.parametrize("x", [1e19, -1e300, 2.0**63, np.float32(1e20), np.uint64(2**63)])
def test_integers_that_no_array_holds_raise(function, x):
    words = (
        rf"{function.__name__}: {function(x.item() if isinstance(x, np.generic) else x)} is beyond .* 64 bits"
    )
    with pytest.raises(BatchingError, match=words):
        of_examples(function, [np.array([x, x])], (0,), 2)


@pytest.mark.parametrize("function", PYTHONS)
def test_what_python_does_not_round_raises_as_in_python(function):
    for x, error in ((NAN, ValueError), (np.inf, OverflowError), (-np.inf, OverflowError), (1j, TypeError)):
        with pytest.raises(error):
            function(x)
        with pytest.raises(error):
            of_examples(function, [np.array([0, x])], (0,), 2)


def test_a_rounded_number_reads_and_scales():
    x = np.array([0.6, 2.2])
    y = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert vmap(lambda x, y: y[round(x)])(x, y).tolist() == [2.0, 6.0]
    assert vmap(grad(lambda x: x * math.floor(x + 0.5)))(x).tolist() == [1.0, 2.0]
    assert grad(lambda x: np.sum(vmap(lambda x: x * round(x))(x)))(x).tolist() == [1.0, 2.0]


# what is asked for each example


@pytest.mark.parametrize(
    "function",
    [
        fnp.array_repr,
        fnp.array_str,
        lambda x: fnp.array2string(x, precision=1, separator="|"),
        lambda x: fnp.format_float_positional(x[0, 0], trim="-"),
        lambda x: fnp.format_float_scientific(x[0, 0], precision=3),
    ],
)
def test_texts(function):
    assert_is_the_loop(function, np.round(100 * A, 3))


def test_the_smallest_dtype_of_each_example():
    for x in (A, np.array([1, 300, -4, 70000, 2**40]), A[:, 0, 0].astype(np.float32)):
        (found,) = of_examples(fnp.min_scalar_type, [x], (0,), 5)
        assert found.tolist() == [np.min_scalar_type(row) for row in x]


def test_memory_is_that_of_each_example():
    x = np.arange(30.0).reshape(5, 2, 3)
    for function in (fnp.shares_memory, fnp.may_share_memory):
        assert_is_the_loop(lambda x, f=function: f(x, x[1:]), x)
        assert_is_the_loop(lambda x, f=function: f(x[0], x[1]), x)
        assert_is_the_loop(lambda x, f=function: f(x, x * 1.0), x)
        assert_is_the_loop(lambda x, y, f=function: f(x, y, max_work=1), x, x[0], axes=(0, None))
    (found,) = of_examples(lambda x, y: fnp.shares_memory(x, y), [x, x[2]], (0, None), 5)
    assert found.tolist() == [False, False, True, False, False]


def test_the_order_of_memory_is_that_of_each_example():
    x = np.arange(30.0).reshape(5, 2, 3)
    assert_is_the_loop(fnp.isfortran, x)
    assert_is_the_loop(fnp.isfortran, np.swapaxes(np.swapaxes(x, 1, 2).copy(), 1, 2))
    assert_is_the_loop(fnp.isfortran, x[:, 0])


def test_a_loop_is_found():
    @primitive
    def doubled(x):
        return 2 * x

    with pytest.raises(AssertionError, match="doubled is done for one example after the other"):
        vmap(doubled)(np.ones(3))


def test_every_answer_has_a_rule():
    declare_all()
    constants = [operation for operation in PRIMITIVES.values() if isinstance(operation.rule, Constant)]
    missing = [operation.name for operation in constants if not (operation.batch or operation.rule.batch)]
    assert missing == []


def test_answers_under_differentiation_from_outside():
    x = np.array([[1.0, 2.0], [3.0, 3.0]])
    found = []

    def total(x):
        found.extend(
            [vmap(lambda v: fnp.array_equal(v, v[::-1]) * 1.0)(x), vmap(lambda v: math.ceil(v[1]) * 1.0)(x)]
        )
        return np.sum(x)

    assert grad(total)(x).tolist() == [[1, 1], [1, 1]]
    assert_same([np.asarray(part) for part in found], [np.array([0.0, 1.0]), np.array([2.0, 3.0])])
