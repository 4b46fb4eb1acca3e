"""What is said when NaNs are looked for."""

import pytest

from fgrad.debugging.context import debug_nans
from fgrad.debugging.nonfinite import NonFiniteError


def message_of(function, *args, **options):
    """Return what is said when the function is called with NaNs looked for."""
    with debug_nans(**options), pytest.raises(NonFiniteError) as caught:
        function(*args)
    return str(caught.value)


def headline_of(function, *args, **options):
    return message_of(function, *args, **options).split("\n")[0]
