import numpy as np
import pytest

from fgrad.testing.differences import derivative, one_sided

DOUBLE = np.finfo(np.float64).eps
SINGLE = np.finfo(np.float32).eps

SMOOTH = [
    (np.exp, 1.0),
    (lambda h: np.sin(30.0 * h + 1.0), 30.0 * np.cos(1.0)),
    (lambda h: np.sqrt(1e-3 + h), 0.5 / np.sqrt(1e-3)),
    (lambda h: np.log(1e-6 + h), 1e6),
    (lambda h: 1 / (1e-6 + h), -1e12),
    (lambda h: 1e10 + h, 1.0),
    (lambda h: 3.0 + 0.0 * h, 0.0),
    (lambda h: abs(h - 1e-4), -1.0),
    (lambda h: np.floor(100.0 * (h + 0.0049)), 0.0),
]


def vector(function, dtype=np.float64):
    return lambda h: np.array([function(dtype(h))], dtype).astype(np.float64)


@pytest.mark.parametrize(("function", "expected"), SMOOTH)
def test_the_derivative_is_within_its_own_error(function, expected):
    with np.errstate(all="ignore"):
        found = derivative(vector(function), DOUBLE ** (1 / 8), DOUBLE)
    assert abs(found.value[0] - expected) <= found.error[0]


@pytest.mark.parametrize(("function", "expected"), SMOOTH[:3])
def test_smooth_functions_are_differentiated_to_many_digits(function, expected):
    with np.errstate(all="ignore"):
        double = derivative(vector(function), DOUBLE ** (1 / 8), DOUBLE)
        single = derivative(vector(function, np.float32), SINGLE ** (1 / 8), SINGLE)
    assert double.error[0] <= 1e-9 * abs(expected)
    assert abs(single.value[0] - expected) <= single.error[0] <= 0.01 * abs(expected)


def test_each_element_has_its_own_step():
    with np.errstate(all="ignore"):
        found = derivative(lambda h: np.array([np.sin(h), np.log(1e-5 + h)]), DOUBLE ** (1 / 8), DOUBLE)
    assert np.all(np.abs(found.value - [1.0, 1e5]) <= found.error)
    assert found.error[0] < 1e-10
    assert found.error[1] < 1.0


def test_a_step_that_leaves_the_domain_is_halved_until_it_does_not():
    calls = []

    def values(h):
        calls.append(h)
        return np.array([np.nan if abs(h) > 1e-4 else h**2 + 2.0 * h])

    found = derivative(values, 0.01, DOUBLE)
    assert abs(found.value[0] - 2.0) <= found.error[0] < 1e-8
    assert min(map(abs, calls)) < 1e-4


def test_a_function_without_values_near_by_has_an_infinite_error():
    found = derivative(lambda h: np.array([np.nan]), 0.01, DOUBLE)
    assert found.error[0] == np.inf


def test_jumps_that_agree_by_chance_are_not_taken_for_a_slope():
    # one jump between a quarter and a half of the step, another between a half and the whole
    found = derivative(lambda h: np.array([float(h > 0.003) + float(h > 0.008)]), 0.01, DOUBLE)
    assert found.value[0] == 0.0


def test_slopes_on_either_side_of_a_kink():
    values = vector(lambda h: max(2.0 * h, -5.0 * h))
    ahead, behind = (one_sided(values, side, 0.01, DOUBLE) for side in (1, -1))
    assert abs(ahead.value[0] - 2.0) <= ahead.error[0] < 1e-9
    assert abs(behind.value[0] + 5.0) <= behind.error[0] < 1e-9
