"""Polynomials as objects: what works with traced coefficients, and what says why it does not."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, jacobian, jvp
from fgrad.core.box import bottom

X = np.array([1.0, 2.0, 3.0])
P = np.poly1d([2.0, -1.0, 0.5])

#: Programs in NumPy code: ``program(np, x)`` with NumPy or fgrad.numpy for ``np``.
PROGRAMS = {
    "of an array": lambda np, x: np.poly1d(x),
    "of a list": lambda np, x: np.poly1d([x[0], 2.0, x[1]]),
    "of a number": lambda np, x: np.poly1d(x[0]),
    "of zeros": lambda np, x: np.poly1d(x, True),
    "of zeros with a variable": lambda np, x: np.poly1d(x, r=True, variable="z"),
    "of a polynomial": lambda np, x: np.poly1d(np.poly1d(x)),
    "leading zeros are dropped": lambda np, x: np.poly1d([0.0, x[0], x[1]]),
    "at a number": lambda np, x: np.poly1d(x)(2.0),
    "at an array": lambda np, x: np.poly1d(x)(x),
    "at a polynomial": lambda np, x: np.poly1d(x)(P),
    "a plain one at a traced one": lambda np, x: np.poly1d(P)(np.poly1d(x)),
    "sum": lambda np, x: np.poly1d(x) + P,
    "sum with an array": lambda np, x: np.poly1d(P) + x,
    "difference": lambda np, x: 3.0 - np.poly1d(x),
    "product": lambda np, x: np.poly1d(x) * P,
    "product with a traced number": lambda np, x: np.poly1d(P) * x[0],
    "a traced number times": lambda np, x: x[0] * np.poly1d(P),
    "negative": lambda np, x: -np.poly1d(x),
    "power": lambda np, x: np.poly1d(x) ** 3,
    "quotient": lambda np, x: np.poly1d([x[0], x[1], x[2], 1.0]) / np.poly1d([1.0, x[2]]),
    "by a number": lambda np, x: np.poly1d(x) / 4.0,
    "by a traced number": lambda np, x: np.poly1d(P) / x[0],
    "a number by it": lambda np, x: 2.0 / np.poly1d(x),
    "a list by it": lambda np, x: [1.0, 2.0, x[0]] / np.poly1d(x[1:]),
    "derivative": lambda np, x: np.poly1d(x).deriv(),
    "second derivative": lambda np, x: np.poly1d(x).deriv(m=2),
    "integral": lambda np, x: np.poly1d(x).integ(2, [x[0], 1.0]),
    "integral of a plain one": lambda np, x: np.poly1d(P).integ(k=x[0]),
    "roots": lambda np, x: np.poly1d(x).r,
    "coefficients": lambda np, x: np.poly1d(x).c,
    "a coefficient": lambda np, x: np.poly1d(x)[1],
    "a coefficient that there is not": lambda np, x: np.poly1d(x)[7],
    "order": lambda np, x: np.poly1d(x).order,
    "length": lambda np, x: len(np.poly1d(x)),
    "elements": lambda np, x: list(np.poly1d(x))[1],
    "text": lambda np, x: str(np.poly1d(x, variable="y")),
    "representation": lambda np, x: repr(np.poly1d(x)),
    "equal": lambda np, x: (np.poly1d(x) == P, np.poly1d(x) == np.poly1d(x), np.poly1d(x) != P),
    "a coefficient is set": lambda np, x: _set(np.poly1d(x), 1, x[0]),
    "a far coefficient is set": lambda np, x: _set(np.poly1d(x), 5, x[0]),
    "a coefficient of a plain one is set": lambda np, x: _set(np.poly1d(P), 1, x[0]),
    "a far coefficient of a plain one is set": lambda np, x: _set(np.poly1d(P), 5, x[0]),
    "a plain coefficient is set": lambda np, x: _set(np.poly1d(P), 5, 7.0),
    "coefficients are scaled in place": lambda np, x: _scale(np.poly1d(x), 2.0),
    "a function of two": lambda np, x: np.polymul(np.poly1d(x), np.polyadd(P, np.poly1d(x))),
    "a function by keyword": lambda np, x: np.polyval(p=np.poly1d(x), x=2.0),
    "a function of a plain one and a list": lambda np, x: np.polysub(P, [x[0], 1.0]),
    "a function's constants": lambda np, x: np.polyint(P, 2, [x[0], x[1]]),
    "a fit": lambda np, x: np.poly1d(np.polyfit([0.0, 1.0, 2.0], x, 1)),
}


def _set(p, key, value):
    p[key] = value
    return p


def _scale(p, factor):
    p.coeffs *= factor
    return p


def plain(result):
    """Return a result, and polynomials in it, without its boxes."""
    if isinstance(result, tuple):
        return tuple(map(plain, result))
    return np.poly1d(bottom(result.coeffs)) if isinstance(result, np.poly1d) else bottom(result)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_result_is_that_of_numpy(name):
    seen = []
    grad(lambda x: seen.append(plain(PROGRAMS[name](fnp, x))) or np.sum(x))(X.copy())
    expected = PROGRAMS[name](np, X.copy())
    for found, wanted in zip(
        *(r if isinstance(r, tuple) else (r,) for r in (seen[0], expected)), strict=True
    ):
        assert isinstance(found, np.poly1d) == isinstance(wanted, np.poly1d)
        if isinstance(wanted, str):
            assert found == wanted
        else:
            one, other = (getattr(r, "coeffs", r) for r in (found, wanted))
            np.testing.assert_allclose(one, other, rtol=1e-14, atol=1e-14)


def test_what_comes_of_one_is_one_that_divides():
    def function(x):
        p = (fnp.poly1d(x) * P).deriv() + 1.0
        quotient, remainder = -(p**2) / fnp.poly1d(x)
        return quotient(0.5) + remainder(2.0)

    def by_hand(x):
        p = np.polyadd(np.polyder(np.polymul(x, P.coeffs)), [1.0])
        quotient, remainder = np.polydiv(-np.polymul(p, p), x)
        return np.polyval(quotient, 0.5) + np.polyval(remainder, 2.0)

    steps = 1e-6 * np.eye(3)
    slopes = [(by_hand(X + step) - by_hand(X - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(grad(function)(X), slopes, rtol=1e-7)


def test_a_number_of_pythons_leaves_the_operation_to_a_polynomial():
    """``3.0 + p`` adds to the last coefficient alone."""
    assert grad(lambda a: np.sum((a + P).coeffs))(3.0) == 1
    assert grad(lambda a: np.sum((a - P).coeffs))(3.0) == 1
    assert grad(lambda a: (a * P)(2.0))(3.0) == P(2.0)
    assert grad(lambda a: np.sum((a / fnp.poly1d(P)).coeffs))(3.0) == np.sum(1 / P.coeffs)
    with pytest.raises(TypeError, match="unsupported operand"):
        grad(lambda a: a**P)(3.0)


def test_an_array_takes_a_polynomial_for_its_coefficients():
    for function in (lambda x: x + P, lambda x: x * P, lambda x: x / P, lambda x: x**P):
        value, moved = jvp(function, (X,), (np.ones(3),))
        assert np.array_equal(value, function(X))
        with np.errstate(all="raise"):
            slopes = (function(X + 1e-6) - function(X - 1e-6)) / 2e-6
        np.testing.assert_allclose(moved, slopes, rtol=1e-8)


def test_fgrads_functions_take_polynomials_of_numpys_own_class():
    found = jacobian(lambda x: fnp.polymul(np.poly1d(x), P).coeffs)(X)
    shifted = [np.concatenate([np.zeros(i), P.coeffs, np.zeros(2 - i)]) for i in range(3)]
    assert np.array_equal(found, np.stack(shifted, -1))
    assert grad(lambda x: np.poly1d(x)(2.0))(X).tolist() == [4, 2, 1]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.polymul(np.poly1d(x), P),
        lambda x: np.poly1d(x) / np.poly1d([1.0, 2.0]),
        lambda x: P / x[0],
        lambda x: P.integ(1, x[0]),
        lambda x: np.poly1d([x[0], 1.0]),
        lambda x: np.asarray(np.poly1d(x)),
    ],
)
def test_what_numpys_own_class_cannot_do_is_an_error(call):
    with pytest.raises(DetachedError):
        grad(lambda x: np.sum(call(x)))(X)


@pytest.mark.parametrize("convert", [np.asarray, fnp.asarray, np.sum])
def test_a_polynomial_of_traced_coefficients_is_no_array(convert):
    with pytest.raises(DetachedError, match=r"Use its coefficients, p\.coeffs"):
        grad(lambda x: np.sum(convert(fnp.poly1d(x))))(X)


def test_on_plain_coefficients_it_is_numpys():
    p = fnp.poly1d([1.0, 2.0])
    assert isinstance(p, np.poly1d)
    assert (repr(p), str(p)) == (repr(np.poly1d([1.0, 2.0])), str(np.poly1d([1.0, 2.0])))
    assert repr(fnp.poly1d([1, 0, 3])) == repr(np.poly1d([1, 0, 3]))
    assert np.asarray(p, int).tolist() == [1, 2]
    assert p == np.poly1d([1.0, 2.0])
    assert fnp.poly1d(np.poly1d([1.0], variable="s")).variable == "s"


@pytest.mark.parametrize(
    "name", ["polyadd", "polysub", "polymul", "polydiv", "polyder", "polyint", "polyval"]
)
def test_functions_of_plain_polynomials_stay_numpys(name):
    args = (P,) if name in ("polyder", "polyint") else (P, np.poly1d([1.0, 2.0]))
    for found, expected in zip(
        *(r if isinstance(r, tuple) else (r,) for r in (getattr(fnp, name)(*args), getattr(np, name)(*args))),
        strict=True,
    ):
        assert type(found) is type(expected)
        assert found == expected
