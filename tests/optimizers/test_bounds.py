import numpy as np
import pytest
import scipy.optimize

from fgrad import ArgumentError, FgradError, InputError
from fgrad.optimizers.bounds import bounds_of
from fgrad.optimizers.numbers import parameters_of
from fgrad.optimizers.vectors import Packing

INF = np.inf


def found(bounds, x0):
    lower, upper = bounds_of(bounds, Packing(*parameters_of(x0, "x0")))
    return lower.tolist(), upper.tolist()


PARAMS = {"w": np.zeros((2, 2)), "b": [0.0, np.zeros(1)]}


@pytest.mark.parametrize(
    ("bounds", "lower", "upper"),
    [
        ({"w": (0, 1), "b": [(2, 3), (4, 5)]}, [0, 0, 0, 0, 2, 4], [1, 1, 1, 1, 3, 5]),
        ({"b": [(2, 3), (4, 5)], "w": (0, 1)}, [0, 0, 0, 0, 2, 4], [1, 1, 1, 1, 3, 5]),
        ({"w": (None, 1.5), "b": [None, (4, None)]}, [-INF] * 5 + [4], [1.5] * 4 + [INF] * 2),
        ({"w": None, "b": None}, [-INF] * 6, [INF] * 6),
        ({"w": [np.array([0.0, 1.0]), np.full((2, 2), 2.0)]}, [0, 1, 0, 1] + [-INF] * 2, [2] * 4 + [INF] * 2),
        ([(0, i) for i in range(6)], [0] * 6, [0, 1, 2, 3, 4, 5]),
        (tuple([None, i] for i in range(6)), [-INF] * 6, [0, 1, 2, 3, 4, 5]),
        (np.array([[0.0, 1.0]] * 6), [0] * 6, [1] * 6),
        (scipy.optimize.Bounds(0.0, np.arange(6.0)), [0] * 6, [0, 1, 2, 3, 4, 5]),
        (scipy.optimize.Bounds(), [-INF] * 6, [INF] * 6),
    ],
)
def test_forms_of_bounds(bounds, lower, upper):
    assert found(bounds, PARAMS) == (lower, upper)


@pytest.mark.parametrize(
    ("x0", "bounds", "lower", "upper"),
    [
        (1.0, (0, 2), [0], [2]),
        (1.0, [(0, 2)], [0], [2]),
        (np.zeros(2), (0, 2), [0, 0], [2, 2]),
        (np.zeros(2), (None, np.array([2.0, 3.0])), [-INF, -INF], [2, 3]),
        (np.zeros(2), [(0, 2), (None, 3)], [0, -INF], [2, 3]),
        (np.zeros(3), (np.zeros(3), np.ones(3)), [0, 0, 0], [1, 1, 1]),
        ([1.0, 2.0], [(0, 2), (1, 3)], [0, 1], [2, 3]),
        ((1.0, 2.0), ((0, 2), (1, 3)), [0, 1], [2, 3]),
        ([np.zeros(2), np.zeros(1)], [(0, 2), (1, 3)], [0, 0, 1], [2, 2, 3]),
        ([[1.0], [2.0, 3.0]], [[(0, 1)], [(2, 3), None]], [0, 2, -INF], [1, 3, INF]),
    ],
)
def test_pairs_stand_in_the_place_of_leaves(x0, bounds, lower, upper):
    assert found(bounds, x0) == (lower, upper)


def test_two_arrays_for_two_elements_are_ambiguous():
    with pytest.raises(ArgumentError, match=r"two arrays as bounds of two elements.*Say which"):
        found([np.array([0.0, 1.0]), np.array([0.0, 5.0])], np.zeros(2))


@pytest.mark.parametrize(
    ("bounds", "kind", "message"),
    [
        ({"w": (0, 1), "v": (0, 1)}, InputError, r"bounds\['v'\]\[0\], 0, is no bound of a number in x0"),
        ({"w": (0, 1, 2)}, InputError, r"bounds\['w'\]\[2\], 2, is no bound"),
        ({"w": 1.0}, InputError, r"bounds\['w'\], 1.0, is no bound"),
        ([(0, 1)] * 5, InputError, r"bounds\[0\]\[0\], 0, is no bound.*one pair for each element"),
        ("free", InputError, "bounds, 'free', is no bound"),
        ({"w": ("0", None)}, InputError, r"bounds\['w'\] must be real numbers; got '0'"),
        ({"w": (np.zeros(3), None)}, ArgumentError, r"bounds\['w'\] have shape \(3,\); needed is \(2, 2\)"),
        (scipy.optimize.Bounds(np.zeros(5)), ArgumentError, r"bounds have shape \(5,\); needed is \(6,\)"),
        ({"w": (2, 1)}, ArgumentError, r"bounds leave nothing between 2.0 and 1.0, for element 0"),
        (
            {"b": [None, (np.nan, 1)]},
            ArgumentError,
            "bounds leave nothing between nan and 1.0, for element 5",
        ),
    ],
)
def test_bounds_that_do_not_fit_are_refused(bounds, kind, message):
    with pytest.raises(kind, match=rf"minimize: {message}"):
        found(bounds, PARAMS)


def test_complex_parameters_have_no_bounds():
    assert found({"c": None}, {"c": 1j}) == ([-INF, -INF], [INF, INF])
    assert found({}, {"c": np.zeros(2, complex), "d": 1.0}) == ([-INF] * 5, [INF] * 5)
    with pytest.raises(FgradError, match=r"bounds\['c'\] belong to a complex parameter"):
        found({"c": (0, 1)}, {"c": 1j})
