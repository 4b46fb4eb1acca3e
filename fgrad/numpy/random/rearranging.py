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
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.slate import holds_traced, plain
from fgrad.numpy.answering.out import check_destination
from fgrad.numpy.places.assignment import assign
from fgrad.numpy.wrap import as_traced


def permutation(source: Any, x: Any, axis: int = 0) -> Any:
    x = as_traced(x)
    axis = normalize_axis_index(axis, spec_of(x).ndim)
    return np.take(x, source.permutation(spec_of(x).shape[axis]), axis)


def permuted(source: Any, x: Any, *, axis: int | None = None, out: Any = None) -> Any:
    x = as_traced(x)
    spec = spec_of(x)
    if out is not None:
        _check_fit(spec, out)
    result = np.reshape(x, -1)[source.permuted(np.arange(spec.size).reshape(spec.shape), axis=axis)]
    if out is None:
        return result
    out[...] = result
    return out


def _check_fit(spec: Spec, out: Any) -> None:
    """Raise, as NumPy does, unless an array can take the place of one of the given shape and dtype."""
    check_destination("numpy.random.Generator.permuted", out)
    if spec_of(out).shape != spec.shape:
        raise ValueError(
            f"numpy.random.Generator.permuted: out= of shape {spec_of(out).shape} for x of shape {spec.shape}"
        )
    if not np.can_cast(spec.dtype, spec_of(out).dtype, "safe"):
        raise TypeError(
            f"numpy.random.Generator.permuted: out= of {spec_of(out).dtype} cannot hold all that is in x "
            f"of {spec.dtype}"
        )


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
