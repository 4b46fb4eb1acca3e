"""Code that imports NumPy itself differentiates, and nothing detaches silently."""

import math
import pickle

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, FgradError, MissingRuleError, grad, jvp
from fgrad.numpy.wrap import PUBLIC
from tests.rules.cases import CASES
from tests.rules.cases.case import listed

X = np.array([1.0, 2.0, 4.0])

#: NumPy gives no way to intercept these; fgrad.numpy has them.
NOT_DISPATCHED = {
    *(np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.asarray_chkfinite),
    *(np.require, np.fromiter, np.full, np.full_like, np.arange, np.kaiser),
}

#: These ask a box that is an argument by position, and not one in a list or a further argument.
NOT_DISPATCHED_IN_LISTS_AND_KEYWORDS = {
    *("diag", "histogram", "outer", "pad", "piecewise", "select", "sort", "take", "unique", "vander"),
}


def plain_cases():
    """Return the cases of functions of NumPy's, with NumPy's own function in each."""
    spaces = {"numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft}
    originals = {
        front: getattr(spaces[module], name)
        for module, names in PUBLIC.items()
        for name, front in names.items()
    }
    found = []
    for case in CASES:
        original = originals.get(case.function)
        if original is not None and original not in NOT_DISPATCHED:
            found.append(pytest.param(case, original, id=str(case)))
    return found


@pytest.mark.parametrize(("case", "original"), plain_cases())
def test_plain_numpy_differentiates_like_fgrad_numpy(case, original):
    leaves = case.leaves(case.dtypes[-1])
    try:
        found = jvp(lambda *xs: listed(case.call(*xs, function=original)), leaves, leaves)
    except DetachedError:
        found = None
    if found is None:
        assert original.__name__ in NOT_DISPATCHED_IN_LISTS_AND_KEYWORDS
        return
    expected = jvp(lambda *xs: listed(case.call(*xs)), leaves, leaves)
    for part, whole in zip(listed(found), listed(expected), strict=True):
        assert np.array_equal(part, whole)


@pytest.mark.parametrize(
    ("convert", "cure"),
    [
        (float, "function of fgrad.numpy or numpy"),
        (complex, "function of fgrad.numpy or numpy"),
        (math.sin, "function of fgrad.numpy or numpy"),
        (int, "math.trunc(), or np.trunc"),
        (np.asarray, "of fgrad.numpy"),
        (np.array, "of fgrad.numpy"),
        (lambda x: np.array([x, x]), "of fgrad.numpy"),
        (lambda x: np.array([[1.0, x]]), "of fgrad.numpy"),
        (lambda x: np.ones(3) * [x, x, x], "of fgrad.numpy"),
        (pickle.dumps, "Return it from the differentiated function"),
        (lambda x: x.__reduce__(), "Return it from the differentiated function"),
        (lambda x: (x * X).dump("never written"), "Return it from the differentiated function"),
        (lambda x: (x * X).dumps(), "Return it from the differentiated function"),
        (lambda x: (x * X).tobytes(), "Return it from the differentiated function"),
        (lambda x: (x * X).tofile("never written"), "Return it from the differentiated function"),
        (lambda x: (x * X).__buffer__(0), "Return it from the differentiated function"),
        (lambda x: (x * X).tolist(), "Iterate over the array"),
    ],
)
def test_a_conversion_to_a_plain_value_is_refused_and_the_message_names_the_cure(convert, cure):
    with pytest.raises(DetachedError) as caught:
        grad(lambda x: convert(x) and x)(1.0)
    assert isinstance(caught.value, TypeError)
    assert cure in str(caught.value)


TABLE = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "use",
    [
        lambda i: TABLE[i],
        lambda i: TABLE[i, 0],
        lambda i: TABLE[0, i],
        lambda i: TABLE[[i]],
        lambda i: TABLE[:, i * np.ones(2)],
        lambda i: np.copy(TABLE).__setitem__(i, 1.0),
        lambda i: TABLE[i:],
        lambda i: [1.0, 2.0][i],
        lambda i: range(i),
    ],
)
@pytest.mark.parametrize("at", [1, 1.0, np.array(1.0)], ids=["int", "float", "array"])
def test_an_index_that_is_differentiated_is_refused_and_the_message_speaks_of_indices(use, at):
    with pytest.raises(DetachedError, match=r"index.*: an index or a count has no derivative.*argnums"):
        grad(lambda i: use(i) and i)(at)


def test_the_cures_of_that_refusal_work():
    assert grad(lambda x, i: x * TABLE[0, i])(1.0, 2) == 2.0
    assert grad(lambda x: x[0] * TABLE[0, np.argmax(x)])(X).tolist() == [2.0, 0.0, 0.0]


def test_assigning_a_traced_number_into_a_plain_array_is_refused():
    def function(x):
        out = np.zeros(2)
        out[0] = x
        return np.sum(out)

    with pytest.raises(DetachedError, match=r"make the array inside the function with np\.zeros of fgrad"):
        grad(function)(1.0)


def test_assigning_a_traced_array_into_a_plain_array_is_refused():
    def function(x):
        out = np.zeros(3)
        out[:] = x
        return np.sum(out)

    with pytest.raises(DetachedError):
        grad(function)(X)


def test_adding_a_traced_array_to_a_plain_one_in_place_is_refused():
    def function(x):
        out = np.zeros(3)
        out += x
        return np.sum(out)

    with pytest.raises(MissingRuleError, match=r"Write `a = a \+ b` for `a \+= b`"):
        grad(function)(X)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("numpy.packbits", lambda np, x: np.packbits(x)),
        ("numpy.save", lambda np, x: np.save("never written", x)),
        (r"numpy\.lib\.\w+\.sqrt", lambda np, x: np.emath.sqrt(x)),
    ],
)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_a_function_without_a_rule_is_named(namespace, name, call):
    with pytest.raises(MissingRuleError, match=f"^{name} has no derivative rule in fgrad") as caught:
        grad(lambda x: call(namespace, x))(X)
    assert isinstance(caught.value, NotImplementedError)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda np, x: np.sort(x, order="a"), "numpy.sort: order= is not supported"),
        (lambda np, x: np.clip(x, 0, 1, where=X > 1), "numpy.clip: where= is not supported"),
    ],
)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_an_unsupported_argument_is_refused_by_name(namespace, call, message):
    with pytest.raises(MissingRuleError, match=f"^{message} for a traced array: "):
        grad(lambda x: np.sum(call(namespace, x)))(X)


def test_out_is_refused_with_the_operator_to_write():
    with pytest.raises(MissingRuleError, match=r"numpy\.exp: .* leave out= away"):
        grad(lambda x: np.sum(np.exp(x, out=np.zeros(3))))(X)


def test_every_refusal_is_an_fgrad_error():
    for convert in (float, math.cos, np.asarray, pickle.dumps, np.packbits):
        with pytest.raises(FgradError):
            grad(lambda x, convert=convert: convert(x))(X)


def test_a_function_of_a_library_that_knows_nothing_of_fgrad():
    coefficients = np.array([1.0, -2.0, 3.0])

    def horner(x):  # as numpy.polynomial evaluates
        total = coefficients[-1] + x * 0
        for c in coefficients[-2::-1]:
            total = c + total * x
        return np.mean(total)

    assert np.allclose(grad(horner)(X), (-2 + 6 * X) / 3, rtol=1e-15)
    assert np.allclose(grad(lambda x: np.polynomial.polynomial.polyval(x, coefficients).sum())(X), -2 + 6 * X)
