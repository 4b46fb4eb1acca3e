"""A mixture of Gaussians with diagonal covariances: broadcasting over three axes, and a log-sum-exp."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def mixture(samples: int, components: int, dimensions: int) -> Workload:
    """Return the negative log likelihood, up to a constant, as a function of a dict of parameters."""
    rng = np.random.default_rng(0)
    centres = 3 * rng.normal(size=(components, dimensions))
    points = centres[rng.integers(components, size=samples)] + rng.normal(size=(samples, dimensions))
    points = points[:, None, :]

    def loss(np: Any, params: Any) -> Any:
        logits, log_scales = params["logits"], params["log_scales"]
        standardised = (points - params["means"]) * np.exp(-log_scales)
        scores = logits - np.sum(log_scales, axis=1) - 0.5 * np.sum(standardised**2, axis=2)
        largest = np.max(scores, axis=1, keepdims=True)
        log_likelihoods = largest[:, 0] + np.log(np.sum(np.exp(scores - largest), axis=1))
        return samples * np.log(np.sum(np.exp(logits))) - np.sum(log_likelihoods)

    def by_hand(params: Any) -> tuple[Any, Any]:
        logits, log_scales = params["logits"], params["log_scales"]
        precisions = np.exp(-log_scales)
        standardised = (points - params["means"]) * precisions
        squares = standardised**2
        scores = logits - np.sum(log_scales, axis=1) - 0.5 * np.sum(squares, axis=2)
        largest = np.max(scores, axis=1, keepdims=True)
        exponentials = np.exp(scores - largest)
        totals = np.sum(exponentials, axis=1, keepdims=True)
        weights = np.exp(logits)
        total_weight = np.sum(weights)
        value = samples * np.log(total_weight) - np.sum(largest + np.log(totals))
        responsibilities = exponentials / totals
        share = np.sum(responsibilities, axis=0)
        shared = responsibilities[:, :, None]
        gradient = {
            "logits": samples * weights / total_weight - share,
            "means": -np.sum(shared * standardised, axis=0) * precisions,
            "log_scales": share[:, None] - np.sum(shared * squares, axis=0),
        }
        return value, gradient

    params = {
        "logits": rng.normal(size=components),
        "means": centres + rng.normal(size=centres.shape) / 2,
        "log_scales": rng.normal(size=centres.shape) / 4,
    }
    summary = f"a mixture of {components} Gaussians in {dimensions} dimensions, {samples:,} samples"
    return Workload(summary, loss, by_hand, params)
