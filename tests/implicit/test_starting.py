import numpy as np
import pytest

from fgrad import ArgumentError, InputError
from fgrad.implicit.starting import as_numbers, check_callable, check_tolerance


def test_ints_become_floats():
    found = as_numbers([1, np.arange(2), 2j], "x0")
    assert type(found[0]) is float
    assert found[1].dtype == np.float64
    assert found[2] == 2j


def test_what_is_no_number_is_named():
    with pytest.raises(InputError, match=r"root: x0\[1\]\['a'\] is a bool"):
        as_numbers([1.0, {"a": True}], "root: x0")
    with pytest.raises(InputError, match="root: f must be a function; got int"):
        check_callable(1, "root", "f")
    with pytest.raises(ArgumentError, match="root: tol must be a positive number; got nan"):
        check_tolerance(np.nan, "root")
