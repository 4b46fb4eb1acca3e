"""Names without an implementation: NumPy's own, with traced values refused and new arrays let through."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad
from fgrad.numpy.fallback import late_implementation, refusing, stand_in


def doubled(x, *, y=0.0, out=None):
    """Return twice an array; only plain ones."""
    assert type(x) in (np.ndarray, float)
    return np.multiply(np.add(x, y), 2.0, out=out)


FRONT = refusing(doubled, "numpy.some", "doubled")


def test_plain_arguments_go_through():
    assert FRONT(np.ones(2), y=1.0).tolist() == [4, 4]
    assert FRONT.__doc__ == doubled.__doc__
    assert (FRONT.__module__, FRONT.__name__) == ("fgrad.numpy.some", "doubled")


@pytest.mark.parametrize("call", [FRONT, lambda x: FRONT([1.0, [x]]), lambda x: FRONT(1.0, y=x)])
def test_a_traced_value_is_refused_by_name(call):
    with pytest.raises(MissingRuleError, match=r"^numpy\.some\.doubled has no derivative rule in fgrad"):
        grad(call)(1.0)


def test_a_new_array_is_plain():
    def function(x):
        assert FRONT(fnp.ones(2), y=fnp.ones(2)).tolist() == [4, 4]
        return x

    assert grad(function)(1.0) == 1.0


def test_what_was_recorded_with_a_new_array_stays_when_it_is_written_into():
    def function(x):
        buffer = fnp.ones(2)
        product = x * buffer
        assert FRONT(np.full(2, 5.0), out=buffer) is buffer
        assert (buffer * 1).tolist() == [10, 10]
        return np.sum(product)

    assert grad(function)(1.0) == 2.0


def test_a_plain_array_is_written_into_by_numpy():
    def function(x):
        buffer = np.zeros(2)
        assert FRONT(np.asarray(fnp.ones(2)), out=buffer) is buffer
        assert buffer.tolist() == [2, 2]
        return x

    assert grad(function)(1.0) == 1.0


def test_what_was_looked_up_stays_in_the_namespace():
    namespace = {"__name__": "fgrad.numpy"}
    look_up, names = stand_in(np, namespace)
    assert look_up("fft") is fnp.fft
    assert namespace["fft"] is fnp.fft
    assert look_up("float32") is np.float32
    assert "sin" in names
    assert "test" not in names


def test_functions_of_a_late_namespace_have_their_implementation():
    assert late_implementation(np.fft.fft) is not None
    assert late_implementation(np.random.standard_normal) is None
    assert late_implementation(lambda x: x) is None
