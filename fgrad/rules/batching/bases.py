"""Batching of what rules of eigenvalues and singular values choose: for stacks they are written already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.primitive import Primitive
from fgrad.modes.batching import aligned
from fgrad.rules.batching.constants import of_plain_arrays
from fgrad.rules.linalg.limits import BASES, BASIS
from fgrad.rules.linalg.spectra import ORDER


def _stacked(primitive: Primitive) -> Callable[..., Any]:
    """Return the choice for the matrices of all examples, as one stack."""

    def rule(size: int, *arrays: Any) -> Any:
        return primitive.raw(*aligned(arrays, [True] * len(arrays)))

    return of_plain_arrays(rule)


for _primitive in (BASIS, BASES, ORDER):
    _primitive.batch = _stacked(_primitive)
