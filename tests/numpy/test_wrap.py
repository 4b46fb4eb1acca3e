"""The public functions: NumPy's own without a box, and the same names, texts and methods."""

import inspect
import pickle
from types import FunctionType

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.numpy.wrap import PUBLIC, as_traced, holds_box
from tests.rules.cases import CASES

SPACES = {"numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft}
FRONTS = [
    pytest.param(front, getattr(SPACES[module], name), id=f"{module}.{name}")
    for module, names in PUBLIC.items()
    for name, front in names.items()
    if isinstance(front, FunctionType)
]
ORIGINALS = {param.values[0]: param.values[1] for param in FRONTS}


def summary(function):
    """Return the first paragraph of a text; SciPy, once imported, rewrites the rest of ``np.sinc``'s."""
    return inspect.cleandoc(function.__doc__).split("\n\n")[0]


@pytest.mark.parametrize(("front", "original"), FRONTS)
def test_a_public_function_has_the_name_and_text_of_numpy(front, original):
    assert front.__name__ == original.__name__
    assert summary(front) == summary(original)
    assert front.__module__ in {f"fgrad.{module}" for module in SPACES}
    assert PUBLIC[front.__module__.removeprefix("fgrad.")][front.__name__] is front


@pytest.mark.parametrize(("front", "original"), FRONTS)
def test_a_public_function_pickles_by_name(front, original):
    assert pickle.loads(pickle.dumps(front)) is front


def test_without_a_box_numpy_itself_is_called():
    """Options that are refused for traced arrays work on plain ones, and so do NumPy's other types."""
    x = np.array([1.0, 4.0, 9.0])
    out = np.zeros(3)
    assert fnp.sqrt(x, out=out) is out
    assert fnp.sum(x, where=[True, False, True], initial=1.0) == 11
    assert fnp.add(1, 2, dtype="float32").dtype == np.float32
    assert type(fnp.sum([1, 2])) is np.int64
    assert fnp.array(["a", "b"]).dtype.kind == "U"
    assert type(fnp.exp(np.ma.masked_array([0.0], [True]))) is np.ma.MaskedArray
    assert fnp.concatenate([[1, 2], [3]]).tolist() == [1, 2, 3]
    assert fnp.linalg.norm([3, 4]) == 5
    assert fnp.einsum("i,i", [1, 2], [3, 4]) == 11


@pytest.mark.parametrize("case", [c for c in CASES if "fgrad.numpy" in c.function.__module__], ids=str)
def test_without_a_box_a_function_returns_exactly_what_numpy_returns(case):
    leaves = case.leaves("float64")
    original = ORIGINALS[case.function]
    found, expected = case.call(*leaves), case.call(*leaves, function=original)
    assert type(found) is type(expected)
    assert pickle.dumps(found) == pickle.dumps(expected)


def test_arrays_may_be_passed_by_keyword():
    x = np.array([1.0, 2.0])
    assert grad(lambda x: fnp.sum(a=x))(x).tolist() == [1, 1]
    assert grad(lambda x: np.sum(a=x))(x).tolist() == [1, 1]
    assert grad(lambda x: fnp.sum(fnp.expand_dims(a=x, axis=1), axis=0)[0])(x).tolist() == [1, 1]
    assert grad(lambda x: fnp.full(shape=2, fill_value=x).sum())(3.0) == 2
    assert grad(lambda x: fnp.clip(x, a_min=x[0], a_max=10.0)[1])(x).tolist() == [0, 1]


def test_lists_and_nested_lists_of_boxes_are_arrays():
    assert grad(lambda x: fnp.sum([x, [x, x][0]]))(1.0) == 2
    assert grad(lambda x: fnp.sin([[0.0, x], [x, 1.0]]).sum())(0.0) == 2
    assert grad(lambda x: fnp.maximum([x, 5.0], (1.0, x)).sum())(3.0) == 1
    assert grad(lambda x: fnp.linalg.det([[x, 1.0], [2.0, x]]))(3.0) == pytest.approx(6, rel=1e-14)
    assert grad(lambda x: fnp.where([True, False], [x, x], 0.0)[0])(3.0) == 1


def test_finding_boxes_in_sequences():
    seen = []
    grad(lambda x: seen.append([holds_box([x]), holds_box([1, [2, (x,)]]), holds_box([{"a": x}])]) or x)(1.0)
    assert seen == [[True, True, False]]
    assert not holds_box([1.0, [2.0]])


def test_an_array_like_without_boxes_becomes_an_array():
    assert as_traced([[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert as_traced(2.0) == 2.0
    assert type(as_traced(2.0)) is float


def test_signatures_are_those_of_numpy_where_it_states_them():
    assert inspect.signature(fnp.linalg.norm) == inspect.signature(np.linalg.norm)
    assert inspect.signature(fnp.sum) == inspect.signature(np.sum)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"neither numpy nor fgrad\.numpy has an attribute 'sinn'"):
        fnp.sinn  # noqa: B018
    with pytest.raises(AttributeError, match=r"neither numpy\.linalg nor fgrad\.numpy\.linalg"):
        fnp.linalg.invert  # noqa: B018
