"""A workload: a loss, its gradient by hand, and where to evaluate them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Workload:
    """One problem that every engine solves.

    Attributes
    ----------
    summary : str
        What is computed, with the sizes.
    loss : callable
        ``loss(np, params)`` returns the scalar, computed with the namespace ``np``.
    by_hand : callable
        ``by_hand(params)`` returns ``(value, gradient)`` in ordinary NumPy: each intermediate result computed
        once, the usual simplifications by hand, no buffers reused.
    params : tree of arrays and floats
        What the loss is differentiated with respect to, and where.
    operations : int or None
        How many operations a tape records, where the workload measures the cost of one.
    """

    summary: str
    loss: Callable[[Any, Any], Any]
    by_hand: Callable[[Any], tuple[Any, Any]]
    params: Any
    operations: int | None = None
