"""The operators of boxes, on either side and beside every kind of value."""

import operator
from fractions import Fraction

import numpy as np
import pytest

from fgrad import DetachedError, grad, jacobian, jvp
from fgrad.core.box import Box

X = np.array([1.0, 2.0, 4.0])

#: Each operator with the slopes of ``x op 2`` and of ``2 op x`` at x = 4.
BINARY = [
    (operator.add, 1.0, 1.0),
    (operator.sub, 1.0, -1.0),
    (operator.mul, 2.0, 2.0),
    (operator.truediv, 0.5, -0.125),
    (operator.pow, 8.0, 16 * np.log(2)),
    (operator.floordiv, 0.0, 0.0),
]

COMPARISONS = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]


@pytest.mark.parametrize(("function", "slope", "reflected"), BINARY)
@pytest.mark.parametrize("two", [2, 2.0, np.float64(2), np.int64(2), np.array(2.0)])
def test_scalars_on_either_side(function, slope, reflected, two):
    assert grad(lambda x: function(x, two))(4.0) == pytest.approx(slope, rel=1e-15)
    assert grad(lambda x: function(two, x))(4.0) == pytest.approx(reflected, rel=1e-15)


@pytest.mark.parametrize(("function", "slope", "reflected"), BINARY)
def test_a_scalar_in_single_precision_beside_a_python_float_rounds_to_single(function, slope, reflected):
    two = np.float32(2)
    assert grad(lambda x: function(x, two))(4.0) == pytest.approx(slope, rel=1e-7)
    assert grad(lambda x: function(two, x))(4.0) == pytest.approx(reflected, rel=1e-7)


@pytest.mark.parametrize(("function", "slope", "reflected"), BINARY)
@pytest.mark.parametrize("twos", [[2.0, 2.0], (2.0, 2.0), np.full(2, 2.0), np.full(2, 2)])
def test_arrays_and_sequences_on_either_side(function, slope, reflected, twos):
    x = np.full(2, 4.0)
    assert np.diag(jacobian(lambda x: function(x, twos))(x)) == pytest.approx([slope] * 2, rel=1e-15)
    assert np.diag(jacobian(lambda x: function(twos, x))(x)) == pytest.approx([reflected] * 2, rel=1e-15)


def test_a_list_of_boxes_beside_a_box_is_an_array():
    assert grad(lambda x: np.sum([x, 1.0, x] + X * x))(3.0) == 2 + 7
    assert grad(lambda x: np.sum((x, 1.0, x) * (X * x)))(3.0) == 2 * 3 * (1 + 4) + 2


def test_a_list_of_boxes_beside_a_plain_array_is_refused_with_the_cure():
    with pytest.raises(DetachedError, match=r"Use np\.array or np\.asarray of fgrad\.numpy"):
        grad(lambda x: np.sum(X * [x, 2 * x, x**2]))(3.0)


def test_matrix_product_with_arrays_and_lists_on_either_side():
    matrix = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(jacobian(lambda x: matrix @ x)(X), matrix)
    assert np.array_equal(jacobian(lambda x: x @ matrix.T)(X), matrix)
    assert np.array_equal(grad(lambda x: [1, 2, 3] @ x)(X), [1, 2, 3])
    assert np.array_equal(grad(lambda x: x @ [1, 2, 3])(X), [1, 2, 3])


def test_python_floats_stay_python_floats():
    value, slope = jvp(lambda x: (2 * x + 1) / x - x**2, (3.0,), (1.0,))
    assert type(value) is float
    assert type(slope) is float
    assert type(grad(lambda x: -x * abs(x))(3.0)) is float


def test_unary_operators():
    assert grad(lambda x: -x)(3.0) == -1
    assert grad(lambda x: +x)(3.0) == 1
    assert grad(abs)(-3.0) == -1


@pytest.mark.parametrize("function", COMPARISONS)
@pytest.mark.parametrize("other", [2.0, [1.0, 3.0, 3.0], np.array([1.0, 3.0, 3.0])])
def test_comparisons_give_plain_results(function, other):
    seen = []
    grad(lambda x: seen.extend([function(x, other), function(other, x)]) or np.sum(x))(X)
    for found, expected in zip(
        seen, (function(X, np.array(other)), function(np.array(other), X)), strict=True
    ):
        assert type(found) is np.ndarray
        assert found.dtype == bool
        assert np.array_equal(found, expected)


def test_comparisons_steer_python():
    def clipped(x):
        return x**2 if x > 1 else 3 * x

    assert grad(clipped)(2.0) == 4
    assert grad(clipped)(0.5) == 3


def test_the_truth_of_an_array_is_ambiguous_as_in_numpy():
    with pytest.raises(ValueError, match="ambiguous"):
        grad(lambda x: 1.0 if x else 2.0)(X)
    assert grad(lambda x: x if x else 2.0)(0.0) == 0
    assert grad(lambda x: x if x else 2.0)(1.0) == 1


def test_divmod_on_either_side():
    assert grad(lambda x: divmod(x, 2.0)[1])(7.5) == 1
    assert grad(lambda x: divmod(x, 2.0)[0])(7.5) == 0
    assert grad(lambda x: divmod(7.5, x)[1])(2.0) == -3
    assert grad(lambda x: np.divmod(7.5, x)[1])(2.0) == -3
    assert grad(lambda x: x % 2.0 + 7.5 % x)(7.25) == 1 - 1


def test_power_with_a_modulus_is_refused():
    with pytest.raises(TypeError):
        grad(lambda x: pow(x, 2, 3))(2.0)


def test_powers_at_zero():
    assert grad(lambda x: x**0)(0.0) == 0
    assert grad(lambda x: x**1)(0.0) == 1
    assert grad(lambda x: x**2)(0.0) == 0
    assert grad(lambda x: x**2.5)(0.0) == 0
    assert grad(lambda y: 0.0**y)(2.0) == 0
    assert grad(lambda y: 0**y)(2.0) == 0
    assert grad(grad(lambda x: x**2))(0.0) == 2
    assert grad(grad(lambda x: x**1))(0.0) == 0


def test_results_of_operators_are_boxes_until_the_transform_returns():
    seen = []
    grad(lambda x: seen.append(x * 2) or x)(1.0)
    assert type(seen[0]) is Box


class Length:
    """A number with a unit, which knows what to do with other numbers."""

    def __init__(self, metres):
        self.metres = metres

    def __radd__(self, other):
        return ("added", other + self.metres)

    def __rmul__(self, other):
        return Length(other * self.metres)


@pytest.mark.parametrize("point", [3.0, np.float64(3.0), np.array([3.0])])
def test_an_object_that_knows_the_operation_does_it(point):
    assert np.sum(grad(lambda x: np.sum((x * Length(2.0)).metres))(point)) == 2
    assert np.sum(grad(lambda x: np.sum((x + Length(2.0))[1]))(point)) == 1


@pytest.mark.parametrize("function", [operator.sub, operator.truediv, operator.pow, operator.mod])
def test_an_object_that_does_not_know_the_operation_is_a_type_error(function):
    for point in (3.0, np.array([3.0])):
        with pytest.raises(TypeError):
            function(point, Length(2.0))
        with pytest.raises(TypeError):
            grad(lambda x, f=function: np.sum(f(x, Length(2.0))))(point)


class Table:
    """What NumPy takes for an array."""

    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0, 3.0])


def test_an_array_takes_what_numpy_takes_for_an_array():
    assert grad(lambda x: np.sum(x * Table()))(X).tolist() == [1, 2, 3]
    assert grad(lambda x: np.sum(Table() * x))(X).tolist() == [1, 2, 3]
    assert grad(lambda x: np.sum(x ** Table()))(X) == pytest.approx([1.0, 4.0, 48.0], rel=1e-15)
    with pytest.raises(TypeError, match="unsupported operand"):
        grad(lambda x: np.sum(x * Table()))(3.0)


def test_a_fraction_is_a_number():
    assert grad(lambda x: x * Fraction(1, 2) + Fraction(1, 2) * x)(3.0) == 1
