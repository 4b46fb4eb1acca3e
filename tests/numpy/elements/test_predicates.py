"""Predicates, texts and questions about dtypes: the answers are plain, and those of NumPy."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, LeakedBoxError, grad, jvp

X = np.array([1.0, 2.0, np.inf])


def seen_by(function, x=X):
    """Return what a function of a traced value gives, which must be plain."""
    seen = []
    grad(lambda x: seen.append(function(x)) or np.ravel(x)[0])(x)
    return seen[0]


@pytest.mark.parametrize("namespace", [np, fnp])
def test_closeness(namespace):
    assert seen_by(lambda x: namespace.isclose(x, [1.0, 2.1, np.inf])).tolist() == [True, False, True]
    assert seen_by(lambda x: namespace.isclose(1.0, x, rtol=2.0)).tolist() == [True, True, False]
    assert seen_by(lambda x: namespace.allclose(x, x))
    assert seen_by(lambda x: not namespace.allclose(x[:2], x[:2] * 2, rtol=x[0] * 0.1))
    assert type(seen_by(lambda x: namespace.allclose(x, 1.0))) is bool


def test_a_mask_of_close_elements_selects():
    assert grad(lambda x: np.sum(np.where(np.isclose(x, 2.0), x * 5, x)))(X).tolist() == [1, 5, 1]


def test_equality_of_arrays():
    assert seen_by(lambda x: fnp.array_equal(x, X))
    assert not seen_by(lambda x: fnp.array_equal(x, x[:2]))
    assert seen_by(lambda x: fnp.array_equal([x[0], np.nan], [1.0, np.nan], equal_nan=True))
    assert seen_by(lambda x: fnp.array_equiv(x, [x, x]))


def test_infinities_and_kinds():
    assert seen_by(fnp.isposinf).tolist() == [False, False, True]
    assert seen_by(fnp.isneginf).tolist() == [False, False, False]
    assert seen_by(fnp.isreal).all()
    assert not seen_by(fnp.iscomplex).any()
    assert seen_by(lambda x: fnp.iscomplex(x[:2] * 1j)).all()


def test_memory_is_that_of_the_values():
    assert seen_by(lambda x: np.shares_memory(x, x[1:]))
    assert seen_by(lambda x: np.may_share_memory(x, x[::2], max_work=0))
    assert not seen_by(lambda x: np.shares_memory(x, x * 2))


def test_texts_show_the_value():
    assert seen_by(np.array_repr) == "array([ 1.,  2., inf])"
    assert seen_by(np.array_str) == "[ 1.  2. inf]"
    assert seen_by(lambda x: np.array2string(x[:2], precision=1, separator="|")) == "[1.|2.]"
    assert seen_by(lambda x: fnp.format_float_positional(x[1], trim="-")) == "2"


def test_questions_about_dtypes():
    assert seen_by(lambda x: fnp.result_type(x, np.float32)) == np.float64
    assert seen_by(lambda x: fnp.result_type(x, np.float32), 1.0) == np.float32
    assert seen_by(lambda x: fnp.can_cast(x, np.float32)) is False
    assert seen_by(lambda x: fnp.can_cast(np.float32, x)) is True
    assert seen_by(lambda x: fnp.common_type(x, np.ones(2, "complex64"))) is np.complex128
    assert seen_by(lambda x: fnp.min_scalar_type(x)) == np.min_scalar_type(X)
    assert seen_by(lambda x: fnp.mintypecode([x, "F"])) == "D"


def test_iterability():
    assert seen_by(np.iterable)
    assert seen_by(fnp.iterable)
    assert not seen_by(lambda x: fnp.iterable(x[0]))


def test_a_traced_value_in_another_argument_is_refused_by_name():
    with pytest.raises(FgradError, match=r"numpy\.round: decimals= is not supported"):
        grad(lambda x: fnp.round(X, x) and x)(1.0)


def test_a_plain_array_takes_the_answer():
    out = np.zeros(3, bool)
    assert seen_by(lambda x: fnp.isposinf(x, out=out)) is out
    assert out.tolist() == [False, False, True]


def test_a_leaked_value_answers_nothing():
    leaked = []
    jvp(lambda x: leaked.append(x) or x, (1.0,), (1.0,))
    with pytest.raises(LeakedBoxError):
        np.isclose(leaked[0], 1.0)


def test_wrong_arguments_are_errors_as_in_numpy():
    with pytest.raises(TypeError):
        grad(lambda x: np.sum(fnp.isclose(x, 1.0, tolerance=2)))(X)
    with pytest.raises(TypeError):
        grad(lambda x: np.sum(fnp.isclose(x)))(X)
