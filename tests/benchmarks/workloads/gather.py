"""A loop that reads a long vector one element at a time: quadratic, if each read costs a dense cotangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def gather(length: int) -> Workload:
    """Return the sum of the squares of a vector, element by element.

    By hand it is a loop too: the subject is the loop, which ``x @ x`` would remove.
    """

    def loss(np: Any, x: Any) -> Any:
        total = 0.0
        for i in range(length):
            total = total + x[i] ** 2
        return total

    def by_hand(x: Any) -> tuple[Any, Any]:
        total = 0.0
        gradient = np.zeros_like(x)
        for i in range(length):
            element = x[i]
            total = total + element**2
            gradient[i] += 2 * element
        return total, gradient

    x = np.random.default_rng(0).normal(size=length)
    return Workload(f"a loop over {length:,} elements, read one by one", loss, by_hand, x, 3 * length)
