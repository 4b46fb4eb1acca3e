"""Chains of small operations: what the tape itself costs.

Each step is one of Euler's method for ``x' = x sin(x)`` up to time 1.  With a step size of ``1 / steps`` the
derivative neither vanishes nor explodes, however long the chain; iterating a contraction would soon
compute with denormal numbers, which are slow for reasons of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload

#: What one step records: a sine, a product with a constant, a product and a sum of two traced values.
OPERATIONS_PER_STEP = 4


def integrate(np: Any, x: Any, steps: int) -> Any:
    """Return ``x`` at time 1."""
    h = 1 / steps
    for _ in range(steps):
        x = x + h * np.sin(x) * x
    return x


def integrate_by_hand(x: Any, steps: int) -> tuple[Any, Any]:
    """Return ``x`` at time 1, and its derivative by the initial value."""
    h = 1 / steps
    states = []
    for _ in range(steps):
        sine = np.sin(x)
        states.append((x, sine))
        x = x + h * sine * x
    g = np.ones_like(x)
    for state, sine in reversed(states):
        g = g + h * g * (sine + np.cos(state) * state)
    return x, g


def scalar_chain(steps: int) -> Workload:
    """Return the chain that starts from a Python float."""

    def loss(np: Any, x: Any) -> Any:
        return integrate(np, x, steps)

    def by_hand(x: Any) -> tuple[Any, Any]:
        return integrate_by_hand(x, steps)

    count = OPERATIONS_PER_STEP * steps
    return Workload(f"a chain of {count:,} operations on a scalar", loss, by_hand, 0.7, count)


def vector_chain(steps: int, length: int) -> Workload:
    """Return the chain on a short vector, whose elements are summed at the end."""

    def loss(np: Any, x: Any) -> Any:
        return np.sum(integrate(np, x, steps))

    def by_hand(x: Any) -> tuple[Any, Any]:
        end, gradient = integrate_by_hand(x, steps)
        return np.sum(end), gradient

    count = OPERATIONS_PER_STEP * steps + 1
    summary = f"a chain of {count:,} operations on a vector of {length} elements"
    return Workload(summary, loss, by_hand, np.linspace(0.2, 1.2, length), count)
