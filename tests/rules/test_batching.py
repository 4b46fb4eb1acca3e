"""Every rule under ``vmap``: many examples at once give what a loop over them gives, derivatives too.

The loop is the oracle: its derivatives are those that :mod:`tests.rules.test_derivatives` compares with
numerical ones.  Where the loop gives results of different shapes, which no array can hold, ``vmap`` must say
so.  There are no other exceptions.
"""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from fgrad import BatchingError, jvp, vjp
from fgrad.core.box import Box, bottom, hidden_axes
from fgrad.modes.slate import plain
from fgrad.transforms.batching import vmap
from tests.oracles import is_complex
from tests.rules.cases import CASES, constants
from tests.rules.cases.case import listed

COUNT = 3
#: Relative to the largest element of a result, or to one.
DOUBLE = 1e-10
SINGLE = 2e-4

ALL = [
    pytest.param(case, dtype, id=f"{case} {dtype}")
    for case in CASES
    for dtype in case.dtypes
    if case.domains()
]
DOUBLES = [p for p in ALL if p.values[1] != "float32"]
#: One case of each function, the first.
FIRST = list({str(p.values[0]).partition("(")[0]: p for p in reversed(DOUBLES)}.values())


def examples_of(case, dtype, count=COUNT):
    """Return for each argument so many examples, along a first axis, of which none may be written into."""
    rng = np.random.default_rng(zlib.crc32(f"examples of {case}".encode()))
    stacked = []
    for domain in case.domains():
        drawn = np.stack([domain.sample(rng, dtype) for _ in range(count)])
        if domain.name.startswith("number"):  # these are all the same number
            drawn = drawn + np.linspace(0, 0.01, count)
        drawn.flags.writeable = False
        stacked.append(drawn)
    return stacked


def patterns(count):
    """Yield which of so many arguments have examples: all of them, and each alone."""
    yield (True,) * count
    if count > 1:
        for i in range(count):
            yield tuple(j == i for j in range(count))


def arranged(stacked, pattern, turn):
    """Return arguments with their examples along various axes, or the first alone, and the axes."""
    axes, arguments = [], []
    for examples, has_examples in zip(stacked, pattern, strict=True):
        axis = turn % examples.ndim if has_examples else None
        axes.append(axis)
        arguments.append(examples[0] if axis is None else np.moveaxis(examples, 0, axis))
    return arguments, tuple(axes)


def one_of(stacked, pattern, i):
    """Return the arguments of one call of the loop."""
    return [
        examples[i if has_examples else 0] for examples, has_examples in zip(stacked, pattern, strict=True)
    ]


def loop(function, stacked, pattern):
    """Return the results for each example, or None if their shapes differ."""
    rows = [function(*one_of(stacked, pattern, i)) for i in range(COUNT)]
    columns = list(zip(*rows, strict=True))
    if any(len(set(map(np.shape, column))) > 1 for column in columns):
        return None
    return [np.stack(column) for column in columns]


def assert_alike(found, expected, dtype, what):
    """Check that results are those expected, in shape, dtype and value."""
    assert len(found) == len(expected), what
    for got, wanted in zip(found, expected, strict=True):
        assert type(got) is not Box, what
        got, wanted = np.asarray(got), np.asarray(wanted)
        assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype), what
        if wanted.dtype.kind not in "fc":
            assert np.array_equal(got, wanted), what
            continue
        scale = max(1, np.max(np.abs(wanted), initial=0))
        error = np.max(np.abs(got - wanted), initial=0)
        assert error <= (SINGLE if dtype == "float32" else DOUBLE) * scale, f"{what}: off by {error}"


def assert_vmap_is_the_loop(function, case, dtype):
    """Compare for all patterns of arguments with examples, these along various axes."""
    stacked = examples_of(case, dtype)
    chosen = patterns(len(stacked)) if dtype != "float32" else [(True,) * len(stacked)]
    for turn, pattern in enumerate(chosen):
        arguments, in_axes = arranged(stacked, pattern, turn)
        what = f"in_axes={in_axes}"
        if loop(outputs_of(case), stacked, pattern) is None:
            with pytest.raises(BatchingError, match="differs between the examples"):
                vmap(function, in_axes)(*arguments)
            continue
        expected = loop(function, stacked, pattern)
        out_axes = tuple(turn % out.ndim for out in expected)
        found = vmap(function, in_axes, out_axes)(*arguments)
        assert_alike(
            found,
            [np.moveaxis(out, 0, axis) for out, axis in zip(expected, out_axes, strict=True)],
            dtype,
            what,
        )


def outputs_of(case):
    """Return the function whose outputs are a tuple of arrays, and whose arguments are the leaves."""
    return lambda *leaves: tuple(case.outputs(*leaves))


def scalar_of(case, dtype):
    """Return a real function of the case whose gradient needs its rule and depends on the arguments."""
    rng = np.random.default_rng(zlib.crc32(f"weights of {case}".encode()))
    weights = []
    for out in case.outputs(*one_of(examples_of(case, dtype), (True,) * len(case.domains()), 0)):
        weight = rng.normal(size=np.shape(out))
        if is_complex(out):
            weight = weight + 1j * rng.normal(size=np.shape(out))
        weights.append(weight.astype(np.asarray(out).dtype))

    def scalar(*leaves):
        total = 0.0
        for out, weight in zip(case.outputs(*leaves), weights, strict=True):
            if np.shape(out) != np.shape(weight):  # how many there are depends on the values
                weight = 1
            total = total + np.sum(np.real(weight * out * out))
        return total

    return scalar


def gradient_of(function):
    """Return the function that pulls the cotangent 1 back to all arguments."""

    def gradient(*leaves):
        value, pullback = vjp(function, *leaves)
        return pullback(value * 0 + 1)

    return gradient


@pytest.mark.parametrize(("case", "dtype"), ALL)
def test_vmap_of_a_function_is_the_loop(case, dtype):
    assert_vmap_is_the_loop(lambda *leaves: tuple(listed(case.call(*leaves))), case, dtype)


@pytest.mark.parametrize(("case", "dtype"), ALL)
def test_vmap_of_derivatives_is_the_loop_of_derivatives(case, dtype):
    gradient = gradient_of(scalar_of(case, dtype))

    def both_modes(*leaves):
        return (*gradient(*leaves), *jvp(outputs_of(case), leaves, leaves)[1])

    assert_vmap_is_the_loop(both_modes, case, dtype)


@pytest.mark.parametrize(("case", "dtype"), DOUBLES)
def test_the_gradient_of_a_sum_over_examples_is_the_sum_of_gradients(case, dtype):
    stacked, scalar = examples_of(case, dtype), scalar_of(case, dtype)
    gradient = gradient_of(scalar)
    for turn, pattern in enumerate(patterns(len(stacked))):
        arguments, in_axes = arranged(stacked, pattern, turn)
        if loop(outputs_of(case), stacked, pattern) is None:
            continue
        rows = [gradient(*one_of(stacked, pattern, i)) for i in range(COUNT)]
        expected = [
            sum(column) if axis is None else np.stack(column, axis)
            for column, axis in zip(zip(*rows, strict=True), in_axes, strict=True)
        ]
        found = gradient_of(lambda *args: np.sum(vmap(scalar, in_axes)(*args)))(*arguments)
        assert_alike(found, expected, dtype, f"in_axes={in_axes}")


@pytest.mark.parametrize(("case", "dtype"), FIRST)
def test_vmap_of_vmap_is_the_loop_in_a_loop(case, dtype):
    stacked = examples_of(case, dtype, 2 * COUNT)
    for function in (outputs_of(case), gradient_of(scalar_of(case, dtype))):
        rows = [function(*row) for row in zip(*stacked, strict=True)]
        columns = list(zip(*rows, strict=True))
        if any(len(set(map(np.shape, column))) > 1 for column in columns):
            continue
        grids = [np.reshape(examples, (2, COUNT, *examples.shape[1:])) for examples in stacked]
        expected = [np.reshape(np.stack(column), (2, COUNT, *np.shape(column[0]))) for column in columns]
        assert_alike(vmap(vmap(function))(*grids), expected, dtype, "both axes of examples")
        # the outer axis for the first argument alone, the inner one for the others alone
        firsts = [grids[0][:, 0], *(grid[0] for grid in grids[1:])]
        if len(grids) > 1:
            rest = (0,) * (len(grids) - 1)
            inner = vmap(function, (None, *rest))
            rows = [
                [function(firsts[0][i], *(a[j] for a in firsts[1:])) for j in range(COUNT)] for i in range(2)
            ]
            if len({np.shape(out) for row in rows for outs in row for out in outs}) == 1:
                continue
            flat = [list(map(np.stack, zip(*row, strict=True))) for row in rows]
            crossed = [np.stack(parts) for parts in zip(*flat, strict=True)]
            found = vmap(inner, (0, *(None for _ in rest)))(*firsts)
            assert_alike(found, crossed, dtype, "an axis of examples each")


# what has derivative zero


def varied(array, i):
    """Return an example like an array of a case of what has derivative zero."""
    if array.dtype.kind == "f" and array.ndim == 1 and np.all(np.diff(array) > 0):
        return array + 0.02 * i  # a table stays in order
    return np.roll(array, i, axis=-1) if array.ndim else array


def constant_id(case):
    function, arrays, kwargs = case
    return f"{getattr(function, 'name', None) or function.__name__} {len(arrays)} {kwargs}"


@pytest.mark.parametrize("case", constants.CASES, ids=constant_id)
def test_what_has_derivative_zero_is_found_for_each_example(case):
    function, arrays, kwargs = case
    is_array = [isinstance(array, np.ndarray) for array in arrays]
    rows = [
        [varied(a, i) if own else a for a, own in zip(arrays, is_array, strict=True)] for i in range(COUNT)
    ]
    stacked = [np.stack(column) for column, own in zip(zip(*rows, strict=True), is_array, strict=True) if own]
    expected = [function(*row, **kwargs) for row in rows]
    seen = []

    def call(*boxes):
        given = iter(boxes)
        seen.append(
            function(*[next(given) if own else a for a, own in zip(arrays, is_array, strict=True)], **kwargs)
        )
        return 0

    parts = [listed(result) for result in expected]
    if any(len(set(map(np.shape, column))) > 1 for column in zip(*parts, strict=True)):
        with pytest.raises(BatchingError, match="differs between the examples"):
            vmap(call)(*stacked)
        return
    vmap(call)(*stacked)
    for part, column in zip(listed(seen[0]), zip(*parts, strict=True), strict=True):
        part = plain(part)
        if type(part) is Box:
            assert hidden_axes(part) == 1
            assert np.array_equal(bottom(part), np.stack(column), equal_nan=bottom(part).dtype.kind in "fc")
        else:
            for wanted in column:
                assert np.array_equal(part, wanted)
