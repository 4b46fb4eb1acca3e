"""What cannot be written, and what is said of it."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, FgradError, InputError, MissingRuleError, grad, vmap
from tests.numpy.places.writing_programs import MASK

X = np.array([0.7, -1.2, 2.3])


def test_a_plain_array_refuses_a_traced_value():
    def function(x):
        out = np.zeros(3)
        out[0] = x
        return np.sum(out)

    with pytest.raises((ValueError, DetachedError)) as caught:
        grad(function)(1.0)
    assert isinstance(caught.value, FgradError) or isinstance(caught.value.__cause__, DetachedError)


@pytest.mark.parametrize(
    "write",
    [
        lambda out, x: np.copyto(out, x),
        lambda out, x: np.put(out, [0], x[:1]),
        lambda out, x: np.place(out, MASK, x),
        lambda out, x: np.putmask(out, MASK, x),
        lambda out, x: np.put_along_axis(out, np.array([0]), x[:1], 0),
    ],
)
def test_functions_that_write_refuse_a_plain_destination(write):
    out = np.zeros(3)
    with pytest.raises(DetachedError, match=r"into a plain array.*np\.zeros of fgrad\.numpy"):
        grad(lambda x: write(out, x) or 1.0)(X)
    np.testing.assert_array_equal(out, np.zeros(3))


@pytest.mark.parametrize(
    "write", [lambda out, x: np.add(x, 1, out=out), lambda out, x: np.add.at(out, [0], x[0])]
)
def test_a_ufunc_refuses_a_plain_destination(write):
    with pytest.raises(MissingRuleError, match="cannot be written into an array that NumPy holds"):
        grad(lambda x: write(np.zeros(3), x) or 1.0)(X)


def test_writing_into_a_broadcast_view_is_an_error():
    def function(x):
        y = fnp.broadcast_to(x, (2, 3))
        y[0, 0] = 1.0
        return fnp.sum(y)

    with pytest.raises(ValueError, match="read-only"):
        grad(function)(X)


@pytest.mark.parametrize(
    ("write", "error", "message"),
    [
        (
            lambda x: fnp.zeros(3, int).__setitem__(0, x[0]),
            TypeError,
            "cannot write float64 into an array of int64",
        ),
        (lambda x: fnp.zeros(3).__setitem__(0, x[0] * 1j), TypeError, "cannot write complex128"),
        (lambda x: fnp.zeros(3).__setitem__(5, x[0]), IndexError, "out of bounds"),
        (lambda x: fnp.zeros(3).__setitem__(slice(2), x), ValueError, "could not broadcast"),
        (lambda x: fnp.zeros(2).__iadd__(x), ValueError, "could not be broadcast|does not fit"),
        (lambda x: fnp.zeros(1).__iadd__(x), ValueError, "does not fit the array of shape"),
        (lambda x: fnp.sum(x).__setitem__(0, 1.0), TypeError, "does not support item assignment"),
        (
            lambda x: fnp.zeros(3).__setitem__(x, 1.0),
            DetachedError,
            "no derivative with respect to a position",
        ),
        (lambda x: fnp.exp(x, where=MASK), MissingRuleError, "where= without out="),
        (lambda x: fnp.add(x, 1, out=fnp.zeros(2)), ValueError, "does not fit|broadcast"),
    ],
)
def test_what_does_not_fit_is_an_error(write, error, message):
    with pytest.raises(error, match=message):
        grad(lambda x: write(x) or 1.0)(X)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda x: fnp.zeros(2).__setitem__(0, 1j * x),
            "the imaginary part would be lost. Make the array with dtype=complex128, or convert the value "
            "before, with astype(float64) or np.real.",
        ),
        (
            lambda x: fnp.zeros(2, int).__setitem__(0, x),
            "the fraction, and with it the derivative, would be lost. Make the array with dtype=float64",
        ),
        (
            lambda x: fnp.zeros(2, int).__setitem__(0, 1j * x),
            "the imaginary part, and with it the derivative, would be lost. Make the array with dtype",
        ),
        (lambda x: (x * fnp.ones(2)).__imul__(1j), "cannot write complex128 into an array of float64"),
        (lambda x: (x * fnp.ones(2)).__setitem__(0, 2j), "cannot write complex128 into an array of float64"),
        (lambda x: fnp.add(x, 1j, out=fnp.zeros(())), "cannot write complex128 into an array of float64"),
        (lambda x: x.__setitem__(0, 1.0), "does not support item assignment"),
    ],
)
def test_what_an_array_cannot_hold_is_an_error_of_ours_that_says_what_to_do(write, message):
    with pytest.raises(InputError) as caught:
        grad(lambda x: write(x) or x)(1.0)
    assert isinstance(caught.value, TypeError)
    assert message in str(caught.value)


def test_the_cures_of_that_error_work():
    def function(x):
        real, whole, wide = fnp.zeros(2), fnp.zeros(2, int), fnp.zeros(2, complex)
        real[0] = np.real((2 + 1j) * x)
        whole[0] = (2.5 * x).astype(int)
        wide[0] = 1j * x
        return real[0] + whole[0] + np.imag(wide[0])

    assert grad(function)(1.0) == 3.0


VALUES = [np.ones((1, 1)), np.ones((1, 2)), np.ones((1, 1, 1))]


@pytest.mark.parametrize("value", VALUES, ids=np.shape)
@pytest.mark.parametrize("index", [lambda mask: mask, lambda mask: (mask,)])
def test_a_mask_of_all_axes_takes_a_value_of_one_axis_at_most(index, value):
    a = np.arange(6.0).reshape(2, 3)
    same = a > 3
    with pytest.raises(TypeError, match="0 or 1-dimensional"):
        a[index(same)] = value

    def written(a, mask, value):
        a = a * 1.0
        a[index(mask)] = value
        return a

    examples = np.stack([a, a + 1, a[::-1]])
    calls = [
        lambda: vmap(lambda a: written(a, a > 3, value))(examples),
        lambda: vmap(lambda a: written(a, same, value))(examples),
        lambda: vmap(lambda a, v: written(a, a > 3, v))(examples, np.stack([value] * 3)),
        lambda: grad(lambda a: np.sum(written(a, same, value)))(a),
        lambda: grad(lambda v: np.sum(written(a * v, same, value * v)))(1.0),
    ]
    for call in calls:
        with pytest.raises(InputError, match=r"a number or have one axis, as in NumPy; got shape \("):
            call()


def test_a_mask_among_others_takes_a_value_with_more_axes_of_length_one():
    def written(a, mask, value):
        a = a * 1.0
        a[mask, ...] = value
        return a

    a = np.arange(6.0).reshape(2, 3)
    a[a > 3, ...] = np.full((1, 1), 7.0)
    found = vmap(lambda a: written(a, a > 3, np.full((1, 1), 7.0)))(np.arange(6.0).reshape(1, 2, 3))
    assert np.array_equal(found[0], a)
