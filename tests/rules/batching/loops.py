"""The loop over examples, which functions of many examples at once are compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fgrad import vmap
from fgrad.core.box import Box, bottom, hidden_axes
from fgrad.core.spec import spec_of
from fgrad.modes.slate import plain


def listed(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple | list) else [result]


def of_examples(function: Callable[..., Any], arguments: Any, axes: Any, size: int) -> list[Any]:
    """Return what a function gives under ``vmap``, which need not be numbers."""
    seen: list[Any] = []

    def call(marker: Any, *values: Any) -> Any:
        seen.extend(listed(function(*values)))
        return marker

    vmap(call, (0, *axes))(np.zeros(size), *arguments)
    found = []
    for part in map(plain, seen):
        is_plain = type(part) is not Box  # the same for all
        found.append(np.broadcast_to(part, (size, *np.shape(part))) if is_plain else bottom(part))
    return found


def of_loop(function: Callable[..., Any], arguments: Any, axes: Any, size: int) -> list[Any]:
    """Return what a function gives for one example after the other."""
    rows = [
        listed(function(*(a if axis is None else a[i] for a, axis in zip(arguments, axes, strict=True))))
        for i in range(size)
    ]
    return [np.stack(list(map(np.asarray, column))) for column in zip(*rows, strict=True)]


def assert_same(found: list[Any], expected: list[Any]) -> None:
    """Check that arrays are equal to the last digit, in shape and dtype too."""
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected, strict=True):
        assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
        assert np.array_equal(got, wanted, equal_nan=wanted.dtype.kind in "fc")


def assert_is_the_loop(function: Callable[..., Any], *arguments: Any, axes: Any = None) -> None:
    """Compare a function of examples with the loop over them: of five, of one, and of two by two.

    Parameters
    ----------
    function : callable
    *arguments : arrays
        With five examples along the first axis, or none where ``axes`` has None.
    axes : tuple, optional
    """
    axes = (0,) * len(arguments) if axes is None else axes
    expected = of_loop(function, arguments, axes, 5)
    assert_same(of_examples(function, arguments, axes, 5), expected)
    ones = [a if axis is None else a[:1] for a, axis in zip(arguments, axes, strict=True)]
    assert_same(of_examples(function, ones, axes, 1), [part[:1] for part in expected])
    squares = [
        a if axis is None else a[:4].reshape(2, 2, *a.shape[1:])
        for a, axis in zip(arguments, axes, strict=True)
    ]
    found = nested(function, squares, axes)
    assert_same(found, [part[:4].reshape(2, 2, *part.shape[1:]) for part in expected])


def nested(function: Callable[..., Any], arguments: Any, axes: Any) -> list[Any]:
    """Return what a function gives under ``vmap`` of ``vmap``, of two by two examples."""
    seen: list[Any] = []
    inner: list[Any] = []

    def call(marker: Any, *values: Any) -> Any:
        inner.append(marker.owner)
        seen.extend(listed(function(*values)))
        return marker

    vmap(vmap(call, (0, *axes)), (0, *axes))(np.zeros((2, 2)), *arguments)
    found = []
    for part in map(plain, seen):
        value, own = bottom(part), spec_of(part).shape
        if hidden_axes(part) == 1 and part.owner is not inner[0]:  # the same for all of the inner examples
            value = np.expand_dims(value, 1)
        found.append(np.broadcast_to(value, (2, 2, *own)))
    return found


def assert_fails_like_the_loop(function: Callable[..., Any], *arguments: Any, axes: Any = None) -> None:
    """Check that a function of five examples raises what the loop over them raises, with the same words."""
    axes = (0,) * len(arguments) if axes is None else axes
    with pytest.raises(Exception) as expected:  # noqa: PT011 - which one it is, is compared
        of_loop(function, arguments, axes, 5)
    with pytest.raises(Exception) as found:  # noqa: PT011
        of_examples(function, arguments, axes, 5)
    assert (type(found.value), str(found.value)) == (type(expected.value), str(expected.value))
