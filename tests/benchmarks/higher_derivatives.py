"""Derivatives of high order: ``python -m tests.benchmarks.higher_derivatives [--rounds N]``.

The function is ``tanh(sin(x) * exp(x))`` on 200 points.  Taylor mode is timed beside the recurrences written
by hand for this function, and beside first derivatives of first derivatives, whose time multiplies with each
order.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np

from fgrad import elementwise_grad
from fgrad.transforms.taylor import taylor
from tests.benchmarks import report
from tests.benchmarks.timing import interleaved_samples

POINTS = np.linspace(-1, 1, 200)
ORDERS = (1, 2, 3, 4, 5, 10, 20, 30)

#: The last order for which nested first derivatives are timed.
NESTED = 5


def function(x: Any) -> Any:
    return np.tanh(np.sin(x) * np.exp(x))


def with_taylor(x: Any, order: int) -> Any:
    """Return the coefficients by Taylor mode."""
    return taylor(function, x, order)


def by_hand(x: Any, order: int) -> Any:
    """Return the coefficients by recurrences for this function alone.

    With ``s = sin(x)`` and ``e = exp(x)``, whose series are known, ``u = s e`` is a product; and
    ``y = tanh(u)`` has the derivative ``w u'``, where ``w = 1 - y y``.
    """
    s, c = np.sin(x), np.cos(x)
    turns = (s, c, -s, -c)
    sine, exponential = [s], [np.exp(x)]
    factorial = 1.0
    for k in range(1, order + 1):
        factorial *= k
        sine.append(turns[k % 4] / factorial)
        exponential.append(exponential[0] / factorial)
    u = [sum(sine[j] * exponential[k - j] for j in range(k + 1)) for k in range(order + 1)]
    slope = [k * u[k] for k in range(order + 1)]
    y = [np.tanh(u[0])]
    w = [1 - y[0] * y[0]]
    for k in range(1, order + 1):
        y.append(sum(slope[j] * w[k - j] for j in range(1, k + 1)) / k)
        w.append(-sum(y[j] * y[k - j] for j in range(k + 1)))
    return np.stack(y)


def nested(order: int) -> Callable[[Any], Any]:
    """Return the function that computes the derivative of an order by reverse mode in itself."""
    derivative: Callable[[Any], Any] = function
    for _ in range(order):
        derivative = elementwise_grad(derivative)
    return derivative


def candidates(order: int) -> dict[str, Callable[[], Any]]:
    """Return what is timed for an order."""
    timed: dict[str, Callable[[], Any]] = {
        "by hand": lambda: by_hand(POINTS, order),
        "taylor": lambda: with_taylor(POINTS, order),
    }
    if order <= NESTED:
        derivative = nested(order)
        timed["nested grad"] = lambda: derivative(POINTS)
    return timed


def table(samples: dict[int, dict[str, list[float]]]) -> str:
    """Return the medians by order, in milliseconds."""
    lines = [f"{'order':>5} {'by hand':>10} {'taylor':>10} {'nested grad':>12}"]
    for order, times in samples.items():
        medians = {name: f"{1e3 * median(found):.3f}" for name, found in times.items()}
        last = medians.get("nested grad", "-")
        lines.append(f"{order:5} {medians['by hand']:>10} {medians['taylor']:>10} {last:>12}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.higher_derivatives", description="Time derivatives of high order."
    )
    parser.add_argument(
        "--rounds", type=int, default=9, metavar="N", help="rounds to take medians of (default: 9)"
    )
    rounds = parser.parse_args(arguments).rounds
    if rounds < 1:
        parser.error(f"--rounds must be at least 1; got {rounds}")
    print(report.heading(report.environment(rounds, [])))
    print("milliseconds, medians; of tanh(sin(x) * exp(x)) on 200 points")
    print(table({order: interleaved_samples(candidates(order), rounds) for order in ORDERS}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
