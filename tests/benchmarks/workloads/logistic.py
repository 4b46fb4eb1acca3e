"""Logistic regression, with the loss as it stands in the textbooks."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def logistic(samples: int, features: int) -> Workload:
    """Return the cross entropy of a logistic model as a function of its weights."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(samples, features))
    t = (X @ rng.normal(size=features) + rng.normal(size=samples) > 0).astype(float)

    def loss(np: Any, w: Any) -> Any:
        y = 1 / (1 + np.exp(-(X @ w)))
        return -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y))

    def by_hand(w: Any) -> tuple[Any, Any]:
        y = 1 / (1 + np.exp(-(X @ w)))
        value = -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y))
        return value, (y - t) @ X

    w = rng.normal(size=features) / np.sqrt(features)
    return Workload(f"logistic regression, {samples:,} samples of {features} features", loss, by_hand, w)
