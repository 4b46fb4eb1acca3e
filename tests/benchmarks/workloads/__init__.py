"""The workloads by name, at the sizes that are timed.

Every entry takes the sizes of its factory as keywords, so that tests run the same code on small ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.benchmarks.workload import Workload
from tests.benchmarks.workloads.chain import scalar_chain, vector_chain
from tests.benchmarks.workloads.elementwise import elementwise
from tests.benchmarks.workloads.gather import gather
from tests.benchmarks.workloads.logistic import logistic
from tests.benchmarks.workloads.mixture import mixture
from tests.benchmarks.workloads.perceptron import perceptron
from tests.benchmarks.workloads.recurrent import recurrent

WORKLOADS: dict[str, Callable[..., Workload]] = {
    "scalar_chain": partial(scalar_chain, steps=1000),
    "vector_chain": partial(vector_chain, steps=1000, length=10),
    "long_tape": partial(scalar_chain, steps=25_000),
    "gather": partial(gather, length=10_000),
    "logistic_small": partial(logistic, samples=100, features=5),
    "logistic_large": partial(logistic, samples=100_000, features=50),
    "perceptron": partial(perceptron, samples=128, inputs=784, hidden=256, classes=10),
    "recurrent": partial(recurrent, steps=100, batch=16, inputs=16, hidden=64),
    "mixture": partial(mixture, samples=5000, components=5, dimensions=3),
    "elementwise": partial(elementwise, length=1_000_000),
}
