"""Elementwise functions of a large array: bound by memory and by NumPy's own loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def elementwise(length: int) -> Workload:
    """Return the sum of a wave packet, ``exp(-x**2) sin(3 x)``, over an array."""

    def loss(np: Any, x: Any) -> Any:
        return np.sum(np.exp(-x * x) * np.sin(3 * x))

    def by_hand(x: Any) -> tuple[Any, Any]:
        envelope = np.exp(-x * x)
        phase = 3 * x
        sine = np.sin(phase)
        return np.sum(envelope * sine), envelope * (3 * np.cos(phase) - 2 * x * sine)

    x = np.linspace(-2, 2, length)
    return Workload(f"exp, sin and products on {length:,} elements", loss, by_hand, x)
