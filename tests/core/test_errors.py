import numpy as np
import pytest

import fgrad
from fgrad import FgradError

BUILTINS = {
    "InputError": TypeError,
    "OutputError": TypeError,
    "ArgumentError": ValueError,
    "BatchingError": ValueError,
    "DetachedError": TypeError,
    "LeakedBoxError": RuntimeError,
    "MissingAttributeError": AttributeError,
    "MissingRuleError": NotImplementedError,
    "RegistrationError": ValueError,
    "NonFiniteError": FloatingPointError,
    "ConvergenceError": ArithmeticError,
    "SingularError": np.linalg.LinAlgError,
    "DerivativeError": AssertionError,
    "InvalidGraphError": ValueError,
    "GraphvizMissingError": RuntimeError,
}


def test_every_error_is_public_and_known_here():
    errors = [public(name) for name in BUILTINS]
    assert set(FgradError.__subclasses__()) == set(errors)


def public(name):
    return getattr(fgrad if name in fgrad.__all__ else fgrad.testing, name)


@pytest.mark.parametrize("name", BUILTINS)
def test_an_error_is_of_fgrad_and_also_the_builtin_that_people_would_catch(name):
    error = public(name)
    assert issubclass(error, FgradError)
    assert issubclass(error, BUILTINS[name])
    assert error.__doc__
