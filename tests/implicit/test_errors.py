import numpy as np
import pytest

from fgrad import FgradError
from fgrad.implicit.errors import ConvergenceError, SingularError


@pytest.mark.parametrize(
    ("error", "builtin"), [(ConvergenceError, ArithmeticError), (SingularError, np.linalg.LinAlgError)]
)
def test_an_error_is_ours_and_the_one_that_people_would_catch(error, builtin):
    assert issubclass(error, FgradError)
    assert issubclass(error, builtin)
