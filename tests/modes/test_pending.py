import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp
from fgrad.core.spec import Spec
from fgrad.modes.pending import Parts, Scatter, Total, accumulate, add_at, is_basic, is_finite
from fgrad.modes.reverse import ReverseTrace

FOUR = Spec((4,), np.dtype(float))


def scatter(value, index):
    return Scatter(value, index, FOUR, lambda *gs, **params: pytest.fail("nothing is traced here"))


def resolved(pending):
    return pending.resolve() if hasattr(pending, "resolve") else pending


CONTRIBUTIONS = {
    "dense": lambda: np.arange(4.0),
    "element": lambda: scatter(10.0, 2),
    "slice": lambda: scatter(np.ones(2), slice(1, 3)),
    "repeated": lambda: scatter(np.ones(3), np.array([0, 0, 3])),
    "mask": lambda: scatter(np.ones(2), np.array([True, False, False, True])),
}
VALUES = {
    "dense": [0, 1, 2, 3],
    "element": [0, 0, 10, 0],
    "slice": [0, 1, 1, 0],
    "repeated": [2, 0, 0, 1],
    "mask": [1, 0, 0, 1],
}


@pytest.mark.parametrize("third", CONTRIBUTIONS)
@pytest.mark.parametrize("second", CONTRIBUTIONS)
@pytest.mark.parametrize("first", CONTRIBUTIONS)
def test_contributions_of_any_sort_add_up(first, second, third):
    total = accumulate(accumulate(CONTRIBUTIONS[first](), CONTRIBUTIONS[second]()), CONTRIBUTIONS[third]())
    expected = np.array(VALUES[first]) + VALUES[second] + VALUES[third]
    np.testing.assert_array_equal(resolved(total), expected)


def test_a_contribution_that_others_hold_is_not_written_into():
    held = np.ones(4)
    accumulate(accumulate(held, np.ones(4)), np.ones(4))
    accumulate(accumulate(scatter(1.0, 0), held), scatter(1.0, 1))
    accumulate(accumulate(held, scatter(1.0, 0)), scatter(1.0, 1))
    np.testing.assert_array_equal(held, np.ones(4))


def test_parts_of_several_results():
    parts = accumulate(accumulate(Parts(1.0, 0, 3), Parts(2.0, 2, 3)), Parts(3.0, 0, 3))
    assert parts.resolve() == (4.0, None, 2.0)


@pytest.mark.parametrize(
    ("index", "basic"),
    [
        (0, True),
        (np.int32(0), True),
        (slice(None), True),
        ((0, slice(1, 2), None, ...), True),
        (np.array([0, 0]), False),
        ((slice(None), np.array([0])), False),
        (True, False),
    ],
)
def test_which_indices_name_no_element_twice(index, basic):
    assert is_basic(index) is basic


def test_repeated_elements_are_added_each_time():
    buffer = np.zeros(3)
    add_at(buffer, np.array([1, 1, 2]), np.array([1.0, 10.0, 5.0]))
    np.testing.assert_array_equal(buffer, [0, 11, 5])


# the sizes of what a loop over elements does


def loop(x):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] ** 2
    return total


def test_reading_elements_makes_one_dense_array(monkeypatch):
    """Each element read adds one number to one buffer, whatever the length of the vector."""
    made = []
    zeros = np.zeros

    def counting_zeros(shape, *args, **kwargs):
        made.append(shape)
        return zeros(shape, *args, **kwargs)

    x = np.linspace(0.0, 1.0, 200)
    monkeypatch.setattr("fgrad.modes.pending.np.zeros", counting_zeros)
    np.testing.assert_allclose(grad(loop)(x), 2 * x, rtol=1e-15)
    assert made == [(200,)]


def test_traced_contributions_become_one_operation():
    """In a derivative of a derivative, the elements are scattered together, beside dense uses."""

    def program(x):
        return loop(x) * x[0] + fnp.sum(x**3) + loop(x)

    x = np.linspace(0.5, 1.5, 5)
    expected = 6 * np.diag(x) + (2 * x[0] + 2) * np.eye(5)
    expected[0] += 2 * x
    expected[:, 0] += 2 * x
    for i, unit in enumerate(np.eye(5)):
        _, forward = jvp(grad(program), (x,), (unit,))
        np.testing.assert_allclose(forward, expected[i], rtol=1e-14)
        reverse = grad(lambda x, unit=unit: grad(program)(x) @ unit)(x)
        np.testing.assert_allclose(reverse, expected[i], rtol=1e-14)


def test_an_array_without_axes_is_read_too():
    assert grad(lambda x: x[()] * x * x[...])(np.array(2.0)) == 12.0


# the question whether a cotangent is finite


OF_EVERY_SORT = {
    "number": lambda number: number,
    "float32 scalar": np.float32,
    "complex scalar": np.complex128,
    "array": lambda number: np.array([1.0, number]),
    "large array": lambda number: np.full(5000, number),
    "float32 array": lambda number: np.array([1.0, number], np.float32),
    "total": lambda number: Total(np.array([1.0, number])),
    "scatter": lambda number: scatter(number, 2),
    "parts": lambda number: Parts(np.array([number]), 1, 3),
    "resolved parts": lambda number: (None, np.array([number])),
    "box": lambda number: ReverseTrace("a test").root(np.array([number])),
}


@pytest.mark.parametrize("sort", OF_EVERY_SORT)
def test_a_cotangent_is_finite_or_not_whatever_its_sort(sort):
    make = OF_EVERY_SORT[sort]
    assert is_finite(make(1.0))
    for bad in (np.nan, np.inf, -np.inf):
        assert not is_finite(make(bad))


def test_huge_numbers_are_finite_and_so_is_no_cotangent():
    assert is_finite(np.array([1e308, -1e308]))
    assert is_finite(1e308)
    assert is_finite(None)


def test_the_question_leaves_a_pending_cotangent_as_it_is():
    pending = accumulate(scatter(1.0, 2), scatter(2.0, 0))
    assert is_finite(pending)
    np.testing.assert_array_equal(resolved(accumulate(pending, np.ones(4))), [3, 1, 2, 1])
