"""The methods and keywords of ufuncs, against NumPy's own results and central differences."""

import sys

import numpy as np
import pytest
from scipy import special

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad, jacobian, jvp, vjp
from fgrad.numpy.answering.calling import name_of
from tests.oracles import numerical_jacobian

X = np.array([[0.7, 1.2, 0.4], [1.9, 0.3, 1.1]])
MASK = np.array([[True, False, True], [True, True, False]])

CALLS = {
    "add.reduce": lambda np, x: np.add.reduce(x),
    "add.reduce of all": lambda np, x: np.add.reduce(x, axis=None),
    "add.reduce keepdims": lambda np, x: np.add.reduce(x, axis=1, keepdims=True),
    "add.reduce axes": lambda np, x: np.add.reduce(x, axis=(0, 1)),
    "add.reduce where": lambda np, x: np.add.reduce(x, axis=-1, where=MASK),
    "add.reduce initial": lambda np, x: np.add.reduce(x, initial=2.0),
    "multiply.reduce": lambda np, x: np.multiply.reduce(x, 1),
    "maximum.reduce": lambda np, x: np.maximum.reduce(x, 1),
    "minimum.reduce": lambda np, x: np.minimum.reduce(x),
    "logaddexp.reduce": lambda np, x: np.logaddexp.reduce(x, axis=1),
    "logaddexp.reduce keepdims": lambda np, x: np.logaddexp.reduce(x, axis=(0, 1), keepdims=True),
    "logaddexp.reduce where": lambda np, x: np.logaddexp.reduce(x, axis=1, where=MASK, initial=-np.inf),
    "subtract.reduce": lambda np, x: np.subtract.reduce(x, axis=-1),
    "hypot.reduce": lambda np, x: np.hypot.reduce(x, axis=1, initial=0.5),
    "add.accumulate": lambda np, x: np.add.accumulate(x, 1),
    "multiply.accumulate": lambda np, x: np.multiply.accumulate(x),
    "logaddexp.accumulate": lambda np, x: np.logaddexp.accumulate(x, -1),
    "multiply.outer": lambda np, x: np.multiply.outer(x, x[0]),
    "power.outer": lambda np, x: np.power.outer(x[0], x),
    "add.reduceat": lambda np, x: np.add.reduceat(x, [0, 2, 1], axis=1),
    "multiply.reduceat": lambda np, x: np.multiply.reduceat(x, [1, 0]),
    "dtype": lambda np, x: np.multiply(x, x, dtype=np.float64),
    "casting": lambda np, x: np.add(1.0, x, casting="same_kind"),
}


@pytest.mark.parametrize("namespace", [np, fnp])
@pytest.mark.parametrize("name", CALLS)
def test_value_and_derivative(name, namespace):
    call = CALLS[name]
    value, _ = vjp(lambda x: call(namespace, x), X)
    np.testing.assert_allclose(value, call(np, X), rtol=1e-14)
    expected = numerical_jacobian(lambda arrays: np.ravel(call(np, arrays[0])), [X])
    found = jacobian(lambda x: fnp.ravel(call(namespace, x)))(X).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10)
    units = np.eye(6).reshape(6, 2, 3)
    forward = [np.ravel(jvp(lambda x: call(namespace, x), (X,), (unit,))[1]) for unit in units]
    np.testing.assert_allclose(np.stack(forward, -1), expected, rtol=1e-9, atol=1e-10)


def test_constants_by_their_methods():
    gradient = grad(lambda x: np.sum(x * np.logical_and.reduce(x > 0, axis=0)))(X)
    assert gradient.tolist() == np.ones((2, 3)).tolist()
    assert grad(lambda x: x[0, 0] if np.logical_or.reduce(x, axis=None) else 0.0)(X)[0, 0] == 1.0


def test_float32_by_dtype():
    assert vjp(lambda x: np.exp(x, dtype=np.float32), X)[0].dtype == np.float32
    assert grad(lambda x: np.sum(np.exp(x, dtype=np.float32)))(X).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.exp(x, where=MASK), r"numpy\.exp: where= without out="),
        (lambda x: np.exp(x, signature="f->f"), r"numpy\.exp: signature= is not supported"),
        (lambda x: np.matmul(x, x.T, dtype=float), r"numpy\.matmul: dtype= is not supported"),
        (lambda x: np.exp(x, out=np.zeros((2, 3))), "cannot be written into an array that NumPy holds"),
        (lambda x: np.frompyfunc(lambda a: a, 1, 1)(x), "has no derivative rule"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(call, message):
    with pytest.raises(MissingRuleError, match=message):
        grad(lambda x: np.sum(call(x)))(X)


def test_a_foreign_ufunc_is_named_by_what_it_is():
    for call, name in (
        (special.lambertw, "scipy.special.lambertw"),  # a function around the ufunc _lambertw
        (special.expit, "scipy.special.expit"),
        (lambda x: special.erf(x, out=fnp.zeros((2, 3))), "scipy.special.erf"),
        (np.frompyfunc(abs, 1, 1), "abs (vectorized)"),
        (np.frompyfunc(special.expit, 1, 1), "expit (vectorized)"),
    ):
        with pytest.raises(MissingRuleError) as caught:
            grad(call)(X)
        assert str(caught.value).startswith(f"{name} has no derivative rule in fgrad.")


def test_a_foreign_ufunc_has_no_module_where_scipy_is_not_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "scipy.special")
    assert name_of(special.expit) == "expit"
    assert name_of(np.arctan2) == "numpy.arctan2"
    assert name_of(np.isnan) == "numpy.isnan"


def test_a_ufunc_with_a_name_of_scipys_is_not_taken_for_it():
    other = np.frompyfunc(abs, 1, 1)
    assert name_of(special.gamma) == "scipy.special.gamma"
    assert name_of(type("Named", (), {"__name__": "gamma"})()) == "gamma"
    assert name_of(other) == "abs (vectorized)"


def test_a_reduction_without_identity_needs_an_initial_value():
    with pytest.raises(ValueError, match="initial"):
        grad(lambda x: np.sum(np.hypot.reduce(x, where=MASK)) + np.sum(np.arctan2.reduce(x, where=MASK)))(X)
