"""A multilayer perceptron: a classifier with one hidden layer, its parameters in containers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def perceptron(samples: int, inputs: int, hidden: int, classes: int) -> Workload:
    """Return the mean cross entropy of a batch as a function of a list of layers."""
    rng = np.random.default_rng(0)
    images = rng.uniform(size=(samples, inputs))
    targets = np.eye(classes)[rng.integers(classes, size=samples)]

    def loss(np: Any, layers: Any) -> Any:
        first, second = layers
        activations = np.tanh(images @ first["weights"] + first["bias"])
        logits = activations @ second["weights"] + second["bias"]
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        return -np.sum(targets * log_probabilities) / samples

    def by_hand(layers: Any) -> tuple[Any, Any]:
        first, second = layers
        activations = np.tanh(images @ first["weights"] + first["bias"])
        logits = activations @ second["weights"] + second["bias"]
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        exponentials = np.exp(shifted)
        totals = np.sum(exponentials, axis=1, keepdims=True)
        value = -np.sum(targets * (shifted - np.log(totals))) / samples
        g_logits = (exponentials / totals - targets) / samples
        g_activations = g_logits @ second["weights"].T * (1 - activations**2)
        gradient = [
            {"weights": images.T @ g_activations, "bias": np.sum(g_activations, axis=0)},
            {"weights": activations.T @ g_logits, "bias": np.sum(g_logits, axis=0)},
        ]
        return value, gradient

    layers = [
        {"weights": rng.normal(size=(m, n)) / np.sqrt(m), "bias": rng.normal(size=n) / 10}
        for m, n in ((inputs, hidden), (hidden, classes))
    ]
    summary = f"a perceptron {inputs}-{hidden}-{classes} on a batch of {samples}"
    return Workload(summary, loss, by_hand, layers)
