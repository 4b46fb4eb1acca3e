import pickle

from fgrad import FgradError
from fgrad.testing import DerivativeError
from tests.testing.wrong_rules import error_of, square, with_rule


def test_the_error_is_one_of_fgrad_and_an_assertion_error():
    assert issubclass(DerivativeError, FgradError)
    assert issubclass(DerivativeError, AssertionError)


def test_the_error_can_be_pickled():
    wrong = with_rule(square, vjp=lambda ans, x: lambda g: g * x)
    error = error_of(wrong, (3.0,), modes="rev")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.argument, again.mode, again.found) == (error.argument, error.mode, error.found)
