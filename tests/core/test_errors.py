import pytest

import fgrad
from fgrad import FgradError

BUILTINS = {
    "InputError": TypeError,
    "OutputError": TypeError,
    "ArgumentError": ValueError,
    "DetachedError": TypeError,
    "LeakedBoxError": RuntimeError,
    "MissingRuleError": NotImplementedError,
    "RegistrationError": ValueError,
}


def test_every_error_is_public_and_known_here():
    assert {e.__name__ for e in FgradError.__subclasses__()} == set(BUILTINS)


@pytest.mark.parametrize("name", BUILTINS)
def test_an_error_is_of_fgrad_and_also_the_builtin_that_people_would_catch(name):
    error = getattr(fgrad, name)
    assert issubclass(error, FgradError)
    assert issubclass(error, BUILTINS[name])
    assert error.__doc__
