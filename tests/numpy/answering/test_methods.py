"""The methods of a box do what the functions of the same names do."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad, jvp, vjp
from fgrad.core.box import bottom
from tests.rules.cases.case import listed

A = np.array([[0.5, -1.25, 3.0], [2.0, 0.25, -0.75]])

#: Calls of methods, and the same with functions.
CALLS = {
    "sum": (lambda x: x.sum(), lambda x: fnp.sum(x)),
    "sum axis": (lambda x: x.sum(0), lambda x: fnp.sum(x, 0)),
    "mean": (lambda x: x.mean(axis=1, keepdims=True), lambda x: fnp.mean(x, axis=1, keepdims=True)),
    "prod": (lambda x: x.prod(axis=1), lambda x: fnp.prod(x, axis=1)),
    "max": (lambda x: x.max(), lambda x: fnp.max(x)),
    "min": (lambda x: x.min(axis=0), lambda x: fnp.min(x, axis=0)),
    "std": (lambda x: x.std(ddof=1), lambda x: fnp.std(x, ddof=1)),
    "var": (lambda x: x.var(axis=0), lambda x: fnp.var(x, axis=0)),
    "cumsum": (lambda x: x.cumsum(), lambda x: fnp.cumsum(x)),
    "clip": (lambda x: x.clip(-1, 1), lambda x: fnp.clip(x, -1, 1)),
    "trace": (lambda x: x.trace(1), lambda x: fnp.trace(x, 1)),
    "diagonal": (lambda x: x.diagonal(), lambda x: fnp.diagonal(x)),
    "take": (lambda x: x.take([0, 0], axis=1), lambda x: fnp.take(x, [0, 0], axis=1)),
    "repeat": (lambda x: x.repeat(2, axis=0), lambda x: fnp.repeat(x, 2, axis=0)),
    "dot": (lambda x: x.dot(A.T), lambda x: fnp.dot(x, A.T)),
    "ravel": (lambda x: x.ravel(), lambda x: fnp.ravel(x)),
    "ravel F": (lambda x: x.ravel("F"), lambda x: fnp.ravel(x, "F")),
    "flatten": (lambda x: x.flatten(), lambda x: fnp.ravel(x)),
    "flatten F": (lambda x: x.flatten("F"), lambda x: fnp.ravel(x, "F")),
    "copy": (lambda x: x.copy(), lambda x: fnp.copy(x)),
    "reshape": (lambda x: x.reshape(3, 2), lambda x: fnp.reshape(x, (3, 2))),
    "reshape tuple": (lambda x: x.reshape((3, 2)), lambda x: fnp.reshape(x, (3, 2))),
    "reshape -1": (lambda x: x.reshape(-1), lambda x: fnp.reshape(x, -1)),
    "reshape F": (lambda x: x.reshape(3, 2, order="F"), lambda x: fnp.reshape(x, (3, 2), order="F")),
    "transpose": (lambda x: x.transpose(), lambda x: fnp.transpose(x)),
    "transpose axes": (lambda x: x.transpose(1, 0), lambda x: fnp.transpose(x, (1, 0))),
    "transpose tuple": (lambda x: x.transpose((1, 0)), lambda x: fnp.transpose(x, (1, 0))),
    "transpose None": (lambda x: x.transpose(None), lambda x: fnp.transpose(x)),
    "T": (lambda x: x.T, lambda x: fnp.transpose(x)),
    "mT": (lambda x: x.mT, lambda x: fnp.matrix_transpose(x)),
    "swapaxes": (lambda x: x.swapaxes(0, 1), lambda x: fnp.swapaxes(x, 0, 1)),
    "squeeze": (lambda x: x[None].squeeze(), lambda x: fnp.squeeze(x[None])),
    "item": (lambda x: x[0, 1:2].item(), lambda x: x[0, 1]),
    "item index": (lambda x: x.item(4), lambda x: x[1, 1]),
    "item indices": (lambda x: x.item(1, 0), lambda x: x[1, 0]),
    "item tuple": (lambda x: x.item((1, 0)), lambda x: x[1, 0]),
    "astype": (lambda x: x.astype(complex), lambda x: x + 0j),
    "conj": (lambda x: x.conj(), lambda x: fnp.conjugate(x)),
    "conjugate": (lambda x: x.conjugate(), lambda x: fnp.conjugate(x)),
    "view": (lambda x: x.view(), lambda x: fnp.copy(x)),
    "__copy__": (lambda x: x.__copy__(), lambda x: fnp.copy(x)),
    "__deepcopy__": (lambda x: x.__deepcopy__({}), lambda x: fnp.copy(x)),
    "compress": (lambda x: x.compress([1, 0, 1], 1), lambda x: fnp.compress([1, 0, 1], x, 1)),
    "cumprod": (lambda x: x.cumprod(1), lambda x: fnp.cumprod(x, 1)),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_method_is_the_function(name):
    method, function = CALLS[name]
    value, pullback = vjp(method, A)
    expected, other = vjp(function, A)
    assert np.array_equal(value, expected)
    assert np.array_equal(pullback(expected)[0], other(expected)[0])
    assert np.array_equal(jvp(method, (A,), (A * A,))[1], jvp(function, (A,), (A * A,))[1])


@pytest.mark.parametrize("name", CALLS)
def test_a_method_gives_what_the_method_of_an_array_gives(name):
    method = CALLS[name][0]
    assert np.array_equal(vjp(method, A)[0], method(A))


@pytest.mark.parametrize("name", ["all", "any", "argmax", "argmin", "argsort", "nonzero"])
def test_methods_without_derivative_give_plain_results(name):
    seen = []
    grad(lambda x: seen.append(getattr(x, name)()) or np.sum(x))(A)
    for found, expected in zip(listed(seen[0]), listed(getattr(A, name)()), strict=True):
        assert isinstance(found, np.ndarray | np.generic)
        assert np.array_equal(found, expected)


@pytest.mark.parametrize(
    ("name", "args"),
    [("argpartition", (1,)), ("round", ()), ("round", (1,)), ("searchsorted", (0.5,)), ("cumprod", ())],
)
def test_further_methods_are_their_functions(name, args):
    seen = []
    vector = np.array([0.26, 0.74, 1.55])
    grad(lambda x: seen.append(getattr(x, name)(*args)) or np.sum(x))(vector)
    assert np.array_equal(bottom(seen[0]), getattr(vector, name)(*args))


def test_an_item_of_an_array_with_several_elements_needs_an_index():
    with pytest.raises(ValueError, match="reshape"):
        grad(lambda x: x.item())(A)


def test_single_precision_can_be_asked_for():
    value, pullback = vjp(lambda x: x.astype("float32") ** 2, A)
    assert value.dtype == np.float32
    assert pullback(value)[0].dtype == np.float64


def test_integers_that_are_asked_for_are_plain():
    assert grad(lambda x: x[0].astype(int)[2] * x[1, 1])(A).tolist() == [[0, 0, 0], [0, 3, 0]]


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.view(float),
        lambda x: x.view("f8"),
        lambda x: x.view(np.ndarray),
        lambda x: x.view(float, np.ndarray),
        lambda x: x.view(dtype=float),
        lambda x: x.view(type=np.ndarray),
        lambda x: x[0, 1].view(),
    ],
)
def test_a_view_of_the_same_dtype_has_the_same_elements(view):
    value, pullback = vjp(view, A)
    assert np.array_equal(value, view(A))
    assert pullback(value)[0].sum() == value.sum()


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (lambda x: x.view(int), "float64 cannot be taken for int64. Convert the values with astype"),
        (lambda x: (x + 0j).view(float), "the parts of complex numbers are real and imag"),
        (lambda x: x.view(np.ma.MaskedArray), "cannot be made a MaskedArray"),
    ],
)
def test_a_view_of_other_bytes_or_of_another_class_is_refused(view, message):
    with pytest.raises(MissingRuleError, match=message):
        grad(lambda x: np.sum(view(x)))(A)


def test_a_reshape_that_would_copy_can_be_refused():
    def reshaped(x):
        return (x * 1.0).reshape(-1, order="F", copy=False)

    with pytest.raises(ValueError, match="Unable to avoid creating a copy while reshaping"):
        jvp(reshaped, (A,), (A,))
    assert (
        jvp(lambda x: (x * 1.0).reshape(3, 2, copy=False), (A,), (A,))[1].tolist() == A.reshape(3, 2).tolist()
    )
    assert jvp(lambda x: x[:0].reshape(-1, order="F", copy=False), (A,), (A,))[0].shape == (0,)


@pytest.mark.parametrize("call", [lambda x: x.copy("Z"), lambda x: fnp.copy(x, order="Z")])
def test_an_order_that_there_is_not_is_refused(call):
    with pytest.raises(ValueError, match="order must be one of"):
        grad(lambda x: np.sum(call(x)))(A)


def test_the_class_takes_type_arguments():
    assert grad(lambda x: x if x.__class_getitem__(int) is not None else 0.0)(1.0) == 1
