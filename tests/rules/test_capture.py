"""Every rule under ``capture`` and ``source``: the graph, and the code, give what the function gives.

They are made at one input and tried at another, so what was decided by a value shows.  A graph in which
nothing was decided must be right there too; and no rule may decide anything that its function does not.
"""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from fgrad import vjp
from fgrad.core.spec import spec_of
from fgrad.sources.source import source
from fgrad.transforms.capturing import capture
from tests.rules.cases import CASES
from tests.rules.cases.case import listed

CASES_IN_DOUBLE = [
    pytest.param(case, dtype, id=f"{case} {dtype}")
    for case in CASES
    for dtype in case.dtypes
    if case.domains() and dtype != "float32"
]
#: One case of each function, the first.
FIRST = list({str(p.values[0]).partition("(")[0]: p for p in reversed(CASES_IN_DOUBLE)}.values())
TOLERANCE = 1e-9


def leaves_of(case, dtype, turn):
    """Return arguments of a case; those of another turn are others."""
    rng = np.random.default_rng(zlib.crc32(f"{turn} of {case}".encode()))
    return [domain.sample(rng, dtype) for domain in case.domains()]


def values_of(case):
    """Return the function from the leaves to a list of results."""
    return lambda *leaves: listed(case.call(*leaves))


def pulled(case):
    """Return the function from the leaves to the cotangents for cotangents of ones."""

    def back(*leaves):
        values, pull = vjp(lambda *leaves: tuple(case.outputs(*leaves)), *leaves)
        ones = tuple(np.ones(*spec_of(v)) for v in values)
        return list(pull(ones))

    return back


def assert_same(found, expected, tolerance=TOLERANCE):
    assert len(found) == len(expected)
    for f, e in zip(found, expected, strict=True):
        f, e = np.asarray(f), np.asarray(e)
        assert f.shape == e.shape
        if e.dtype.kind not in "fc":
            assert np.array_equal(f, e)
            continue
        scale = max(1.0, np.max(np.abs(e), initial=0, where=np.isfinite(e)))
        np.testing.assert_allclose(f, e, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize(("case", "dtype"), CASES_IN_DOUBLE)
@pytest.mark.parametrize("transform", [values_of, pulled])
def test_the_graph_gives_what_the_function_gives(case, dtype, transform):
    function = transform(case)
    here, there = leaves_of(case, dtype, "here"), leaves_of(case, dtype, "there")
    graph = capture(function)(*here)
    assert_same(graph(*here), function(*here), 1e-12)
    if not graph.decisions:
        assert_same(graph(*there), function(*there))


@pytest.mark.parametrize(("case", "dtype"), FIRST)
@pytest.mark.parametrize("transform", [values_of, pulled])
def test_the_code_gives_what_the_function_gives(case, dtype, transform):
    function = transform(case)
    here = leaves_of(case, dtype, "here")
    assert_same(source(function, *here)(*here), function(*here))


def test_what_is_chosen_by_a_mask_is_chosen_again():
    def function(x):
        return np.piecewise(x, [x > 1.5], [lambda v: v * v, lambda v: v])

    graph = capture(function)(np.array([1.0, 2.0, 3.0]))
    again = np.array([1.2, 4.0, 6.0])  # as many on either side
    assert np.array_equal(graph(again), function(again))
    assert graph.decisions
