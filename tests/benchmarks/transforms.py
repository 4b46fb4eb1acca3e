"""Jacobians, Hessians, and gradients of each example: ``python -m tests.benchmarks.transforms``.

Each task has its candidates: written by hand in NumPy, with a transform of fgrad, and with fgrad in a loop.
They compute the same numbers, which is checked, and take turns.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import fgrad
from tests.benchmarks import report
from tests.benchmarks.timing import interleaved_samples

Candidates = dict[str, Callable[[], Any]]


def jacobian_task(n: int) -> Candidates:
    """Return the ways to the Jacobian of three layers of ``n`` units, at one point."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(n, n)) / np.sqrt(n) for _ in range(3)]
    x = rng.normal(size=n)

    def network(x: Any) -> Any:
        for w in weights:
            x = np.tanh(w @ x)
        return x

    def by_hand() -> Any:
        value = x
        product = None
        for w in weights:
            value = np.tanh(w @ value)
            factor = (1 - value**2)[:, None] * w
            product = factor if product is None else factor @ product
        return product

    gradient = fgrad.grad(lambda x, i: network(x)[i])
    return {
        "by hand": by_hand,
        "fgrad": partial(fgrad.jacobian(network), x),
        "rows in a loop": lambda: np.stack([gradient(x, i) for i in range(n)]),
    }


def hessian_task(n: int) -> Candidates:
    """Return the ways to the Hessian of a logistic loss of ``n`` weights."""
    rng = np.random.default_rng(1)
    a, w = rng.normal(size=(2 * n, n)), rng.normal(size=n) / n

    def loss(w: Any) -> Any:
        return np.sum(np.logaddexp(0.0, a @ w))

    def by_hand() -> Any:
        y = 1 / (1 + np.exp(-(a @ w)))
        return a.T @ ((y * (1 - y))[:, None] * a)

    def products() -> Any:
        return np.stack([fgrad.jvp(fgrad.grad(loss), (w,), (v,))[1] for v in np.eye(n)])

    return {"by hand": by_hand, "fgrad": partial(fgrad.hessian(loss), w), "products in a loop": products}


def examples_task(samples: int, features: int, hidden: int) -> Candidates:
    """Return the ways to the gradient of a network's loss for each of many examples."""
    rng = np.random.default_rng(2)
    w, v = rng.normal(size=(features, hidden)) / np.sqrt(features), rng.normal(size=hidden)
    inputs, targets = rng.normal(size=(samples, features)), rng.normal(size=samples)

    def loss(w: Any, x: Any, y: Any) -> Any:
        return (np.tanh(x @ w) @ v - y) ** 2

    def by_hand() -> Any:
        layer = np.tanh(inputs @ w)
        error = 2 * (layer @ v - targets)
        return inputs[:, :, None] * (error[:, None] * v * (1 - layer**2))[:, None, :]

    gradient = fgrad.grad(loss)
    return {
        "by hand": by_hand,
        "fgrad": partial(fgrad.vmap(gradient, in_axes=(None, 0, 0)), w, inputs, targets),
        "examples in a loop": lambda: np.stack(
            [gradient(w, x, y) for x, y in zip(inputs, targets, strict=True)]
        ),
    }


#: Each task's factory, at the sizes that are timed.
TASKS: dict[str, Callable[..., Candidates]] = {
    "jacobian": partial(jacobian_task, n=100),
    "hessian": partial(hessian_task, n=200),
    "per_example": partial(examples_task, samples=256, features=20, hidden=16),
}


def check_agreement(name: str, candidates: Candidates) -> None:
    """Raise unless all candidates return what was computed by hand."""
    expected = candidates["by hand"]()
    for who, candidate in candidates.items():
        error = np.max(np.abs(candidate() - expected))
        if not error <= 1e-9 * np.max(np.abs(expected)):
            raise ArithmeticError(f"{name}: {who} differs from what was computed by hand by {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Time the tasks and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.transforms", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds to take medians of")
    options = parser.parse_args(arguments)
    print(report.heading(report.environment(options.rounds, {})))
    print(f"{'task':12} {'candidate':20} {'time':>10} {'by hand':>9}")
    for name, make in TASKS.items():
        candidates = make()
        check_agreement(name, candidates)
        samples = interleaved_samples(candidates, options.rounds)
        for who, times in samples.items():
            ratio = median(t / b for t, b in zip(times, samples["by hand"], strict=True))
            print(f"{name:12} {who:20} {median(times) * 1e3:7.2f} ms {ratio:8.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
