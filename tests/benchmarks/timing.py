"""Times that can be compared on a noisy machine.

The candidates take turns, so that what slows the machine for a while slows all of them, and nobody is
always the first.  Each sample begins with a call that is not timed: it meets the heap and the caches that
the candidate leaves itself, not those of its predecessor.  A sample is as many calls as take some
hundredths of a second.  What is compared are medians.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any

#: Seconds that a sample should take at least.
SAMPLE = 0.02


def interleaved_samples(
    candidates: Mapping[str, Callable[[], Any]], rounds: int, *, sample: float = SAMPLE
) -> dict[str, list[float]]:
    """Return for each candidate the seconds per call in each round."""
    counts = {name: calls_per_sample(candidate, sample) for name, candidate in candidates.items()}
    samples: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for _ in range(rounds):
        for name in names:
            samples[name].append(seconds_per_call(candidates[name], counts[name]))
        names.append(names.pop(0))
    return samples


def calls_per_sample(candidate: Callable[[], Any], sample: float) -> int:
    """Return how many calls fill a sample."""
    return max(1, round(sample / seconds_per_call(candidate, 1)))


def seconds_per_call(candidate: Callable[[], Any], calls: int) -> float:
    """Return the mean time of some calls in a row, after one that is not timed."""
    gc.collect()
    candidate()
    start = perf_counter()
    for _ in range(calls):
        candidate()
    return (perf_counter() - start) / calls


@contextmanager
def garbage_collector(enabled: bool) -> Iterator[None]:
    """Run a block with Python's cyclic collector on or off."""
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()
