import numpy as np
import pytest

from fgrad.debugging.nonfinite import Checks, describe_range, flaw_of, holds_nan, layers
from fgrad.modes.batching import BatchTrace
from fgrad.modes.forward import ForwardTrace

BOTH = Checks(nan=True, inf=True)
INF = np.inf


@pytest.mark.parametrize(
    ("value", "inputs", "by_element", "mask"),
    [
        ([1.0, INF], [[1.0, 0.0]], True, [False, True]),
        ([INF, INF], [[INF, 0.0]], True, [False, True]),
        ([INF, INF], [[INF, 0.0]], False, None),
        ([INF, -INF], [INF], True, None),
        ([INF, 1.0], [[[INF], [0.0]]], True, None),  # of another shape: anywhere excuses
        ([1.0, 2.0], [[INF, INF]], True, None),
        ([INF, 1.0], [[3, 4]], True, [True, False]),
    ],
)
def test_an_infinity_counts_where_it_is_made(value, inputs, by_element, mask):
    flaw = flaw_of(np.array(value), BOTH, [np.array(x) for x in inputs], by_element=by_element)
    if mask is None:
        assert flaw is None
    else:
        assert flaw.kind == "infinite"
        assert flaw.mask.tolist() == mask


def test_a_nan_counts_wherever_it_shows_and_before_an_infinity():
    flaw = flaw_of(np.array([INF, np.nan]), BOTH, [np.array([np.nan])])
    assert (flaw.kind, flaw.mask.tolist()) == ("NaN", [False, True])


def test_what_is_not_looked_for_does_not_count():
    value = np.array([INF, np.nan])
    assert flaw_of(value, Checks(nan=False, inf=True)).kind == "infinite"
    assert flaw_of(value[:1], Checks(nan=True, inf=False)) is None
    assert flaw_of(value, Checks(nan=False, inf=False)) is None


def test_values_that_are_not_of_floats_have_no_flaw():
    assert flaw_of(np.array([1, 2]), BOTH) is None
    assert flaw_of(np.array(["a"]), BOTH) is None
    assert not holds_nan(np.array([True]))


def test_complex_values_have_flaws_in_either_part():
    assert flaw_of(np.array([1.0 + 0j, complex(0.0, np.nan)]), BOTH).mask.tolist() == [False, True]
    assert flaw_of(complex(0.0, INF), BOTH).kind == "infinite"


def test_where_says_how_many_and_the_first():
    assert (
        flaw_of(np.array([[1.0, INF], [INF, 1.0]]), BOTH).where() == ": 2 of 4 elements, the first at [0, 1]"
    )
    assert flaw_of(np.float64(INF), BOTH).where() == ""


def test_where_names_the_example():
    box = BatchTrace("an example", 2).root(np.array([[1.0, 2.0], [3.0, np.nan]]))
    assert flaw_of(box, BOTH).where() == ": 1 of 4 elements, the first at [1] in example 1"


def test_tangents_on_every_level_are_layers_of_a_value():
    outer, inner = ForwardTrace("outer"), ForwardTrace("inner")
    value = inner.root(outer.root(1.0, 2.0), outer.root(3.0, 4.0))
    found = [(layer, name) for layer, name in layers(value) if isinstance(layer, float)]
    assert found == [(4.0, "inner"), (2.0, "outer")]
    assert len(list(layers(value))) == 4


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2.5, "float64, 2.5"),
        (np.float32(0.5), "float32, 0.5"),
        (np.array([3, -1]), "shape (2,), int64, from -1 to 3"),
        (np.array([1.0, INF, np.nan, 2.0]), "shape (4,), float64, from 1.0 to 2.0, 1 NaN, 1 infinite"),
        (np.array([np.nan]), "shape (1,), float64, nothing finite, 1 NaN"),
        (np.zeros((0, 2)), "shape (0, 2), float64, empty"),
        (
            np.array([1 + 2j]),
            "shape (1,), complex128, real part from 1.0 to 1.0, imaginary part from 2.0 to 2.0",
        ),
        (np.array([True]), "shape (1,), bool"),
    ],
)
def test_ranges_are_described(value, words):
    assert describe_range(value) == words
