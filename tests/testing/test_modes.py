import pytest

import fgrad
import fgrad.numpy as np
from fgrad.core.box import Box
from fgrad.testing import check_grads
from tests.testing.wrong_rules import error_of, square, with_rule


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_a_wrong_rule_is_found_in_each_mode(mode):
    wrong = with_rule(square, lambda t, ans, x: t * x, lambda ans, x: lambda g: g * x)
    error = error_of(wrong, (3.0,), modes=mode)
    assert (error.mode, error.order, error.argument, error.result) == (mode, 1, "x", "result")
    assert error.found == pytest.approx(3.0)
    assert error.expected == pytest.approx(6.0)
    assert error.error < 1e-9
    assert error.allowed < 1e-6
    assert "off by" in str(error)


def test_only_the_modes_that_were_asked_for_are_checked():
    wrong_back = with_rule(square, lambda t, ans, x: 2 * t * x, lambda ans, x: lambda g: g * x)
    check_grads(wrong_back, (3.0,), modes=("fwd",))
    assert error_of(wrong_back, (3.0,)).mode == "rev"


@pytest.mark.parametrize("modes", [("rev",), ("fwd",), ("rev", "fwd")])
def test_a_wrong_second_derivative_names_its_modes(modes):
    @fgrad.primitive
    def slope(x):
        return 2.0 * x

    fgrad.defvjp(slope, lambda ans, x: lambda g: 3.0 * g)
    f = with_rule(square, vjp=lambda ans, x: lambda g: g * slope(x))
    check_grads(f, (3.0,), 1, modes)
    error = error_of(f, (3.0,), 2, modes)
    assert error.order == 2
    assert error.mode == f"{modes[0]} of {modes[0]}"
    assert "the derivative of order 2" in str(error)


def test_all_combinations_of_modes_are_checked():
    seen = []

    def f(x):
        modes, level = [], x
        while isinstance(level, Box):
            modes.append(level.owner.mode)
            level = level.value
        seen.append(tuple(modes))
        return np.sin(x)

    check_grads(f, (3.0,), 2)
    pairs = {("reverse", "reverse"), ("reverse", "forward"), ("forward", "reverse"), ("forward", "forward")}
    assert pairs <= set(seen)
