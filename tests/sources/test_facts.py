"""What is seen of a value: finite, without zeros, Python's own."""

from __future__ import annotations

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.sources.facts import Facts, facts_of


@pytest.mark.parametrize(
    ("value", "is_finite", "has_no_zero"),
    [
        (1.0, True, True),
        (0.0, True, False),
        (-0.0, True, False),
        (np.inf, False, True),
        (np.nan, False, True),
        (np.array([1.0, 0.0]), True, False),
        (np.array([1.0, np.nan]), False, True),
        (np.array([]), True, True),
        (np.array([True, False]), True, False),
        (np.array([1, 2]), True, True),
        (complex(0, np.inf), False, True),
        (5e-324, True, True),
    ],
)
def test_facts_hold_of_all_elements(value, is_finite, has_no_zero):
    assert facts_of(value)[:2] == (is_finite, has_no_zero)


def test_pythons_numbers_are_weak_and_numpys_are_not():
    weak = [facts_of(value).is_weak for value in (1, 1.0, 1j, np.float64(1), np.float32(1), np.ones(2))]
    assert weak == [True, True, True, False, False, False]


def test_facts_of_a_box_are_those_of_the_value_under_it():
    seen = []

    def function(x):
        seen.append(facts_of(x))
        return fnp.sum(x)

    grad(grad(lambda x: function(x) ** 2))(0.0)
    assert seen == [Facts(is_finite=True, has_no_zero=False, is_weak=True)]
