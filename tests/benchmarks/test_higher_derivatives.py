import math

import numpy as np
import pytest

from tests.benchmarks import higher_derivatives


@pytest.mark.parametrize("order", [1, 4, 30])
def test_taylor_mode_computes_what_the_recurrences_by_hand_do(order):
    expected = higher_derivatives.by_hand(higher_derivatives.POINTS, order)
    found = higher_derivatives.with_taylor(higher_derivatives.POINTS, order)
    assert found.shape == (order + 1, 200)
    scale = np.max(np.abs(expected), axis=1, keepdims=True)
    assert np.all(np.abs(found - expected) <= 1e-12 * scale)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_nested_derivatives_are_the_same(order):
    expected = math.factorial(order) * higher_derivatives.by_hand(higher_derivatives.POINTS, order)[order]
    found = higher_derivatives.nested(order)(higher_derivatives.POINTS)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11 * np.max(np.abs(expected)))


def test_the_command_prints_a_row_for_each_order(monkeypatch, capsys):
    monkeypatch.setattr(higher_derivatives, "ORDERS", (1, 6))
    assert higher_derivatives.main(["--rounds", "1"]) == 0
    *_, head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["order", "by", "hand", "taylor", "nested", "grad"]
    assert [len(row.split()) for row in (first, second)] == [4, 4]
    assert second.split()[-1] == "-"


def test_no_rounds_are_refused(capsys):
    with pytest.raises(SystemExit):
        higher_derivatives.main(["--rounds", "0"])
    assert "at least 1; got 0" in capsys.readouterr().err
