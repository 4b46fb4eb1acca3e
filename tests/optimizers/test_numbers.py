import numpy as np
import pytest

from fgrad import ArgumentError, InputError, grad
from fgrad.core.pytree import flatten
from fgrad.optimizers.numbers import check_finite, count_of, parameters_of, real_number


def test_ints_become_floats_and_arrays_keep_their_dtype():
    leaves, _ = parameters_of([1, np.int8(2), np.arange(2), np.ones(1, np.float32), np.float16(3.0)], "x0")
    assert [np.asarray(leaf).dtype.name for leaf in leaves] == [
        "float64",
        "float64",
        "float64",
        "float32",
        "float16",
    ]


def test_foreign_byte_order_becomes_native():
    (leaf,), _ = parameters_of(np.arange(3.0).astype(">f8"), "x0")
    assert leaf.dtype.isnative
    np.testing.assert_array_equal(leaf, [0.0, 1.0, 2.0])


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2.0), np.array(2), np.int64(2)])
def test_a_real_number_is_a_float(value):
    number = real_number(value, "a number")
    assert type(number) is float
    assert number == 2.0


def test_a_traced_scalar_stays_traced():
    assert grad(lambda x: real_number(x, "a number") ** 2)(3.0) == 6.0
    with pytest.raises(InputError, match=r"a number must be a real number; got an array of shape \(2,\)"):
        grad(lambda x: real_number(x, "a number"))(np.ones(2))


def test_the_first_element_that_is_not_finite_is_named():
    leaves, structure = flatten({"a": 1.0, "b": np.array([[0.0, 1.0], [np.inf, np.nan]])})
    with pytest.raises(ArgumentError, match=r"^g\['b'\] has inf at \[1, 0\] today$"):
        check_finite(leaves, structure, "g", "today")
    check_finite([1.0, np.zeros(0)], structure, "g", "today")


def test_a_traced_gradient_is_looked_into():
    def traced(x):
        check_finite([x], flatten(x)[1], "g", "today")
        return x

    assert grad(traced)(1.0) == 1.0
    with pytest.raises(ArgumentError, match="g is nan today"):
        grad(traced)(np.nan)


def test_a_count_may_be_an_int_of_numpy():
    assert count_of(np.int32(3), "n") == 3
