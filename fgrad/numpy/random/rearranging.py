"""Traced arrays in random order, and random elements of them: the positions are random, the elements move.

>>> import numpy as np
>>> x = np.arange(5.0)
>>> bool(np.all(permutation(np.random.default_rng(0), x) == np.random.default_rng(0).permutation(x)))
True
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError
from fgrad.core.spec import spec_of
from fgrad.modes.slate import holds_traced, plain
from fgrad.numpy.assignment import assign
from fgrad.numpy.wrap import as_traced


def permutation(source: Any, x: Any, axis: int = 0) -> Any:
    x = as_traced(x)
    axis = normalize_axis_index(axis, spec_of(x).ndim)
    return np.take(x, source.permutation(spec_of(x).shape[axis]), axis)


def permuted(source: Any, x: Any, *, axis: int | None = None, out: Any = None) -> Any:
    x = as_traced(x)
    if out is not None:
        raise MissingRuleError(
            "numpy.random.Generator.permuted: out= is not supported for a traced array: use the "
            "returned value."
        )
    shape, size = spec_of(x).shape, spec_of(x).size
    return np.reshape(x, -1)[source.permuted(np.arange(size).reshape(shape), axis=axis)]


def choice(
    source: Any,
    a: Any,
    size: Any = None,
    replace: bool = True,
    p: Any = None,
    axis: int = 0,
    shuffle: bool = True,
) -> Any:
    """Choose as a Generator does."""
    a = as_traced(a)
    axis = normalize_axis_index(axis, spec_of(a).ndim)
    _refuse_probabilities(p)
    return np.take(a, source.choice(spec_of(a).shape[axis], size, replace, plain(p), shuffle=shuffle), axis)


def legacy_choice(source: Any, a: Any, size: Any = None, replace: bool = True, p: Any = None) -> Any:
    """Choose as a RandomState does."""
    a = as_traced(a)
    if spec_of(a).ndim != 1:
        raise ValueError("a must be 1-dimensional")
    _refuse_probabilities(p)
    return np.take(a, source.choice(spec_of(a).shape[0], size, replace, plain(p)), 0)


def _refuse_probabilities(p: Any) -> None:
    if holds_traced(p):
        raise MissingRuleError(
            "choice: which element is drawn jumps where the probabilities p change, so there is no "
            "derivative in p. Differentiate the expectation instead, the sum of p times the elements."
        )


def shuffle(source: Any, x: Any, axis: int = 0) -> None:
    """Write a permutation of ``x`` into it."""
    if type(x) is Box:
        assign(x, ..., permutation(source, x, axis))
    else:  # a list
        x[:] = [x[i] for i in source.permutation(len(x))]
